"""What makes the timekeeper draft a slip: cases and calls, once for the same facts, gathered by unit and day, frozen."""

import json
from datetime import datetime, timedelta

import pytest

from commandcenter.clock import SHANGHAI
from tests.db.centre import Centre, Change, refused
from tests.db.county import CATEGORY, CLOSED_UNIT, COMMUNITY_A, COMMUNITY_B, DEPARTMENT_1, GRID_A, UNIT_A, UNIT_B
from tests.db.life import MONDAY, NAME, PHONE, accepted, call_back, dispatched, finish, finished
from tests.db.slip_life import Slips
from tests.db.slip_rules import (
    DRAFT,
    OVERDUE,
    REDO,
    RETURN,
    SAME_KIND,
    SATISFACTION,
    SOON,
    drafts,
    facts,
    force,
    newest,
    only,
)


@pytest.fixture
async def rules(centre: Centre) -> Slips:
    await centre.clock(MONDAY)
    return Slips(centre)


async def test_red_and_orange_cases_near_their_limit(rules: Slips) -> None:
    """Red is due in 24 natural hours and near it with a quarter left: at Tuesday 03:00 (domain.md §3)."""
    centre = rules.centre
    red = await dispatched(centre, grade=0)
    await dispatched(centre, grade=3)
    due = (await centre.case(red.case_id))["due_at"]
    soon = (await centre.case(red.case_id))["soon_at"]
    await centre.clock(soon - timedelta(seconds=1))
    assert await centre.value(DRAFT) == 0
    await centre.clock(soon)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    [slip] = await drafts(centre)
    assert (slip["kind"], slip["rule_id"], slip["trigger"], slip["unit_id"], slip["state"]) == (
        1,
        SOON,
        "soon",
        UNIT_A,
        0,
    )
    assert (slip["drafted_by"], slip["actor"], slip["edited"]) == ("cc_system", "cc_system", False)
    assert slip["subject"] == "关于1件工单临近办理时限的提示"
    told = due.astimezone(SHANGHAI)
    limit = f"{told.month}月{told.day}日{told.hour}时{told:%M}分"
    assert f"{red.number}（红色，办理时限{limit}）" in slip["wrong"]
    assert slip["demand"] == "请对照上述情况抓紧办理，并按期书面回复办理情况。"
    assert await centre.value("select actor from cc.journal where entity = 'slip'") == "cc_system"
    await centre.clock(due)  # overdue is another rule's
    assert await centre.value("select count(*) from cc.slips where rule_id = 1") == 1


async def test_overdue_once_a_case_and_not_while_paused(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    late, paused = await accepted(centre, grade=0), await accepted(centre, grade=0)
    await centre.do("duty", "pause", case=paused.case_id, version=paused.version, reason="等材料")
    done = await finished(centre, grade=0)
    await centre.clock((await centre.case(late.case_id))["due_at"] + timedelta(minutes=1))
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    [slip] = await drafts(centre)
    assert (slip["kind"], slip["subject"]) == (2, "关于1件工单超期未办结的督办")
    assert [key for key, _ in await facts(centre)] == [str(late.case_id)]
    assert done.number not in slip["wrong"]
    await centre.clock(MONDAY + timedelta(days=9))
    assert await centre.value(DRAFT) == 0, "once a case"


async def test_new_facts_are_gathered_while_nobody_touched_the_draft(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    first = await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(minutes=30))
    second = await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(minutes=60))
    third = await accepted(centre, grade=0)
    due = (await centre.case(first.case_id))["due_at"]
    await centre.clock(due + timedelta(minutes=1))
    assert await centre.value(DRAFT) == 1
    await centre.clock(due + timedelta(minutes=31))
    assert await centre.value(DRAFT) == 1
    [slip] = await drafts(centre)
    assert (slip["verb"], slip["subject"]) == ("gather", "关于2件工单超期未办结的督办")
    assert first.number in slip["wrong"]
    assert second.number in slip["wrong"]
    await rules.edit(await newest(centre, slip["id"]))
    await centre.clock(due + timedelta(minutes=61))
    assert await centre.value(DRAFT) == 1
    begun = await drafts(centre)
    assert [third.number in each["wrong"] for each in begun] == [False, True]
    assert begun[0]["wrong"] == "路灯长期不亮。", "what a person wrote stays"
    journal = await (await centre.root()).fetch("select verb from cc.journal where entity = 'slip' order by seq")
    assert [verb for (verb,) in journal] == ["draft", "gather", "edit", "draft"]
    assert await (await centre.root()).fetch("select * from cc.check_journal()") == []


