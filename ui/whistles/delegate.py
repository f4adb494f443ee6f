"""Paints a whistle as a card: level, case, state, and a row for every unit with its steps and its running clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from commandcenter.domain.case import Lamp
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import (
    grade_of,
    missing_first,
    missing_words,
    party_clock,
    unit_name,
    whistle_clock,
)
from ui.whistles.marks import paint_level, paint_steps
from ui.whistles.model import FIRST_OF_LEVEL, WHISTLE
from ui.widgets.marks import paint_flag, paint_lamp

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle
    from ui.session import Session

Index = QModelIndex | QPersistentModelIndex
HEADING, TOP, ROW, FOOT = 34, 58, 27, 8
STEPS_WIDE = 104


class WhistleDelegate(QStyledItemDelegate):
    """Heights follow the number of units; the first card of a level carries the level's heading."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.tokens: Tokens = DAY

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        whistle: Whistle = index.data(WHISTLE)
        heading = HEADING if index.data(FIRST_OF_LEVEL) else 0
        return QSize(320, heading + TOP + ROW * len(whistle.parties) + FOOT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whistle: Whistle = index.data(WHISTLE)
        room = QRectF(option.rect)
        if count := index.data(FIRST_OF_LEVEL):
            self._heading(painter, QRectF(room.left(), room.top(), room.width(), HEADING), whistle.level, count)
            room.adjust(0, HEADING, 0, 0)
        state = option.state
        self._card(painter, room, whistle, selected=bool(state & QStyle.StateFlag.State_Selected))
        painter.restore()

    def _heading(self, painter: QPainter, room: QRectF, level: int, count: int) -> None:
        tokens = self.tokens
        painter.fillRect(room, QColor(tokens.window))
        paint_level(painter, QRectF(room.left() + 14, room.top() + 9, 24, 17), level, tokens)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(fonts.font(bold=True))
        text = self.tr("%s哨　%d") % (whistle_words.level_word(level), count)
        painter.drawText(room.adjusted(48, 0, -12, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _card(self, painter: QPainter, room: QRectF, whistle: Whistle, *, selected: bool) -> None:
        tokens, reference = self.tokens, self._session.reference
        now = self._session.clock.now()
        painter.fillRect(room, QColor(tokens.selection if selected else tokens.panel))
        if selected:
            painter.fillRect(QRectF(room.left(), room.top(), 3, room.height()), QColor(tokens.accent))
        painter.setPen(QColor(tokens.line))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        inner = room.adjusted(14, 8, -14, 0)
        paint_flag(painter, QRectF(inner.left(), inner.top(), 22, 22), grade_of(whistle), tokens)
        clock = whistle_clock(whistle, reference, now)
        missing = missing_words(whistle)
        right = inner.right()
        edge = self._right(painter, right, inner.top(), clock.words if clock.due else "", clock.lamp)
        state = missing or whistle_words.whistle_state_word(whistle.state)
        if whistle.danger:
            state = self.tr("▲危险 ") + state
        painter.setFont(fonts.font(fonts.QUIET))
        wide = painter.fontMetrics().horizontalAdvance(state)
        painter.setPen(QColor(tokens.bad if whistle.danger else tokens.ink_normal))
        at = QRectF(edge - wide - 12, inner.top(), wide + 4, 22)
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, state)
        painter.setPen(QColor(tokens.ink_normal))
        head = f"{whistle.case_number}　{whistle.matter}"
        self._text(painter, QRectF(inner.left() + 30, inner.top(), at.left() - inner.left() - 40, 22), head)
        painter.setPen(QColor(tokens.ink))
        painter.setFont(fonts.font())
        self._text(painter, QRectF(inner.left(), inner.top() + 25, inner.width(), 22), whistle.case_title)
        top = room.top() + TOP
        for place, party in enumerate(missing_first(whistle, now)):
            self._party(painter, QRectF(inner.left(), top + place * ROW, inner.width(), ROW), whistle, party)

    def _party(self, painter: QPainter, row: QRectF, whistle: Whistle, party: Party) -> None:
        tokens, reference = self.tokens, self._session.reference
        clock = party_clock(party, whistle.level, reference, self._session.clock.now())
        edge = self._right(painter, row.right(), row.top() + 2, clock.text, clock.lamp, shape=clock.due is not None)
        name_wide = max(70.0, min(130.0, row.width() - STEPS_WIDE - 190))
        name = unit_name(reference, party.unit_id)
        if party.part == "lead":
            name = self.tr("主 ") + name
        painter.setFont(fonts.font(fonts.QUIET, bold=party.part == "lead"))
        painter.setPen(QColor(tokens.ink))
        self._text(painter, QRectF(row.left(), row.top(), name_wide, row.height()), name)
        reached = whistle_words.party_reached(party.state)
        steps = QRectF(row.left() + name_wide + 6, row.top(), STEPS_WIDE, row.height())
        if steps.right() < edge:
            paint_steps(painter, steps, reached, clock.lamp, tokens)

    def _right(
        self, painter: QPainter, right: float, top: float, text: str, lamp: Lamp, *, shape: bool = True
    ) -> float:
        """Words at the right edge with the lamp's shape before them; where they begin."""
        if not text:
            return right
        tokens = self.tokens
        painter.setFont(fonts.font(fonts.QUIET, bold=lamp is Lamp.OVERDUE))
        wide = painter.fontMetrics().horizontalAdvance(text)
        painter.setPen(QColor(tokens.lamp(lamp) if lamp else tokens.ink_normal))
        painter.drawText(QRectF(right - wide - 2, top, wide + 4, 22), Qt.AlignmentFlag.AlignVCenter, text)
        left = right - wide - 4
        if shape:
            left -= 16
            paint_lamp(painter, QRectF(left, top + 5, 12, 12), lamp, tokens)
        painter.setPen(QPen(QColor(tokens.ink)))
        return left

    @staticmethod
    def _text(painter: QPainter, room: QRectF, text: str) -> None:
        short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, short)
