"""What makes the timekeeper draft a slip: other slips, whistles and second calls."""

from datetime import datetime, timedelta

import pytest

from commandcenter.clock import SHANGHAI
from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, UNIT_A, UNIT_B
from tests.db.life import MONDAY, call_back, dispatched, finished
from tests.db.slip_life import SlipChange, Slips
from tests.db.slip_rules import (
    DRAFT,
    FALSE,
    IN_MONTH,
    LATE,
    NO_LEVEL_ABOVE,
    SLIP_UNANSWERED,
    UNANSWERED,
    drafts,
    facts,
    force,
    only,
)


@pytest.fixture
async def rules(centre: Centre) -> Slips:
    await centre.clock(MONDAY)
    return Slips(centre)


async def order(rules: Slips, unit: int = UNIT_A) -> SlipChange:
    return await rules.signed(await rules.draft(2, unit), 2)


async def test_an_order_unanswered_becomes_a_warning(rules: Slips) -> None:
    """Three working days from Monday end on Thursday at 17:30."""
    centre = rules.centre
    await only(centre, SLIP_UNANSWERED)
    slip = await order(rules)
    limit = datetime(2026, 3, 5, 17, 30, tzinfo=SHANGHAI)
    await centre.clock(limit)
    await centre.value("select cc.watch_slips()")
    assert await centre.value(DRAFT) == 0
    await centre.clock(limit + timedelta(minutes=1))
    await centre.value("select cc.watch_slips()")
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    warning = (await drafts(centre))[-1]
    assert (warning["kind"], warning["unit_id"], warning["state"]) == (3, UNIT_A, 0)
    assert warning["subject"] == "关于督办单逾期未回复的警示"
    assert f"{slip.number}（3月2日9时00分签发，回复时限3月5日17时30分）" in warning["wrong"]
    assert await centre.value("select of_slip_id from cc.slip_facts") == slip.slip_id


async def test_three_orders_in_a_month_become_a_warning(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, IN_MONTH)
    await order(rules)
    await order(rules, UNIT_B)
    void = await order(rules)
    await rules.do("supervisor", "void_slip", void, reason="发错")
    await centre.clock(MONDAY + timedelta(days=32))
    await order(rules)
    await order(rules)
    assert await centre.value(DRAFT) == 0, "the first is older than 31 days, one is void"
    await order(rules)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    [warning] = [each for each in await drafts(centre) if each["kind"] == 3]
    assert warning["unit_id"] == UNIT_A
    assert warning["wrong"] == (
        "近31日内，你单位被下发督办单共3份：荣社督〔2026〕4号（4月3日9时00分签发）；荣社督〔2026〕5号（4月3日9时00分签发）；"
        "荣社督〔2026〕6号（4月3日9时00分签发）。"
    )


async def whistle(centre: Centre, level: int, *, state: int = 3) -> tuple[int, int]:
    """(whistle, party) of department 1, on a case of its own, in a round of that level since MONDAY."""
    case = await dispatched(centre)
    root = await centre.root()
    number = f"S{case.number}"
    async with root.transaction():
        await root.execute("set local session_replication_role = replica")
        whistle_id = await root.fetchval(
            "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, matter, demand, "
            "blown_at, changed_at, verb, actor) values ($1, $2, '01.01.', $3, $4, 'x', $5, $5, '燃气', '到场', $6, $6, 'blow', 'x') "
            "returning id",
            number, case.case_id, state, level, UNIT_A, MONDAY,
        )  # fmt: skip
        await root.execute(
            "insert into cc.whistle_rounds (whistle_id, round, case_id, level, began_at, began_by, cause) "
            "values ($1, 1, $2, $3, $4, 'x', 'blow')",
            whistle_id, case.case_id, level, MONDAY,
        )  # fmt: skip
        party_id = await root.fetchval(
            "insert into cc.whistle_parties (whistle_id, case_id, unit_id, part, ground, state, called_at, answer_due_at, "
            "arrive_due_at, finish_due_at, changed_at, verb, actor) values ($1, $2, $3, 'lead', '法定', 0, $4, $4, $4, $4, $4, "
            "'call', 'x') returning id",
            whistle_id, case.case_id, DEPARTMENT_1, MONDAY,
        )  # fmt: skip
    return whistle_id, party_id


