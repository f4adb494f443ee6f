"""A list of cases in a few lines each: the grade's flag, the title, what is to be known below it, one fact at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commandcenter.domain.case import Grade
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_LINE, _PAD = 22, 7
_LEFT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight


@dataclass(frozen=True, slots=True)
class FlagRow:
    """What a row says now. ``texts``: first the title, last what is quiet; ``right`` beside the title, red if ``late``."""

    grade: Grade
    texts: tuple[str, ...]
    right: str = ""
    late: bool = False

    def spoken(self) -> str:
        """The row in words, for screen readers and for finding by letters."""
        return " ".join(part for part in (words.grade_word(self.grade), *self.texts, self.right) if part)


class FlagRows(QAbstractListModel):
    """Things in an order; `row_of` says one as it is at this moment, whenever it is painted."""

    def __init__(self, row_of: Callable[[Any], FlagRow], parent: QObject) -> None:
        super().__init__(parent)
        self._row_of = row_of
        self.things: list[Any] = []

    def row(self, index: Index) -> FlagRow:
        """What a row says now."""
        return self._row_of(self.things[index.row()])

    def show_things(self, things: Sequence[Any]) -> None:
        """Replace them."""
        self.beginResetModel()
        self.things = list(things)
        self.endResetModel()

    def put_first(self, thing: Any) -> None:
        """One more, on top; a selection stays where it is."""
        self.beginInsertRows(QModelIndex(), 0, 0)
        self.things.insert(0, thing)
        self.endInsertRows()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.things)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return self.row(index).spoken() if role == Qt.ItemDataRole.DisplayRole else None


class _Painter(QStyledItemDelegate):
    def __init__(self, rows: FlagRows, lines: int, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows, self._lines, self.tokens = rows, lines, tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._lines * _LINE + _PAD + 3)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row, tokens, box = self._rows.row(index), self.tokens, QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.selection))
        paint_flag(painter, QRectF(box.left() + 12, box.top() + 9, 20, 20), row.grade, tokens)
        room = box.adjusted(42, _PAD, -12, 0)
        taken = 0
        if row.right:
            painter.setFont(fonts.font(fonts.QUIET, bold=row.late))
            painter.setPen(QColor(tokens.bad if row.late else tokens.ink_normal))
            painter.drawText(room.adjusted(0, 1, 0, 0), _RIGHT, row.right)
            taken = painter.fontMetrics().horizontalAdvance(row.right) + 10
        for line, text in enumerate(row.texts):
            first, last = line == 0, line == len(row.texts) - 1
            painter.setFont(fonts.font(fonts.BODY if first else fonts.QUIET))
            painter.setPen(QColor(tokens.ink if first else tokens.ink_quiet if last else tokens.ink_normal))
            wide = int(room.width()) - (taken if first else 0)
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, wide)
            painter.drawText(room.adjusted(0, line * _LINE, 0, 0), _LEFT, short)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()


class FlagList(QListView):
    """Rows of so many ``lines``; who derives from it gives its things a name and says what a choice does."""

    def __init__(self, row_of: Callable[[Any], FlagRow], tokens: Tokens, lines: int, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.rows = FlagRows(row_of, self)
        self._painter = _Painter(self.rows, lines, tokens, self)
        self.setModel(self.rows)
        self.setItemDelegate(self._painter)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._painter.tokens = tokens
        self.viewport().update()
