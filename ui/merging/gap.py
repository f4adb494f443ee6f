"""How far two cases are apart, drawn: two dots, a line between them as long as the distance (on a log scale), words on it."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens

_NEAREST_M, _FARTHEST_M = 10.0, 20_000.0
_HIGH = 52


class GapLine(QWidget):
    """Metres above the line, time below it; without metres the line is broken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metres: float | None = None
        self._above = self._below = ""
        self._tokens = DAY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_gap(self, metres: float | None, above: str, below: str) -> None:
        """Say another distance."""
        self._metres, self._above, self._below = metres, above, below
        self.setAccessibleName(f"{above}，{below}")
        self.setToolTip(f"{above}　{below}")
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HIGH)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, middle = self._tokens, self.height() / 2
        half = (self.width() / 2 - 12) * self._share()
        left, right = QPointF(self.width() / 2 - half, middle), QPointF(self.width() / 2 + half, middle)
        pen = QPen(QColor(tokens.line), 2)
        if self._metres is None:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(left, right)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent))
        for at in (left, right):
            painter.drawEllipse(at, 5, 5)
        painter.setFont(fonts.font(fonts.QUIET))
        painter.setPen(QColor(tokens.ink))
        high = middle - 7
        painter.drawText(QRectF(0, 0, self.width(), high), Qt.AlignmentFlag.AlignCenter, self._above)
        painter.drawText(QRectF(0, middle + 7, self.width(), high), Qt.AlignmentFlag.AlignCenter, self._below)
        painter.end()

    def _share(self) -> float:
        """How much of the width the distance takes: nothing up to ten metres, all from twenty kilometres on."""
        if self._metres is None:
            return 1.0
        span = math.log(_FARTHEST_M / _NEAREST_M)
        return min(1.0, max(0.06, math.log(max(self._metres, _NEAREST_M) / _NEAREST_M) / span))
