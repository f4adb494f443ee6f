"""Acknowledging and shelving, as each role: by name, for what one sees, within limits, once; and marks hold for one's unit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.alarm import Mark
from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.services import alarms
from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, ROLE_PEOPLE
from tests.db.life import dispatched

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
ANSWERING = {"cc_duty", "cc_supervisor", "cc_caller", "cc_responder"}


@asynccontextmanager
async def signed_in(centre: Centre, who: str) -> AsyncIterator[Database]:
    made = Database(centre.url(who))
    try:
        yield made
    finally:
        await made.close()


@pytest.fixture
async def late(centre: Centre) -> int:
    """A case that town A's people see and have to sign for, an hour ago."""
    await centre.clock(NOW - timedelta(hours=1))
    case = (await dispatched(centre)).case_id
    await centre.clock(NOW)
    return case


def key_of(case: int, seconds_ago: int = 60) -> str:
    return f"unsigned:{case}:{int(NOW.timestamp()) - seconds_ago}"


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_answers_alarms(centre: Centre, late: int, role: str) -> None:
    async with signed_in(centre, ROLE_PEOPLE[role]) as db:
        if role in ANSWERING:
            await alarms.acknowledge(db, alarm_key=key_of(late), key=uuid4())
            [mark] = await alarms.read_marks(db)
            assert (mark.key, mark.until, mark.name) == (key_of(late), None, f"人员{ROLE_PEOPLE[role]}")
        else:
            with pytest.raises(Refused, match="不能处理告警"):
                await alarms.acknowledge(db, alarm_key=key_of(late), key=uuid4())


@pytest.mark.parametrize("who", ["responder_b", "responder_c", "utility", "department2"])
async def test_nobody_marks_what_they_do_not_see(centre: Centre, late: int, who: str) -> None:
    async with signed_in(centre, who) as db:
        with pytest.raises(NotVisible):
            await alarms.acknowledge(db, alarm_key=key_of(late), key=uuid4())
    assert await centre.value("select count(*) from cc.alarm_marks") == 0


@pytest.mark.parametrize(
    "key",
    [
        "",
        "unsigned",
        "unsigned:1",
        "weather:1:2",
        "unsigned:1:2:3",
        "unsigned:1;drop:2",
        "unsigned:-1:2",
        "unruled:7:7",
    ],
)
async def test_what_is_no_alarm_is_refused(untouched: Centre, key: str) -> None:
    async with signed_in(untouched, "duty") as db:
        with pytest.raises(NotVisible, match="没有这个告警"):
            await alarms.acknowledge(db, alarm_key=key, key=uuid4())


async def test_an_alarm_of_the_future_cannot_be_silenced(centre: Centre, late: int) -> None:
    async with signed_in(centre, "duty") as db:
        with pytest.raises(Refused, match="还没有到期限"):
            await alarms.acknowledge(db, alarm_key=key_of(late, -60), key=uuid4())


async def test_shelving_needs_a_reason_and_an_end_not_too_far(centre: Centre, late: int) -> None:
    async with signed_in(centre, "duty") as db:
        most = (await alarms.read_limits(db))[1]
        assert most == await centre.value("select value::text::integer from cc.settings where name = 'shelve_minutes'")
        for until, reason, sentence in (
            (NOW + timedelta(minutes=15), "  ", "“理由”"),
            (NOW, "等", f"最多搁置 {most} 分钟"),
            (NOW + timedelta(minutes=most, seconds=1), "等", f"最多搁置 {most} 分钟"),
        ):
            with pytest.raises(PersonError, match=sentence):
                await alarms.shelve(db, alarm_key=key_of(late), until=until, reason=reason, key=uuid4())
        until = NOW + timedelta(minutes=most)
        await alarms.shelve(db, alarm_key=key_of(late), until=until, reason="等抢修队回话", key=uuid4())
        assert await alarms.read_marks(db) == (Mark(key_of(late), until, "等抢修队回话", NOW, "人员duty"),)


