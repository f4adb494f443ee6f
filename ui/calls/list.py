"""Whom to call, in order: flag, title and when; below it the masked citizen; below that why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.calls.words import due_words, risk_words, tr
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

if TYPE_CHECKING:
    from commandcenter.services.calls import Call

_ROW = 76
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class _Calls(QAbstractListModel):
    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.calls: list[Call] = []

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.calls)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            call = self.calls[index.row()]
            return f"{words.grade_word(call.grade)} {call.title} {' '.join(self.lines(index.row())[1:])}"
        return None

    def lines(self, row: int) -> tuple[bool, str, str, str]:
        """Whether it is late; when; who; why."""
        call = self.calls[row]
        when, late = due_words(call, self._now())
        if call.holder and call.holder != self._session.reference.me.login:
            when, late = tr("%s 在拨") % person_name(self._session.reference, call.holder), False
        who = " ".join(part for part in (call.name_masked, call.phone_masked) if part) or tr("未留联系方式")
        tries = tr("未接通 %d 次") % len(call.attempts) if call.attempts else ""
        why = " · ".join([part for part in (tries, *risk_words(call)) if part])
        return late, when, who, why or call.case_number

    def _now(self) -> datetime:
        return self._session.clock.now()


class _Rows(QStyledItemDelegate):
    def __init__(self, model: _Calls, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.tokens = tokens

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        call, tokens = self._model.calls[index.row()], self.tokens
        late, when, who, why = self._model.lines(index.row())
        painter.save()
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.selection))
        paint_flag(painter, QRectF(box.left() + 12, box.top() + 9, 20, 20), call.grade, tokens)
        room = box.adjusted(42, 7, -12, 0)
        painter.setFont(fonts.font(fonts.QUIET, bold=late))
        painter.setPen(QColor(tokens.bad if late else tokens.ink_normal))
        wide = painter.fontMetrics().horizontalAdvance(when)
        painter.drawText(room.adjusted(0, 1, 0, 0), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, when)
        for line, (text, size, colour, less) in enumerate(
            (
                (call.title, fonts.BODY, tokens.ink, wide + 10),
                (who, fonts.QUIET, tokens.ink_normal, 0),
                (why, fonts.QUIET, tokens.ink_quiet, 0),
            )
        ):
            painter.setFont(fonts.font(size))
            painter.setPen(QColor(colour))
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width() - less))
            painter.drawText(
                room.adjusted(0, line * 22, 0, 0), Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, short
            )
        painter.setPen(QColor(tokens.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.restore()


class CallList(QListView):
    """``chosen(Call)``: the line that is looked at now is another one."""

    chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._calls = _Calls(session, self)
        self._rows = _Rows(self._calls, session.tokens, self)
        self.setModel(self._calls)
        self.setItemDelegate(self._rows)
        self.setUniformItemSizes(True)
        self.setAccessibleName(tr("回访名单"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.selectionModel().currentChanged.connect(self._on_current)

    @property
    def calls(self) -> list[Call]:
        """What is listed, from the top."""
        return self._calls.calls

    @property
    def current(self) -> Call | None:
        """The line that is looked at."""
        row = self.currentIndex().row()
        return self._calls.calls[row] if 0 <= row < len(self._calls.calls) else None

    def show_calls(self, calls: Sequence[Call], selected: Call | None) -> None:
        """Replace the list and look at `selected`; the list stays where it was scrolled to, unless that is out of view."""
        scroll = self.verticalScrollBar()
        at = scroll.value()
        self.selectionModel().blockSignals(True)
        self._calls.beginResetModel()
        self._calls.calls = list(calls)
        self._calls.endResetModel()
        row = self._calls.calls.index(selected) if selected is not None else -1
        index = self._calls.index(row, 0) if row >= 0 else QModelIndex()
        self.setCurrentIndex(index)
        self.selectionModel().blockSignals(False)
        scroll.setValue(at)
        if index.isValid():
            self.scrollTo(index)
        self.viewport().update()

    def select(self, call: Call) -> None:
        """Look at a line."""
        self.setCurrentIndex(self._calls.index(self._calls.calls.index(call), 0))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._rows.tokens = tokens
        self.viewport().update()

    def _on_current(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self._calls.calls[index.row()])
