"""What a likely repeat says about itself on 受理: enough to judge by, and why the machine thinks so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import Grade, State
from commandcenter.intake.repeats.report import Signal, Verdict
from ui.intake.keys import MERGES, Key
from ui.merging.words import sure_word
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference
    from commandcenter.services.repeats import Repeat

MOST = 3
"""Cards shown."""


@dataclass(frozen=True, slots=True)
class Card:
    """One candidate in words. ``key`` merges into it; None where nothing may be merged, and `mark` says why."""

    case_id: int
    key: Key | None
    grade: Grade
    title: str
    excerpt: str
    facts: str
    why: str
    score: str
    mark: str
    sure: bool
    opposite: bool

    def spoken(self) -> str:
        """The card as a sentence, for screen readers."""
        parts = (self.mark, self.title, self.excerpt, self.facts, self.why, self.score)
        return "，".join(part for part in parts if part)

    def more(self) -> str:
        """What the citizen wrote and the reasons, uncut."""
        return f"{self.excerpt}\n\n{self.why}"


def cards_of(repeats: Sequence[Repeat], reference: Reference, now: datetime, *, may: bool = True) -> tuple[Card, ...]:
    """The first few as cards; keys go to those that may be merged, in order, where the person `may` merge at all."""
    keys = iter(MERGES)
    cards = []
    for repeat in repeats[:MOST]:
        key = next(keys) if may and may_merge(repeat) else None
        cards.append(_card(repeat, key, reference, now))
    return tuple(cards)


def worth_showing(repeats: Sequence[Repeat]) -> tuple[Repeat, ...]:
    """Without those that are over, unless they are surely the same matter: then it has come up again."""
    return tuple(each for each in repeats if each.state < State.TO_FOLLOW_UP or each.verdict is Verdict.SAME)


def before(repeats: Sequence[Repeat]) -> int:
    """How often the same matter was reported, of what is surely the same and still open: that speaks for urgency."""
    return sum(each.reports for each in repeats if each.verdict is Verdict.SAME and may_merge(each))


def may_merge(repeat: Repeat) -> bool:
    """Open and not opposite: what the database would let be merged into."""
    return repeat.verdict is not Verdict.RELATED and repeat.state < State.TO_FOLLOW_UP


def same_set(one: Sequence[Repeat], other: Sequence[Repeat]) -> bool:
    """Whether the same cases are meant, in whatever order: then their keys stay where they are."""
    return {repeat.case_id for repeat in one[:MOST]} == {repeat.case_id for repeat in other[:MOST]}


def in_order_of(repeats: Sequence[Repeat], shown: Sequence[Repeat]) -> tuple[Repeat, ...]:
    """`repeats`, the first of them in the places they have on the screen: no key changes under a finger."""
    if not same_set(repeats, shown):
        return tuple(repeats)
    by_case = {repeat.case_id: repeat for repeat in repeats[:MOST]}
    return (*(by_case[repeat.case_id] for repeat in shown[:MOST]), *repeats[MOST:])


def _card(repeat: Repeat, key: Key | None, reference: Reference, now: datetime) -> Card:
    opposite = any(reason.kind is Signal.OPPOSITE for reason in repeat.reasons)
    return Card(
        case_id=repeat.case_id,
        key=key,
        grade=repeat.grade,
        title=repeat.title,
        excerpt=repeat.content.strip(),
        facts=" · ".join(_facts(repeat, reference, now)),
        why="；".join(reason.words for reason in repeat.reasons if reason.weight > 0 or reason.kind is Signal.OPPOSITE),
        score=sure_word(repeat.score),
        mark=_mark(repeat, opposite=opposite),
        sure=repeat.verdict is Verdict.SAME and key is not None,
        opposite=opposite,
    )


def _mark(repeat: Repeat, *, opposite: bool) -> str:
    if opposite:
        return _tr("相反诉求")
    if repeat.verdict is Verdict.RELATED:
        return _tr("相关")
    if repeat.state >= State.TO_FOLLOW_UP:
        return _tr("已办完，不能并入")
    return _tr("机器确信") if repeat.verdict is Verdict.SAME else ""


def _facts(repeat: Repeat, reference: Reference, now: datetime) -> list[str]:
    """Distance, time, channel, photographs, state, unit, number of reports: what is known of them."""
    channel = reference.channels.get(repeat.channel_id)
    unit = reference.units.get(repeat.unit_id or 0)
    parts = [
        metres_words(repeat.metres) if repeat.metres is not None else "",
        ago_words(now, repeat.received_at),
        channel.name if channel is not None else "",
        words.state_word(repeat.state),
        (unit.short_name or unit.name) if unit is not None else "",
        _tr("%s 件诉求") % repeat.reports if repeat.reports > 1 else "",
        _tr("%s 张照片") % repeat.photos if repeat.photos else "",
        repeat.place,
    ]
    return [part for part in parts if part]


def metres_words(metres: float) -> str:
    """A distance in words."""
    if metres < 15:
        return _tr("同一地点")
    return _tr("%s 米") % f"{metres:.0f}" if metres < 1000 else _tr("%s 公里") % f"{metres / 1000:.1f}"


def ago_words(now: datetime, at: datetime) -> str:
    """How long ago, in words."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 60:
        return _tr("%s 分钟前") % minutes if minutes else _tr("刚才")
    if minutes < 48 * 60:
        return _tr("%s 小时前") % (minutes // 60)
    return _tr("%s 天前") % (minutes // 1440)


def _tr(text: str) -> str:
    return QCoreApplication.translate("repeat_card", text)
