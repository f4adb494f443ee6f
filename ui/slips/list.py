"""The open slips, by the stage they wait in; what runs out first is at the top, drafts after what runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListView, QStackedWidget, QVBoxLayout, QWidget

from ui.session import Session
from ui.slips import words
from ui.slips.model import SlipModel, SlipRows
from ui.slips.stages import SlipStages
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip


class SlipList(QWidget):
    """``chosen(Slip)`` when another row is looked at."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._open: tuple[Slip, ...] = ()
        self._marked: int | None = None
        self.stages = SlipStages(session.role, self)
        self.model = SlipModel(session, self)
        self.view = QListView(self)
        self.view.setModel(self.model)
        self._rows = SlipRows(self.model, session.tokens, self.view)
        self.view.setItemDelegate(self._rows)
        self.view.setUniformItemSizes(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(self.tr("三单"))
        self._calm = CalmState(self)
        self._room = QStackedWidget(self)
        self._room.addWidget(self._calm)
        self._room.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.stages)
        column.addWidget(self._room, 1)
        self.setFocusProxy(self.view)
        self.stages.chosen.connect(self._fill)
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self._say()

    @property
    def first(self) -> Slip | None:
        """The slip at the top."""
        return self.model.slips[0] if self.model.slips else None

    def open_one(self, slip_id: int | None) -> Slip | None:
        """An open slip, in whatever stage."""
        return next((slip for slip in self._open if slip.id == slip_id), None)

    def show_slips(self, slips: Sequence[Slip], marked: int | None) -> None:
        """Show what was read; one of them is the slip that is looked at."""
        self._open, self._marked = tuple(slips), marked
        self.stages.count(self._open)
        self._fill()

    def mark(self, slip_id: int | None) -> None:
        """Mark the row of the slip that is looked at."""
        self._marked = slip_id
        row = self.model.row_of(slip_id)
        chosen = self.view.selectionModel()
        if row < 0:
            chosen.clear()
        elif self.view.currentIndex().row() != row or not chosen.hasSelection():
            chosen.setCurrentIndex(self.model.index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def refresh(self) -> None:
        """Let the clocks run."""
        self.view.viewport().update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._rows.tokens = tokens
        self.refresh()

    def _fill(self) -> None:
        """The slips of the stage that is chosen."""
        states = self.stages.stage.states
        wanted = [slip for slip in self._open if slip.state in states]
        wanted.sort(key=lambda slip: due.timestamp() if (due := slip.clock()[1]) is not None else float("inf"))
        self.model.show_slips(wanted)
        with QSignalBlocker(self.view.selectionModel()):  # a list that gets the keyboard takes its first row by itself
            self._say()
        self.mark(self._marked)

    def _say(self) -> None:
        """The list, or why there is nothing in it."""
        if self.model.slips:
            self._room.setCurrentWidget(self.view)
        else:
            step = words.tr(self.stages.stage.title)
            said = (self.tr("“%s”里现在没有单") % step, self.tr("在上面换一步看")) if self._open else ("", "")
            self._calm.say(*said)  # where there is none at all, the page says so beside
            self._room.setCurrentWidget(self._calm)

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid() and (slip := self.model.slips[current.row()]).id != self._marked:
            self.chosen.emit(slip)
