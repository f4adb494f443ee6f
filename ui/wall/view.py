"""The wall's picture: map, five grades, what needs someone now, today's flow; scaled to any screen, refreshed for weeks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services.figures import Today, read_flow, read_today
from ui.map.county import bring_outlines
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.wall.cards import GradeCards
from ui.wall.flow_chart import FlowChart
from ui.wall.head import Head
from ui.wall.needs_list import NeedsList

if TYPE_CHECKING:
    from ui.map.view import MapView

FIGURES_MS = 60_000
POINT_MS = 12_000
"""How long the map points at one of the cases that need someone."""
WIDE = 2.1
"""A screen wider than this many heights gets a third column."""


class WallView(QWidget):
    """Everything the wall shows. Never asks anybody anything; says how old it is, always."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.map: MapView | None = None
        self.head = Head(session, self)
        self.cards = GradeCards(session.bridge.counts, self)
        self.needs = NeedsList(session, self)
        self.flow = FlowChart(self)
        self.figures = QLabel(self)
        self.figures.setStyleSheet(f"color: {WALL.ink_normal};")
        self._map_room = QRect()
        session.bridge.counted.connect(self.cards.set_counts)
        session.bridge.ticked.connect(self.needs.refresh)
        session.bridge.mirror_changed.connect(self.needs.refresh)
        self._figures_timer = self._timer(FIGURES_MS, self.ask_figures)
        self._point_timer = self._timer(POINT_MS, self._point)

    def _timer(self, every: int, call: object) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(every)
        timer.timeout.connect(call)
        return timer

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.map is None:
            QTimer.singleShot(0, self, self._open_map)
        self.ask_figures()
        self._figures_timer.start()
        self._point_timer.start()

    def close_map(self) -> None:
        """Let go of the map and the timers before the window goes."""
        self._figures_timer.stop()
        self._point_timer.stop()
        if self.map is not None:
            self.map.close_map()
            self.map = None

    def ask_figures(self) -> None:
        """Read the day's figures, where there is a database."""
        if self._session.db is not None:
            self._session.spawn(self._read_figures(), "figures")

    async def _read_figures(self) -> None:
        try:
            today, flow = await read_today(self._session.db), await read_flow(self._session.db)
        except PersonError:  # the head says that the data is old; nobody is here to read more
            return
        self.figures.setText(self.figure_words(today))
        self.flow.show_flow(flow, self._session.clock.now().astimezone(SHANGHAI).hour)

    def figure_words(self, today: Today) -> str:
        """The line under the map; a rate without a denominator is –."""

        def share(value: object) -> str:
            return "–" if value is None else f"{float(value):.1%}"  # type: ignore[arg-type]  # a Fraction

        strong = f"<b style='color:{WALL.ink}'>"
        return self.tr("今日诉求 {0}　并单 {1}　办结 {2}　满意 {3}（回访 {4}）").format(
            f"{strong}{today.received:,}</b>",
            f"{strong}{share(today.merged_share)}</b>",
            f"{strong}{today.finished:,}</b>",
            f"{strong}{share(today.content_share)}</b>",
            f"{today.reached:,}",
        )

    def _open_map(self) -> None:
        from ui.map.view import MapView  # the web engine comes after the first picture

        self.map = MapView(self._session.mirror, self, clock=self._session.clock)
        self.map.bar.setVisible(False)
        self._place()
        self.map.show()
        self.map.start()
        if self._session.db is not None:
            self._session.spawn(bring_outlines(self._session, self.map), "outlines")

    def _point(self) -> None:
        case_id = self.needs.point_at_next()
        if self.map is not None:
            self.map.select(case_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        wide, high = self.width(), self.height()
        u = min(high / 1080, wide / 1500)
        head, gap, foot = round(72 * u), round(24 * u), round(56 * u)
        self.head.unit = self.cards.unit = self.needs.unit = u
        self.flow.set_unit(u)
        self.figures.setFont(fonts.font(round(22 * u)))
        self.head.setGeometry(0, 0, wide, head)
        body = QRect(gap, head + gap, wide - 2 * gap, high - head - 2 * gap)
        extra = round(760 * u) if wide > WIDE * high else 0
        column = min(round(800 * u), round(wide * 0.42))
        left = body.width() - column - gap - (extra + gap if extra else 0)
        self._map_room = QRect(0, head, left + gap, high - head - foot)
        if self.map is not None:
            self.map.setGeometry(self._map_room)
            self.map.set_theme(WALL, u)
        self.figures.setGeometry(gap, high - foot, left, foot)
        cards = QRect(body.left() + left + gap, body.top(), column, round(156 * u))
        self.cards.setGeometry(cards)
        chart_high = round(260 * u)
        under = cards.bottom() + gap // 2
        room = body.bottom() - under - (0 if extra else chart_high + gap // 2)
        self.needs.setGeometry(cards.left(), under, column, room)
        if extra:
            self.flow.setGeometry(cards.right() + gap, body.top(), extra, min(body.height(), round(560 * u)))
        else:
            self.flow.setGeometry(cards.left(), body.bottom() - chart_high, column, chart_high)
        self.needs.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(WALL.window))
        painter.setPen(QColor(WALL.line))
        edge = self._map_room.right()
        painter.drawLine(edge, self._map_room.top(), edge, self.height())
