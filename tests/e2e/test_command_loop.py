"""The command loop as one journey: from a word in a community to the archive, through the windows of those whose deeds it is.

Nine people at windows of their own, the duty officer's in another process, the timekeeper in a third; one database, and one
clock that the test sets. Monday 2 March 2026 is a working day like any other: 08:30–12:00 and 13:30–17:30.

重点哨 has to be answered within an hour, 联合哨 is the level above (荣成 [S]); speed counts 40 for answering in time, 30 for
arriving, 30 for finishing [D]; a 提示单 is the section head's (荣成 [S]), numbered in its year without a gap.
"""

import asyncio
from datetime import datetime
from itertools import groupby
from pathlib import Path

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Flag, State
from commandcenter.domain.slip import SlipState
from commandcenter.domain.whistle import Level, PartyState, WhistleState
from tests.db.county import CATEGORY, DEPARTMENT_1, DEPARTMENT_2, UTILITY
from tests.e2e.county_database import Database
from tests.e2e.loop_people import People, people
from tests.e2e.loop_story import ENTITIES, STORY
from tests.pdf_words import words_in

MATTER = "地下管线抢修"
TITLE = "学府小区燃气管线漏气"
CALLED = {
    "department": ("住建局", DEPARTMENT_1),
    "utility": ("燃气公司", UTILITY),
    "department2": ("城管局", DEPARTMENT_2),
}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=SHANGHAI)


class Journey:
    """The case, and what is known of it so far."""

    def __init__(self, all_people: People) -> None:
        self.people = all_people
        self.case = 0
        self.number = ""

    async def value(self, statement: str, *arguments: object) -> object:
        return await self.people.county.value(statement, *arguments)


async def with_list(county: Database) -> None:
    """One item in the responsibility list, which calls three units."""
    await county.fetch("delete from cc.duty_list")
    await county.fetch(
        "insert into cc.duty_list (code, field, matter, category_id, lead_unit_id, assist_unit_ids, ground, valid_from) "
        "values ('7', '燃气', $1, $2, $3, $4, '法定', '2026-01-01')",
        MATTER, CATEGORY, DEPARTMENT_1, [UTILITY, DEPARTMENT_2],
    )  # fmt: skip


