"""值守: map, queue and selected case, one selection shared by all three."""

import logging
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings, Qt, QTimer, SignalInstance
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QVBoxLayout, QWidget

from ui.case.panel import CasePanel
from ui.queue.panel import QueuePanel
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState

log = logging.getLogger(__name__)


class DeskMap(Protocol):
    """What the desk asks of a map; it is a QWidget as well."""

    case_clicked: SignalInstance
    cases_boxed: SignalInstance

    def start(self) -> None: ...
    def select(self, case_id: int | None, pan: bool = False) -> None: ...
    def set_filter(self, slots: NDArray[np.int64] | None) -> None: ...
    def set_theme(self, tokens: Tokens) -> None: ...
    def close_map(self) -> None: ...


MapFactory = Callable[[Session, QWidget], "DeskMap"]


def live_map(session: Session, parent: QWidget) -> DeskMap:
    """The map of the session's mirror; its outlines follow when they have been read. Imports the web engine."""
    from ui.map.county import bring_outlines
    from ui.map.view import MapView
    from ui.map.whistles import MapWhistles

    view = MapView(session.mirror, parent, clock=session.clock)
    if session.db is not None:
        session.spawn(bring_outlines(session, view), "outlines")
        MapWhistles(session, view).start()
    return view


class DeskPage(QWidget):
    """The duty officer's page. The map is made after the first paint, so that the queue is there at once."""

    def __init__(self, session: Session, parent: QWidget | None = None, make_map: MapFactory = live_map) -> None:
        super().__init__(parent)
        self._session = session
        self._make_map = make_map
        self._asked = False
        self.map: DeskMap | None = None
        self._map_room = QWidget(self)
        self._room = QStackedLayout(self._map_room)
        self._calm = CalmState(self)
        self._calm.say(self.tr("地图正在打开…"))
        self._room.addWidget(self._calm)
        self.queue = QueuePanel(session, self)
        self.panel = CasePanel(session, self)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for widget, minimum, stretch in ((self._map_room, 260, 3), (self.queue, 384, 0), (self.panel, 340, 0)):
            widget.setMinimumWidth(minimum)
            self.splitter.addWidget(widget)
            self.splitter.setStretchFactor(self.splitter.count() - 1, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self._restore_widths()
        self.setFocusProxy(self.queue.view)
        self.queue.opened.connect(lambda case_id: session.open_page("case", case_id))
        self.queue.shown.connect(self._on_shown)
        session.selection.changed.connect(self._on_selected)
        session.themed.connect(self.set_tokens)
        self.splitter.splitterMoved.connect(self._keep_widths)
        self.set_tokens(session.tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.queue.set_tokens(tokens)
        self.panel.set_tokens(tokens)
        if self.map is not None:
            self.map.set_theme(tokens)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._asked:
            self._asked = True
            QTimer.singleShot(0, self, self._after_first_paint)

    def _after_first_paint(self) -> None:
        """The queue is on the screen: the moment a person waits for at every start."""
        log.info("first paint: %d cases", len(self._session.mirror))
        self.open_map()

    def open_map(self) -> None:
        """Make the map, or say that it cannot be had; the queue works without it."""
        try:
            made = self._make_map(self._session, self._map_room)
        except Exception:  # a machine without a web engine still has a desk
            log.exception("the map cannot be made")
            self._calm.say(
                self.tr("地图打不开"), self.tr("队列和工单不受影响，详情已记入日志"), self.tr("再试一次"), self.open_map
            )
            return
        assert isinstance(made, QWidget)
        self.map = made
        self._room.addWidget(made)
        self._room.setCurrentWidget(made)
        made.set_theme(self._session.tokens)
        made.case_clicked.connect(self._session.selection.select)
        made.cases_boxed.connect(self.queue.only_cases)
        made.start()
        made.select(self._session.selection.case_id)

    def close_map(self) -> None:
        """Let go of the map before the window goes."""
        if self.map is not None:
            self.map.close_map()
            self.map = None

    def _on_shown(self, slots: NDArray[np.int64] | None) -> None:
        if self.map is not None:
            self.map.set_filter(slots)

    def _on_selected(self, case_id: int | None) -> None:
        if self.map is not None:
            self.map.select(case_id, pan=True)

    def _key(self) -> str:
        return f"desk/{self._session.reference.me.login}/widths"

    def _keep_widths(self) -> None:
        QSettings().setValue(self._key(), self.splitter.saveState())

    def _restore_widths(self) -> None:
        kept = QSettings().value(self._key())
        if kept is None or not self.splitter.restoreState(kept):
            self.splitter.setSizes([900, 470, 396])
