"""Chinese words for slips 三单: kinds, states, verbs, triggers, and the clock that runs; translatable."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Lamp
from commandcenter.domain.limit import LimitClock
from commandcenter.domain.moment import NEVER, micros
from commandcenter.domain.remaining import remaining
from commandcenter.domain.slip import SlipKind, SlipState

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference
    from commandcenter.services.slips import Slip

_KINDS = {SlipKind.NOTICE: "提示单", SlipKind.ORDER: "督办单", SlipKind.WARNING: "警示单"}
_SHORT = {SlipKind.NOTICE: "提", SlipKind.ORDER: "督", SlipKind.WARNING: "警"}
_STATES = {
    SlipState.DRAFT: "草稿",
    SlipState.TO_COSIGN: "待会签",
    SlipState.TO_RECEIVE: "待签收",
    SlipState.TO_REPLY: "待回复",
    SlipState.TO_JUDGE: "待评定",
    SlipState.SENT_BACK: "退回再复",
    SlipState.CLOSED: "已办结",
    SlipState.DISMISSED: "不发",
    SlipState.VOID: "已作废",
}
_VERBS = {
    "draft": "拟单",
    "edit": "保存",
    "sign": "签发",
    "dismiss": "不发",
    "receive": "签收",
    "reply": "回复",
    "pass": "评定通过",
    "send_back": "退回再复",
    "copy": "登记抄送",
    "void": "作废",
}
_CLOCKS = {"receipt": "签收", "reply": "回复"}
_POSTS = {"town_head": "镇街主要负责人", "section_head": "科室负责人", "director": "中心主任", "leader": "市领导"}
URGENCIES = ("一般", "加急", "特急")
"""As they are stored and printed; 一般 is not printed."""
SOON = timedelta(hours=2)
"""Before a limit of a slip the lamp turns this much earlier [D]."""


class ClockWords(NamedTuple):
    """What is counted down, in words, and the lamp beside it."""

    text: str
    lamp: Lamp


def tr(text: str) -> str:
    """`text` in the language of the screen (context "slips")."""
    return QCoreApplication.translate("slips", text)


def kind_word(kind: SlipKind) -> str:
    """提示单, 督办单 or 警示单."""
    return tr(_KINDS[SlipKind(kind)])


def kind_sign(kind: SlipKind) -> str:
    """提, 督 or 警: what stands in the list's square."""
    return tr(_SHORT[SlipKind(kind)])


def state_word(state: SlipState) -> str:
    """草稿, 待会签 and so on."""
    return tr(_STATES[SlipState(state)])


def verb_word(verb: str) -> str:
    """What a button for `verb` says."""
    return tr(_VERBS[verb])


def post_word(post: str) -> str:
    """中心主任, 市领导 and so on; an unknown post keeps its name."""
    return tr(_POSTS[post]) if post in _POSTS else post


def name_of(login: str, reference: Reference) -> str:
    """Somebody's name where it is known, otherwise the login."""
    person = reference.people.get(login)
    return person.name if person is not None else login


def moment(at: datetime) -> str:
    """11-22 14:03 in Shanghai."""
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def clock_words(slip: Slip, reference: Reference, now: datetime) -> ClockWords:
    """回复 剩 2天 3时, in working time of the unit; '' with no clock running."""
    what, due = slip.clock()
    if what is None or due is None:
        return ClockWords("", Lamp.NORMAL)
    words = remaining(
        micros(now), micros(due), NEVER, LimitClock.WORKING, reference.calendar, reference.hours_of(slip.unit_id)
    )
    lamp = Lamp.OVERDUE if now > due else Lamp.SOON if now >= due - SOON else Lamp.NORMAL
    return ClockWords(f"{tr(_CLOCKS[what])} {words}", lamp)
