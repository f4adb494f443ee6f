"""Deadlines: what starts, moves and ends the clocks of a case, and who may move them."""

from datetime import datetime, timedelta

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database
from commandcenter.domain.case import Flag, Grade
from commandcenter.services.deadlines import compute
from tests.db.centre import Centre, refused
from tests.db.county import CATEGORY, DEPARTMENT_2, UNIT_A
from tests.db.life import MONDAY, accepted, at, dispatched, finish, register


@pytest.mark.parametrize(
    ("grade", "accept", "back", "due"),
    [
        (Grade.RED, at(2, "09:15"), at(2, "09:30"), at(3, "09:00")),
        (Grade.ORANGE, at(2, "09:30"), at(2, "10:00"), at(4, "09:00")),
        (Grade.YELLOW, at(2, "11:00"), at(2, "11:00"), at(4, "17:30")),
        (Grade.BLUE, at(2, "14:30"), at(2, "14:30"), at(5, "17:30")),
        (Grade.GREEN, at(2, "14:30"), at(2, "14:30"), at(5, "17:30")),
    ],
)
async def test_clocks_run_from_dispatch_not_from_signing(
    centre: Centre, grade: Grade, accept: datetime, back: datetime, due: datetime
) -> None:
    await centre.clock(at(1, "20:00"))
    new = await register(centre, grade=grade)
    await centre.clock(MONDAY)
    c = await centre.do("duty", "dispatch", case=new.case_id, version=new.version, unit=UNIT_A, assist=None, note="")
    row = await centre.case(c.case_id)
    assert (row["accept_due_at"], row["return_until"], row["due_at"]) == (accept, back, due)
    assert bool(row["flags"] & Flag.WORKING_CLOCK) is (grade >= Grade.YELLOW)
    await centre.clock(MONDAY + timedelta(minutes=10))
    await centre.do("responder", "accept", case=c.case_id, version=c.version)
    assert (await centre.case(c.case_id))["due_at"] == due


async def test_limits_are_data(centre: Centre) -> None:
    await centre.clock(MONDAY)
    await (await centre("admin")).execute(
        "update cc.grade_limits set accept_minutes = 5, finish_amount = 60 where grade = 0"
    )
    c = await dispatched(centre, grade=0)
    row = await centre.case(c.case_id)
    assert (row["accept_due_at"], row["due_at"]) == (at(2, "09:05"), at(2, "10:00"))


async def test_each_unit_counts_by_its_own_hours(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre, DEPARTMENT_2, grade=3)  # open 8:00 to 18:00 without a noon break
    row = await centre.case(c.case_id)
    assert (row["accept_due_at"], row["due_at"]) == (at(2, "13:00"), at(5, "18:00"))


async def test_extensions(centre: Centre) -> None:
    await centre.clock(MONDAY)
    green = await accepted(centre, grade=4)
    async with refused("CC004"):
        await centre.do("responder", "apply_extension", case=green.case_id, version=green.version, days=1, reason="x")
    c = await accepted(centre, grade=3)
    for days in (0, 3, -1, None):
        async with refused("CC004"):
            await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=days, reason="x")
    async with refused("CC004"):
        await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="")
    async with refused("CC004"):
        await centre.do("supervisor", "review_extension", case=c.case_id, version=c.version, approved=True, reason="")
    c = await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="等配件")
    assert (await centre.case(c.case_id))["flags"] & Flag.EXTENSION_ASKED
    async with refused("CC004"):
        await centre.do("supervisor", "review_extension", case=c.case_id, version=c.version, approved=False, reason="")
    c = await centre.do(
        "supervisor", "review_extension", case=c.case_id, version=c.version, approved=False, reason="再想办法"
    )
    assert c.due_at == at(5, "17:30")
    c = await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="等配件")
    c = await centre.do("supervisor", "review_extension", case=c.case_id, version=c.version, approved=True, reason="")
    row = await centre.case(c.case_id)
    assert (c.due_at, row["soon_at"]) == (at(9, "17:30"), at(6, "17:30")), "3 working days become 5"
    assert row["flags"] & Flag.EXTENDED
    assert await centre.value("select due_at from cc.assignments where case_id = $1", c.case_id) == c.due_at
    async with refused("CC004"):
        await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=1, reason="再来")


async def test_regrading_keeps_a_granted_extension(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre)
    c = await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="等配件")
    c = await centre.do("supervisor", "review_extension", case=c.case_id, version=c.version, approved=True, reason="")
    extended = await centre.case(c.case_id)
    assert extended["due_at"] == at(9, "17:30"), "three working days and two more"
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=2, category=None, reason="")
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["soon_at"]) == (at(6, "17:30"), at(5, "17:30")), "two and two more"
    assert row["flags"] & Flag.EXTENDED
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=0, category=None, reason="")
    assert (await centre.case(c.case_id))["due_at"] == at(5, "09:00"), "24 hours and two days"
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=3, category=None, reason="误报")
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["soon_at"]) == (extended["due_at"], extended["soon_at"]), "and back as it was"