async def test_from_a_word_in_a_community_to_the_archive(
    county: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CC_DATA_DIR", str(tmp_path / "data"))
    await with_list(county)
    async with people(county, tmp_path) as all_people:
        journey = Journey(all_people)
        await reported_graded_and_sent(journey)
        await blown_and_approved(journey)
        await nobody_answers(journey)
        await slips_signed(journey, tmp_path)
        await two_answer_and_one_objects(journey)
        await come_done_confirmed_and_scored(journey)
        await slip_replied_and_passed(journey)
        await finished_and_not_content(journey)
        await done_again_and_content(journey)
        await all_is_as_it_was_told(journey)


async def reported_graded_and_sent(journey: Journey) -> None:
    await journey.people.at(at(9))
    community, duty = await journey.people.of("community"), journey.people.duty
    await community.go("intake")
    await community.fill(诉求内容="学府小区3号楼燃气管线漏气，气味很大", 标题=TITLE, 姓名="王小明", 电话="13812341234")
    await community.fill(事发地点="学府小区3号楼", 所属区域="甲镇 › 甲一社区")
    await community.key("Ctrl+Return")
    await community.see("已登记 RC20260302-")
    journey.case = int(str(await journey.value("select id from cc.cases")))
    journey.number = str(await journey.value("select number from cc.cases"))

    await journey.people.at(at(9, 5))
    await duty.until_case(journey.case, "待受理")
    await duty.row(f"{TITLE} 待受理")
    await duty.key("F3")
    await duty.form("定级")
    await duty.choose("等级", "橙")
    await duty.fill(分类="公用事业 › 燃气")
    await duty.send()
    await duty.until_case(journey.case, "待派单")
    await duty.key("F5")
    await duty.form("派单")
    await duty.fill(主责单位="甲镇政府")
    await duty.send()
    await duty.until_case(journey.case, "待签收")

    town = await journey.people.of("responder")
    await town.row(f"{TITLE} 待签收")
    await town.key("F6")
    await duty.until_case(journey.case, "办理中")


async def blown_and_approved(journey: Journey) -> None:
    community, head = await journey.people.of("community"), await journey.people.of("head")
    await journey.people.at(at(9, 20))
    await community.go("desk")
    await community.row(f"{TITLE} 办理中")
    await community.key("F10")
    await community.see(MATTER, "主责 住建局　配合 燃气公司、城管局", "法定")
    await community.key("2", at="级别")
    await community.see("1小时内应哨")
    await community.fill(要求="到现场关阀、检测、抢修")
    await community.key("Ctrl+Return")
    await community.see("待审签")

    await journey.people.at(at(9, 30))
    await head.go("whistles")
    await head.see("待我处理 1")
    await head.press("审签同意")
    await community.see("缺 3/3", "应哨 剩 1时0分")
    await journey.people.leave("head")
    for who in CALLED:
        called = await journey.people.of(who)
        await called.go("answer")
        await called.see("叫我单位的 1", "应哨 剩 1时0分")


async def nobody_answers(journey: Journey) -> None:
    """An hour and a minute later the timekeeper, in its own process, writes it down, escalates, and drafts."""
    community = await journey.people.of("community")
    await journey.people.at(at(10, 31))
    await journey.people.duty.see("告警 3")
    await journey.people.time_passes("记逾时、升级 3 项", "起草三单 3 份")
    await community.see("联合哨", "逾时未应哨", "逾时未应，自动升级")
    await journey.people.duty.go("whistles")
    await journey.people.duty.see("联合哨", "逾时未应，自动升级", "系统", "告警 0")


async def slips_signed(journey: Journey, folder: Path) -> None:
    """The lead's and the utility's; the third waits for the ruling."""
    section = await journey.people.of("section_head")
    await journey.people.at(at(10, 40))
    await section.go("slips")
    for serial, who in enumerate(("department", "utility"), 1):
        number = f"荣社提〔2026〕{serial}号"
        unit, _ = CALLED[who]
        await section.row(f"提示单 {unit}")
        await section.see("草稿", "吹哨逾时未应", unit)
        await section.key("Ctrl+Shift+S")
        await section.press("确定签发")
        await section.see(f"{number} · 待签收")
        await section.key("Ctrl+Shift+P")
        await section.save_as(folder / f"{serial}.pdf")
        words = words_in((folder / f"{serial}.pdf").read_bytes())
        for said in (number, unit, journey.number, "重点哨", "3月2日10时30分", "人员section_head", "2026年3月2日"):
            assert said in words, (said, words)
        assert "草稿" not in words
        assert "王小明" not in words
        assert "1381" not in words


async def two_answer_and_one_objects(journey: Journey) -> None:
    await journey.people.at(at(10, 45))
    for who in ("department", "utility"):
        called = await journey.people.of(who)
        await called.see("联合哨")
        await called.key("F6")
        await called.see("谁到了现场")
    objector, duty = await journey.people.of("department2"), journey.people.duty
    await objector.see("联合哨")
    await objector.press("有异议")
    await objector.fill(异议的理由="燃气管线不属城管职责")
    await objector.key("Ctrl+Return")
    await objector.see("异议已报市中心，等待裁定")

    await journey.people.at(at(10, 50))
    await duty.see("燃气管线不属城管职责")
    await duty.press("裁定异议", on="城管局")
    await duty.choose("异议成立", "是")
    await duty.fill(裁定的理由="清单写错，由住建局和燃气公司处置")
    await duty.key("Ctrl+Return", at="裁定的理由")
    await duty.see("免到")
    await objector.see("现在没有哨叫您的单位")

    section = await journey.people.of("section_head")
    await section.row("提示单 城管局")
    await section.press("不发")
    await section.fill(理由="异议成立，免到")
    await section.press("确定不发")
    await section.see_no_more("提示单 城管局")
    await journey.people.leave("department2")


async def come_done_confirmed_and_scored(journey: Journey) -> None:
    community = await journey.people.of("community")
    units = {who: CALLED[who][0] for who in ("department", "utility")}
    await journey.people.at(at(11, 10))
    for who, unit in units.items():
        called = await journey.people.of(who)
        await called.fill(谁到了现场=f"{unit}抢修班班长", 到达地点="学府小区3号楼")
        await called.key("Ctrl+Return", at="到达地点")
        await called.see("做了什么")
    await community.see("到场：住建局抢修班班长", "到场：燃气公司抢修班班长")
    await journey.people.at(at(11, 30))
    for who, unit in units.items():
        called = await journey.people.of(who)
        await called.fill(做了什么=f"{unit}已更换阀门，检测合格")
        await called.choose("见到了当事人", "是")
        await called.key("Ctrl+Return", at="做了什么")
        await called.see("已申请销哨，等吹哨单位确认")
    await journey.people.at(at(11, 40))
    for unit in units.values():
        await community.press("确认销哨", on=unit)
        await community.press("评哨", on=unit)
        await community.fill(质量分="90", 评语="处置及时")
        await community.see("按时应哨 0 ＋ 按时报到 30 ＋ 按时办完 30 ＝ 60")
        await community.choose("事情办结了", "是")
        await community.key("Ctrl+Return", at="评语")
        await community.hear(f"{unit} 已评哨")
    await community.see("现在没有进行中的哨")
    for who in units:
        called = await journey.people.of(who)
        await called.see("我单位的评分 1")
    await journey.people.leave("utility", "community")


async def slip_replied_and_passed(journey: Journey) -> None:
    """The first slip goes its whole way; the second waits for its unit."""
    unit, section = await journey.people.of("department"), await journey.people.of("section_head")
    await journey.people.at(at(11, 50))
    await unit.go("slips")
    await unit.see("荣社提〔2026〕1号 · 待签收")
    await unit.key("Ctrl+R")
    await unit.press("确定签收")
    await unit.see("荣社提〔2026〕1号 · 待回复")
    await unit.key("Ctrl+Shift+R")
    await unit.fill(办理情况="已到场处置，值班电话改为两人轮守")
    await unit.press("确定回复")
    await section.row("荣社提〔2026〕1号 · 待评定")
    await section.see("值班电话改为两人轮守")
    await section.key("Ctrl+J")
    await section.press("确定评定通过")
    await section.see("荣社提〔2026〕1号 · 已办结")
    await journey.people.leave("department", "section_head")


async def finished_and_not_content(journey: Journey) -> None:
    await journey.people.at(at(12))
    await finished(journey, at(11, 35))
    clerk = await journey.people.of("followup")
    await journey.people.at(at(14))
    await clerk.go("calls")
    await clerk.see(TITLE, "阀门已换，居民确认无味")
    for key in ("7", "5"):
        await clerk.key(key)
    await clerk.see("双否：会标给领导看")
    await clerk.fill(回访记录="晚上又有气味")
    await clerk.key("Ctrl+Return", at="回访记录")
    await clerk.hear("已重办")
    await journey.people.duty.until_case(journey.case, "办理中")


async def done_again_and_content(journey: Journey) -> None:
    await journey.people.at(at(15))
    await finished(journey, at(14, 50))
    clerk = await journey.people.of("followup")
    await journey.people.at(at(16))
    await clerk.see("第 1 次重办：", "晚上又有气味")
    await clerk.row(TITLE)
    await clerk.key("1")
    await clerk.see("保存并归档")
    await clerk.key("Return")
    await clerk.hear("已归档")


async def finished(journey: Journey, moment: datetime) -> None:
    """四要素: with whom, when, what was done, by when."""
    town = await journey.people.of("responder")
    await town.row(f"{TITLE} 办理中")
    await town.key("F8")
    await town.form("办结")
    await town.fill(与谁商议="诉求人", 做了什么="阀门已换，居民确认无味")
    await town.at_time("何时商议", moment)
    await town.at_time("何时办成", moment)
    await town.send()
    await journey.people.duty.until_case(journey.case, "待回访")


async def all_is_as_it_was_told(journey: Journey) -> None:
    """The other process has had it all along, and has it now, without having been started again."""
    duty, county = journey.people.duty, journey.people.county
    await duty.until_case(journey.case, None)
    await duty.press("近 30 天归档")
    await duty.see("联合哨", "已归档", "速度 60（建议 60）", "质量 90", "免到")
    await duty.press("工单 RC20260302-")
    await duty.see(
        "这件工单已经结束", "荣社提〔2026〕1号", "荣社提〔2026〕2号", "系统 升级", "人员followup（回访员） 归档"
    )
    await duty.go("slips")
    await duty.key("Ctrl+L")
    await duty.see("荣社提〔2026〕1号 住建局", "荣社提〔2026〕2号 燃气公司")
    assert await duty.wrongs() == []

    assert await journey.value("select (state, redos, flags & $1) from cc.cases", int(Flag.DOUBLE_NO)) == (
        State.ARCHIVED,
        1,
        0,
    )
    [whistle] = await county.fetch("select state, level, closed_at from cc.whistles")
    assert tuple(whistle) == (WhistleState.CLOSED, Level.JOINT, at(11, 40))
    parties = await county.fetch(
        "select p.unit_id, p.state, s.speed, s.quality from cc.whistle_parties p left join cc.whistle_scores s on s.party_id = p.id"
    )
    assert {tuple(row) for row in parties} == {
        (DEPARTMENT_1, PartyState.SCORED, 60, 90),
        (UTILITY, PartyState.SCORED, 60, 90),
        (DEPARTMENT_2, PartyState.RELEASED, None, None),
    }
    slips = await county.fetch("select unit_id, state, number from cc.slips")
    assert {tuple(row) for row in slips} == {
        (DEPARTMENT_1, SlipState.CLOSED, "荣社提〔2026〕1号"),
        (UTILITY, SlipState.TO_RECEIVE, "荣社提〔2026〕2号"),
        (DEPARTMENT_2, SlipState.DISMISSED, None),
    }
    assert await journey.value("select last from cc.slip_numbers") == 2

    rows = await county.fetch(
        "select actor, entity, verb, to_state from cc.journal where entity = any ($1) order by seq", ENTITIES
    )
    prefix = f"{county.logins.prefix}_"
    told = [(row["actor"].removeprefix(prefix), row["entity"], row["verb"], row["to_state"]) for row in rows]
    assert [(*each, len(list(same))) for each, same in groupby(told)] == STORY
    spoken = "select count(*) from cc.journal j where j::text like any (array['%王小明%', '%1381234%', '%气味很大%'])"
    assert await journey.value(spoken) == 0
    assert await journey.value("select cc.seal_journal() > 0")
    assert await county.fetch("select * from cc.check_journal()") == []
    status = await asyncio.to_thread(journey.people.cli.json, "status", "--check")
    assert (status["damaged"], status["findings"]) == ([], [])
