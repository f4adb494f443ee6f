"""A short list of cases: flag, title, and below it number, state, town and time. Enter or a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade, State
from ui.session import Session
from ui.widgets import words
from ui.widgets.flag_list import FlagList, FlagRow

if TYPE_CHECKING:
    from commandcenter.services.case_file import Brief


class BriefList(FlagList):
    """``opened(case id)``."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(partial(brief_row, session), session.tokens, 2, parent)
        self.activated.connect(self._open)
        self.clicked.connect(self._open)
        session.bridge.mirror_changed.connect(self.viewport().update)

    @property
    def briefs(self) -> list[Brief]:
        """What is listed, from the top."""
        return self.rows.things

    def show_briefs(self, briefs: Sequence[Brief]) -> None:
        """Replace the list."""
        self.rows.show_things(briefs)

    def add_first(self, brief: Brief) -> None:
        """Put a case on top; the selection stays where it is."""
        if all(each.id != brief.id for each in self.briefs):
            self.rows.put_first(brief)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.briefs[index.row()].id)


def brief_row(session: Session, brief: Brief) -> FlagRow:
    """What is said of a case; what the mirror knows goes before what was read."""
    grade, state, title = brief.grade, brief.state, brief.title
    mirror = session.mirror
    if (slot := mirror.slot_of(brief.id)) is not None:
        grade, state = Grade(int(mirror.grade[slot])), State(int(mirror.state[slot]))
        title = mirror.texts["title"][slot]
    town = session.reference.areas.get(brief.town_id or 0)
    when = _when(brief.received_at, session.clock.now())
    parts = [brief.number, words.state_word(state), when, town.name if town else ""]
    return FlagRow(grade, (title, " · ".join(part for part in parts if part)))


def _when(at: datetime, now: datetime) -> str:
    """The time, with the day where it is not today's."""
    local = at.astimezone(SHANGHAI)
    return local.strftime("%H:%M" if local.date() == now.astimezone(SHANGHAI).date() else "%m-%d %H:%M")