@pytest.mark.parametrize(
    ("grade", "paused", "resumed", "due", "back"),
    [
        # natural hours: to the minute
        (0, at(2, "09:10"), at(4, "10:10"), at(5, "10:00"), at(4, "10:30")),
        # working time: Monday 10:00 to Tuesday 10:00 is a working day of 7.5 h
        (3, at(2, "10:00"), at(3, "10:00"), at(6, "17:30"), at(3, "14:30")),
        # over the noon break nothing is worked
        (3, at(2, "12:00"), at(2, "13:30"), at(5, "17:30"), at(2, "14:30")),
        # over a weekend: Friday 17:30 to Monday 8:30
        (3, at(6, "17:30"), at(9, "08:30"), at(5, "17:30"), at(2, "14:30")),
    ],
)
async def test_a_pause_moves_deadlines_by_exactly_what_was_paused(
    centre: Centre, grade: int, paused: datetime, resumed: datetime, due: datetime, back: datetime
) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre, grade=grade)
    await centre.clock(paused)
    async with refused("CC004"):
        await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="")
    c = await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="等材料")
    assert (await centre.case(c.case_id))["paused_at"] == paused
    await centre.clock(resumed)
    c = await centre.do("duty", "resume", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["return_until"], row["paused_at"]) == (due, back, None)
    assert await centre.value("select due_at from cc.assignments where case_id = $1", c.case_id) == due


async def test_a_deadline_asked_for_by_itself_is_what_the_case_has_after_its_pause(centre: Centre) -> None:
    start = datetime(2026, 2, 14, 11, 59, 59, tzinfo=SHANGHAI)  # a make-up working day before the festival
    pauses = [
        (start.replace(hour=13, minute=0, second=0), start.replace(day=24, hour=8, minute=30, second=1)),
        (start.replace(day=24, hour=11), start.replace(day=24, hour=16)),  # the limit of returning has run out by now
    ]
    await centre.clock(start)
    c = await accepted(centre, grade=2)
    for paused, resumed in pauses:
        await centre.clock(paused)
        c = await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="等材料")
        await centre.clock(resumed)
        c = await centre.do("duty", "resume", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    db = await Database.connect(centre.url("duty"))
    try:
        due = await compute(db, grade=Grade.YELLOW, start=start, pauses=pauses, unit=str(UNIT_A))
    finally:
        await db.close()
    assert due.moments() == {name: row[name] for name in due.moments()}
    # two hours and a second were left to work on the 14th behind it, so four hours and a second later is the 24th, 10:30
    assert due.return_until == pauses[0][1].replace(hour=10, minute=30, second=0)


async def test_regrading_keeps_what_was_paused_and_what_was_begun_anew(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre, grade=3)
    await centre.clock(at(2, "10:00"))
    c = await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="等材料")
    await centre.clock(at(3, "10:00"))
    c = await centre.do("duty", "resume", case=c.case_id, version=c.version)
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=2, category=None, reason="")
    row = await centre.case(c.case_id)
    assert row["due_at"] == at(5, "17:30"), "two working days from Monday, and the day that was paused"
    assert await centre.value("select due_at from cc.assignments where case_id = $1", c.case_id) == row["due_at"]
    done = await finish(centre, c)
    await centre.clock(at(16, "09:00"))
    c = await centre.do("followup", "redo", case=done.case_id, version=done.version, reason="没修好")
    assert c.due_at == at(18, "17:30")
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=3, category=None, reason="不涉多部门")
    assert c.due_at == at(19, "17:30"), "from the redo, not from the first dispatch, and the old pause is past"


async def test_lowering_a_grade_needs_words_raising_does_not(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre, grade=2)
    async with refused("CC004"):
        await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=4, category=None, reason="")
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=0, category=CATEGORY, reason="")
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["accept_due_at"], row["category_id"]) == (at(3, "09:00"), at(2, "09:15"), CATEGORY)
    assert not row["flags"] & Flag.WORKING_CLOCK
    c = await centre.do(
        "supervisor", "grade", case=c.case_id, version=c.version, grade=4, category=None, reason="核实为误报"
    )
    assert await centre.value("select detail from cc.cases where id = $1", c.case_id) == (
        '{"was": 0, "grade": 4, "reason": "核实为误报"}'
    )
    for wrong in (5, -1, None):
        async with refused("CC004"):
            await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=wrong, category=None, reason="x")
    async with refused("CC004"):
        await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=4, category=999, reason="x")


async def test_a_deadline_over_unpublished_holidays_is_marked(centre: Centre) -> None:
    await centre.clock(datetime(2028, 6, 1, 9, 0, tzinfo=SHANGHAI))
    assert (await centre.case((await dispatched(centre, grade=3)).case_id))["flags"] & Flag.PROVISIONAL
    assert not (await centre.case((await dispatched(centre, grade=0)).case_id))["flags"] & Flag.PROVISIONAL
    await centre.clock(datetime(2028, 12, 29, 9, 0, tzinfo=SHANGHAI))
    async with refused("CC007"):  # the calendar ends
        await dispatched(centre, grade=3)
