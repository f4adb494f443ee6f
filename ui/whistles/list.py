"""The live whistles as a list of cards: ↑↓ and Enter, kept in its place while others' deeds arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QWidget

from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles.delegate import WhistleDelegate
from ui.whistles.model import WhistleModel

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle


class WhistleList(QListView):
    """``chosen(Whistle or None)`` when another one is looked at; ``opened(Whistle)`` on Enter."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards = WhistleModel(session, self)
        self._rows = WhistleDelegate(session, self)
        self._chosen: int | None = None
        self.setModel(self.cards)
        self.setItemDelegate(self._rows)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("哨"))
        self.selectionModel().currentChanged.connect(self._on_current)
        session.bridge.ticked.connect(self._on_tick)

    @property
    def whistle(self) -> Whistle | None:
        """The one that is looked at."""
        row = self.cards.row_of(self._chosen)
        return self.cards.whistles[row] if row >= 0 else None

    def show_whistles(self, whistles: Sequence[Whistle]) -> None:
        """Replace the cards; selection and scroll stay where they are."""
        at = self.verticalScrollBar().value()
        self.cards.show_whistles(whistles)
        if self.currentIndex().row() != self.cards.row_of(self._chosen):
            self.doItemsLayout()
            self._mark()
            self.verticalScrollBar().setValue(at)
        self.chosen.emit(self.whistle)

    def choose(self, whistle_id: int | None) -> None:
        """Look at that whistle; an unknown one chooses nothing."""
        self._chosen = whistle_id
        self._mark()
        self.chosen.emit(self.whistle)

    def expect(self, whistle_id: int) -> None:
        """Look at that whistle as soon as it is in the list; until then nothing changes."""
        if self.cards.row_of(whistle_id) >= 0:
            self.choose(whistle_id)
        else:
            self._chosen = whistle_id

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._rows.tokens = tokens
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.whistle is not None:
            self.opened.emit(self.whistle)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _mark(self) -> None:
        index = self.cards.index(self.cards.row_of(self._chosen))
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _on_current(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        whistle = self.cards.whistles[index.row()]
        if whistle.id != self._chosen:
            self._chosen = whistle.id
            self.chosen.emit(whistle)

    def _on_tick(self) -> None:
        if self.isVisible():
            self.viewport().update()