async def test_another_day_begins_another_draft(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await accepted(centre, grade=0)
    midnight = datetime(2026, 3, 5, 0, 0, tzinfo=SHANGHAI)
    await centre.clock(midnight - timedelta(seconds=1))
    assert await centre.value(DRAFT) == 1
    await centre.clock(MONDAY)
    await accepted(centre, grade=0)
    await centre.clock(midnight)
    assert await centre.value(DRAFT) == 1
    assert [str(each["day"]) for each in await drafts(centre)] == ["2026-03-04", "2026-03-05"]


async def test_a_dismissed_draft_is_not_drafted_again(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    await centre.value(DRAFT)
    [slip] = await drafts(centre)
    await rules.do("supervisor", "dismiss_slip", await newest(centre, slip["id"]), reason="已在办")
    assert await centre.value(DRAFT) == 0


async def test_facts_stay_as_they_were(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    case = await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    await centre.value(DRAFT)
    was = await facts(centre)
    [(_, fact)] = was
    assert (fact["number"], fact["grade"], fact["state"], fact["redos"]) == (case.number, 0, 3, 0)
    assert not any(word in json.dumps(fact, ensure_ascii=False) for word in (NAME, PHONE))
    await centre.do("duty", "grade", case=case.case_id, version=case.version, grade=2, category=None, reason="误判")
    await centre.value(DRAFT)
    assert await facts(centre) == was


@pytest.mark.parametrize("threshold", [2, 3])
async def test_the_threshold_of_overdue_counts_a_units_cases(rules: Slips, threshold: int) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await (await centre.root()).execute("update cc.slip_rules set threshold = $1", threshold)
    await accepted(centre, grade=0)
    await accepted(centre, grade=0)
    await accepted(centre, UNIT_B, "responder_b", grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    assert await centre.value(DRAFT) == (1 if threshold == 2 else 0)


async def of_category(centre: Centre, area: int = COMMUNITY_A, unit: int | None = UNIT_A) -> Change:
    case = await centre.do(
        "duty", "register", channel=1, content="燃气味道很重", title="", kind="求助", category=CATEGORY, grade=3, area=area,
        lon=None, lat=None, place="", foreign_number="", name=NAME, phone=PHONE, address="", confidential=False,
        received_at=None,
    )  # fmt: skip
    if unit is None:
        return case
    return await centre.do("duty", "dispatch", case=case.case_id, version=case.version, unit=unit, assist=[], note="")


async def test_the_same_kind_in_one_community(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, SAME_KIND)
    await of_category(centre)
    await centre.clock(MONDAY + timedelta(days=1))
    await of_category(centre, GRID_A)  # the same community
    await of_category(centre, COMMUNITY_B)  # another
    await centre.clock(MONDAY + timedelta(days=6))
    assert await centre.value(DRAFT) == 0
    await of_category(centre, unit=DEPARTMENT_1)
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [1, 0]
    [slip] = await drafts(centre)
    assert slip["unit_id"] == DEPARTMENT_1, "the lead unit of the newest"
    assert slip["subject"] == "关于同类诉求反复出现的提示"
    assert slip["wrong"].startswith(
        "近7日内，甲一社区“公用事业 › 燃气”类诉求出现3件：RC20260302-00001、RC20260303-00001、RC20260308-00001"
    )
    own, others = [], []
    for case_id, title in await (await centre.root()).fetch("select case_id, fact ->> 'title' from cc.slip_facts"):
        case = await centre.case(case_id)
        (own if case["unit_id"] == DEPARTMENT_1 else others).append(title == case["title"])
        assert title in (case["title"], "燃气")
    assert (own, others) == ([True], [False, False]), "words of another unit's case are none of the addressed one's"
    # a fourth of the set brings nothing; three new ones do
    for number in range(3):
        assert await centre.value(DRAFT) == 0
        await of_category(centre, unit=DEPARTMENT_1 if number else None)
    assert await centre.value(DRAFT) == 1
    assert len(await facts(centre)) == 6


async def test_the_same_kind_waits_until_somebody_leads_one(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, SAME_KIND)
    for _ in range(3):
        case = await of_category(centre, unit=None)
    assert await centre.value(DRAFT) == 0
    await centre.do("duty", "dispatch", case=case.case_id, version=case.version, unit=UNIT_B, assist=[], note="")
    assert await centre.value(DRAFT) == 1


@pytest.mark.parametrize(
    ("answers", "drafted"),
    [
        (["满意"] * 4, 0),  # four are too few
        (["不满意"] * 4, 0),
        (["满意"] * 4 + ["不满意"], 1),  # 80 %
        (["满意"] * 4 + ["基本满意"], 0),  # counts as much in the scheme of Rongcheng
        (["满意"] * 9 + ["不满意"], 0),  # 90 % is not under 90 %
        (["满意"] * 4 + ["未接通"] * 4, 0),
    ],
)
async def test_satisfaction_under_the_line(rules: Slips, answers: list[str], drafted: int) -> None:
    centre = rules.centre
    await only(centre, SATISFACTION)
    for answer in answers:
        case = await finished(centre)
        reached = answer != "未接通"
        await call_back(
            centre, case, reached=reached, solved=True if reached else None, satisfied=answer if reached else None
        )
    assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [drafted, 0]
    if drafted:
        [slip] = await drafts(centre)
        assert slip["wrong"] == (
            "近30日内，你单位承办工单有效回访5件次，其中满意4件次、基本满意0件次、不满意1件次，满意率80%，低于90%的标准。"
        )
        [(key, _)] = await facts(centre)
        assert key == f"{UNIT_A}:2026-03"
        await centre.clock(datetime(2026, 4, 1, 8, 0, tzinfo=SHANGHAI))
        assert await centre.value(DRAFT) == 1, "another month, the calls still in the window"


async def test_redone_twice_and_again(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, REDO)
    case = await finished(centre)
    for redos, drafted in ((1, 0), (2, 1), (3, 1)):
        case = await centre.do("followup", "redo", case=case.case_id, version=case.version, reason="没修好")
        assert [await centre.value(DRAFT), await centre.value(DRAFT)] == [drafted, 0]
        case = await finish(centre, case)
        assert (await centre.case(case.case_id))["redos"] == redos
    [slip] = await drafts(centre)
    assert slip["subject"] == "关于1件工单多次重办的督办"
    assert f"{case.number}（蓝色，已重办2次）；{case.number}（蓝色，已重办3次）" in slip["wrong"]


async def test_returned_twice(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, RETURN)
    case = await dispatched(centre)
    for drafted in (0, 1):
        case = await centre.do(
            "responder", "return_case", case=case.case_id, version=case.version, reason="非本镇", suggested=None
        )
        case = await centre.do(
            "duty", "review_return", case=case.case_id, version=case.version, approved=False, unit=None, reason="属本镇"
        )
        returns = (await centre.case(case.case_id))["returns"]
        assert await centre.value(DRAFT) == (1 if returns >= 2 else 0) == drafted
    [slip] = await drafts(centre)
    assert (slip["kind"], slip["unit_id"]) == (2, UNIT_A)


async def test_the_last_three_wait_for_monthly_scores(rules: Slips) -> None:
    row = await (await rules.centre.root()).fetchrow(
        "select active, name from cc.slip_rules where trigger = 'bottom_three'"
    )
    assert tuple(row) == (False, "连续两月排名末三位（月度考核启用后再启用）")
    await (await rules.centre.root()).execute("update cc.slip_rules set active = true")
    assert await rules.centre.value(DRAFT) == 0


async def test_a_closed_unit_gets_no_draft(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await accepted(centre, grade=0)
    await force(centre, "update cc.cases set unit_id = $1", CLOSED_UNIT)
    await centre.clock(MONDAY + timedelta(days=5))
    assert await centre.value(DRAFT) == 0


async def test_many_are_counted_and_twenty_named(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    for _ in range(21):
        await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    await centre.value(DRAFT)
    [slip] = await drafts(centre)
    assert "21件工单" in slip["subject"]
    assert slip["wrong"].count("RC2026") == 20
    assert slip["wrong"].endswith("；等，共21项，清单附后。")


async def test_rules_are_data(rules: Slips) -> None:
    """An administrator's own rule: green cases near their limit are ordered at once."""
    centre = rules.centre
    await (await centre("admin")).execute(
        "insert into cc.slip_rules (kind, trigger, name, threshold, grades) values (2, 'soon', '绿色临期', 1, '{4}')"
    )
    case = await accepted(centre, grade=4)
    await centre.clock((await centre.case(case.case_id))["soon_at"])
    assert await centre.value(DRAFT) == 1
    [slip] = await drafts(centre)
    assert (slip["kind"], slip["subject"]) == (2, "关于1件工单临近办理时限的督办")


async def test_two_rounds_at_once_draft_once(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    one, two = await centre.open("root"), await centre.open("root")
    async with one.transaction():
        assert await one.fetchval(DRAFT) == 1
        assert await two.fetchval(DRAFT) == 0, "the first is at it"
    assert await two.fetchval(DRAFT) == 0
    assert len(await drafts(centre)) == 1


async def test_a_desk_that_keeps_the_time_drafts_in_the_systems_name(rules: Slips) -> None:
    centre = rules.centre
    await only(centre, OVERDUE)
    await accepted(centre, grade=0)
    await centre.clock(MONDAY + timedelta(days=5))
    duty = await centre("duty")
    async with refused("CC051"):
        await duty.execute("select cc.keep('drafts')")
    assert await duty.fetchval("select cc.try_keeping()")
    assert await duty.fetchval("select cc.keep('drafts')") == 1
    [slip] = await drafts(centre)
    assert (slip["drafted_by"], slip["actor"]) == ("cc_system", "cc_system")
    assert await centre.value("select actor from cc.journal where entity = 'slip'") == "cc_system"


@pytest.mark.parametrize("who", ["duty", "supervisor", "responder", "admin"])
async def test_drafting_is_the_timekeepers(rules: Slips, who: str) -> None:
    async with refused("42501"):
        await (await rules.centre(who)).execute(DRAFT)
