"""What the database says of whistles (CC020 to CC027), translated into sentences for people."""

import json
from collections.abc import Callable, Mapping
from typing import Final

from commandcenter.errors import NotVisible, PersonError, Refused

_WHISTLE_STATES = ("退回修改", "待审签", "待指定", "进行中", "待销哨确认", "待评哨", "已归档", "已撤回")
_PARTY_STATES = ("已推送", "有异议", "已应哨", "已报到", "申请销哨", "已销哨", "已评", "免到")
_CASE_STATES = {"5": "已挂起", "6": "待回访", "7": "已归档", "8": "已并入", "9": "已作废"}
_VERBS = {
    "blow": "吹哨", "amend": "修改再报", "approve": "审签", "decline": "退回修改", "rule": "指定", "escalate": "升级",
    "meet": "安排会商", "plan": "定办结计划", "withdraw": "撤回", "answer": "应哨", "object": "提出异议", "check_in": "报到",
    "progress": "记录进展", "stand_down": "申请销哨", "confirm": "确认销哨", "send_back": "退回再办", "score": "评哨",
    "answer_score": "说明",
}  # fmt: skip

INVALID: Final[Mapping[str, tuple[str, str]]] = {
    "meeting_at": ("会商时间须晚于现在。", "请改正后再提交。"),
    "plan_until": ("计划办结时间须晚于现在，且不超过这一级的最长期限。", "请改正后再提交。"),
    "score_words": ("评分较低，须写明理由。", "请写明哪里慢、哪里不到位。"),
    "speed": ("速度分应在 0 到 100 之间。", "请改正后再提交。"),
    "quality": ("质量分应在 0 到 100 之间。", "请改正后再提交。"),
    "check_in_place": ("报到须写明到场地点，或附现场照片。", "请补充后再提交。"),
    "position": ("坐标不正确。", "请重新定位，或只写地点。"),
}
"""Details of CC004 that have a sentence of their own."""
FIELD_WORDS: Final[Mapping[str, str]] = {
    "demand": "要求", "level": "哨的级别", "danger_words": "险情说明", "meeting_place": "会商地点", "came": "到场人员",
    "met": "是否与当事人见面", "finished": "是否办结",
}  # fmt: skip
"""Fields that CC004 may name."""

_NOT_YOURS = {
    "caller": ("只有吹哨的单位或市中心督导可以这样做。", "请联系吹哨的单位。"),
    "party": ("只有被吹哨的单位自己可以这样做。", "请联系这个单位。"),
    "approver": ("镇街吹的哨由本镇街负责人审签，市中心吹的由督导审签。", "请联系有权审签的人。"),
    "own_score": ("不能给自己或自己的单位评哨。", "请由督导评哨。"),
}
_NOT_CALLED = {
    "item": "事项清单中的事项{}今天不在有效期内。",
    "town": "这个地点不属于任何镇街，由属地牵头的事项无法定出牵头单位{}。",
    "closed": "单位{}不存在或已停用，不能吹哨。",
    "twice": "单位{}已在这个哨里，不能再次指定。",
}
_LEVEL = {
    "caller": ("您的单位不能吹这一级的哨。", "请选低一级，或请镇街、市中心吹哨。"),
    "plan": ("这一级的哨有规定时限，不定办结计划。", "请按规定时限办理，或升级为按计划办理的一级。"),
    "top": ("已是最高一级，不能再升级。", "可由督导起草督办单。"),
}
_CASE = {
    "finish": ("哨 {} 的单位还没有全部申请销哨，工单不能办结。", "请待各单位申请销哨，或先撤回这个哨。"),
    "pending": ("哨 {} 还在等审签或指定，工单不能办结。", "请先撤回这个哨，或待各单位到场办完。"),
    "archive": ("哨 {} 还没有确认销哨，工单不能归档。", "请吹哨的单位先确认。"),
    "send_back": ("工单已经办结，不能再退回应哨的单位。", "请先销哨；没有办好的，由回访重办。"),
    "void": ("哨 {} 正在进行，您的岗位不能作废这件工单。", "请督导作废，哨随之撤回。"),
}
_ONCE = {
    "ruled": ("异议已经裁定，须应哨。", "确有困难的，请联系市中心。"),
    "answered": ("已经说明过一次。", "说明只能写一次。"),
}


def _unlawful(detail: str) -> Refused:
    facts = json.loads(detail)
    verb, state = _VERBS.get(facts["verb"], "这样做"), facts["state"]
    if state < 0:
        return Refused(f"您的岗位不能{verb}。", "如有需要，请联系镇街或市中心。")
    if facts["entity"] == "whistle":
        return Refused(f"这个哨现为“{_WHISTLE_STATES[state]}”，您的岗位不能{verb}。", "请刷新后再看可用的操作。")
    return Refused(f"这个单位的应哨现为“{_PARTY_STATES[state]}”，您的岗位不能{verb}。", "请刷新后再看可用的操作。")


def _not_called(detail: str) -> PersonError:
    kind, _, name = detail.partition(":")
    sentence = _NOT_CALLED[kind].format(f"“{name}”" if name else "")
    return PersonError(sentence, "请另选事项或单位；吹哨时也可以不选事项，由市中心指定。")


def _no_whistle(detail: str) -> Refused:
    kind, _, word = detail.partition(":")
    if kind == "live":
        return Refused(f"这件工单已有进行中的哨 {word}。", "请在该哨上办理或升级，不另吹哨。")
    return Refused(f"工单现为“{_CASE_STATES[word]}”，不能吹哨。", "请看工单页上可用的操作。")


def _case(detail: str) -> Refused:
    kind, _, number = detail.partition(":")
    sentence, advice = _CASE[kind]
    return Refused(sentence.format(number), advice)


SENTENCES: Final[Mapping[str, Callable[[str], PersonError]]] = {
    "CC020": lambda _: NotVisible("没有找到这个哨，或它不在您的管辖范围。", "它可能已撤回，或您的单位已免到。"),
    "CC021": _unlawful,
    "CC022": lambda detail: Refused(*_NOT_YOURS[detail]),
    "CC023": _not_called,
    "CC024": lambda detail: Refused(*_LEVEL[detail]),
    "CC025": _no_whistle,
    "CC026": _case,
    "CC027": lambda detail: Refused(*_ONCE[detail]),
}
"""SQLSTATE -> what to make of its detail."""
