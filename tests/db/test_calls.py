"""Calls back by plain SQL and by service: who may, when again, what follows in one deed, and the list of whom to call."""

from datetime import timedelta
from uuid import uuid4

import pytest

from commandcenter.clock import SystemClock
from commandcenter.db.engine import Database
from commandcenter.domain.case import Flag, State
from commandcenter.domain.outcome import Risk, Why
from commandcenter.services import calls, cases
from tests.db.centre import Centre, Change, refused
from tests.db.county import ROLE_PEOPLE
from tests.db.life import MONDAY, NAME, call_back, finish, finished, in_state, report_of

BOTH = {"reached": True, "contacted": True, "solved": True, "satisfied": "满意"}
NEITHER = {"reached": True, "contacted": False, "solved": False, "satisfied": "不满意"}
NOBODY = {"reached": False, "contacted": None, "solved": None, "satisfied": None}


async def then(centre: Centre, c: Change, what: str | None, who: str = "followup", **answers: object) -> Change:
    report = answers.pop("report", None) or await report_of(centre, c.case_id)
    given = {"words": "", "reason": "诉求人说没有修好"} | BOTH | answers
    return await centre.do(who, "follow_up_then", case=c.case_id, version=c.version, report=report, then=what, **given)


async def second_report(centre: Centre, case_id: int) -> int:
    """Another citizen's report in the same case, as merging will leave it."""
    root = await centre.root()
    report = await root.fetchval(
        "insert into cc.reports (id, case_id, home_id, channel_id, fingerprint, kind, content, place, received_at, registered_at, "
        "registered_by, name_masked, phone_masked, confidential, grams) select cc.new_id(), case_id, case_id, channel_id, "
        "sha256('other'), kind, content, place, received_at, registered_at, registered_by, '李*', '139****0000', false, grams "
        "from cc.reports where case_id = $1 returning id",
        case_id,
    )
    await root.execute("update cc.cases set reports = 2, verb = 'note' where id = $1", case_id)
    return int(report)


async def set_up_merge(centre: Centre, c: Change) -> tuple[Change, int, int]:
    first = await report_of(centre, c.case_id)
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        other = await second_report(centre, c.case_id)
    return c, first, other


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
@pytest.mark.parametrize("what", ["redo", "archive"])
async def test_only_callers_call(centre: Centre, role: str, what: str) -> None:
    c = await finished(centre)
    who = ROLE_PEOPLE[role]
    answers = NEITHER if what == "redo" else BOTH
    if role in {"cc_followup", "cc_supervisor"}:
        change = await then(centre, c, what, who, **answers)
        assert change.state == (State.WORKING if what == "redo" else State.ARCHIVED)
        return
    async with refused("42501" if role in {"cc_analyst", "cc_wall"} else "CC001"):
        await then(centre, c, what, who, **answers)
    assert await centre.value("select count(*) from cc.follow_ups") == 0


@pytest.mark.parametrize("state", [state for state in State if state is not State.TO_FOLLOW_UP])
async def test_only_what_is_finished_is_called_about(centre: Centre, state: State) -> None:
    c = await in_state(centre, state)
    async with refused("CC001"):
        await then(centre, c, "redo", **NEITHER)


async def test_call_and_redo_are_one_deed(centre: Centre) -> None:
    c = await finished(centre)
    key = uuid4()
    done = await then(centre, c, "redo", key=key, **NEITHER)
    row = await centre.case(c.case_id)
    assert (row["state"], row["redos"], row["version"]) == (State.WORKING, 1, c.version + 2)
    verbs = await centre.value(
        "select array_agg(verb order by seq) from cc.journal where case_id = $1 and seq > "
        "(select max(seq) from cc.journal where case_id = $1 and verb = 'finish')",
        c.case_id,
    )
    assert verbs == ["follow_up", "redo"]
    again = await then(centre, c, "redo", key=key, **NEITHER)
    assert (again.version, again.replayed) == (done.version, True)
    assert await centre.value("select count(*) from cc.follow_ups") == 1


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (BOTH, "CC041"),
        (BOTH | {"satisfied": "基本满意"}, "CC041"),
        (NOBODY, "CC041"),
        (NEITHER | {"reason": " "}, "CC004"),
        (NEITHER | {"solved": None}, "CC004"),
        (NEITHER | {"satisfied": "还行"}, "23514"),
        (NEITHER | {"report": 1}, "CC004"),
    ],
)
async def test_neither_half_without_the_other(centre: Centre, answers: dict[str, object], code: str) -> None:
    c = await finished(centre)
    async with refused(code):
        await then(centre, c, "redo", **answers)
    row = await centre.case(c.case_id)
    assert (row["state"], row["version"]) == (State.TO_FOLLOW_UP, c.version)
    assert await centre.value("select count(*) from cc.follow_ups") == 0


