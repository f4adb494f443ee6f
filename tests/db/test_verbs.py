"""The rules inside the verbs: limits, clocks, reviews, the four elements, problem cases."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from commandcenter.clock import SHANGHAI, FixedClock, SystemClock
from commandcenter.db.engine import Database
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.services.spool import Entry, send
from tests.db.centre import Centre, Change, refused
from tests.db.county import CATEGORY, CLOSED_UNIT, DEPARTMENT_1, DEPARTMENT_2, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, call_back, dispatched, finished, in_state, register, report_of


def at(day: int, clock: str) -> datetime:
    """A moment of March 2026 in Shanghai; the 2nd is a Monday."""
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def give_back(centre: Centre, c: Change, who: str = "responder", suggested: int | None = None) -> Change:
    return await centre.do(
        who, "return_case", case=c.case_id, version=c.version, reason="不属本单位", suggested=suggested
    )


async def review(centre: Centre, c: Change, unit: int | None, *, approved: bool = True, reason: str = "同意") -> Change:
    return await centre.do(
        "duty", "review_return", case=c.case_id, version=c.version, approved=approved, unit=unit, reason=reason
    )


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


async def test_the_return_limit(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre)
    late = await dispatched(centre)
    await centre.clock(at(2, "14:30"))
    c = await give_back(centre, c, suggested=DEPARTMENT_1)
    row = await centre.case(c.case_id)
    assert (c.state, row["returns"]) == (State.RETURNED, 1)
    assert await centre.value("select detail ->> 'suggested' from cc.cases where id = $1", c.case_id) == str(
        DEPARTMENT_1
    )
    await centre.clock(at(2, "14:30") + timedelta(microseconds=1))
    async with refused("CC005"):
        await give_back(centre, late)
    assert (await centre.case(late.case_id))["state"] == State.TO_ACCEPT


@pytest.mark.parametrize("suggested", [999, CLOSED_UNIT])
async def test_a_unit_that_is_not_there_cannot_be_suggested_or_charged(centre: Centre, suggested: int) -> None:
    c = await dispatched(centre)
    async with refused("CC004"):
        await give_back(centre, c, suggested=suggested)
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=suggested, reason="指定")
    new = await register(centre)
    for unit in (suggested, None):
        async with refused("CC004"):
            await centre.do("duty", "dispatch", case=new.case_id, version=new.version, unit=unit, assist=[], note="")
    async with refused("CC004"):
        await centre.do(
            "duty", "dispatch", case=new.case_id, version=new.version, unit=UNIT_A, assist=[suggested], note=""
        )


async def test_an_approved_return_goes_elsewhere_a_refused_one_back(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await give_back(centre, await dispatched(centre))
    due = c.due_at
    for unit in (None, UNIT_A):
        async with refused("CC004"):
            await review(centre, c, unit)
    async with refused("CC004"):
        await review(centre, c, UNIT_B, approved=None, reason="")  # type: ignore[arg-type]
    async with refused("CC004"):
        await review(centre, c, None, approved=False, reason=" 　")
    await centre.clock(at(2, "10:00"))
    c = await review(centre, c, DEPARTMENT_1)
    row = await centre.case(c.case_id)
    assert (row["state"], row["unit_id"], row["due_at"]) == (State.TO_ACCEPT, DEPARTMENT_1, due)
    assert row["accept_due_at"] == at(2, "15:30"), "the new unit signs within its own limit"
    c = await give_back(centre, c, "department")
    c = await review(centre, c, None, approved=False, reason="清单写明由住建主责")
    row = await centre.case(c.case_id)
    assert (row["state"], row["unit_id"], row["due_at"], row["returns"]) == (State.TO_ACCEPT, DEPARTMENT_1, due, 2)


async def test_a_refused_return_gives_no_new_limits(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await dispatched(centre)
    first = await centre.case(c.case_id)
    c = await give_back(centre, c)
    await centre.clock(at(2, "14:00"))
    c = await review(centre, c, None, approved=False, reason="清单写明由甲镇主责")
    row = await centre.case(c.case_id)
    same = ("unit_id", "accept_due_at", "return_until", "due_at")
    assert [row[name] for name in same] == [first[name] for name in same]
    assert await centre.value("select count(*) from cc.assignments where case_id = $1", c.case_id) == 1
    c = await give_back(centre, c)  # the limit has not passed yet
    await centre.clock(at(2, "16:00"))
    c = await review(centre, c, None, approved=False, reason="同前")
    async with refused("CC005"):
        await give_back(centre, c)


async def test_who_signed_returned_and_was_refused_had_signed_in_time(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await give_back(centre, await accepted(centre))
    await centre.clock(at(3, "09:00"))
    c = await review(centre, c, None, approved=False, reason="清单写明由甲镇主责")
    assert (c.state, (await centre.case(c.case_id))["flags"] & Flag.ACCEPTED) == (State.TO_ACCEPT, Flag.ACCEPTED)
    c = await centre.do("responder", "accept", case=c.case_id, version=c.version)
    assert c.state == State.WORKING
    assert await centre.value("select accepted_at from cc.assignments where case_id = $1", c.case_id) == MONDAY


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


async def test_reassigning_resets_no_deadline_of_the_citizen(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre)
    c = await centre.do("responder", "apply_extension", case=c.case_id, version=c.version, days=2, reason="等配件")
    due, soon = c.due_at, (await centre.case(c.case_id))["soon_at"]
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_A, reason="再来一次")
    async with refused("CC004"):
        await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_B, reason="")
    await centre.clock(at(3, "09:00"))
    c = await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=UNIT_B, reason="指定")
    row = await centre.case(c.case_id)
    assert (row["due_at"], row["soon_at"], row["accept_due_at"]) == (due, soon, at(3, "14:30"))
    assert not row["flags"] & (Flag.ACCEPTED | Flag.EXTENSION_ASKED), "what the old unit asked for went with it"
    assert row["extension_days"] is None


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
    done = await centre.do(
        "responder",
        "finish",
        case=c.case_id,
        version=c.version,
        discussed_with="本人",
        discussed_at=MONDAY,
        done="修",
        done_by=MONDAY,
    )
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


@pytest.mark.parametrize("missing", ["discussed_with", "discussed_at", "done", "done_by"])
async def test_each_of_the_four_elements_is_needed(centre: Centre, missing: str) -> None:
    c = await accepted(centre)
    given: dict[str, object] = {"discussed_with": "本人", "discussed_at": MONDAY, "done": "修好", "done_by": MONDAY}
    for nothing in (None, " 　\n") if missing in {"discussed_with", "done"} else (None,):
        async with refused("CC004") as caught:
            await centre.do("responder", "finish", case=c.case_id, version=c.version, **(given | {missing: nothing}))
        assert caught[0].detail == missing
    assert await centre.value("select count(*) from cc.finishes") == 0


async def test_everybody_is_called_back_before_the_archive(centre: Centre) -> None:
    c = await finished(centre)
    async with refused("CC010"):
        await centre.do("followup", "archive", case=c.case_id, version=c.version)
    for answers in ({"solved": None}, {"satisfied": None}, {"reached": None}):
        async with refused("CC004"):
            await call_back(centre, c, **answers)
    async with refused("23514"):
        await call_back(centre, c, satisfied="非常满意")
    other = await finished(centre)
    async with refused("CC004"):
        await centre.do(
            "followup", "follow_up", case=c.case_id, version=c.version, report=await report_of(centre, other.case_id),
            reached=True, contacted=True, solved=True, satisfied="满意", words="",
        )  # fmt: skip
    c = await call_back(centre, c, solved=False, satisfied="不满意")
    async with refused("CC010"):
        await centre.do("followup", "archive", case=c.case_id, version=c.version)
    c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没修好")
    c = await centre.do(
        "responder",
        "finish",
        case=c.case_id,
        version=c.version,
        discussed_with="本人",
        discussed_at=MONDAY,
        done="再修",
        done_by=MONDAY,
    )
    async with refused("CC010"):  # the call of the first round does not count for the second
        await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    c = await call_back(centre, c, solved=False)
    c = await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    assert (row["state"], row["redos"], row["detail"]) == (State.ARCHIVED, 1, '{"not_content": 1}')
    assert (
        await centre.value("select count(*) from cc.assignments where case_id = $1 and ended_at is null", c.case_id)
        == 0
    )


async def test_who_is_not_reached_is_called_again_before_the_archive(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await finished(centre)
    for number in range(2):
        await centre.clock(MONDAY + timedelta(hours=2 * number))
        c = await call_back(centre, c, reached=False)
        async with refused("CC010") as caught:
            await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
        assert caught[0].detail == "missing:1"
    detail = await centre.value(
        "select detail ->> 'reached' || ' ' || (detail ?| '{contacted,solved,satisfied}') from cc.cases"
    )
    assert detail == "false false", "what was not heard is not written down"
    await (await centre("admin")).execute("update cc.settings set value = '4' where name = 'call_attempts'")
    await centre.clock(MONDAY + timedelta(hours=4))
    c = await call_back(centre, c, reached=False)
    async with refused("CC010"):
        await centre.do("supervisor", "archive", case=c.case_id, version=c.version)
    await centre.clock(MONDAY + timedelta(hours=6))
    c = await call_back(centre, c, reached=False)
    c = await centre.do("followup", "archive", case=c.case_id, version=c.version)
    assert c.state == State.ARCHIVED


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


async def test_three_returns_make_a_problem(centre: Centre) -> None:
    c = await dispatched(centre)
    for number, (who, unit) in enumerate(
        [("responder", DEPARTMENT_1), ("department", UNIT_B), ("responder_b", UNIT_A)], 1
    ):
        c = await give_back(centre, c, who)
        row = await centre.case(c.case_id)
        assert row["returns"] == number
        assert bool(row["flags"] & Flag.PROBLEM) is (number == 3)
        c = await review(centre, c, unit)
    assert (await centre.case(c.case_id))["flags"] & Flag.PROBLEM, "and it stays one"


async def test_three_redos_make_a_problem_and_each_has_a_new_limit(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await finished(centre, grade=0)
    for number in range(1, 4):
        await centre.clock(MONDAY + timedelta(days=number))
        async with refused("CC004"):
            await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="")
        c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没修好")
        row = await centre.case(c.case_id)
        assert row["redos"] == number
        assert row["due_at"] == MONDAY + timedelta(days=number + 1)
        assert bool(row["flags"] & Flag.PROBLEM) is (number == 3)
        c = await centre.do(
            "responder",
            "finish",
            case=c.case_id,
            version=c.version,
            discussed_with="本人",
            discussed_at=MONDAY,
            done="修",
            done_by=MONDAY,
        )


@pytest.mark.parametrize("state", [State.TO_DISPATCH, State.PAUSED])
async def test_a_void_needs_a_reason(centre: Centre, state: State) -> None:
    c = await in_state(centre, state)
    async with refused("CC004"):
        await centre.do("supervisor", "void", case=c.case_id, version=c.version, reason="")
    assert (await centre.do("supervisor", "void", case=c.case_id, version=c.version, reason="误报")).state == State.VOID


@pytest.mark.parametrize("wrong", [{"content": " 　\n"}, {"area": 999}])
async def test_what_cannot_be_registered(centre: Centre, wrong: dict[str, object]) -> None:
    async with refused("CC004"):
        await register(centre, **wrong)  # type: ignore[arg-type]
    assert await centre.value("select count(*) from cc.cases") == 0
    assert await centre.value("select count(*) from cc.day_numbers") == 0


async def test_a_deadline_over_unpublished_holidays_is_marked(centre: Centre) -> None:
    await centre.clock(datetime(2028, 6, 1, 9, 0, tzinfo=SHANGHAI))
    assert (await centre.case((await dispatched(centre, grade=3)).case_id))["flags"] & Flag.PROVISIONAL
    assert not (await centre.case((await dispatched(centre, grade=0)).case_id))["flags"] & Flag.PROVISIONAL
    await centre.clock(datetime(2028, 12, 29, 9, 0, tzinfo=SHANGHAI))
    async with refused("CC007"):  # the calendar ends
        await dispatched(centre, grade=3)


async def test_numbers_are_of_the_day_in_shanghai(centre: Centre) -> None:
    await centre.clock(at(2, "00:10"))
    first, second = await register(centre), await register(centre)
    assert (first.number, second.number) == ("RC20260302-00001", "RC20260302-00002")
    await centre.clock(at(1, "23:50"))
    assert (await register(centre)).number == "RC20260301-00001"
