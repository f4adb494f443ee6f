"""A short list of cases: flag, title, and below it number, state, town and time. Enter or a click opens one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade, State
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

if TYPE_CHECKING:
    from commandcenter.services.case_file import Brief

_ROW = 58
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Briefs(QAbstractListModel):
    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.briefs: list[Brief] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.briefs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            grade, first, second = self.lines(index.row())
            return f"{words.grade_word(grade)} {first} {second}"
        return None

    def lines(self, row: int) -> tuple[Grade, str, str]:
        """Grade, title and quiet line of a row; what the mirror knows goes before what was read."""
        brief = self.briefs[row]
        grade, state, title = brief.grade, brief.state, brief.title
        mirror = self._session.mirror
        if (slot := mirror.slot_of(brief.id)) is not None:
            grade, state = Grade(int(mirror.grade[slot])), State(int(mirror.state[slot]))
            title = mirror.texts["title"][slot]
        town = self._session.reference.areas.get(brief.town_id or 0)
        when = _when(brief.received_at, self._session.clock.now())
        parts = [brief.number, words.state_word(state), when, town.name if town else ""]
        return grade, title, " · ".join(part for part in parts if part)


class _Rows(QStyledItemDelegate):
    def __init__(self, model: _Briefs, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.tokens = tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        grade, first, second = self._model.lines(index.row())
        painter.save()
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(self.tokens.selection))
        paint_flag(painter, QRectF(box.left() + 12, box.top() + 9, 20, 20), grade, self.tokens)
        room = box.adjusted(42, 7, -12, -7)
        for text, size, colour, align in (
            (first, fonts.BODY, self.tokens.ink, Qt.AlignmentFlag.AlignTop),
            (second, fonts.QUIET, self.tokens.ink_quiet, Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(fonts.font(size))
            painter.setPen(QColor(colour))
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, align | Qt.AlignmentFlag.AlignLeft, short)
        painter.setPen(QColor(self.tokens.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()


class BriefList(QListView):
    """``opened(case id)``."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._briefs = _Briefs(session, self)
        self._rows = _Rows(self._briefs, session.tokens, self)
        self.setModel(self._briefs)
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.activated.connect(self._open)
        self.clicked.connect(self._open)
        session.bridge.mirror_changed.connect(self.viewport().update)

    @property
    def briefs(self) -> list[Brief]:
        """What is listed, from the top."""
        return self._briefs.briefs

    def show_briefs(self, briefs: Sequence[Brief]) -> None:
        """Replace the list."""
        self._briefs.beginResetModel()
        self._briefs.briefs = list(briefs)
        self._briefs.endResetModel()

    def add_first(self, brief: Brief) -> None:
        """Put a case on top; the selection stays where it is."""
        if any(each.id == brief.id for each in self._briefs.briefs):
            return
        self._briefs.beginInsertRows(QModelIndex(), 0, 0)
        self._briefs.briefs.insert(0, brief)
        self._briefs.endInsertRows()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._rows.tokens = tokens
        self.viewport().update()

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self._briefs.briefs[index.row()].id)


def _when(at: datetime, now: datetime) -> str:
    """The time, with the day where it is not today's."""
    local = at.astimezone(SHANGHAI)
    return local.strftime("%H:%M" if local.date() == now.astimezone(SHANGHAI).date() else "%m-%d %H:%M")
