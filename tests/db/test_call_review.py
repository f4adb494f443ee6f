"""Second calls, exclusions and appeals as each role by plain SQL; and what they change in the figures."""

import math
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.services import calls
from commandcenter.services.call_review import read_unhappy
from tests.db.centre import Centre, refused
from tests.db.county import DEPARTMENT_1, ROLE_PEOPLE, UNIT_A, UNIT_B
from tests.db.life import MONDAY, call_back, finished

TUESDAY = MONDAY + timedelta(days=1)


async def answered(centre: Centre, who: str = "followup", **answers: object) -> tuple[int, int]:
    """A case whose citizen was called; case and follow-up."""
    c = await call_back(centre, await finished(centre), who, **answers)
    follow_up = await centre.value(
        "select id from cc.follow_ups where case_id = $1 order by at desc, id desc", c.case_id
    )
    return c.case_id, int(str(follow_up))


async def draw(centre: Centre) -> int:
    return int(str(await centre.value("select cc.draw_second_calls()")))


async def second(centre: Centre, who: str, follow_up: int, **answers: object) -> None:
    given = {"reached": True, "solved": True, "satisfied": "满意", "words": "", "key": uuid4()} | answers
    await centre.do(who, "second_call", follow_up=follow_up, **given)


async def apply(centre: Centre, who: str, case_id: int, follow_up: int | None, **facts: object) -> int:
    given = {"kind": "exclusion", "unit": UNIT_A, "reason": "诉求人要求超出政策"} | facts
    return (await centre.do(who, "apply_appeal", case=case_id, follow_up=follow_up, **given)).case_id


async def review(centre: Centre, who: str, appeal: int, *, granted: bool | None = True, words: str = "属实") -> None:
    await centre.do(who, "review_appeal", appeal=appeal, granted=granted, words=words)


@pytest.mark.parametrize(("content", "share"), [(1, "0.05"), (4, "0.5"), (5, "0.5"), (3, "1")])
async def test_the_share_of_the_day_is_drawn_once(centre: Centre, content: int, share: str) -> None:
    await centre.clock(MONDAY)
    await (await centre("admin")).execute(
        "update cc.settings set value = $1::text::jsonb where name = 'second_call_share'", share
    )
    for _ in range(content):
        await answered(centre)
    await answered(centre, solved=False, satisfied="不满意")
    await answered(centre, solved=True, satisfied="不满意")
    assert await draw(centre) == 0, "the day is not over"
    await centre.clock(TUESDAY)
    expected = max(1, math.ceil(content * Decimal(share)))
    assert await draw(centre) == expected
    assert await draw(centre) == 0
    content_only = (
        "select bool_and(f.solved and f.satisfied <> '不满意') "
        "from cc.second_calls s join cc.follow_ups f on f.id = s.follow_up_id"
    )
    assert await centre.value(content_only) is True


async def test_none_where_there_is_none(centre: Centre) -> None:
    await centre.clock(MONDAY)
    await answered(centre, solved=False, satisfied="不满意")
    await centre.clock(TUESDAY)
    assert await draw(centre) == 0
    await answered(centre)
    await (await centre("admin")).execute("update cc.settings set value = '0' where name = 'second_call_share'")
    await centre.clock(TUESDAY + timedelta(days=1))
    assert await draw(centre) == 0, "switched off"


