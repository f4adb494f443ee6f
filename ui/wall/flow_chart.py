"""Today's flow, hour by hour, against the same weekday of the weeks before."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from commandcenter.services.figures import Flow
from ui.theme import fonts
from ui.theme.tokens import WALL

HEADING = 40
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


def step_for(top: float) -> int:
    """The distance of the lines behind the curves: at most four of them."""
    return next((step for step in STEPS if top / step <= 4), STEPS[-1])


class FlowChart(QWidget):
    """A thick line for today's full hours, a hollow mark for the running one, a dashed line for the usual."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.unit = 1.0
        self.today: tuple[int, ...] = ()
        """Cases of each hour so far; the last one is still running."""
        self.usual: tuple[float | None, ...] = ()

    def show_flow(self, flow: Flow, hour: int) -> None:
        """Draw the hours up to `hour` of today, which is not over, and all of the usual."""
        self.today, self.usual = flow.today[: hour + 1], flow.usual
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        u = self.unit
        self._heading(painter)
        known = [value for value in self.usual if value is not None]
        top = max([*self.today, *known, 4]) * 1.05
        plot = QRectF(60 * u, (HEADING + 8) * u, self.width() - 76 * u, self.height() - (HEADING + 44) * u)
        painter.setFont(fonts.font(round(20 * u)))
        step = step_for(top)
        for value in range(0, int(top) + 1, step):
            y = plot.bottom() - plot.height() * value / top
            painter.setPen(QColor(WALL.line))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(QColor(WALL.ink_normal))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, y - 16 * u, plot.left() - 10 * u, 32 * u), right, f"{value:,}")
        for hour in range(0, 24, 4):
            x = plot.left() + plot.width() * hour / 23
            painter.drawText(
                QRectF(x - 40 * u, plot.bottom() + 4 * u, 80 * u, 30 * u), Qt.AlignmentFlag.AlignCenter, f"{hour}"
            )
        usual = [self._point(plot, top, hour, value) for hour, value in enumerate(self.usual) if value is not None]
        painter.setPen(QPen(QColor(WALL.ink_quiet), 2.5 * u, Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(usual))
        self._draw_today(painter, [self._point(plot, top, hour, value) for hour, value in enumerate(self.today)])

    def _draw_today(self, painter: QPainter, points: list[QPointF]) -> None:
        u = self.unit
        pen = QPen(QColor(WALL.accent), 4 * u)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points[:-1]))
        if points:  # an hour that has just begun is no slump
            painter.setPen(QPen(QColor(WALL.accent), 2.5 * u))
            painter.setBrush(QColor(WALL.window))
            painter.drawEllipse(points[-1], 6 * u, 6 * u)

    def _heading(self, painter: QPainter) -> None:
        u = self.unit
        room = QRectF(0, 0, self.width(), HEADING * u)
        painter.setPen(QColor(WALL.ink_normal))
        painter.setFont(fonts.font(round(24 * u)))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.tr("今日来件"))
        painter.setFont(fonts.font(round(20 * u)))
        painter.setPen(QColor(WALL.ink_quiet))
        words = self.tr("件/时　━ 今日　┅ 往常同期　○ 本时未满")
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)

    @staticmethod
    def _point(plot: QRectF, top: float, hour: int, value: float) -> QPointF:
        return QPointF(plot.left() + plot.width() * hour / 23, plot.bottom() - plot.height() * value / top)
