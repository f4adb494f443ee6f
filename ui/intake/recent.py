"""我最近登记的: what the person has registered within a day, the newest on top."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Role
from commandcenter.services.case_file import Brief, read_registered
from commandcenter.services.proposal import town_of
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.brief_list import BriefList

if TYPE_CHECKING:
    from commandcenter.services.spool import Entry, Sent

RECENT = timedelta(hours=24)


class RecentList(QWidget):
    """``opened(case id)``."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._nothing = QLabel(self.tr("24 小时内还没有登记"), self)
        self._nothing.setProperty("role", "quiet")
        self._nothing.setContentsMargins(12, 0, 12, 0)
        self._list = BriefList(session, self)
        self._list.opened.connect(self.opened)
        self._list.setAccessibleName(self.tr("我最近登记的"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._nothing)
        column.addWidget(self._list, 1)
        self.setFocusProxy(self._list)

    @property
    def briefs(self) -> Sequence[Brief]:
        """What is listed, from the top."""
        return self._list.briefs

    def begin(self) -> None:
        """Read what was registered before the window opened, where the person may see it."""
        if self._session.db is not None and self._session.role is not Role.INTAKE:
            self._session.spawn(self._read(), "read_registered")

    def add(self, entry: Entry, sent: Sent) -> None:
        """Something has just been registered."""
        change, reference = sent.change, self._session.reference
        category = reference.categories.get(entry.category_id or 0)
        grade = entry.grade if entry.grade is not None else category.default_grade if category else Grade.GREEN
        town = town_of(reference.areas, entry.area_id)
        title = entry.title or entry.content[:40]
        now = self._session.clock.now()
        self._list.add_first(
            Brief(change.case_id, change.number, grade, change.state, title, town.id if town else None, now)
        )
        self._nothing.hide()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._list.set_tokens(tokens)

    async def _read(self) -> None:
        found = await read_registered(self._session.database(), since=self._session.clock.now() - RECENT)
        known = {brief.id for brief in found}
        self._list.show_briefs([*(each for each in self._list.briefs if each.id not in known), *found])
        self._nothing.setVisible(not self._list.briefs)
