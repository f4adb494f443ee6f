"""What is suggested for the fields of 受理: kind, grade, categories, places, units; each row with its key and its ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.case import Grade
from ui.intake.keys import Key, cap
from ui.intake.paint import CAP_HEIGHT, CAP_WIDTH, advance, paint_cap, paint_line
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
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


class SuggestionRows(QWidget):
    """``taken(key)``: a row was clicked. Rows of an older text are drawn quiet, and their keys dashed."""

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = DAY
        self.rows: tuple[Row, ...] = ()
        self.fresh = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Say this from now on."""
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.setAccessibleName("；".join(row.spoken() for row in self.rows))
            self.updateGeometry()
            self.update()

    def set_fresh(self, *, fresh: bool) -> None:
        """Whether the rows belong to what is in the form now."""
        if fresh != self.fresh:
            self.fresh = fresh
            self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, sum(self._height(row) for row in self.rows))

    minimumSizeHint = sizeHint

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().y())
        if row is not None and self.fresh:
            self.taken.emit(row.key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._at(event.position().y())
        self.setToolTip("\n".join(part for part in (row.text, row.note, row.why) if part) if row is not None else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = 0
        for row in self.rows:
            self._paint(painter, row, top)
            top += self._height(row)

    def _paint(self, painter: QPainter, row: Row, top: int) -> None:
        tokens = self._tokens
        ink = tokens.ink if self.fresh else tokens.ink_quiet
        if row.label and top:
            painter.setPen(QColor(tokens.line))
            painter.drawLine(QPointF(_LEFT, top + 0.5), QPointF(self.width() - _RIGHT, top + 0.5))
        if row.label:
            paint_line(painter, QRectF(_LEFT, top, _LABEL, _ROW), row.label, tokens.ink_quiet, fonts.QUIET)
        left, right = _LEFT + _LABEL, float(self.width() - _RIGHT)
        where = QRectF(left, top + (_ROW - CAP_HEIGHT) / 2, CAP_WIDTH, CAP_HEIGHT)
        paint_cap(painter, where, cap(row.key), tokens, live=self.fresh)
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

    def _height(self, row: Row) -> int:
        return _ROW + (_WHY if row.why else 0)

    def _at(self, y: float) -> Row | None:
        top = 0
        for row in self.rows:
            top += self._height(row)
            if y < top:
                return row
        return None
