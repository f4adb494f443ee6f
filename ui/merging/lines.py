"""A list of things that wait for a look: a tag or a grade, some lines of text, facts at the right. Stays where the eye is."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commandcenter.domain.case import Grade
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LINE, _PAD = 23, 8


@dataclass(frozen=True, slots=True)
class Line:
    """One entry. ``texts``: the first one strong, the others quiet; ``tag`` with the token of its colour."""

    key: Hashable
    texts: tuple[str, ...]
    right: str = ""
    tag: str = ""
    tag_colour: str = "ink_normal"
    grade: Grade | None = None
    bright: int = 1
    """How many of the texts are not quiet."""

    def spoken(self) -> str:
        """The entry as one sentence, for screen readers."""
        flag = words.grade_word(self.grade) if self.grade is not None else ""
        return "，".join(part for part in (self.tag, flag, *self.texts, self.right) if part)


class _Lines(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.lines[index.row()].spoken()
        return "\n".join(self.lines[index.row()].texts) if role == Qt.ItemDataRole.ToolTipRole else None


class _Painter(QStyledItemDelegate):
    def __init__(self, model: _Lines, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self.tokens = model, tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, 2 * _PAD + _LINE * len(self._model.lines[index.row()].texts))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, tokens, box = self._model.lines[index.row()], self.tokens, QRectF(option.rect)
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, QColor(tokens.selection))
            painter.fillRect(QRectF(box.left(), box.top(), 3, box.height()), QColor(tokens.accent))
        left, top, right = box.left() + 12, box.top() + _PAD, box.right() - 10
        room = QRectF(left, top, right - left, _LINE)
        if line.right:
            room.setRight(
                room.right() - self._text(painter, room, line.right, tokens.ink_normal, fonts.QUIET, far=True) - 10
            )
        if line.grade is not None:
            paint_flag(painter, QRectF(left, top + 1, 20, 20), line.grade, tokens)
            room.setLeft(left + 28)
        if line.tag:
            colour = str(getattr(tokens, line.tag_colour))
            room.setLeft(room.left() + self._text(painter, room, line.tag, colour, fonts.QUIET, bold=True) + 8)
        for place, text in enumerate(line.texts):
            is_bright = place < line.bright
            quiet = tokens.ink_normal if chosen else tokens.ink_quiet
            self._text(
                painter, room, text, tokens.ink if is_bright else quiet, fonts.BODY if is_bright else fonts.QUIET
            )
            room = QRectF(left, room.top() + _LINE, right - left, _LINE)
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), QColor(tokens.line))
        painter.restore()

    def _text(
        self,
        painter: QPainter,
        room: QRectF,
        text: str,
        colour: str,
        pixels: int,
        *,
        far: bool = False,
        bold: bool = False,
    ) -> float:
        """Draw `text` elided into `room`; the width it took."""
        painter.setFont(fonts.font(pixels, bold=bold))
        painter.setPen(QColor(colour))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, int(room.width())))
        side = Qt.AlignmentFlag.AlignRight if far else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, side | Qt.AlignmentFlag.AlignVCenter, shown)
        return float(painter.fontMetrics().horizontalAdvance(shown))


class LineList(QListView):
    """``chosen(key or None)`` when another entry is looked at; ``opened(key)`` on Enter or a double click."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, session: Session, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = _Lines(self)
        self._painter = _Painter(self._lines, session.tokens, self)
        self._key: Hashable = None
        self._filling = False
        self.setModel(self._lines)
        self.setItemDelegate(self._painter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setAccessibleName(name)
        self.selectionModel().currentChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda _: self._open())

    @property
    def lines(self) -> list[Line]:
        """The entries, from the top."""
        return self._lines.lines

    @property
    def key(self) -> Hashable:
        """The key of the entry that is looked at; None where there is none."""
        return self._key

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Replace the entries; the one that is looked at stays, or where it went the one that took its place."""
        was = self.currentIndex().row()
        at = self.verticalScrollBar().value()
        self._filling = True
        if list(lines) != self._lines.lines:
            self._lines.beginResetModel()
            self._lines.lines = list(lines)
            self._lines.endResetModel()
        keys = [line.key for line in lines]
        row = keys.index(self._key) if self._key in keys else min(max(was, 0), len(keys) - 1)
        index = self._lines.index(row) if row >= 0 else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.verticalScrollBar().setValue(at)
        self._filling = False
        self._look_at(keys[row] if row >= 0 else None)

    def expect(self, key: Hashable) -> None:
        """Look at the entry of that key when the entries come that have it."""
        self._key = key

    def choose(self, key: Hashable) -> None:
        """Look at the entry of that key, where it is listed."""
        row = next((row for row, line in enumerate(self._lines.lines) if line.key == key), -1)
        if row >= 0:
            self.setCurrentIndex(self._lines.index(row))

    def step(self, by: int = 1) -> None:
        """Go on to the next entry, or back; stays at the ends."""
        row = self.currentIndex().row() + by
        if 0 <= row < len(self._lines.lines):
            self.setCurrentIndex(self._lines.index(row))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._painter.tokens = tokens
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page, no search."""

    def _open(self) -> None:
        if self._key is not None:
            self.opened.emit(self._key)

    def _on_current(self, current: QModelIndex) -> None:
        if not self._filling and current.isValid():
            self._look_at(self._lines.lines[current.row()].key)

    def _look_at(self, key: Hashable) -> None:
        if key != self._key:
            self._key = key
            self.chosen.emit(key)
