"""The list of alarms: a shape for its urgency, what happened, to what, where and since when; handled ones in quiet ink."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commandcenter.domain.alarm import Alarm, Line, Priority, Standing
from commandcenter.domain.case import Lamp
from ui.alarm.words import line_words, spoken
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.widgets.marks import paint_flag, paint_lamp

if TYPE_CHECKING:
    from ui.session import Session

Index = QModelIndex | QPersistentModelIndex
ROW = 58
_NOWHERE = QModelIndex()
_SHAPES = {Priority.HIGH: Lamp.OVERDUE, Priority.MEDIUM: Lamp.SOON, Priority.LOW: Lamp.NORMAL}
"""The most urgent is the filled square, as with a case's lamp: shapes before colours."""
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class _Model(QAbstractListModel):
    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.lines: list[Line] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        return spoken(self._session, self.lines[index.row()], self._session.clock.now())

    def show_lines(self, lines: list[Line]) -> None:
        """Others than before."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.tokens: Tokens = DAY

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(300, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Model)
        line, tokens, box = model.lines[index.row()], self.tokens, QRect(option.rect)
        words = line_words(self._session, line, self._session.clock.now())
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.selection))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(tokens.line))
        quiet = line.standing is not Standing.WAITING
        ink = tokens.ink_quiet if quiet else tokens.ink
        lamp = Lamp.NORMAL if quiet else _SHAPES[line.first.priority]
        paint_lamp(painter, QRectF(box.left() + 12, box.top() + 12, 14, 14), lamp, tokens)
        top, low, right = box.top() + 6, box.top() + 31, box.right() - 12
        left = box.left() + 36
        left += 10 + self._text(painter, QRect(left, top, 90, 24), words.what, ink, bold=True)
        if line.first.grade is not None and len(line.alarms) == 1:
            paint_flag(painter, QRectF(left, top + 2, 20, 20), line.first.grade, tokens)
            left += 28
        self._text(painter, QRect(left, top, right - left, 24), words.title, ink)
        below = tokens.ink_normal if option.state & QStyle.StateFlag.State_Selected else tokens.ink_quiet
        aside = min(self._width(words.aside), (right - box.left() - 36) // 2)
        room = QRect(box.left() + 36, low, right - aside - 12 - box.left() - 36, 22)
        self._text(painter, room, words.where, below, pixels=fonts.QUIET)
        self._text(painter, QRect(right - aside, low, aside, 22), words.aside, below, pixels=fonts.QUIET, align=_RIGHT)
        painter.restore()

    @staticmethod
    def _width(text: str) -> int:
        return QFontMetrics(fonts.font(fonts.QUIET)).horizontalAdvance(text) + 2

    @staticmethod
    def _text(
        painter: QPainter,
        room: QRect,
        text: str,
        colour: str,
        *,
        pixels: int = fonts.BODY,
        bold: bool = False,
        align: Qt.AlignmentFlag = _LEFT,
    ) -> int:
        font = fonts.font(pixels, bold=bold)
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(room, align, shown)
        return metrics.horizontalAdvance(shown)


class AlarmList(QListView):
    """``entered(Line)``: Enter or a double click; ``pressed_key(str)``: A or S on the current line."""

    entered = Signal(object)
    pressed_key = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._model = _Model(session, self)
        self._delegate = _Delegate(session, self)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("告警列表"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.doubleClicked.connect(lambda _: self._enter())

    @property
    def lines(self) -> list[Line]:
        """What is listed."""
        return self._model.lines

    @property
    def current(self) -> Line | None:
        """The line that has the keyboard."""
        row = self.currentIndex().row()
        return self._model.lines[row] if 0 <= row < len(self._model.lines) else None

    def show_lines(self, lines: list[Line]) -> None:
        """List others; the keyboard stays on its alarm, or where it was, when that is gone."""
        if lines == self._model.lines:
            self.viewport().update()  # the minutes go on
            return
        before, row = self.current, self.currentIndex().row()
        self._model.show_lines(lines)
        key = None if before is None else _identity(before)
        found = next(
            (number for number, line in enumerate(lines) if _identity(line) == key), min(max(row, 0), len(lines) - 1)
        )
        if found >= 0:
            self.setCurrentIndex(self._model.index(found))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._delegate.tokens = tokens
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter()
        elif event.key() in {Qt.Key.Key_A, Qt.Key.Key_S} and not event.modifiers():
            self.pressed_key.emit(chr(event.key()))
        else:
            super().keyPressEvent(event)

    def _enter(self) -> None:
        if self.current is not None:
            self.entered.emit(self.current)


def _identity(line: Line) -> tuple[int, Alarm | str]:
    """Which line it is when others came and went: the alarm, or of several the kind."""
    return (2, str(line.first.kind)) if len(line.alarms) > 1 else (1, line.first)
