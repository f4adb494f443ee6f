"""Today's flow, hour by hour, against the same weekday of the weeks before."""

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from commandcenter.services.figures import Flow
from ui.theme import fonts
from ui.theme.tokens import WALL


class FlowChart(QWidget):
    """A thick line for today, a dashed one for the usual."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.heading = QLabel(self.tr("今日来件与往常同期　件/时"), self)
        self.plot = pg.PlotWidget(self, background=WALL.window)
        self.plot.setMenuEnabled(False)
        self.plot.setMouseEnabled(False, False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.plot.setXRange(0, 23.5, padding=0.01)
        self._usual = self.plot.plot()
        self._today = self.plot.plot()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.heading)
        column.addWidget(self.plot, 1)

    def set_unit(self, unit: float) -> None:
        """Scale type and pens; 1 at 1080 lines."""
        self.heading.setFont(fonts.font(round(24 * unit)))
        self.heading.setStyleSheet(f"color: {WALL.ink_normal};")
        self._today.setPen(pg.mkPen(WALL.accent, width=4 * unit))
        self._usual.setPen(pg.mkPen(WALL.ink_quiet, width=2.5 * unit, style=Qt.PenStyle.DashLine))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setTickFont(fonts.font(round(18 * unit)))
            axis.setTextPen(WALL.ink_normal)
            axis.setPen(pg.mkPen(WALL.line))
        self.plot.getAxis("bottom").setTicks([[(hour, f"{hour}") for hour in range(0, 24, 4)]])
        self.plot.getAxis("bottom").setHeight(34 * unit)
        self.plot.getAxis("left").setWidth(58 * unit)

    def show_flow(self, flow: Flow, hour: int) -> None:
        """Draw the hours up to `hour` of today, and all of the usual."""
        usual = [value for value in flow.usual if value is not None]
        self._today.setData(list(range(hour + 1)), list(flow.today[: hour + 1]))
        self._usual.setData(list(range(len(usual))), usual)
        top = max([*flow.today, *usual, 1])
        self.plot.setYRange(0, top * 1.1, padding=0)
