"""The wall's picture: map, five grades, what needs someone now, today's flow; scaled to any screen, refreshed for weeks."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services.figures import read_flow, read_today
from commandcenter.services.whistle_reads import read_live
from ui.map.county import bring_outlines
from ui.map.lines import whistle_lines
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.wall.cards import GradeCards
from ui.wall.day_figures import DayFigures
from ui.wall.flow_chart import FlowChart
from ui.wall.head import Head
from ui.wall.layout import places, shared
from ui.wall.needs_list import NeedsList
from ui.wall.towns_list import TownsList
from ui.wall.whistles_list import WhistlesList
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from ui.map.view import MapView

FIGURES_MS = 60_000
POINT_MS = 12_000
"""How long the map points at one of the cases that need someone."""
WHISTLE_KINDS = frozenset({"whistle", "party"})
WHISTLES_BELOW, WHISTLES_BESIDE = 0.4, 0.6
"""The whistles' largest share of the column of what needs someone, or of the towns'."""
MAP_TYPE = 1.4
"""The map's type against a desk's at the same size: read from eight metres."""


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
        self.figures = DayFigures(self)
        self.towns = TownsList(session, self)
        self.whistles = WhistlesList(session, self)
        self.legend = QLabel(self)
        self.legend.setStyleSheet(f"color: {WALL.ink_normal};")
        session.bridge.counted.connect(self.cards.set_counts)
        session.bridge.counted.connect(self.towns.set_counts)
        session.bridge.ticked.connect(self._look)
        session.bridge.mirror_changed.connect(self._look)
        self._reader = LiveRead(session, WHISTLE_KINDS, self._read_whistles, lambda _: None, self)
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
        self._reader.shown()
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
        self.figures.show_today(today)
        self.flow.show_flow(flow, self._session.clock.now().astimezone(SHANGHAI).hour)

    async def _read_whistles(self) -> None:
        """The wall's own columns of the live whistles, and the lines to their places."""
        self.whistles.show_whistles(await read_live(self._session.database()))
        self._place()
        self._draw_lines()

    def _draw_lines(self) -> None:
        if self.map is not None:
            now = self._session.clock.now()
            self.map.set_lines(whistle_lines(self.whistles.whistles, self._session.reference, now))

    def _open_map(self) -> None:
        if self.map is not None:
            return
        from ui.map.view import MapView  # the web engine comes after the first picture

        self.map = MapView(self._session.mirror, self, clock=self._session.clock)
        self.map.bar.setVisible(False)
        self.map.with_legend = False
        self._place()
        self.map.show()
        self.map.start()
        self.map.select(self.needs.pointed_case)
        if self._session.db is not None:
            self._session.spawn(bring_outlines(self._session, self.map), "outlines")

    def _look(self) -> None:
        """The mirror or the clock went on; something new among the rows moves the map's pointer at once."""
        if not self.isVisible():
            return
        self._say_legend()
        self.whistles.update()
        self._draw_lines()
        before = self.needs.pointed_case
        self.needs.refresh()
        if self.needs.pointed_case != before:
            self._point_timer.start()
            self._show_pointed()

    def _say_legend(self) -> None:
        """What the map's shapes and tints mean, in one line below it; the cards say the colours."""
        shapes = self.tr("○ 正常&nbsp;&nbsp; △ 临期&nbsp;&nbsp; ■ 超期")
        ground = self.map.legend.ground.text() if self.map is not None else ""
        text = f"{shapes}&nbsp;&nbsp;&nbsp;&nbsp; {ground}"
        if text != self.legend.text():
            self.legend.setText(text)

    def _point(self) -> None:
        self.needs.point_at_next()
        self._show_pointed()

    def _show_pointed(self) -> None:
        if self.map is not None:
            self.map.select(self.needs.pointed_case)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._places = at = places(self.width(), self.height())
        self.whistles.unit = at.unit
        room = at.towns or at.needs  # beside what needs someone, where there is a third column
        share = WHISTLES_BESIDE if at.towns else WHISTLES_BELOW
        rest, whistles = shared(room, self.whistles.wanted_height(room.height() * share), at.unit)
        needs, towns = (at.needs, rest) if at.towns else (rest, None)
        parts = ((self.head, at.head), (self.cards, at.cards), (self.needs, needs), (self.flow, at.flow))
        for part, rect in (*parts, (self.figures, at.figures), (self.whistles, whistles)):
            part.unit = at.unit
            part.setGeometry(rect)
        self.legend.setGeometry(at.legend)
        self.legend.setFont(fonts.font(round(20 * at.unit)))
        self.towns.setVisible(towns is not None)
        if towns is not None:
            self.towns.unit = at.unit
            self.towns.setGeometry(towns)
        if self.map is not None:
            self.map.setGeometry(at.map)
            self.map.set_theme(WALL, at.unit * MAP_TYPE)
        self.needs.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(WALL.window))
        painter.setPen(QColor(WALL.line))
        edge = self._places.map.right() + 1
        painter.drawLine(edge, self._places.map.top(), edge, self.height())
