"""The canvas in the web engine: our folium page, fed through the scheme, answering over a web channel."""

import json
import logging
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import delete

from ui.map.areas import Outline
from ui.map.canvas import Canvas, CanvasSignals
from ui.map.points import Origin
from ui.map.scheme import NAME, PAGE, SchemeHandler, register_scheme

log = logging.getLogger(__name__)

LOSSES_ALLOWED = 3
"""How often the renderer may die before the map gives the web engine up."""


class _Desk(QObject):
    """What the page may call."""

    def __init__(self, told: CanvasSignals, parent: QObject) -> None:
        super().__init__(parent)
        self._told = told

    @Slot()
    def ready(self) -> None:
        self._told.ready.emit()

    @Slot(int, float)
    def painted(self, sequence: int, milliseconds: float) -> None:
        self._told.painted.emit(sequence, milliseconds)

    @Slot(bool)
    def crowded(self, on: bool) -> None:
        self._told.crowded.emit(on)

    @Slot(int)
    def clicked(self, slot: int) -> None:
        self._told.clicked.emit(slot)

    @Slot(str)
    def boxed(self, slots: str) -> None:
        self._told.boxed.emit(np.array(slots.split(",") if slots else [], np.int64))

    @Slot(int)
    def hovered(self, slot: int) -> None:
        self._told.hovered.emit(slot)


class _PageBuilder(QObject):
    """Imports folium (most of a second) and builds the page beside the event loop, while the web engine comes up."""

    built = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.html = ""
        self._thread = threading.Thread(target=self._build, name="map-page")

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        if self._thread.is_alive():
            self._thread.join()

    def _build(self) -> None:
        from ui.map.page import page_html

        self.html = page_html()
        self.built.emit()


class _Page(QWebEnginePage):
    """Never leaves our own scheme; what its console says goes to the log."""

    def acceptNavigationRequest(
        self, url: QUrl | str, kind: QWebEnginePage.NavigationType, is_main_frame: bool
    ) -> bool:
        return QUrl(url).scheme() == NAME.decode()

    def javaScriptConsoleMessage(
        self, level: QWebEnginePage.JavaScriptConsoleMessageLevel, message: str, line: int, source: str
    ) -> None:
        worst = QWebEnginePage.JavaScriptConsoleMessageLevel.ErrorMessageLevel
        log.log(logging.ERROR if level == worst else logging.INFO, "map page: %s (%s:%d)", message, source, line)


class WebCanvas(Canvas):
    """See `Canvas`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        register_scheme()
        self._losses = 0
        self._builder = _PageBuilder(self)
        self._builder.built.connect(self._load, Qt.ConnectionType.QueuedConnection)
        self._profile = QWebEngineProfile(self)  # off the record: keeps nothing on disk
        self.scheme = SchemeHandler(lambda: self._builder.html, self)
        self._profile.installUrlSchemeHandler(NAME, self.scheme)
        self.page = _Page(self._profile, self)
        self._channel = QWebChannel(self)
        self._channel.registerObject("desk", _Desk(self.told, self))
        self.page.setWebChannel(self._channel)
        self.page.renderProcessTerminated.connect(self._lost)
        self.view = QWebEngineView(self)
        self.view.setPage(self.page)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusProxy(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)

    def start(self) -> None:
        self._builder.start()

    @Slot()
    def _load(self) -> None:
        self.scheme.forget()
        self.page.load(PAGE)

    def show_theme(self, look: Mapping[str, Any]) -> None:
        self.page.setBackgroundColor(QColor(look["sea"]))
        self._run("theme", dict(look))

    def show_areas(self, areas: Sequence[Outline], origin: Origin) -> None:
        data = json.dumps([area.as_json() for area in areas], ensure_ascii=False).encode()
        self._run("areas", self.scheme.publish(data), {"lon": origin.lon, "lat": origin.lat})

    def show_fills(self, fills: Mapping[int, str], counts: Mapping[int, int]) -> None:
        self._run("fills", dict(fills), dict(counts))

    def show_layers(self, *, points: bool, density: bool, fine: bool) -> None:
        self._run("layers", {"points": points, "density": density, "fine": fine})

    def show_room(self, left: int, top: int, bottom: int) -> None:
        self._run("room", {"left": left, "top": top, "bottom": bottom})

    def load(self, sequence: int, snapshot: bytes) -> None:
        self._run("load", self.scheme.publish(snapshot), sequence)

    def change(self, sequence: int, delta: bytes) -> None:
        self._run("delta", self.scheme.publish(delta), sequence)

    def choose(self, slot: int, *, pan: bool) -> None:
        self._run("select", slot, pan)

    def show_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._run("lines", [dict(line) for line in lines])

    def fit(self) -> None:
        self._run("fit")

    def shut(self) -> None:
        """Delete the page before its profile: Qt warns otherwise."""
        self.told.blockSignals(True)
        self._builder.built.disconnect(self._load)
        self._builder.wait()
        self.page.renderProcessTerminated.disconnect(self._lost)
        delete(self.view)
        delete(self.page)
        delete(self.scheme)
        delete(self._profile)

    def _run(self, name: str, *arguments: object) -> None:
        spoken = ",".join(json.dumps(argument, ensure_ascii=False) for argument in arguments)
        self.page.runJavaScript(f"cases.{name}({spoken})")

    def _lost(self, status: QWebEnginePage.RenderProcessTerminationStatus, code: int) -> None:
        log.error("the map's renderer ended: %s, code %d", status.name, code)
        self._losses += 1
        if self._losses > LOSSES_ALLOWED:
            self.told.failed.emit("renderer ended too often")
        else:
            QTimer.singleShot(500, self, self._load)
