"""The map on which a case is placed: a click says where, arrow keys move the pin, candidates are marked."""

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import Clock
from commandcenter.live.mirror import Mirror
from ui.map.canvas import Canvas
from ui.map.lines import MapLine
from ui.map.overlay import MARGIN
from ui.map.shading import Shade
from ui.map.view import MapView

Place = tuple[float, float]
"""Longitude and latitude, WGS-84 degrees."""
NEAR_M, WIDE_M = 1_200.0, 40_000.0
_STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_PER_DEGREE = 111_195.0


class PlaceView(MapView):
    """Painted without the web engine.

    ``pointed(lon, lat)``: where the pin was put; ``over(lon, lat)``: where the mouse is; ``taken()``: Enter on the map.
    """

    pointed = Signal(float, float)
    over = Signal(float, float)
    taken = Signal()

    def __init__(self, mirror: Mirror, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(mirror, parent, native=True, clock=clock)
        self.pin: Place | None = None
        self._marks: Sequence[Place] = ()
        self._reach = WIDE_M
        self._name = QLabel(self)
        self._name.setObjectName("mapWaiting")
        self._name.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._name.hide()
        self.bar.hide()
        self.with_legend = False
        self.set_shade(Shade.NONE)
        self.set_filter(np.zeros(0, np.int64))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_pin(self, pin: Place | None, marks: Sequence[Place] = ()) -> None:
        """Put the pin, and a lesser mark at every candidate's point."""
        self.pin, self._marks = pin, marks
        lines = [MapLine(mark, mark, there=True, late=False) for mark in marks if mark != pin]
        if pin is not None:  # a needle: told from a candidate by its shape, too
            head = (pin[0], pin[1] + self._reach * 0.12 / _PER_DEGREE)
            lines.append(MapLine(head, pin, there=True, late=True))
        self.set_lines(lines)

    def look_at(self, place: Place, reach: float) -> None:
        """Bring a place into the middle, with `reach` metres around it."""
        self._reach = reach
        if self.canvas is not None:
            x, y = self._points.origin.relative(np.array([place[0]]), np.array([place[1]]))
            self.canvas.show_place(float(x[0]), float(y[0]), reach)
        self.show_pin(self.pin, self._marks)

    def say(self, name: str) -> None:
        """Name what the mouse or the pin is on."""
        self._name.setText(name)
        self._name.setVisible(bool(name))
        self._name.adjustSize()
        self._name.move(MARGIN, MARGIN)
        self._name.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the pin (with Shift finely), + and - come nearer and go away, Enter takes the place."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self._step(*_STEPS[key], fine=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
            nearer = key != Qt.Key.Key_Minus
            reach = min(WIDE_M, max(60.0, self._reach * (0.5 if nearer else 2.0)))
            self.look_at(self.pin or self._middle(), reach)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.pin is not None:
            self.taken.emit()
        else:
            super().keyPressEvent(event)

    def _open(self, canvas: Canvas) -> None:
        super()._open(canvas)
        canvas.setFocusProxy(self)
        canvas.told.over.connect(lambda x, y: self.over.emit(*self._points.origin.degrees(x, y)))
        canvas.told.pointed.connect(lambda x, y: self._put(*self._points.origin.degrees(x, y)))

    def _step(self, east: int, north: int, *, fine: bool) -> None:
        lon, lat = self.pin or self._middle()
        metres = self._reach * (0.01 if fine else 0.08)
        self._put(lon + east * metres / (_PER_DEGREE * math.cos(math.radians(lat))), lat + north * metres / _PER_DEGREE)

    def _put(self, lon: float, lat: float) -> None:
        self.show_pin((lon, lat), self._marks)
        self.pointed.emit(lon, lat)

    def _middle(self) -> Place:
        return self._points.origin.lon, self._points.origin.lat
