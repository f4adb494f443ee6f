"""Chinese words for whistles 吹哨报到: levels, states, verbs, grounds, limits; translatable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.whistle import Level, PartyState, WhistleState

if TYPE_CHECKING:
    from commandcenter.domain.whistle import LevelRule

_LEVELS = {Level.USUAL: "常规", Level.KEY: "重点", Level.JOINT: "联合", Level.ASSAULT: "攻坚"}

_WHISTLES = {
    WhistleState.DECLINED: "退回修改",
    WhistleState.TO_APPROVE: "待审签",
    WhistleState.TO_RULE: "待指定",
    WhistleState.OPEN: "进行中",
    WhistleState.TO_CONFIRM: "待销哨确认",
    WhistleState.TO_SCORE: "待评哨",
    WhistleState.CLOSED: "已归档",
    WhistleState.WITHDRAWN: "已撤回",
}

_PARTIES = {
    PartyState.CALLED: "待应哨",
    PartyState.OBJECTED: "有异议",
    PartyState.ANSWERED: "待报到",
    PartyState.CHECKED_IN: "处置中",
    PartyState.DONE: "待销哨确认",
    PartyState.CONFIRMED: "待评哨",
    PartyState.SCORED: "已评",
    PartyState.RELEASED: "免到",
}

STEPS = ("已推送", "应哨", "报到", "处置", "销哨")
"""A party's way, in its own words."""

_REACHED = {
    PartyState.CALLED: 1,
    PartyState.OBJECTED: 1,
    PartyState.ANSWERED: 2,
    PartyState.CHECKED_IN: 3,
    PartyState.DONE: 4,
    PartyState.CONFIRMED: 5,
    PartyState.SCORED: 5,
    PartyState.RELEASED: 0,
}

_CLOCKS = {"answer": "应哨", "arrive": "报到", "finish": "办完", "ruling": "裁定", "rule": "指定"}

_VERBS = {
    "blow": "吹哨",
    "amend": "修改重报",
    "approve": "审签同意",
    "decline": "退回修改",
    "withdraw": "撤回",
    "rule": "指定单位",
    "escalate": "升级",
    "meet": "定会商",
    "plan": "定计划",
    "call": "推送",
    "call_again": "升级后重新推送",
    "answer": "应哨",
    "object": "提出异议",
    "rule_objection": "裁定异议",
    "check_in": "报到",
    "progress": "报进展",
    "stand_down": "申请销哨",
    "confirm": "确认销哨",
    "send_back": "退回继续办",
    "score": "评哨",
    "answer_score": "回应评分",
}

_DEEDS = {
    "settle": "哨的状态变化",
    "missed": "逾时",
    "rule": "裁定",
    "record": "记入",
}
"""What the journal says of a whistle or a party beyond the verbs of a button."""

_CAUSES = {"blow": "吹哨", "unanswered": "逾时未应，自动升级", "late": "逾时未到，自动升级", "by_hand": "人工升级"}

_PARTS = {"lead": "主责", "assist": "配合"}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "whistle_words")."""
    return QCoreApplication.translate("whistle_words", text)


def level_word(level: int) -> str:
    """常规, 重点, 联合 or 攻坚."""
    return tr(_LEVELS[Level(level)])


def whistle_state_word(state: int) -> str:
    """待审签, 进行中 and so on."""
    return tr(_WHISTLES[WhistleState(state)])


def party_state_word(state: int) -> str:
    """待应哨, 待报到, 处置中 and so on."""
    return tr(_PARTIES[PartyState(state)])


def party_reached(state: int) -> int:
    """How many of `STEPS` the party has behind it, 0 to 5."""
    return _REACHED[PartyState(state)]


def verb_word(verb: str) -> str:
    """What a button for the verb says."""
    return tr(_VERBS[verb])


def deed_word(entity: str, verb: str) -> str:
    """What the journal's line about a whistle, a party or a score says was done; an unknown verb keeps its name."""
    if entity == "party" and verb == "rule":
        return tr(_VERBS["rule_objection"])
    return tr(_VERBS.get(verb) or _DEEDS.get(verb, verb))


def clock_word(what: str) -> str:
    """What the running clock waits for: 应哨, 报到, 办完, 裁定, 指定."""
    return tr(_CLOCKS[what])


def cause_word(cause: str) -> str:
    """Why a round began."""
    return tr(_CAUSES[cause])


def part_word(part: str) -> str:
    """主责 or 配合."""
    return tr(_PARTS[part])


def minutes_words(minutes: int) -> str:
    """A limit of natural time, as people say it: 30分钟, 2小时, 1天."""
    if minutes % 1440 == 0:
        return tr("%d天") % (minutes // 1440)
    return tr("%d小时") % (minutes // 60) if minutes % 60 == 0 else tr("%d分钟") % minutes


def limits_words(rule: LevelRule, *, danger: bool) -> str:
    """The level's limits in one line: 30分钟内应哨，2小时内报到，1天内办完."""
    answer = rule.danger_answer_minutes if danger else rule.answer_minutes
    arrive = rule.danger_arrive_minutes if danger else rule.arrive_minutes
    finish = {
        "natural": lambda: tr("%s内办完") % minutes_words(rule.finish_amount),
        "working": lambda: tr("%d个工作日内办完") % rule.finish_amount,
        "plan": lambda: tr("按计划办完，最长%d天") % rule.finish_amount,
    }[rule.finish_clock]()
    parts = [
        tr("%s内应哨") % minutes_words(answer),
        tr("%s内报到") % minutes_words(arrive),
        finish,
        tr("每%d天报一次进展") % rule.report_days if rule.report_days else "",
    ]
    return "，".join(part for part in parts if part)
