"""Slips as rows of a list, and a delegate that paints each: kind, unit and subject, number or state, the clock in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commandcenter.domain.case import Lamp
from commandcenter.domain.slip import SlipKind
from ui.session import Session
from ui.slips import words as slip_words
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets.marks import paint_lamp

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_ROW = 84


class SlipModel(QAbstractListModel):
    """Rows in the order they are given."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.slips: list[Slip] = []

    def show_slips(self, slips: Sequence[Slip]) -> None:
        """Replace the rows; the same slips in the same order are only painted anew."""
        if [slip.id for slip in slips] == [slip.id for slip in self.slips]:
            self.slips = list(slips)
            if self.slips:
                self.dataChanged.emit(self.index(0), self.index(len(self.slips) - 1))
            return
        self.beginResetModel()
        self.slips = list(slips)
        self.endResetModel()

    def row_of(self, slip_id: int | None) -> int:
        """The slip's row; -1 where it is not in the list."""
        return next((row for row, slip in enumerate(self.slips) if slip.id == slip_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.slips)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        slip = self.slips[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            clock = self.clock(slip)
            said = (slip_words.kind_word(slip.kind), slip.unit_short_name, slip.subject, self.where(slip), clock.text)
            return " ".join(part for part in said if part)
        return slip.subject if role == Qt.ItemDataRole.ToolTipRole else None

    def where(self, slip: Slip) -> str:
        """Its number, if it has one, and its state."""
        return " · ".join(part for part in (slip.number, slip_words.state_word(slip.state)) if part)

    def clock(self, slip: Slip) -> slip_words.ClockWords:
        """What runs for it now."""
        return slip_words.clock_words(slip, self._session.reference, self._session.clock.now())


class SlipRows(QStyledItemDelegate):
    """Paints a row of three lines."""

    def __init__(self, model: SlipModel, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.tokens = tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(240, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        slip, tokens, box = self._model.slips[index.row()], self.tokens, QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.selection))
        self._paint_kind(painter, QRectF(box.left() + 12, box.top() + 12, 26, 26), slip.kind)
        room = box.adjusted(48, 8, -12, -8)
        line = room.height() / 3
        clock = self._paint_clock(painter, QRectF(room.left(), room.top(), room.width(), line), slip)
        for row, (text, size, bold, colour) in enumerate((
            (slip.unit_short_name, fonts.BODY, True, tokens.ink),
            (slip.subject, fonts.QUIET, False, tokens.ink_normal),
            (self._model.where(slip), fonts.QUIET, False, tokens.ink_quiet),
        )):  # fmt: skip
            taken = clock if row == 0 else 0.0
            self._write(painter, room.adjusted(0, row * line, -taken, 0), line, text, size, colour, bold=bold)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()

    def _paint_kind(self, painter: QPainter, box: QRectF, kind: SlipKind) -> None:
        """提, 督 or 警: the graver, the fuller."""
        tokens = self.tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        grave = kind is SlipKind.WARNING
        painter.setPen(QPen(QColor(tokens.bad if kind > SlipKind.NOTICE else tokens.ink_quiet), 1.2))
        painter.setBrush(QColor(tokens.bad) if grave else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        ink = tokens.panel if grave else tokens.bad if kind is SlipKind.ORDER else tokens.ink_normal
        painter.setPen(QColor(ink))
        painter.setFont(fonts.font(fonts.BODY, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, slip_words.kind_sign(kind))

    def _paint_clock(self, painter: QPainter, line: QRectF, slip: Slip) -> float:
        """At the right of the first line: lamp and words; the width they take."""
        clock = self._model.clock(slip)
        if not clock.text:
            return 0.0
        painter.setFont(fonts.font(fonts.QUIET, bold=clock.lamp == Lamp.OVERDUE))
        width = painter.fontMetrics().horizontalAdvance(clock.text)
        painter.setPen(QColor(self.tokens.lamp(clock.lamp)))
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, clock.text)
        paint_lamp(painter, QRectF(line.right() - width - 18, line.center().y() - 6, 12, 12), clock.lamp, self.tokens)
        return width + 26.0

    def _write(
        self, painter: QPainter, room: QRectF, height: float, text: str, size: int, colour: str, *, bold: bool
    ) -> None:
        painter.setFont(fonts.font(size, bold=bold))
        painter.setPen(QColor(colour))
        line = QRectF(room.left(), room.top(), room.width(), height)
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
