"""Today's flow, hour by hour, against the same weekday of the weeks before."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from commandcenter.services.figures import Flow
from ui.theme import fonts
from ui.theme.tokens import WALL

STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


def step_for(top: float) -> int:
    """The distance of the lines behind the curves: at most four of them."""
    return next((step for step in STEPS if top / step <= 4), STEPS[-1])


class FlowChart(QWidget):
    """A thick line for today's full hours, a hollow mark for the running one, a dashed line for the usual."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.today: tuple[int, ...] = ()
        """Cases of each hour so far; the last one is still running."""
        self.usual: tuple[float | None, ...] = ()
        self._unit = 1.0
        self._title = QLabel(self.tr("今日来件"), self)
        self._key = QLabel(self.tr("件/时　━ 今日　┅ 往常同期　○ 本时未满"), self)
        self._plot = pg.PlotWidget(self, background=WALL.window, antialias=True)
        self._plot.setMenuEnabled(False)
        self._plot.setMouseEnabled(x=False, y=False)
        self._plot.hideButtons()
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setXRange(0, 23, padding=0.01)
        self._plot.showGrid(y=True, alpha=0.25)
        self._usual_line = self._plot.plot(antialias=True)
        self._today_line = self._plot.plot(antialias=True)
        self._running = self._plot.plot(symbol="o", pen=None, antialias=True)
        heading = QHBoxLayout()
        heading.addWidget(self._title, 1)
        heading.addWidget(self._key)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(heading)
        column.addWidget(self._plot, 1)
        self.unit = 1.0

    @property
    def unit(self) -> float:
        """The scale of type and pens; 1 at 1080 lines."""
        return self._unit

    @unit.setter
    def unit(self, unit: float) -> None:
        self._unit = unit
        for label, size, colour in ((self._title, 24, WALL.ink_normal), (self._key, 20, WALL.ink_quiet)):
            label.setFont(fonts.font(max(1, round(size * unit))))
            label.setStyleSheet(f"color: {colour};")
        fine = unit * self.devicePixelRatioF()  # pens of lines are as wide on every screen, in its own pixels
        self._today_line.setPen(pg.mkPen(WALL.accent, width=4 * fine))
        self._usual_line.setPen(pg.mkPen(WALL.ink_quiet, width=2.5 * fine, style=Qt.PenStyle.DashLine))
        self._running.setSymbolSize(12 * unit)
        self._running.setSymbolPen(pg.mkPen(WALL.accent, width=2.5 * unit))
        self._running.setSymbolBrush(WALL.window)
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setTickFont(fonts.font(max(1, round(20 * unit))))
            axis.setTextPen(WALL.ink_normal)
            axis.setPen(pg.mkPen(WALL.line))
        self._plot.getAxis("bottom").setTicks([[(hour, f"{hour}") for hour in range(0, 24, 4)]])
        self._plot.getAxis("bottom").setHeight(34 * unit)
        self._plot.getAxis("left").setWidth(64 * unit)

    def show_flow(self, flow: Flow, hour: int) -> None:
        """Draw the hours up to `hour` of today, which is not over, and all of the usual."""
        self.today, self.usual = flow.today[: hour + 1], flow.usual
        usual = [(each, value) for each, value in enumerate(self.usual) if value is not None]
        self._usual_line.setData([each for each, _ in usual], [value for _, value in usual])
        self._today_line.setData(list(range(hour)), list(self.today[:hour]))
        self._running.setData([hour], [self.today[hour]])  # an hour that has just begun is no slump
        top = max([*self.today, *(value for _, value in usual), 4]) * 1.05
        step = step_for(top)
        self._plot.setYRange(0, top, padding=0)
        self._plot.getAxis("left").setTicks([[(value, f"{value:,}") for value in range(0, int(top) + 1, step)]])