async def test_the_newest_mark_holds_and_holds_for_ones_unit(centre: Centre, late: int) -> None:
    async with signed_in(centre, "duty") as duty, signed_in(centre, "responder") as town:
        await alarms.shelve(
            town, alarm_key=key_of(late), until=NOW + timedelta(minutes=5), reason="在路上", key=uuid4()
        )
        assert await alarms.read_marks(duty) == (), "a town that has heard it does not silence the centre"
        await centre.clock(NOW + timedelta(minutes=1))
        await alarms.acknowledge(town, alarm_key=key_of(late), key=uuid4())
        [mark] = await alarms.read_marks(town)
        assert mark.until is None
        assert await alarms.read_marks(town, since=NOW + timedelta(minutes=2)) == ()
        async with signed_in(centre, "duty2") as other:
            await alarms.acknowledge(other, alarm_key=key_of(late), key=uuid4())
        [mark] = await alarms.read_marks(duty)
        assert mark.name == "人员duty2"


async def test_a_retry_is_one_mark_and_it_is_journalled(centre: Centre, late: int) -> None:
    key = uuid4()
    async with signed_in(centre, "supervisor") as db:
        for _ in range(2):
            await alarms.shelve(db, alarm_key=key_of(late), until=NOW + timedelta(minutes=5), reason="核实中", key=key)
    assert await centre.value("select count(*) from cc.alarm_marks") == 1
    row = await (await centre.root()).fetchrow("select * from cc.journal where entity = 'alarm'")
    assert row is not None
    assert (row["verb"], row["case_id"], row["actor"]) == ("shelve_alarm", late, centre.logins.of("supervisor"))
    assert key_of(late) in row["detail"]


async def test_marks_are_written_by_functions_only(untouched: Centre) -> None:
    for role in sorted(ROLE_PEOPLE):
        connection = await untouched(ROLE_PEOPLE[role])
        for statement in (
            "insert into cc.alarm_marks (key, mark, at, login) values ('overdue:1:1', 'acknowledged', now(), 'x')",
            "delete from cc.alarm_marks",
            "select cc.mark_alarm('overdue:1:1', 'acknowledged', null, '', 'x', gen_random_uuid())",
        ):
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(statement)


SLIP = (
    "insert into cc.slips (kind, state, trigger, day, unit_id, path, addressee, subject, wrong, demand, drafted_at, drafted_by, "
    "changed_at, verb, actor) values (1, $1, 'overdue', '2026-11-23', $2, '01.901.', 'x', 'x', 'x', 'x', now(), 'x', now(), 'x', "
    "'x') returning id"
)


async def test_slips_are_marked_by_their_unit_and_by_supervisors(centre: Centre) -> None:
    await centre.clock(NOW)
    root = await centre.root()
    await root.execute("alter table cc.slips disable trigger user")
    sent, draft = [await root.fetchval(SLIP, state, DEPARTMENT_1) for state in (2, 0)]
    second = int(NOW.timestamp()) - 60
    for who, slip, sees in (
        ("department", sent, True),
        ("department", draft, False),
        ("department2", sent, False),
        ("supervisor", draft, True),
    ):
        async with signed_in(centre, who) as db:
            if sees:
                await alarms.acknowledge(db, alarm_key=f"unreceived:{slip}:{second}", key=uuid4())
            else:
                with pytest.raises(NotVisible):
                    await alarms.acknowledge(db, alarm_key=f"unreceived:{slip}:{second}", key=uuid4())


async def test_a_whistle_is_marked_by_those_who_see_its_place(centre: Centre) -> None:
    await centre.clock(NOW)
    root = await centre.root()
    await root.execute("alter table cc.whistles disable trigger user")
    whistle = await root.fetchval(
        "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, matter, demand, "
        "blown_at, changed_at, verb, actor) values ('S', 1, '01.01.', 2, 1, 'x', 111, 111, 'x', 'x', now(), now(), 'blow', 'x') "
        "returning id"
    )
    key = f"unruled:{whistle}:{int(NOW.timestamp()) - 60}"
    async with signed_in(centre, "duty") as db:
        await alarms.acknowledge(db, alarm_key=key, key=uuid4())
    async with signed_in(centre, "responder_b") as db:
        with pytest.raises(NotVisible):
            await alarms.acknowledge(db, alarm_key=key, key=uuid4())
