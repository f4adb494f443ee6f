"""The queue on the screen: keeps the person's case and the place of what the eye is on through every change."""

from dataclasses import dataclass

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QPushButton, QTableView, QWidget

from ui.models.queue_model import Index, QueueModel
from ui.queue.delegate import COMPACT, TWO_LINES, QueueDelegate
from ui.session import Session
from ui.theme.tokens import Tokens

FRESH_MS = 20_000
"""How long a new row is marked as new."""


@dataclass(frozen=True, slots=True)
class _Eye:
    """What the eye is on: visible cases, nearest first, with their distance from the top of the view in pixels."""

    cases: tuple[tuple[int, int], ...]


class QueueView(QTableView):
    """A queue of cases. ``opened(case id)``: Enter or double click; ``typed(text)``: somebody began to type."""

    opened = Signal(object)  # ids go beyond 32 bits
    typed = Signal(str)

    def __init__(self, session: Session, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._queue = model
        self._delegate = QueueDelegate(self)
        self._eye = _Eye(())
        self._unseen: set[int] = set()
        self._restoring = False
        self.setAccessibleName(self.tr("工单队列"))
        self.setItemDelegate(self._delegate)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._announce = QPushButton(self)
        self._announce.setProperty("role", "announce")
        self._announce.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._announce.hide()
        self._announce.clicked.connect(self.show_arrivals)
        self.setModel(model)
        self.set_compact(compact=False)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.arrived.connect(self._on_arrived)
        self.activated.connect(self._on_activated)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        session.selection.changed.connect(self._on_selected_elsewhere)
        session.bridge.ticked.connect(self._on_tick)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._delegate.tokens = tokens
        self.viewport().update()

    def set_compact(self, *, compact: bool) -> None:
        """One line a row, or two; the case on top stays on top."""
        self._remember()
        self._delegate.compact = compact
        height = COMPACT if compact else TWO_LINES
        header = self.verticalHeader()
        header.setMinimumSectionSize(height)
        header.setDefaultSectionSize(height)
        self.verticalScrollBar().setSingleStep(height)
        self._restore()

    @property
    def row_height(self) -> int:
        """Pixels a row takes."""
        return self.verticalHeader().defaultSectionSize()

    def show_arrivals(self) -> None:
        """Go up to the first case that arrived unseen."""
        rows = [row for case_id in self._unseen if (row := self._queue.row_of(case_id)) >= 0]
        self._forget_unseen()
        if rows:
            self.scrollTo(self._queue.index(min(rows)), QAbstractItemView.ScrollHint.PositionAtTop)

    def keyboardSearch(self, search: str) -> None:
        """Typing in the list filters it; Qt's own search would walk every row."""
        if search.strip():
            self.typed.emit(search)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends of the list, Enter opens; the rest as in every list."""
        last = self._queue.rowCount() - 1
        if event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and last >= 0:
            row = 0 if event.key() == Qt.Key.Key_Home else last
            self.setCurrentIndex(self._queue.index(row))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The one column is as wide as the view."""
        super().resizeEvent(event)
        self.horizontalHeader().resizeSection(0, self.viewport().width())
        self._place_announcement()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The row that has the keyboard is the selected case of the whole window."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._restoring:
            self._session.selection.select(self._queue.id_at(current.row()))

    def _remember(self) -> None:
        """Note where each visible case stands: under the mouse first, then the selected one, then from the top."""
        height, offset = self.row_height, self.verticalScrollBar().value()
        first = offset // height
        last = min((offset + self.viewport().height()) // height, len(self._queue.ids) - 1)
        rows = list(range(first, last + 1))
        hovered = self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()) if self.underMouse() else -1
        selected = self._queue.row_of(self._session.selection.case_id)
        rows.sort(key=lambda row: (row != hovered, row != selected, row * height < offset, row))
        self._eye = _Eye(tuple((int(self._queue.ids[row]), row * height - offset) for row in rows))

    def _restore(self) -> None:
        self._restoring = True
        self.horizontalHeader().resizeSection(0, self.viewport().width())
        self.updateGeometries()
        for case_id, distance in self._eye.cases:
            row = self._queue.row_of(case_id)
            if row >= 0:
                self.verticalScrollBar().setValue(row * self.row_height - distance)
                break
        self._point_at(self._session.selection.case_id)
        self._restoring = False

    def _point_at(self, case_id: int | None) -> None:
        """Make the case's row the current one without scrolling."""
        row = self._queue.row_of(case_id)
        index = self._queue.index(row) if row >= 0 else QModelIndex()
        scrolls, self._restoring = self._restoring, True
        self.setAutoScroll(False)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.setAutoScroll(True)
        self._restoring = scrolls

    def _on_selected_elsewhere(self, case_id: int | None) -> None:
        if self._queue.id_at(self.currentIndex().row()) == case_id:
            return
        self._point_at(case_id)
        if self.currentIndex().isValid():
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.EnsureVisible)

    def _on_activated(self, index: QModelIndex) -> None:
        case_id = self._queue.id_at(index.row())
        if case_id is not None:
            self.opened.emit(case_id)

    def _on_tick(self) -> None:
        if self.isVisible():
            self.viewport().update()

    def _on_arrived(self, case_ids: list[int]) -> None:
        self._delegate.fresh.update(case_ids)
        QTimer.singleShot(FRESH_MS, self, lambda: self._delegate.fresh.difference_update(case_ids))
        self._unseen.update(case_ids)
        self._on_scrolled()

    def _on_scrolled(self) -> None:
        """Cases that are on the screen or below it are no longer announced."""
        if self._unseen:
            first = self.verticalScrollBar().value() // self.row_height
            above = set(self._queue.ids[: first + (self.verticalScrollBar().value() % self.row_height > 0)].tolist())
            self._unseen &= above
            self._announce.setText(self.tr("新到 %n 件 ↑", "", len(self._unseen)))
            self._place_announcement()
        self._announce.setVisible(bool(self._unseen))

    def _forget_unseen(self) -> None:
        self._unseen.clear()
        self._announce.hide()

    def _place_announcement(self) -> None:
        self._announce.adjustSize()
        self._announce.move(QPoint((self.viewport().width() - self._announce.width()) // 2, 8))