async def test_the_choice_is_the_secrets_and_not_anybodys(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for _ in range(6):
        await answered(centre)
    await centre.clock(TUESDAY)
    await draw(centre)
    chosen = "select array_agg(follow_up_id order by 1) from cc.second_calls"
    first = await centre.value(chosen)
    root = await centre.root()
    await root.execute("delete from cc.second_calls")
    await draw(centre)
    assert await centre.value(chosen) == first
    chosen_by_another = set()
    for number in range(12):
        await root.execute("delete from cc.second_calls")
        await root.execute("update cc.secrets set value = sha256($1)", str(number).encode())
        await draw(centre)
        chosen_by_another.add(str(await centre.value(chosen)))
    assert len(chosen_by_another) > 1


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_nobody_draws(untouched: Centre, role: str) -> None:
    async with refused("42501"):
        await (await untouched(ROLE_PEOPLE[role])).fetchval("select cc.draw_second_calls()")


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_makes_and_sees_second_calls(centre: Centre, role: str) -> None:
    await centre.clock(MONDAY)
    _, follow_up = await answered(centre, "supervisor")
    await centre.clock(TUESDAY)
    await draw(centre)
    who = ROLE_PEOPLE[role]
    connection = await centre(who)
    if role in {"cc_followup", "cc_supervisor", "cc_analyst", "cc_admin"}:
        seen = await connection.fetchval("select count(*) from cc.second_calls")
        assert seen == (0 if role == "cc_supervisor" else 1), "who called first sees nothing of it, of whatever role"
    else:
        async with refused("42501"):
            await connection.fetchval("select count(*) from cc.second_calls")
    if role == "cc_followup":
        await second(centre, who, follow_up)
    else:
        code = "42501" if role in {"cc_analyst", "cc_wall"} else "CC042"  # of the supervisor: it is their own
        async with refused(code):
            await second(centre, who, follow_up)
    for statement in ("update cc.second_calls set agrees = true", "delete from cc.second_calls"):
        async with refused("42501"):
            await connection.execute(statement)


async def test_the_first_caller_learns_nothing(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case_id, follow_up = await answered(centre)
    await centre.clock(TUESDAY)
    await draw(centre)
    mine = await centre("followup")
    assert await mine.fetchval("select count(*) from cc.second_calls") == 0
    async with refused("CC042"):
        await second(centre, "followup", follow_up)
    await second(centre, "supervisor", follow_up, satisfied="不满意")
    assert await mine.fetchval("select count(*) from cc.second_calls") == 0
    assert await mine.fetchval("select count(*) from cc.journal where entity = 'second_call'") == 0
    journal = await centre.value(
        "select array_agg(actor = 'cc_system' order by seq) from cc.journal where entity = 'second_call' and case_id is null"
    )
    assert journal == [True, False]
    drawn = (
        "select entity_id = 0 and detail = jsonb_build_object('day', '2026-03-02') from cc.journal where verb = 'draw'"
    )
    assert await centre.value(drawn) is True, "that there was a draw, and not of whom"
    assert (
        await centre.value("select count(*) from cc.journal where case_id = $1 and entity = 'second_call'", case_id)
        == 0
    )


@pytest.mark.parametrize(
    ("first", "solved", "again", "agrees"),
    [
        ("满意", True, "满意", True),
        ("满意", True, "基本满意", False),
        ("基本满意", True, "满意", True),
        ("基本满意", True, "基本满意", True),
        ("满意", False, "满意", False),
        ("满意", True, "不满意", False),
    ],
)
async def test_whether_the_second_answer_is_as_good(
    centre: Centre, first: str, solved: bool, again: str, agrees: bool
) -> None:
    await centre.clock(MONDAY)
    _, follow_up = await answered(centre, satisfied=first)
    await centre.clock(TUESDAY)
    await draw(centre)
    await second(centre, "supervisor", follow_up, solved=solved, satisfied=again)
    assert await centre.value("select agrees from cc.second_calls") is agrees
    async with refused("CC043"):
        await second(centre, "supervisor", follow_up)


async def test_a_second_call_is_tried_as_often_as_any(centre: Centre) -> None:
    await centre.clock(MONDAY)
    _, follow_up = await answered(centre)
    await centre.clock(TUESDAY)
    await draw(centre)
    key = uuid4()
    for number in range(3):
        await centre.clock(TUESDAY + timedelta(hours=2 * number))
        assert await centre.value("select called_at from cc.second_calls") is None
        await second(centre, "supervisor", follow_up, reached=False, key=key if number == 0 else uuid4())
        if number == 0:
            await second(centre, "supervisor", follow_up, reached=False, key=key)  # the answer was lost, sent again
            async with refused("CC040"):
                await second(centre, "supervisor", follow_up, reached=False)
    row = await (await centre.root()).fetchrow("select called_at, reached, agrees, tries from cc.second_calls")
    assert tuple(row) == (TUESDAY + timedelta(hours=4), False, None, 3)


async def test_answers_that_are_none(centre: Centre) -> None:
    await centre.clock(MONDAY)
    _, follow_up = await answered(centre)
    await centre.clock(TUESDAY)
    await draw(centre)
    for wrong in ({"reached": None}, {"solved": None}, {"satisfied": None}, {"satisfied": "还行"}):
        async with refused("CC004"):
            await second(centre, "supervisor", follow_up, **wrong)
    async with refused("CC042"):
        await second(centre, "supervisor", 1)


APPLY = {"cc_responder", "cc_caller", "cc_followup"}


@pytest.mark.parametrize("kind", ["exclusion", "appeal"])
@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_applies_and_who_reviews(centre: Centre, role: str, kind: str) -> None:
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    who = ROLE_PEOPLE[role]
    barred = "42501" if role in {"cc_analyst", "cc_wall"} else "CC001"
    if role in APPLY:
        await apply(centre, who, case_id, follow_up, kind=kind)
    else:
        async with refused(barred):
            await apply(centre, who, case_id, follow_up, kind=kind)
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    appeal = await apply(centre, "caller" if who == "responder" else "responder", case_id, follow_up, kind=kind)
    if role == "cc_supervisor":
        await review(centre, who, appeal)
    else:
        async with refused(barred):
            await review(centre, who, appeal)
    connection = await centre(who)
    for statement in ("update cc.appeals set granted = true", "delete from cc.appeals"):
        async with refused("42501"):
            await connection.execute(statement)


async def test_nobody_reviews_their_own(centre: Centre) -> None:
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    appeal = await apply(centre, "followup", case_id, follow_up)
    await (await centre.root()).execute(
        "update cc.people set role = 'cc_supervisor' where login = $1", centre.logins.of("followup")
    )
    async with refused("CC046"):
        await review(centre, "followup", appeal)
    await review(centre, "supervisor", appeal)
    async with refused("CC047"):
        await review(centre, "supervisor", appeal, granted=False)
    async with refused("CC048"):
        await review(centre, "supervisor", 1)


async def test_a_review_says_yes_or_no_and_why(centre: Centre) -> None:
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    appeal = await apply(centre, "responder", case_id, follow_up)
    for granted, words in ((None, "属实"), (True, " "), (False, "")):
        async with refused("CC004"):
            await review(centre, "supervisor", appeal, granted=granted, words=words)
    assert await centre.value("select granted from cc.appeals") is None


async def test_what_cannot_be_applied_for(centre: Centre) -> None:
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    silent, unheard = await answered(centre, reached=False)
    other, _ = await answered(centre)
    for code, who, facts in (
        ("CC003", "responder_b", {}),  # out of sight
        ("CC004", "followup", {"unit": UNIT_B}),  # no unit of the case
        ("CC004", "responder", {"unit": None}),
        ("CC004", "responder", {"kind": "favour"}),
        ("CC004", "responder", {"reason": "　"}),
    ):
        async with refused(code):
            await apply(centre, who, case_id, follow_up, **facts)
    for of_case, of_call in ((silent, unheard), (silent, None), (other, follow_up)):
        async with refused("CC044"):
            await apply(centre, "responder", of_case, of_call)
    await apply(centre, "responder", case_id, follow_up)
    async with refused("CC045"):
        await apply(centre, "caller", case_id, follow_up, kind="appeal")


async def test_a_unit_that_sees_the_case_applies_for_itself_only(centre: Centre) -> None:
    c = await call_back(centre, await finished(centre, DEPARTMENT_1, "department"), solved=False)
    async with refused("CC009"):
        await apply(centre, "responder", c.case_id, None, unit=DEPARTMENT_1)  # its place is theirs, its work is not
    await apply(centre, "department", c.case_id, None, unit=DEPARTMENT_1)


async def test_who_learns_of_an_application(centre: Centre) -> None:
    case_id, follow_up = await answered(centre, solved=False, satisfied="不满意")
    appeal = await apply(centre, "responder", case_id, follow_up)
    await review(centre, "supervisor", appeal, granted=False, words="理由不足")
    rows = await (await centre("responder")).fetch(
        "select verb, detail ->> 'reason' as why from cc.journal where entity = 'appeal' and case_id = $1 order by seq",
        case_id,
    )
    assert [tuple(row) for row in rows] == [("apply_exclusion", "诉求人要求超出政策"), ("review_exclusion", "理由不足")]
    for who, seen in (("followup", 1), ("caller", 1), ("responder_b", 0), ("department", 0)):
        assert await (await centre(who)).fetchval("select count(*) from cc.appeals") == seen


async def test_both_figures_are_kept(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for _ in range(2):
        await answered(centre)
    await answered(centre, satisfied="基本满意")
    bad, call = await answered(centre, solved=False, satisfied="不满意")
    _, other = await answered(centre, solved=True, satisfied="不满意")
    await answered(centre, reached=False)
    await review(centre, "supervisor", await apply(centre, "responder", bad, call))
    db = await Database.connect(centre.url("supervisor"))
    span = {"since": MONDAY, "until": TUESDAY}
    found = (await calls.figures(db, **span))[UNIT_A]
    assert (found.counted.solved.numerator, found.counted.solved.denominator) == (4, 5)
    assert (found.counted.satisfied.numerator, found.counted.double_yes.numerator) == (3, 3)
    assert (found.without.solved.numerator, found.without.solved.denominator) == (4, 4)
    assert (found.without.satisfied.numerator, found.left_out) == (3, 1)
    beijing = (await calls.figures(db, scheme="beijing", **span))[UNIT_A]
    assert beijing.counted.satisfied.numerator == Decimal("2.9")  # 基本满意 counts 0.9
    assert await calls.figures(db, since=TUESDAY, until=TUESDAY + timedelta(days=1)) == {}
    unhappy = await read_unhappy(db, since=MONDAY)
    assert {each.follow_up_id: each.appeal_granted for each in unhappy} == {call: True, other: None}
    assert await calls.read_appeals(db) == ()
    [reviewed] = await calls.read_appeals(db, open_only=False)
    assert (reviewed.granted, reviewed.words, reviewed.satisfied) == (True, "属实", "不满意")
    await db.close()


async def test_services_apply_review_and_check(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case_id, _ = await answered(centre)
    bad, follow_up = await answered(centre, solved=False, satisfied="不满意")
    await centre.clock(TUESDAY)
    await draw(centre)
    clerk = await Database.connect(centre.url("followup"))
    supervisor = await Database.connect(centre.url("supervisor"))
    assert await calls.read_second_calls(clerk) == ()
    [drawn] = await calls.read_second_calls(supervisor)
    assert (drawn.case_id, drawn.day, drawn.called_at) == (case_id, MONDAY.date(), None)
    await calls.record_second_call(
        supervisor,
        follow_up_id=drawn.follow_up_id,
        reached=True,
        solved=True,
        satisfied="不满意",
        words="没修好",
        key=uuid4(),
    )
    [done] = await calls.read_second_calls(supervisor)
    assert (done.agrees, done.called_at) == (False, TUESDAY)
    appeal = await calls.apply_appeal(
        clerk, kind="appeal", case_id=bad, follow_up_id=follow_up, unit_id=UNIT_A, reason="属于个人纠纷", key=uuid4()
    )
    await calls.review_appeal(supervisor, appeal_id=appeal, granted=False, words="不属于", key=uuid4())
    [seen] = await calls.read_appeals(clerk, open_only=False)
    assert (seen.id, seen.granted) == (appeal, False)
    await clerk.close()
    await supervisor.close()
