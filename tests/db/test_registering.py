"""Taking a report in: what is refused, its number, and what was typed while the database was away."""

from datetime import timedelta
from uuid import uuid4

import pytest

from commandcenter.clock import FixedClock, SystemClock
from commandcenter.db.engine import Database
from commandcenter.services.spool import Entry, send
from tests.db.centre import Centre, refused
from tests.db.life import MONDAY, at, register


@pytest.mark.parametrize("wrong", [{"content": " 　\n"}, {"area": 999}])
async def test_what_cannot_be_registered(centre: Centre, wrong: dict[str, object]) -> None:
    async with refused("CC004"):
        await register(centre, **wrong)  # type: ignore[arg-type]
    assert await centre.value("select count(*) from cc.cases") == 0
    assert await centre.value("select count(*) from cc.day_numbers") == 0


async def test_numbers_are_of_the_day_in_shanghai(centre: Centre) -> None:
    await centre.clock(at(2, "00:10"))
    first, second = await register(centre), await register(centre)
    assert (first.number, second.number) == ("RC20260302-00001", "RC20260302-00002")
    await centre.clock(at(1, "23:50"))
    assert (await register(centre)).number == "RC20260301-00001"


async def test_what_was_taken_in_while_the_database_was_away(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await register(centre, received_at=at(1, "10:00"))
    row = await centre.case(c.case_id)
    assert (row["received_at"], row["changed_at"], c.number) == (at(1, "10:00"), MONDAY, "RC20260302-00001")
    late = "select (detail ->> 'late')::timestamptz from cc.journal where case_id = $1"
    assert await centre.value(late, c.case_id) == at(1, "10:00")
    report = "select (received_at, registered_at) = ($2, $3) from cc.reports where case_id = $1"
    assert await centre.value(report, c.case_id, at(1, "10:00"), MONDAY)
    for wrong in (MONDAY + timedelta(microseconds=1), MONDAY - timedelta(hours=24, microseconds=1)):
        async with refused("CC004") as caught:
            await register(centre, received_at=wrong)
        assert caught[0].detail == "received_at"
    assert await centre.value(late, (await register(centre)).case_id) is None


@pytest.mark.parametrize(("waited", "late"), [(1, False), (40, True), (23 * 60, True), (25 * 60, False)])
async def test_a_report_of_the_spool_says_when_it_was_typed(centre: Centre, waited: int, late: bool) -> None:
    begun = SystemClock().now() - timedelta(minutes=waited)
    entry = Entry(uuid4(), begun, "waiting", channel_id=1, content="断网时的诉求", kind="求助")
    db = await Database.connect(centre.url("duty"))
    try:
        sent = await send(db, entry, FixedClock(begun + timedelta(minutes=waited)))
    finally:
        await db.close()
    assert ((await centre.case(sent.change.case_id))["received_at"] == begun) is late
