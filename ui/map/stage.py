"""Brings a canvas up under a map, another one where it fails, and has it show what is to be seen, now and after a loss."""

import logging
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from ui.map import shading
from ui.map.areas import outlines
from ui.map.canvas import Canvas, make_canvas
from ui.map.lines import MapLine
from ui.map.points import Points
from ui.map.shading import Tokens
from ui.map.tints import TownTints

log = logging.getLogger(__name__)


class Stage(QObject):
    """``opened(Canvas)``: a new one, before it begins; ``ready()``: it has lost everything, or never had it: `send`.

    What is said before a canvas is ready is kept for `send`; cases are not its matter.
    """

    opened = Signal(object)
    ready = Signal()

    def __init__(self, view: QWidget, points: Points, tints: TownTints, *, native: bool) -> None:
        super().__init__(view)
        self._view, self._points, self._tints, self._native = view, points, tints, native
        self.canvas: Canvas | None = None
        self._ready = False
        self.tokens: Tokens | None = None
        self._unit = 1.0
        self.lines: list[MapLine] = []
        self._layers, self._room = (True, False, True), (0, 0, 0)

    @property
    def live(self) -> Canvas | None:
        """The canvas, while it may be sent anything."""
        return self.canvas if self._ready else None

    def start(self) -> None:
        """Bring a canvas up; again does nothing."""
        if self.canvas is None:
            self.canvas = canvas = make_canvas(self._view, native=self._native)
            canvas.told.ready.connect(self._on_ready)
            canvas.told.failed.connect(self._on_failed)
            self.opened.emit(canvas)
            canvas.show()  # at once: Chromium puts a page off that nobody can see
            canvas.start()

    def close(self) -> None:
        """Let go of the canvas; again does nothing."""
        canvas, self.canvas, self._ready = self.canvas, None, False
        if canvas:
            canvas.shut()
            canvas.deleteLater()

    def send(self) -> None:
        """Everything."""
        if canvas := self.live:
            self._send_theme()
            canvas.show_areas(outlines(self._tints.areas, self._points.origin), self._points.origin)
            self._send_layers()
            self.send_fills()

    def show_theme(self, tokens: Tokens, unit: float) -> None:
        """Other colours; `unit` scales type and dots."""
        self.tokens, self._unit = tokens, unit
        self._send_theme()

    def show_lines(self, lines: list[MapLine]) -> None:
        """These lines, and no others."""
        self.lines = lines
        self._send_theme()

    def show_layers(self, points: bool, density: bool, fine: bool) -> None:
        """As `Canvas.show_layers`."""
        self._layers = (points, density, fine)
        self._send_layers()

    def show_room(self, room: tuple[int, int, int]) -> None:
        """What other widgets cover, where it is another part than before."""
        if self.live and room != self._room:
            self._room = room
            self.live.show_room(*room)

    def send_fills(self) -> None:
        """The towns' tints have changed."""
        if self.live:
            self.live.show_fills(*self._tints.fills)

    def _send_theme(self) -> None:
        if self.live and self.tokens is not None:
            look: dict[str, Any] = {**shading.look(self.tokens), "unit": self._unit}
            self.live.show_theme(look)
            self.live.show_lines([line.as_json(self._points.origin, self.tokens) for line in self.lines])

    def _send_layers(self) -> None:
        if self.live:
            points, density, fine = self._layers
            self.live.show_layers(points=points, density=density, fine=fine)

    def _on_ready(self) -> None:
        self._ready = True
        self._room = (0, 0, 0)
        self.ready.emit()

    def _on_failed(self, reason: str) -> None:
        log.error("the web map is given up: %s", reason)
        self._native = True
        QTimer.singleShot(0, self, self._swap)

    def _swap(self) -> None:
        self.close()
        self.start()
