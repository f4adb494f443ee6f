"""What time does: by whom, under which lock, and that one deed's failure is not the others'."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from commandcenter.clock import SystemClock
from commandcenter.db import duties
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Refused
from commandcenter.services import standing, timekeeper
from commandcenter.services.timekeeper import DEEDS, Deed, Timekeeper, all_deeds
from commandcenter.services.worker import work
from tests.conftest import Expect
from tests.db.centre import Centre, refused
from tests.db.county import PEOPLE, ROLE_PEOPLE
from tests.db.life import MONDAY, in_state, register
from tests.patience import PATIENCE_S

KEEPERS = {"cc_duty", "cc_supervisor"}
OFTEN = (Deed("slips", 0.01, "{}"), Deed("whistles", 0.01, "{}"), Deed("seal", 0.01, "封存{}"))
LOCK = "select cc.try_keeping()"


@asynccontextmanager
async def database(centre: Centre, who: str) -> AsyncIterator[Database]:
    db = await Database.connect(centre.admin_url if who == "root" else centre.url(who))
    try:
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def keeping(
    db: Database, name: str, deeds: tuple[Deed, ...] = OFTEN
) -> AsyncIterator[tuple[Timekeeper, list[str]]]:
    """A keeper at work for the length of a block, and what it says."""
    said: list[str] = []
    keeper = Timekeeper(db, name, SystemClock(), said=said.append, deeds=deeds)
    stop = asyncio.Event()
    task = asyncio.create_task(keeper.run(stop))
    try:
        yield keeper, said
    finally:
        stop.set()
        await task


async def until(condition: object) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - what a keeper does in its own time
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_only_the_centres_desks_may_keep_the_time(untouched: Centre, role: str) -> None:
    person = await untouched.open(ROLE_PEOPLE[role])
    if role in KEEPERS:
        assert await person.fetchval(LOCK)
        transaction = person.transaction()
        await transaction.start()
        assert all([await person.fetchval("select cc.keep($1)", deed.name) >= 0 for deed in DEEDS])
        await transaction.rollback()
        await person.execute("select pg_advisory_unlock(371082, 7)")
    else:
        for call in ("cc.try_keeping()", "cc.keep('seal')", "cc.begin_keeping('x')", "cc.beat()"):
            async with refused("42501"):
                await person.execute(f"select {call}")


async def test_without_the_lock_nobody_does_a_deed(untouched: Centre) -> None:
    for who in ("duty", "supervisor", "root"):
        person = await untouched(who)
        for call in ("cc.keep('seal')", "cc.begin_keeping('x')", "cc.beat()"):
            async with refused("CC051"):
                await person.execute(f"select {call}")


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "gone"])
async def test_nobody_calls_what_stands_behind_a_deed(untouched: Centre, who: str) -> None:
    person = await untouched(who)
    for call in ("seal_journal()", "archive_older(0, 1)", "move_to_archive(0)", "prune(1)", "watch_whistles()", "watch_slips()",
                 "draft_slips()", "draw_second_calls()", "end_idle()"):  # fmt: skip
        async with refused("42501"):
            await person.execute(f"select cc.{call}")


async def test_a_name_that_is_no_deed_and_a_gone_person(untouched: Centre) -> None:
    duty = await untouched.open("duty")
    await duty.execute(LOCK)
    async with refused("CC052"):
        await duty.execute("select cc.keep('everything')")
    await duty.execute("select pg_advisory_unlock(371082, 7)")


async def test_done_too_early_the_deeds_change_nothing(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for state in State:
        await in_state(centre, state)
    tables = ("cases", "cases_archive", "journal", "whistles", "slips", "slip_facts", "second_calls", "write_keys")
    before = [await centre.value(f"select array_agg(t order by t::text)::text from cc.{name} t") for name in tables]
    async with database(centre, "duty") as db:
        done = await all_deeds(db, "test")
        again = await all_deeds(db, "test")
    assert {name for name, number in done.items() if number} == {"seal"}
    assert not any(again.values())
    assert [
        await centre.value(f"select array_agg(t order by t::text)::text from cc.{name} t") for name in tables
    ] == before


async def test_sixty_days_after_its_end_a_case_moves_to_the_archive(centre: Centre) -> None:
    await centre.clock(MONDAY)
    ended = [await in_state(centre, State.ARCHIVED), await in_state(centre, State.VOID)]
    still = await in_state(centre, State.WORKING)
    async with database(centre, "duty") as db:
        for days, moved in ((60, 0), (60.01, 2), (300, 0)):
            await centre.clock(MONDAY + timedelta(days=days))
            assert (await all_deeds(db, "test"))["archive"] == moved
    assert await centre.value("select array_agg(id order by id) from cc.cases_archive") == sorted(
        each.case_id for each in ended
    )
    assert await centre.value("select array_agg(id) from cc.cases") == [still.case_id]
    assert await centre.value("select count(*) from cc.check_journal()") == 0


async def test_keys_of_writes_are_kept_for_a_week(centre: Centre) -> None:
    await centre.clock(MONDAY)
    await register(centre)
    await centre.clock(MONDAY + timedelta(days=5))
    await register(centre)
    async with database(centre, "supervisor") as db:
        for days, gone in ((7, 0), (7.01, 1), (12.01, 1)):
            await centre.clock(MONDAY + timedelta(days=days))
            assert (await all_deeds(db, "test"))["prune"] == gone


async def test_one_keeps_the_time_the_other_stands_by_and_takes_over(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timekeeper, "PATIENCE", 0.02)
    async with database(centre, "root") as first, database(centre, "duty") as second:
        async with keeping(first, "worker 甲") as (one, said):
            await until(lambda: one.holds)
            async with keeping(second, "desk 乙") as (two, heard):
                await until(lambda: heard)
                assert heard == ["另一个程序正在执行，本程序待命。"]
                keeper = (await standing.read(centre.admin_url)).timekeeper
                assert keeper is not None
                assert keeper.holder == "worker 甲"
                assert keeper.since is not None
                await (await centre.root()).execute("select pg_terminate_backend($1)", keeper.pid)
                await until(lambda: two.holds or said.count("定时任务已开始。") > 1)
                now = (await standing.read(centre.admin_url)).timekeeper
                assert now is not None
                assert now.holder == ("desk 乙" if two.holds else "worker 甲")
                assert now.pid != keeper.pid
        await until(lambda: not one.holds)
    assert (await standing.read(centre.admin_url)).timekeeper is None, "the row of the last one is the past's"
    assert await centre.value("select count(*) from cc.timekeeper") == 1


async def test_a_deed_that_fails_is_logged_once_and_tried_again_while_the_others_are_done(
    centre: Centre, expect_log: Expect, caplog: pytest.LogCaptureFixture
) -> None:
    root = await centre.root()
    whole = [
        await centre.value("select pg_get_functiondef(to_regproc($1))", f"cc.{n}")
        for n in ("watch_slips", "watch_whistles")
    ]
    await root.execute(
        "create or replace function cc.watch_slips() returns integer language sql as 'select 1 / 0';"
        "create or replace function cc.watch_whistles() returns integer language plpgsql as "
        "$$ begin raise exception 'refused' using errcode = 'CC002'; end $$"
    )
    expect_log("deed slips fails: DivisionByZeroError 22012")
    expect_log("deed whistles fails: 这件工单刚被别人改过")
    async with database(centre, "duty") as db, keeping(db, "desk") as (keeper, said):
        for _ in range(3):
            heard = len(said)
            await register(centre)
            await until(lambda: len(said) > heard)  # noqa: B023 - called at once
        assert keeper.holds
        with caplog.at_level("INFO"):  # first: it is told as soon as the first function is whole again
            for function in whole:
                await root.execute(str(function))
            await until(
                lambda: "deed whistles is done again" in caplog.text and "deed slips is done again" in caplog.text
            )
    assert caplog.text.count("fails") == 2


async def test_a_login_that_may_not_is_told_so(centre: Centre) -> None:
    for who in ("analyst", "caller", "wall"):
        with pytest.raises(PersonError, match="不能执行定时任务"):
            await work(centre.url(who), SystemClock(), stop=asyncio.Event(), said=lambda _: None)
    async with database(centre, "analyst") as db:
        with pytest.raises(Refused, match="没有这项权限"):
            async with duties.holding_lock(db, "x"):
                pass


async def test_a_busy_journal_is_sealed_later(centre: Centre) -> None:
    await register(centre)
    writer = await centre.open("duty2")
    async with database(centre, "root") as db, duties.holding_lock(db, "x") as connection:
        assert isinstance(connection, Connection)
        await duties.keep(connection, "seal")
        async with writer.transaction():
            await writer.execute("select cc.take_next(gen_random_uuid())")
            assert await duties.keep(connection, "seal") is None
        assert await duties.keep(connection, "seal") == 1
