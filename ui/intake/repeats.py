"""疑似重复 on 受理: cards of what may be the same matter, each with the one key that merges into it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.intake.keys import cap
from ui.intake.paint import (
    CAP_HEIGHT,
    CAP_WIDTH,
    advance,
    line_height,
    lines_of,
    paint_cap,
    paint_line,
    paint_lines,
)
from ui.intake.painted_list import PaintedList
from ui.intake.repeat_card import Card
from ui.theme import fonts
from ui.widgets.marks import paint_flag

_PAD, _HEAD = 9, 26
_LEFT, _RIGHT = 12, 12


class RepeatCards(PaintedList[Card]):
    """``taken(key)``: the cap of a card was clicked; ``opened(case id)``: the card was. Old cards are drawn quiet."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, self._high, self._draw, gap=8)
        self.roomy = False
        """Two lines of text and of reasons a card instead of one."""
        self.pressed.connect(self._on_pressed)

    def set_roomy(self, *, roomy: bool) -> None:
        """Use more lines a card, where the window is high enough."""
        if roomy != self.roomy:
            self.roomy = roomy
            self.updateGeometry()
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def _on_pressed(self, card: Card, x: float) -> None:
        if card.key is None or x >= _LEFT + CAP_WIDTH + _PAD:
            self.opened.emit(card.case_id)
        elif self.fresh:
            self.taken.emit(card.key)

    def _draw(self, painter: QPainter, card: Card, where: QRectF) -> None:
        tokens, box = self._tokens, where.adjusted(_LEFT, 0, -_RIGHT, 0)
        ink = tokens.ink if self.fresh else tokens.ink_quiet
        edge = tokens.bad if card.opposite else tokens.accent if card.sure else tokens.line
        painter.setPen(QPen(QColor(edge if self.fresh else tokens.line), 1))
        painter.setBrush(QColor(tokens.panel))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        left, right, top = box.left() + _PAD, box.right() - _PAD, box.top() + _PAD - 2
        if card.key is not None:
            key = QRectF(left, top + (_HEAD - CAP_HEIGHT) / 2, CAP_WIDTH, CAP_HEIGHT)
            paint_cap(painter, key, cap(card.key), tokens, live=self.fresh)
            left += CAP_WIDTH + 8
        paint_flag(painter, QRectF(left, top + 3, 20, 20), card.grade, tokens)
        left += 28
        said = tokens.bad if card.opposite else tokens.accent if card.sure else tokens.ink_quiet
        for text, colour in ((card.score, ink), (card.mark, said)):
            if text:
                width = advance(text, fonts.QUIET, bold=True)
                paint_line(
                    painter, QRectF(right - width - 1, top, width + 1, _HEAD), text,
                    colour if self.fresh else tokens.ink_quiet, fonts.QUIET, bold=True,
                )  # fmt: skip
                right -= width + 12
        paint_line(painter, QRectF(left, top, right - left, _HEAD), card.title, ink, bold=True)
        at, width = QPointF(box.left() + _PAD, top + _HEAD + 1), box.width() - 2 * _PAD
        for lines, colour in self._body(card, width):
            shade = colour if self.fresh else tokens.ink_quiet
            at += QPointF(0, paint_lines(painter, at, width, lines, shade, fonts.QUIET))

    def _body(self, card: Card, width: float) -> list[tuple[tuple[str, ...], str]]:
        """Text, facts and reasons, with their inks."""
        tokens, most = self._tokens, 2 if self.roomy else 1
        why = self.tr("为何：%s") % card.why if card.why else ""
        found = [
            (lines_of(card.excerpt, width, fonts.QUIET, most), tokens.ink_normal),
            (lines_of(card.facts, width, fonts.QUIET, 1), tokens.ink_quiet),
            (lines_of(why, width, fonts.QUIET, most), tokens.bad if card.opposite else tokens.ink_normal),
        ]
        return [(lines, colour) for lines, colour in found if any(lines)]

    def _high(self, card: Card) -> float:
        width = max(120.0, self.width() - _LEFT - _RIGHT - 2 * _PAD)
        lines = sum(len(lines) for lines, _ in self._body(card, width))
        return 2 * _PAD - 3 + _HEAD + lines * line_height(fonts.QUIET)
