"""Today in four figures, each with its name above it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.services.figures import Today
from ui.theme import fonts
from ui.theme.tokens import WALL


class DayFigures(QWidget):
    """Shows – for what is not known, and for a rate without a denominator."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.unit = 1.0
        self.words: tuple[tuple[str, str], ...] = ()
        self.show_today(None)

    def show_today(self, today: Today | None) -> None:
        """Say these figures from now on."""

        def share(value: object) -> str:
            return "–" if value is None else f"{float(value):.1%}"  # type: ignore[arg-type]  # a Fraction

        called = self.tr("满意（回访接通 {0}）").format("–" if today is None else f"{today.reached:,}")
        self.words = (
            (self.tr("今日诉求"), "–" if today is None else f"{today.received:,}"),
            (self.tr("并单"), share(None if today is None else today.merged_share)),
            (self.tr("今日办结"), "–" if today is None else f"{today.finished:,}"),
            (called, share(None if today is None else today.content_share)),
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        u = self.unit
        shares = (0.22, 0.2, 0.22, 0.36)
        left = 0.0
        line = 34 * u
        top = (self.height() - line - 46 * u) / 2
        for (name, value), share in zip(self.words, shares, strict=True):
            wide = self.width() * share
            painter.setPen(QColor(WALL.ink_normal))
            painter.setFont(fonts.font(round(20 * u)))
            short = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(wide))
            painter.drawText(QRectF(left, top, wide, line), Qt.AlignmentFlag.AlignVCenter, short)
            painter.setPen(QColor(WALL.ink))
            painter.setFont(fonts.font(round(34 * u), bold=True))
            painter.drawText(QRectF(left, top + line, wide, 46 * u), Qt.AlignmentFlag.AlignVCenter, value)
            left += wide
