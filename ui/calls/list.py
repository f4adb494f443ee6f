"""Whom to call, in order: flag, title and when; below it the masked citizen; below that why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from ui.calls.words import due_words, risk_words, tr
from ui.models.row_facts import person_name
from ui.session import Session
from ui.widgets.flag_list import FlagList, FlagRow

if TYPE_CHECKING:
    from commandcenter.services.calls import Call


class CallList(FlagList):
    """``chosen(Call)``: the line that is looked at now is another one."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(partial(call_row, session), session.tokens, 3, parent)
        self.setAccessibleName(tr("回访名单"))
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def calls(self) -> list[Call]:
        """What is listed, from the top."""
        return self.rows.things

    @property
    def current(self) -> Call | None:
        """The line that is looked at."""
        row = self.currentIndex().row()
        return self.calls[row] if 0 <= row < len(self.calls) else None

    def show_calls(self, calls: Sequence[Call], selected: Call | None) -> None:
        """Replace the list and look at `selected`; the list stays where it was scrolled to, unless that is out of view."""
        scroll = self.verticalScrollBar()
        at = scroll.value()
        with QSignalBlocker(self.selectionModel()):
            self.rows.show_things(calls)
            index = self.rows.index(self.calls.index(selected), 0) if selected is not None else QModelIndex()
            self.setCurrentIndex(index)
        scroll.setValue(at)
        if index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def select(self, call: Call) -> None:
        """Look at a line."""
        self.setCurrentIndex(self.rows.index(self.calls.index(call), 0))

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.calls[index.row()])


def call_row(session: Session, call: Call) -> FlagRow:
    """When to call, or who does it now; whom; and why that soon."""
    when, late = due_words(call, session.clock.now())
    if call.holder and call.holder != session.reference.me.login:
        when, late = tr("%s 在拨") % person_name(session.reference, call.holder), False
    who = " ".join(part for part in (call.name_masked, call.phone_masked) if part) or tr("未留联系方式")
    tries = tr("未接通 %d 次") % len(call.attempts) if call.attempts else ""
    why = " · ".join(part for part in (tries, *risk_words(call)) if part)
    return FlagRow(call.grade, (call.title, who, why or call.case_number), when, late)