@pytest.mark.parametrize("what", ["void", None, ""])
async def test_nothing_else_follows_from_a_call(centre: Centre, what: str | None) -> None:
    async with refused("CC004"):
        await then(centre, await finished(centre), what)


async def test_a_clerk_cannot_archive_over_somebody_who_is_not_content(centre: Centre) -> None:
    c = await finished(centre)
    async with refused("CC010"):
        await then(centre, c, "archive", **NEITHER)
    assert (await then(centre, c, "archive", "supervisor", **NEITHER)).state == State.ARCHIVED


async def test_every_citizen_of_a_merged_case_is_called(centre: Centre) -> None:
    c, first, other = await set_up_merge(centre, await finished(centre))
    async with refused("CC010") as caught:
        await then(centre, c, "archive", report=first)
    assert caught[0].detail == "missing:1"
    c = await call_back(centre, c)
    assert (await then(centre, c, "archive", report=other, satisfied="基本满意")).state == State.ARCHIVED


async def test_three_tries_in_a_row_are_one(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await call_back(centre, await finished(centre), **NOBODY)
    await centre.clock(MONDAY + timedelta(minutes=119))
    async with refused("CC040") as caught:
        await call_back(centre, c, **NOBODY)
    assert caught[0].detail == "11:00"
    c = await call_back(centre, c)  # who calls by themselves is heard
    await centre.clock(MONDAY + timedelta(minutes=120))
    await call_back(centre, c, **NOBODY)


async def test_two_clerks_do_not_call_the_same_citizen(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await finished(centre)
    c = await centre.do("supervisor", "take", case=c.case_id, version=c.version)
    async with refused("CC011"):
        await call_back(centre, c)
    await centre.clock(MONDAY + timedelta(minutes=15))  # hold_minutes
    await call_back(centre, c)


async def test_double_no_stands_until_that_citizen_takes_it_back(centre: Centre) -> None:
    async def flagged(c: Change) -> bool:
        return bool((await centre.case(c.case_id))["flags"] & Flag.DOUBLE_NO)

    c, first, other = await set_up_merge(centre, await finished(centre))
    c = await call_back(centre, c, **NEITHER)
    assert await flagged(c)
    facts = {"case": c.case_id, "words": "", **BOTH}
    c = await centre.do("followup", "follow_up", version=c.version, report=other, **facts)
    assert await flagged(c), "another citizen's 双是 is not theirs"
    c = await call_back(centre, c, solved=True, satisfied="不满意")
    assert await flagged(c), "better, but not 双是"
    c = await centre.do("followup", "redo", case=c.case_id, version=c.version, reason="没有修好")
    assert await flagged(c), "the leader watches it through the next round"
    c = await finish(centre, c)
    c = await centre.do("followup", "follow_up", version=c.version, report=first, **facts)
    assert not await flagged(c)


async def test_not_solved_but_content_is_no_double_no(centre: Centre) -> None:
    for answers in ({"solved": False, "satisfied": "基本满意"}, {"solved": True, "satisfied": "不满意"}, NOBODY):
        c = await call_back(centre, await finished(centre), **answers)
        assert not (await centre.case(c.case_id))["flags"] & Flag.DOUBLE_NO


async def opened(centre: Centre, who: str = "followup") -> Database:
    return await Database.connect(centre.url(who))


async def test_the_list_goes_by_what_is_due_and_by_risk(centre: Centre) -> None:
    await centre.clock(MONDAY)  # 09:00
    overdue = await finished(centre, grade=4)
    await centre.clock(MONDAY + timedelta(hours=24))
    late = await finished(centre, grade=4)
    tried = await call_back(centre, await finished(centre, grade=0), **NOBODY)
    green = await finished(centre, grade=4)
    red = await finished(centre, grade=0)
    content = await call_back(centre, await finished(centre))
    unhappy = await call_back(centre, await finished(centre, grade=0), **NEITHER)
    root = await centre.root()
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        await root.execute("update cc.cases set due_at = finished_at - interval '1 minute' where id = $1", late.case_id)
        await root.execute("update cc.citizens set phone_hash = null")  # otherwise all are one citizen's
    db = await opened(centre)
    found = await calls.read_call_list(db, now=MONDAY + timedelta(hours=24))
    assert [each.case_id for each in found] == [
        overdue.case_id, red.case_id, late.case_id, green.case_id, unhappy.case_id, content.case_id, tried.case_id,
    ]  # fmt: skip
    assert found[0].due_at == MONDAY + timedelta(hours=24)
    assert found[2].risk_reasons == (Risk.LATE,)
    assert [each.todo for each in found[4:]] == [calls.Todo.REDO, calls.Todo.ARCHIVE, calls.Todo.CALL]
    assert found[4].risk_reasons[0] is Risk.DOUBLE_NO
    assert found[6].attempts == (MONDAY + timedelta(hours=24),)
    assert found[6].next_at == MONDAY + timedelta(hours=28, minutes=30)  # 13:30, an untried band
    assert NAME not in repr(found)
    await db.close()


async def test_a_repeat_caller_is_known_by_number_alone(centre: Centre) -> None:
    await finished(centre)
    await finished(centre)
    db = await opened(centre)
    for each in await calls.read_call_list(db, now=SystemClock().now()):
        assert Risk.REPEATED in each.risk_reasons
    await db.close()
    for who in ("duty", "responder", "admin", "analyst"):
        async with refused("42501"):
            await (await centre(who)).fetch("select * from cc.other_reports('{1}', 90)")


async def test_the_day_and_who_is_missing(centre: Centre) -> None:
    await centre.clock(MONDAY - timedelta(hours=25))
    nobody = await finished(centre)
    await centre.clock(MONDAY)
    unreachable = await finished(centre)
    for hour in (0, 2, 4):
        await centre.clock(MONDAY + timedelta(hours=hour))
        unreachable = await call_back(centre, unreachable, **NOBODY)
    retry = await call_back(centre, await finished(centre), **NOBODY)  # 13:00
    not_due = await finished(centre)
    await call_back(centre, await finished(centre))
    await call_back(centre, await finished(centre), **NEITHER)
    await call_back(centre, await finished(centre), solved=True, satisfied="不满意")
    corrected = await call_back(centre, await finished(centre), **NEITHER)
    await call_back(centre, corrected)
    db = await opened(centre)
    day = await calls.day_progress(db, day=MONDAY.date())
    assert (day.reached, day.double_yes, day.not_double_yes, day.double_no) == (4, 2, 2, 1)
    assert day.called == 9
    assert {each.case_id: each.why for each in day.missing} == {
        nobody.case_id: Why.NOBODY,
        unreachable.case_id: Why.UNREACHABLE,
        retry.case_id: Why.RETRY,
        not_due.case_id: Why.NOT_DUE,
    }
    assert {each.case_id: each.at for each in day.missing}[retry.case_id] == MONDAY + timedelta(hours=6)  # 15:00
    assert (day.coverage.numerator, day.coverage.denominator) == (4, 7)  # who is not due is not owed
    tomorrow = await calls.day_progress(db, day=MONDAY.date() + timedelta(days=1))
    assert (tomorrow.called, tomorrow.coverage.numerator) == (0, 0)
    await db.close()


async def test_nothing_to_do_is_no_rate(centre: Centre) -> None:
    db = await opened(centre)
    day = await calls.day_progress(db, day=MONDAY.date())
    assert (day.due, day.coverage.rate(), day.missing) == (0, None, ())
    assert await calls.read_call_list(db, now=MONDAY) == ()
    await db.close()


async def test_services_do_what_the_functions_do(centre: Centre) -> None:
    db = await opened(centre)
    c = await finished(centre)
    report = await report_of(centre, c.case_id)
    facts = {"case_id": c.case_id, "report_id": report, "solved": False, "satisfied": "不满意"}
    change = await calls.redo_in_one(db, version=c.version, reason="没有修好", key=uuid4(), **facts)  # type: ignore[arg-type]
    assert change.state is State.WORKING
    c = await finish(centre, Change(c.case_id, c.number, 3, change.version, None, replayed=False))
    change = await cases.follow_up(
        db, version=c.version, reached=False, key=uuid4(), case_id=c.case_id, report_id=report
    )
    change = await calls.archive_in_one(
        db,
        version=change.version,
        reached=True,
        key=uuid4(),
        **facts | {"solved": True, "satisfied": "满意"},  # type: ignore[arg-type]
    )
    assert change.state is State.ARCHIVED
    await db.close()
