"""Many desks at once: retries, stale versions, taking without doubles, desks that die."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from commandcenter.domain.case import State
from tests.db.centre import Centre, do, refused
from tests.db.life import MONDAY, accepted, dispatched, finished, in_state, register


async def count_all(centre: Centre) -> tuple[object, ...]:
    return tuple(
        [
            await centre.value(f"select count(*) from cc.{table}")
            for table in ("cases", "reports", "citizens", "journal", "write_keys")
        ]
    )


async def test_a_retry_returns_the_first_answer_and_does_nothing(centre: Centre) -> None:
    key = uuid4()
    first = await register(centre, key=key)
    await centre.do("duty", "note", case=first.case_id, version=first.version, text="以后的变化")
    before = await count_all(centre)
    again = await register(centre, key=key)
    assert again.replayed
    assert not first.replayed
    assert (again.case_id, again.number, again.version) == (first.case_id, first.number, first.version)
    assert await count_all(centre) == before


async def test_the_same_key_at_once_is_one_deed(centre: Centre) -> None:
    key = uuid4()
    logins = [await centre.open("duty") for _ in range(5)]
    call = "select * from cc.register(1, '同时到达', '', '求助', null, null::smallint, null, null, null, '', '', '', '', '', false, $1)"
    rows = await asyncio.gather(*[login.fetchrow(call, key) for login in logins])
    assert len({row["case_id"] for row in rows}) == 1
    assert sorted(row["replayed"] for row in rows) == [False, True, True, True, True]
    assert await centre.value("select count(*) from cc.cases") == 1


async def test_a_key_belongs_to_one_person_and_one_deed(centre: Centre) -> None:
    key = uuid4()
    c = await register(centre, key=key)
    async with refused("CC006"):
        await centre.do("duty2", "take", case=c.case_id, version=c.version, key=key)
    async with refused("CC006"):
        await register(centre, "duty2", key=key)
    async with refused("CC006"):
        await centre.do("duty", "note", case=c.case_id, version=c.version, text="x", key=key)
    async with refused("CC004"):
        await centre.do("duty", "note", case=c.case_id, version=c.version, text="x", key=None)


async def test_a_refused_deed_does_not_use_up_its_key(centre: Centre) -> None:
    c = await register(centre)
    key = uuid4()
    async with refused("CC004"):
        await centre.do("duty", "void", case=c.case_id, version=c.version, reason="", key=key)
    assert (
        await centre.do("duty", "void", case=c.case_id, version=c.version, reason="误报", key=key)
    ).state == State.VOID


async def test_nobody_overwrites_what_they_have_not_seen(centre: Centre) -> None:
    c = await register(centre)
    await centre.do("duty", "note", case=c.case_id, version=c.version, text="先到")
    async with refused("CC002") as caught:
        await centre.do("duty2", "grade", case=c.case_id, version=c.version, grade=0, category=None, reason="")
    assert centre.logins.of("duty") in (caught[0].detail or "")
    async with refused("CC002"):
        await centre.do("duty2", "grade", case=c.case_id, version=None, grade=0, category=None, reason="")


async def test_of_two_at_once_one_wins_and_one_is_told(centre: Centre) -> None:
    c = await register(centre)
    logins = [await centre("duty"), await centre("duty2")]
    results = await asyncio.gather(
        *[
            do(login, "grade", case=c.case_id, version=c.version, grade=n, category=None, reason="")
            for n, login in enumerate(logins)
        ],
        return_exceptions=True,
    )
    lost = [result for result in results if isinstance(result, asyncpg.PostgresError)]
    assert [error.sqlstate for error in lost] == ["CC002"]
    assert (await centre.case(c.case_id))["version"] == 2


async def test_ten_desks_take_without_doubles(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for _ in range(30):
        await register(centre, grade=3)
    logins = [await centre.open("duty" if number % 2 else "duty2") for number in range(10)]

    async def desk(login: asyncpg.Connection) -> list[int]:
        taken = []
        while (change := await do(login, "take_next")).case_id is not None:
            taken.append(change.case_id)
        return taken

    taken = [case for cases in await asyncio.gather(*map(desk, logins)) for case in cases]
    assert len(taken) == 30
    assert len(set(taken)) == 30
    held = await (await centre.root()).fetch("select holder, count(*) from cc.cases group by 1")
    assert {row["holder"] for row in held} <= {centre.logins.of("duty"), centre.logins.of("duty2")}


async def test_the_most_urgent_comes_first_then_the_oldest(centre: Centre) -> None:
    await centre.clock(MONDAY)
    green = await register(centre, grade=4)
    blue = await register(centre, grade=3)
    await centre.clock(MONDAY + timedelta(minutes=1))
    later, red = await register(centre, grade=3), await register(centre, grade=0)
    order = [(await centre.do("duty", "take_next")).case_id for _ in range(5)]
    assert order == [red.case_id, blue.case_id, later.case_id, green.case_id, None]


async def test_who_takes_what(centre: Centre) -> None:
    waiting, called = await register(centre), await finished(centre)
    assert (await centre.do("followup", "take_next")).case_id == called.case_id
    assert (await centre.do("followup", "take_next")).case_id is None
    assert (await centre.do("duty", "take_next")).case_id == waiting.case_id
    for who in ("responder", "caller", "intake", "admin", "gone"):
        async with refused("CC001"):
            await centre.do(who, "take_next")
    for who in ("analyst", "wall"):
        async with refused("42501"):
            await centre.do(who, "take_next")


async def test_what_another_desk_holds_is_left_alone_until_it_is_free(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await register(centre)
    c = await centre.do("duty", "take", case=c.case_id, version=c.version)
    assert (await centre.do("duty2", "take_next")).case_id is None
    for verb, extra in {
        "take": {},
        "release": {},
        "grade": {"grade": 0, "category": None, "reason": ""},
        "dispatch": {"unit": 111, "assist": [], "note": ""},
    }.items():
        async with refused("CC011"):
            await centre.do("duty2", verb, case=c.case_id, version=c.version, **extra)
    # left lying for longer than the setting, it is offered again, and first
    await register(centre, grade=0)
    await centre.clock(MONDAY + timedelta(minutes=15))
    assert (await centre.do("duty2", "take_next")).case_id == c.case_id
    row = await centre.case(c.case_id)
    assert row["holder"] == centre.logins.of("duty2")
    c = await centre.do("supervisor", "release", case=c.case_id, version=row["version"])
    assert (await centre.case(c.case_id))["holder"] == ""


async def test_a_deed_puts_the_case_down(centre: Centre) -> None:
    """Whatever comes back to the centre is free to be taken again."""
    c = await in_state(centre, State.RETURNED)
    c = await centre.do("duty", "take", case=c.case_id, version=c.version)
    c = await centre.do("duty", "review_return", case=c.case_id, version=c.version, approved=True, unit=112, reason="")
    assert (await centre.case(c.case_id))["holder"] == ""
    c = await centre.do("responder_b", "return_case", case=c.case_id, version=c.version, reason="不是", suggested=None)
    assert (await centre.do("duty2", "take_next")).case_id == c.case_id
    c = await finished(centre)
    c = await centre.do("followup", "take", case=c.case_id, version=c.version)
    c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没修好")
    assert (await centre.case(c.case_id))["holder"] == ""


async def test_a_desk_killed_in_the_middle_leaves_nothing(centre: Centre) -> None:
    c = await dispatched(centre)
    before = await count_all(centre), await centre.case(c.case_id)
    desk = await centre.open("responder")
    pid = await desk.fetchval("select pg_backend_pid()")
    await desk.execute("begin")
    await do(desk, "accept", case=c.case_id, version=c.version)
    await do(desk, "note", case=c.case_id, version=c.version + 1, text="半途")
    waiting = asyncio.create_task(accept_later(centre, c.case_id, c.version))
    assert await centre.value("select pg_terminate_backend($1)", pid)
    assert (await waiting) == State.WORKING, "whoever waited for it goes on"
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
        await desk.execute("commit")
    after = await count_all(centre)
    assert [a - b for a, b in zip(after, before[0], strict=True)] == [0, 0, 0, 1, 1]  # type: ignore[operator]
    assert (await centre.case(c.case_id))["version"] == before[1]["version"] + 1


async def accept_later(centre: Centre, case: int, version: int) -> int:
    return (await do(await centre.open("responder"), "accept", case=case, version=version)).state


async def test_an_aborted_number_is_given_again(centre: Centre) -> None:
    """Numbers of cases have no gaps: the number goes back with the transaction."""
    duty = await centre("duty")
    transaction = duty.transaction()
    await transaction.start()
    gone = await register(centre)
    await transaction.rollback()
    assert (await register(centre)).number == gone.number


async def test_a_second_registration_of_the_same_foreign_number(centre: Centre) -> None:
    await register(centre, foreign_number="12345-7")
    before = await count_all(centre)
    async with refused("CC008"):
        await register(centre, "duty2", foreign_number="12345-7")
    assert await count_all(centre) == before
    await accepted(centre)
