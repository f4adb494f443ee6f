"""Everything that happened to a case, its whistles and slips, in words: who did what, its facts; when, how long ago."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.intake.field import LABELS
from ui.models.row_facts import person_name
from ui.session import Session
from ui.widgets import words
from ui.widgets.entity_words import OTHERS, deed_words, entity_facts

if TYPE_CHECKING:
    from commandcenter.services.case_file import Event
    from commandcenter.services.reference import Reference

FIELD_WORDS = {**LABELS, "point": "坐标", "area": "区域"}
"""What a later export of another system brings up to date."""
_Say = Callable[[Any, Mapping[str, Any], "Reference"], str]


def tr(text: str) -> str:
    """`text` in the language of the screen (context "story")."""
    return QCoreApplication.translate("story", text)


def clock_words(at: datetime) -> str:
    """The moment as the people of the centre write it."""
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def ago_words(at: datetime, now: datetime) -> str:
    """How long ago, in one unit."""
    minutes = int((now - at).total_seconds() // 60)
    if minutes < 1:
        return tr("刚刚")
    if minutes < 60:
        return tr("%d 分钟前") % minutes
    return tr("%d 小时前") % (minutes // 60) if minutes < 24 * 60 else tr("%d 天前") % (minutes // (24 * 60))


def event_words(event: Event, reference: Reference) -> tuple[str, str]:
    """Who did what, and the facts of it."""
    person = reference.people.get(event.actor)
    who = person_name(reference, event.actor)
    if person is not None:
        who += f"（{words.role_word(person.role)}）"
    did, state = deed_words(event)
    moved = f" → {state}" if state else ""
    detail = event.detail
    if event.entity in OTHERS:
        return f"{who} {did}{moved}", "；".join(entity_facts(event, reference))
    facts = [said for name, say in _FACTS.items() if name in detail and (said := say(detail[name], detail, reference))]
    return f"{who} {did}{moved}", "；".join(facts)


def _unit(label: str) -> _Say:
    def say(value: Any, _: Mapping[str, Any], reference: Reference) -> str:
        unit = reference.units.get(int(value))
        return tr(label) % (unit.name if unit is not None else value)

    return say


def _area(label: str) -> _Say:
    def say(value: Any, _: Mapping[str, Any], reference: Reference) -> str:
        area = reference.areas.get(int(value))
        return tr(label) % (area.name if area is not None else value)

    return say


def _assist(value: Any, _: Mapping[str, Any], reference: Reference) -> str:
    names = [reference.units[each].name for each in value or () if each in reference.units]
    return tr("配合：%s") % "、".join(names) if names else ""


def _channel(value: Any, _: Mapping[str, Any], reference: Reference) -> str:
    channel = reference.channels.get(int(value))
    return tr("渠道：%s") % channel.name if channel is not None else ""


def _grade(value: Any, detail: Mapping[str, Any], _: Reference) -> str:
    was, now = detail.get("was"), words.grade_word(int(value))
    if was == value and "merge" in detail:  # it stays what it was
        return ""
    return f"{words.grade_word(int(was))} → {now}" if was not in {None, value} else now


def _plain(label: str) -> _Say:
    return lambda value, _, __: tr(label) % value


def _either(yes: str, no: str) -> _Say:
    return lambda value, _, __: tr(yes) if value else tr(no)


_FACTS: Mapping[str, _Say] = {
    "unit": _unit("承办单位：%s"),
    "suggested": _unit("建议单位：%s"),
    "was_unit": _unit("原单位：%s"),
    "assist": _assist,
    "channel": _channel,
    "number": _plain("%s"),
    "cause": lambda value, _, __: tr("由机器") if value == "machine" else "",
    "area": _area("区域：%s"),
    "fields": lambda value, _, __: tr("更新：%s") % "、".join(FIELD_WORDS.get(str(each), str(each)) for each in value),
    "was_area": _area("原区域：%s"),
    "grade": _grade,
    "approved": _either("同意", "不同意"),
    "days": _plain("%s 天"),
    "reached": _either("已接通", "未接通"),
    "solved": _either("已解决", "未解决"),
    "in_time": _either("按期", "超期"),
    "satisfied": _plain("%s"),
    "round": _plain("第 %s 次重办"),
    "size": lambda value, _, __: size_words(int(value)),
    "was_due_at": lambda value, _, __: tr("原时限 %s") % clock_words(datetime.fromisoformat(value)) if value else "",
    "late": lambda value, _, __: tr("补登，收到于 %s") % clock_words(datetime.fromisoformat(value)),
    "reason": _plain("理由：%s"),
    "note": _plain("说明：%s"),
    "text": _plain("%s"),
    "words": _plain("%s"),
}
"""Facts of a journal line that people read; the others are for machines."""


def size_words(size: int) -> str:
    """A file's size."""
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, round(size / 1024))} KB"


class Story(QWidget):
    """The lines, newest first; `refresh` brings 5 分钟前 up to date."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._times: list[tuple[QLabel, datetime]] = []

    def show_events(self, events: Sequence[Event]) -> None:
        """Replace the lines."""
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._times = []
        for row, event in enumerate(events):
            head, facts = event_words(event, self._session.reference)
            head = f"[{event.number}] {head}" if event.number else head
            time = QLabel(self)
            time.setProperty("role", "quiet")
            text = QLabel(f"{head}\n{facts}" if facts else head, self)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(time, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, row, 1)
            self._times.append((time, event.at))
        self.refresh()

    def refresh(self) -> None:
        """Say anew how long ago."""
        now = self._session.clock.now()
        for label, at in self._times:
            said = f"{clock_words(at)}\n{ago_words(at, now)}"
            if label.text() != said:
                label.setText(said)
