"""What the journal says was done to something other than a case (a whistle, a called unit, a score, a slip), in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Verb
from commandcenter.domain.slip import SlipState
from ui.slips import words as slip_words
from ui.whistles import words as whistle_words
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.services.case_file import Event
    from commandcenter.services.reference import Reference

WHISTLES = frozenset({"whistle", "party", "score"})
MERGING = frozenset({"relation", "theme", "hint"})
OTHERS = WHISTLES | MERGING | {"slip"}
"""Whose facts are said here."""
_SLIP_DEEDS = {
    "draft": "拟单",
    "gather": "补充事实",
    "edit": "修改",
    "sign": "签发",
    "dismiss": "不发",
    "receive": "签收",
    "reply": "回复",
    "pass": "评定通过",
    "send_back": "退回再复",
    "copy": "登记抄送",
    "void": "作废",
    "missed": "逾期",
}
_MERGING_DEEDS = {
    ("relation", "relate"): "标明关联",
    ("relation", "unrelate"): "取消关联",
    ("theme", "open"): "建立聚合",
    ("theme", "add"): "加入聚合",
    ("theme", "remove"): "移出聚合",
    ("theme", "rename"): "改聚合的名称",
    ("theme", "close"): "结束聚合",
    ("hint", "find"): "发现疑似重复",
    ("hint", "dismiss"): "判断不是同一件",
    ("hint", "reopen"): "撤回“不是同一件”",
}
_Say = Callable[[Any, "Reference"], str]


def tr(text: str) -> str:
    """`text` in the language of the screen (context "entity_words")."""
    return QCoreApplication.translate("entity_words", text)


def deed_words(event: Event) -> tuple[str, str]:
    """What was done, and the state it led to, '' where none or the same; both in the words of the thing's own kind."""
    entity, verb, state = event.entity, event.verb, event.to_state
    moved = state is not None and event.from_state not in {None, state}
    if entity in WHISTLES:
        if entity == "whistle":
            return _whistle_deed(event), whistle_words.whistle_state_word(state) if moved and state is not None else ""
        to = whistle_words.party_state_word(state) if entity == "party" and moved and state is not None else ""
        return whistle_words.deed_word(entity, verb), to
    if entity == "slip":
        to = slip_words.state_word(SlipState(state)) if moved and state is not None else ""
        return tr("督办文书%s") % tr(_SLIP_DEEDS.get(verb, verb)), to
    if entity in MERGING:
        return tr(_MERGING_DEEDS.get((entity, verb), verb)), ""
    did = words.verb_word(verb) if verb in set(Verb) else words.deed_word(verb)
    return did, words.state_word(state) if moved and state is not None and entity == "case" else ""


def entity_facts(event: Event, reference: Reference) -> list[str]:
    """The facts of a line about a whistle, a called unit, a score or a slip, as people read them."""
    detail = event.detail
    sayings = _MERGING_FACTS if event.entity in MERGING else _FACTS if event.entity in WHISTLES else _SLIP_FACTS
    found = [say(detail[name], reference) for name, say in sayings.items() if detail.get(name) not in {None, ""}]
    return [said for said in found if said]


def _whistle_deed(event: Event) -> str:
    if event.verb == "settle" and event.from_state == event.to_state:
        return tr("顺延报进展的时限")
    return whistle_words.deed_word("whistle", event.verb)


def _moment(label: str) -> _Say:
    def say(value: Any, _: Reference) -> str:
        at = datetime.fromisoformat(str(value)) if isinstance(value, str) else value
        return tr(label) % f"{at.astimezone(SHANGHAI):%m-%d %H:%M}"

    return say


def _plain(label: str) -> _Say:
    return lambda value, _: tr(label) % value


def _either(yes: str, no: str) -> _Say:
    return lambda value, _: tr(yes) if value else tr(no)


def _unit(label: str) -> _Say:
    def say(value: Any, reference: Reference) -> str:
        unit = reference.units.get(int(value))
        return tr(label) % (unit.name if unit is not None else value)

    return say


def _units(value: Any, reference: Reference) -> str:
    names = [reference.units[each].name for each in value if each in reference.units] if isinstance(value, list) else []
    return tr("配合：%s") % "、".join(names) if names else ""


_FACTS: Mapping[str, _Say] = {
    "unit": _unit("单位：%s"),
    "lead": _unit("主责：%s"),
    "assist": _units,
    "level": lambda value, _: tr("%s哨") % whistle_words.level_word(int(value)),
    "part": lambda value, _: whistle_words.part_word(str(value)),
    "ground": _plain("依据：%s"),
    "cause": lambda value, _: whistle_words.cause_word(str(value)),
    "danger": _plain("危险：%s"),
    "approval_skipped": _either("紧急，免审签", ""),
    "clock": lambda value, _: tr("逾时未%s") % whistle_words.clock_word(str(value)),
    "due": _moment("应在 %s 前"),
    "upheld": _either("异议成立", "异议不成立"),
    "instead": _unit("改由：%s"),
    "in_time": _either("按时", "逾时"),
    "photo": _either("有照片", ""),
    "done": _plain("做了：%s"),
    "met": _either("见到当事人", "没有见到当事人"),
    "finished": _either("办结", "没有办结"),
    "satisfied": _either("满意", "不满意"),
    "speed": _plain("速度 %s 分"),
    "proposed": _plain("建议 %s 分"),
    "quality": _plain("质量 %s 分"),
    "at": _moment("会商 %s"),
    "place": _plain("在%s"),
    "until": _moment("计划 %s 前办完"),
    "report_due_at": _moment("下次报进展 %s 前"),
    "reason": _plain("理由：%s"),
    "text": _plain("%s"),
    "words": _plain("评语：%s"),
    "answer": _plain("回应：%s"),
}
"""Facts of a line that people read; the others are for machines."""

_SLIP_FACTS: Mapping[str, _Say] = {
    "number": _plain("%s"),
    "unit": _unit("单位：%s"),
    "recipient": _plain("抄送 %s"),
    "in_time": _either("按期", "逾期"),
    "reason": _plain("理由：%s"),
    "words": _plain("%s"),
}

_MERGING_FACTS: Mapping[str, _Say] = {
    "kind": lambda value, _: tr("要求相反") if value == "opposite" else tr("相关"),
    "title": _plain("%s"),
    "hints": _plain("%s 件"),
    "reason": _plain("理由：%s"),
    "words": _plain("%s"),
}
