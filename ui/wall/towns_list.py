"""Where it is late: the towns with the most overdue cases, then with the most that are due soon."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Lamp
from commandcenter.live.counters import Counts, TownCount
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.widgets.marks import paint_lamp

ROW, HEADING = 46, 44
WIDEST = 760
"""Numbers stand no farther from their town, so that the eye finds the way."""


class TownsList(QWidget):
    """As many towns as there is room for; none that is on time."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.unit = 1.0
        self.towns: list[tuple[str, TownCount]] = []
        self.set_counts(session.bridge.counts)

    def set_counts(self, counts: Counts) -> None:
        """Show these counts from now on."""
        areas = self._session.reference.areas
        late = [
            (areas[town].name, count)
            for town, count in counts.towns.items()
            if town in areas and (count.overdue or count.soon)
        ]
        self.towns = sorted(late, key=lambda each: (-each[1].overdue, -each[1].soon, each[0]))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        u = self.unit
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        painter.setPen(QColor(WALL.ink_normal))
        painter.setFont(fonts.font(round(24 * u)))
        painter.drawText(QRectF(0, 0, self.width(), HEADING * u), middle, self.tr("哪里超期最多"))
        room = max(0, int((self.height() - HEADING * u) // (ROW * u)))
        if not self.towns:
            painter.setPen(QColor(WALL.good))
            painter.drawText(QRectF(0, HEADING * u, self.width(), ROW * u), middle, self.tr("没有超期，也没有临期"))
        for place, (name, count) in enumerate(self.towns[:room]):
            row = QRectF(0, (HEADING + place * ROW) * u, min(self.width(), WIDEST * u), ROW * u)
            painter.setPen(QColor(WALL.line))
            painter.drawLine(row.bottomLeft(), row.bottomRight())
            painter.setFont(fonts.font(round(26 * u)))
            painter.setPen(QColor(WALL.ink))
            painter.drawText(row.adjusted(0, 0, -420 * u, 0), middle, name)
            edge = row.right()
            painter.setFont(fonts.font(round(22 * u)))
            painter.setPen(QColor(WALL.ink_normal))
            painter.drawText(row, middle | right, self.tr("未结 {0}").format(f"{count.open:,}"))
            for lamp, number, shift in ((Lamp.SOON, count.soon, 280), (Lamp.OVERDUE, count.overdue, 390)):
                if number:
                    paint_lamp(painter, QRectF(edge - shift * u, row.center().y() - 9 * u, 18 * u, 18 * u), lamp, WALL)
                    painter.setPen(QColor(WALL.lamp(lamp)))
                    at = QRectF(edge - (shift - 26) * u, row.top(), 80 * u, row.height())
                    painter.drawText(at, middle, f"{number:,}")