@pytest.mark.parametrize(
    ("level", "drafted"), [(1, [UNANSWERED]), (3, [UNANSWERED]), (4, [UNANSWERED, NO_LEVEL_ABOVE])]
)
async def test_a_whistle_that_was_not_answered(rules: Slips, level: int, drafted: list[int]) -> None:
    centre = rules.centre
    await only(centre, UNANSWERED, NO_LEVEL_ABOVE)
    whistle_id, party_id = await whistle(centre, level)
    assert await centre.value(DRAFT) == 0
    missed = MONDAY + timedelta(minutes=31)
    await centre.clock(missed)
    await force(centre, "update cc.whistle_parties set answer_missed_at = $1", missed)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [len(drafted), 0]
    made = await drafts(centre)
    assert [(each["rule_id"], each["kind"], each["unit_id"]) for each in made] == [
        (rule, 1 if rule == UNANSWERED else 2, DEPARTMENT_1) for rule in drafted
    ]
    assert {key for key, _ in await facts(centre)} == {f"{party_id}:{level}"}
    assert await centre.value("select distinct whistle_id from cc.slip_facts") == whistle_id
    assert made[0]["subject"] == "关于吹哨逾时未应的提示"


async def test_every_level_that_was_not_answered_counts_once(rules: Slips) -> None:
    """A whistle really blown, whose unit sleeps: 30 minutes at the first level, 60 at the second (domain.md §4)."""
    centre = rules.centre
    await only(centre, UNANSWERED, NO_LEVEL_ABOVE)
    whistle_id, party_id = await whistle(centre, 1)
    await force(centre, "update cc.whistle_parties set answer_due_at = $1", MONDAY + timedelta(minutes=30))
    await force(centre, "update cc.whistles set caller = 'cc_system'")
    moment = MONDAY
    for level in (1, 2, 3, 4):
        moment += timedelta(minutes=61)
        await centre.clock(moment)
        assert await centre.value("select cc.watch_whistles()") == 1
        assert await centre.value("select level from cc.whistles") == min(level + 1, 4)
        assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1 if level < 4 else 2, 0]
    assert sorted({key for key, _ in await facts(centre)}) == [f"{party_id}:{level}" for level in (1, 2, 3, 4)]
    first = (await drafts(centre))[0]
    assert "（常规哨，工单RC20260302-00001，应哨时限3月2日9时30分）" in first["wrong"]
    assert await centre.value("select count(*) from cc.slip_facts where whistle_id = $1", whistle_id) == 5


async def test_who_answered_and_did_not_come_or_finish(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, LATE)
    _, party_id = await whistle(centre, 1)
    await force(centre, "update cc.whistle_parties set state = 2, arrive_missed_at = $1", MONDAY)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    await force(centre, "update cc.whistle_parties set finish_missed_at = $1", MONDAY)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    [slip] = await drafts(centre)
    assert [key for key, _ in await facts(centre)] == [f"{party_id}:arrive", f"{party_id}:finish"]
    assert "逾时未报到" in slip["wrong"]
    assert "逾时未办完" in slip["wrong"]


async def test_nothing_for_whistles_that_are_over(rules: Slips) -> None:
    await only(rules.centre, UNANSWERED, LATE)
    await whistle(rules.centre, 1, state=7)
    await force(rules.centre, "update cc.whistle_parties set answer_missed_at = $1, finish_missed_at = $1", MONDAY)
    assert await rules.centre.value(DRAFT) == 0


@pytest.mark.parametrize(("agrees", "drafted"), [(False, 1), (True, 0), (None, 0)])
async def test_a_reply_found_false(rules: Slips, agrees: bool | None, drafted: int) -> None:
    centre = rules.centre
    await only(centre, FALSE)
    case = await call_back(centre, await finished(centre))
    await force(
        centre,
        "insert into cc.second_calls (follow_up_id, case_id, report_id, first_caller, day, drawn_at, called_at, called_by, reached, "
        "solved, satisfied, agrees) select id, case_id, report_id, actor, '2026-03-02', at, at, 'x', true, false, '不满意', $1 "
        "from cc.follow_ups",
        agrees,
    )
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [drafted, 0]
    if drafted:
        [slip] = await drafts(centre)
        assert (slip["kind"], slip["unit_id"]) == (3, UNIT_A)
        assert f"{case.number}（首次回访为“满意”，抽查复核为“未解决、不满意”）" in slip["wrong"]
