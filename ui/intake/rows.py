"""What is suggested for the fields of 受理: kind, grade, categories, places, units; each row with its key and its ground."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade
from ui.intake.keys import Key, cap
from ui.intake.paint import CAP_HEIGHT, CAP_WIDTH, advance, paint_cap, paint_line
from ui.intake.painted_list import PaintedList
from ui.theme import fonts
from ui.widgets.marks import paint_flag

_ROW, _WHY = 27, 20
_GAUGE = 36
_LABEL, _LEFT, _RIGHT = 62, 12, 12


@dataclass(frozen=True, slots=True)
class Row:
    """One suggestion, `note` beside it and `why` below it.

    ``share`` 0 to 1 draws a gauge; ``taken``: the form says the same; ``label`` begins a group.
    """

    key: Key
    text: str
    label: str = ""
    note: str = ""
    side: str = ""
    share: float | None = None
    why: str = ""
    grade: Grade | None = None
    taken: bool = False

    def spoken(self) -> str:
        """The row as a sentence, for screen readers."""
        return " ".join(part for part in (self.label, self.text, self.note, self.side, self.why, cap(self.key)) if part)

    def more(self) -> str:
        """The row whole, where its line is too short for it."""
        return "\n".join(part for part in (self.text, self.note, self.why) if part)


class SuggestionRows(PaintedList[Row]):
    """``taken(key)``: a row was clicked. Rows of an older text are drawn quiet, and their keys dashed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, _height, self._draw)
        self.pressed.connect(self._on_pressed)

    def _on_pressed(self, row: Row, _x: float) -> None:
        if self.fresh:
            self.taken.emit(row.key)

    def _draw(self, painter: QPainter, row: Row, where: QRectF) -> None:
        tokens, top = self._tokens, where.top()
        ink = tokens.ink if self.fresh else tokens.ink_quiet
        if row.label and top:
            painter.setPen(QColor(tokens.line))
            painter.drawLine(QPointF(_LEFT, top + 0.5), QPointF(self.width() - _RIGHT, top + 0.5))
        if row.label:
            paint_line(painter, QRectF(_LEFT, top, _LABEL, _ROW), row.label, tokens.ink_quiet, fonts.QUIET)
        left, right = _LEFT + _LABEL, float(self.width() - _RIGHT)
        key = QRectF(left, top + (_ROW - CAP_HEIGHT) / 2, CAP_WIDTH, CAP_HEIGHT)
        paint_cap(painter, key, cap(row.key), tokens, live=self.fresh)
        left += CAP_WIDTH + 8
        side = self._side(row)
        if side:
            paint_line(
                painter, QRectF(right - 110, top, 110, _ROW), side,
                tokens.accent if row.taken and self.fresh else tokens.ink_quiet,
                fonts.QUIET, align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            )  # fmt: skip
            right -= advance(side, fonts.QUIET) + 8
        if row.grade is not None:
            paint_flag(painter, QRectF(left, top + 4, 20, 20), row.grade, tokens)
            left += 28
        if row.share is not None:
            self._gauge(painter, QRectF(right - _GAUGE, top + _ROW / 2 - 2, _GAUGE, 4), row.share)
            right -= _GAUGE + 10
        # the end of a path says most: 城乡建设 › 公用事业 › 燃气
        elide = Qt.TextElideMode.ElideLeft if "›" in row.text else Qt.TextElideMode.ElideRight
        width = paint_line(painter, QRectF(left, top, right - left, _ROW), row.text, ink, bold=row.taken, elide=elide)
        if row.note and right - left - width > 60:
            after = QRectF(left + width + 10, top, right - left - width - 10, _ROW)
            paint_line(painter, after, row.note, tokens.ink_quiet, fonts.QUIET)
        if row.why:
            under = QRectF(left, top + _ROW - 3, float(self.width() - _RIGHT) - left, _WHY)
            paint_line(painter, under, row.why, tokens.ink_quiet, fonts.QUIET)

    def _side(self, row: Row) -> str:
        mark = self.tr("✓ 已取") if row.taken else ""
        return "  ".join(part for part in (row.side, mark) if part)

    def _gauge(self, painter: QPainter, where: QRectF, share: float) -> None:
        painter.fillRect(where, QColor(self._tokens.raised))
        where.setWidth(max(1.0, where.width() * share))
        painter.fillRect(where, QColor(self._tokens.accent if self.fresh else self._tokens.line))


def _height(row: Row) -> float:
    return _ROW + (_WHY if row.why else 0)
