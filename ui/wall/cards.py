"""Five cards, one a grade: how many are open, how many of them overdue."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade, Lamp
from commandcenter.live.counters import Counts
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.widgets.marks import paint_flag, paint_lamp


class GradeCards(QWidget):
    """Set `counts`, and the cards say it."""

    def __init__(self, counts: Counts, parent: QWidget) -> None:
        super().__init__(parent)
        self.unit = 1.0
        self.counts = counts

    def set_counts(self, counts: Counts) -> None:
        """Show these counts from now on."""
        self.counts = counts
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        u = self.unit
        gap = 12 * u
        wide = (self.width() - gap * (len(Grade) - 1)) / len(Grade)
        for grade in Grade:
            card = QRectF(grade * (wide + gap), 0, wide, self.height())
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(WALL.panel))
            painter.drawRoundedRect(card, 8 * u, 8 * u)
            inner = card.adjusted(16 * u, 14 * u, -8 * u, -12 * u)
            paint_flag(painter, QRectF(inner.left(), inner.top(), 40 * u, 40 * u), grade, WALL)
            painter.setPen(QColor(WALL.ink))
            number = f"{self.counts.open[grade]:,}"
            painter.setFont(_fitting(painter, number, round(48 * u), inner.width()))
            painter.drawText(
                QRectF(inner.left(), inner.top() + 40 * u, inner.width(), 58 * u), Qt.AlignmentFlag.AlignVCenter, number
            )
            overdue = self.counts.overdue[grade]
            foot = QRectF(inner.left(), inner.bottom() - 26 * u, inner.width(), 26 * u)
            if overdue:
                paint_lamp(painter, QRectF(foot.left(), foot.top() + 5 * u, 17 * u, 17 * u), Lamp.OVERDUE, WALL)
            painter.setPen(QColor(WALL.lamp_overdue if overdue else WALL.ink_quiet))
            painter.setFont(fonts.font(round(20 * u)))
            words = self.tr("超期 {0}").format(f"{overdue:,}") if overdue else self.tr("无超期")
            painter.drawText(foot.adjusted(24 * u if overdue else 0, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, words)


def _fitting(painter: QPainter, text: str, pixels: int, wide: float) -> QFont:
    """The bold font of at most that size in which the text is not wider."""
    font = fonts.font(pixels, bold=True)
    painter.setFont(font)
    needed = painter.fontMetrics().horizontalAdvance(text)
    return font if needed <= wide else fonts.font(max(8, int(pixels * wide / needed)), bold=True)
