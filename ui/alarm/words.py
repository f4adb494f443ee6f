"""What an alarm says: what happened, to what, where and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from commandcenter.clock import SHANGHAI
from commandcenter.domain.alarm import Alarm, Kind, Line, Priority, Standing
from ui.widgets.story import ago_words

if TYPE_CHECKING:
    from datetime import datetime

    from ui.session import Session

_KINDS = {
    Kind.UNSENT: "未派单",
    Kind.UNSIGNED: "未签收",
    Kind.OVERDUE: "超期",
    Kind.UNANSWERED: "未应哨",
    Kind.UNRULED: "待指定",
    Kind.OBJECTION: "异议待裁",
    Kind.UNRECEIVED: "单未签收",
    Kind.UNREPLIED: "单未回复",
}
_PRIORITIES = {Priority.HIGH: "紧急", Priority.MEDIUM: "重要", Priority.LOW: "一般"}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "alarms")."""
    return QCoreApplication.translate("alarms", text)


class AlarmWords(NamedTuple):
    """A line in words: `what` happened, to what (`title`), and `where`, who and since when."""

    what: str
    title: str
    where: str
    aside: str
    """Who handled it, or how many there are."""


def kind_word(kind: Kind) -> str:
    """超期, 未应哨 and so on."""
    return tr(_KINDS[kind])


def priority_word(priority: Priority) -> str:
    """紧急, 重要 or 一般."""
    return tr(_PRIORITIES[priority])


def line_words(session: Session, line: Line, now: datetime) -> AlarmWords:
    """What a line of the list says."""
    first = line.first
    if len(line.alarms) > 1:
        oldest = min(line.alarms, key=lambda alarm: alarm.due)
        return AlarmWords(
            kind_word(first.kind),
            tr("%d 条") % len(line.alarms),
            tr("最早 %s，最近 %s") % (ago_words(oldest.since, now), ago_words(_newest(line), now)),
            tr("Enter 收起") if line.opened else tr("Enter 展开"),
        )
    title, where = _subject(session, first)
    parts = [part for part in (*where, ago_words(first.since, now)) if part]
    return AlarmWords(kind_word(first.kind), title, " · ".join(parts), _handled(line))


def spoken(session: Session, line: Line, now: datetime) -> str:
    """The same in one sentence, for who listens."""
    words = line_words(session, line, now)
    return "，".join(part for part in (priority_word(line.first.priority), *words) if part)


def _newest(line: Line) -> datetime:
    return max(line.alarms, key=lambda alarm: alarm.due).since


def _handled(line: Line) -> str:
    mark = line.mark
    if mark is None:
        return ""
    if line.standing is Standing.SHELVED and mark.until is not None:
        return tr("%s 搁置至 %s：%s") % (mark.name, mark.until.astimezone(SHANGHAI).strftime("%H:%M"), mark.reason)
    return tr("%s %s 确认") % (mark.name, mark.at.astimezone(SHANGHAI).strftime("%H:%M"))


def _subject(session: Session, alarm: Alarm) -> tuple[str, list[str]]:
    """(what it is about, where and who)."""
    unit = session.reference.units.get(alarm.unit_id or 0)
    unit_name = "" if unit is None else unit.short_name
    if alarm.kind in {Kind.UNRECEIVED, Kind.UNREPLIED}:
        slip = next((each for each in session.work.slips if each.id == alarm.opens), None)
        return ("", [unit_name]) if slip is None else (slip.subject, [slip.number, unit_name])
    if alarm.kind in {Kind.UNANSWERED, Kind.UNRULED, Kind.OBJECTION}:
        whistle = next((each for each in session.work.whistles if each.id == alarm.opens), None)
        if whistle is not None:
            return whistle.matter, [whistle.number, unit_name, tr("有危险") if whistle.danger else ""]
    slot = session.mirror.slot_of(alarm.case_id or 0)
    if slot is None:
        return "", [unit_name]
    town = session.reference.areas.get(int(session.mirror.town[slot]))
    texts = session.mirror.texts
    return texts["title"][slot], [texts["number"][slot], "" if town is None else town.name, unit_name]
