"""The canvas without the web engine: the same bytes and signals, painted by Qt and numpy. Kept simple."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSizeF, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.map import stamps
from ui.map.areas import Outline
from ui.map.canvas import Canvas
from ui.map.picture import Picture, Scene, paint, paint_line, paint_names, path_of
from ui.map.points import Origin
from ui.map.viewport import Viewport


class NativeCanvas(Canvas):
    """See `Canvas`. The picture is painted once for a scene and a view; lines, names, the ring and the box lie over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._scene = Scene()
        self._view = Viewport()
        self._picture: Picture | None = None
        self._fitted = True
        self._room = 0, 0, 0
        self._chosen = self._under = -1
        self._sequence = self._told = 0
        self._crowded = False
        self._radius, self._cost = 3.0, 0.0
        self._press: QPointF | None = None
        self._last = QPointF()
        self._box: QRectF | None = None

    # What the view sends.

    def start(self) -> None:
        QTimer.singleShot(0, self, self.told.ready.emit)

    def show_theme(self, look: Mapping[str, Any]) -> None:
        self._scene.look = look
        self._redraw()

    def show_areas(self, areas: Sequence[Outline], _origin: Origin) -> None:
        self._scene.areas = [(area, path_of(area)) for area in areas]
        self.fit()

    def show_fills(self, fills: Mapping[int, str], counts: Mapping[int, int]) -> None:
        self._scene.fills, self._scene.counts = fills, counts
        self._redraw()

    def show_layers(self, *, points: bool, density: bool, fine: bool) -> None:
        self._scene.points, self._scene.density, self._scene.fine = points, density, fine
        self._redraw()

    def show_room(self, left: int, top: int, bottom: int) -> None:
        self._room = left, top, bottom

    def load(self, sequence: int, snapshot: bytes) -> None:
        self._scene.dots.load(snapshot)
        self._sequence = sequence
        self._redraw()

    def change(self, sequence: int, delta: bytes) -> None:
        self._scene.dots.change(delta)
        self._sequence = sequence
        self._redraw()

    def choose(self, slot: int, *, pan: bool) -> None:
        self._chosen = slot
        if pan and self._drawn(slot):
            at = self._pixel(slot)
            calm = QRectF(self.rect()).adjusted(
                *(side * f for f in (0.08, -0.08) for side in (self.width(), self.height()))
            )
            if not calm.contains(at):
                self._move(QPointF(self.rect().center()) - at)
        self.update()

    def show_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._scene.lines = lines
        self.update()

    def show_place(self, x: float, y: float, reach: float) -> None:
        self._view.centre(x, y, reach, QSizeF(self.size()))
        self._fitted = False
        self._redraw()

    def fit(self) -> None:
        boxes = (path.boundingRect() for _, path in self._scene.areas)
        if self._view.fit(boxes, QSizeF(self.size()), self._room):
            self._fitted = True
            self._redraw()

    def shut(self) -> None:
        self.told.blockSignals(True)

    # Painting.

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _drawn(self, slot: int) -> bool:
        return self._scene.points and self._scene.dots.has(slot)

    def _pixel(self, slot: int) -> QPointF:
        return self._view.pixel(float(self._scene.dots.x[slot]), float(self._scene.dots.y[slot]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = self._scene.look
        if not look:
            return
        if self._picture is None:
            clock = QElapsedTimer()
            clock.start()
            self._picture = paint(self._scene, self._view, self.size(), self.devicePixelRatioF())
            self._radius, self._cost = self._picture.radius, clock.nsecsElapsed() / 1e6
        pen = QPainter(self)
        pen.drawImage(0, 0, self._picture.image)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        for line in self._scene.lines:
            paint_line(pen, line, look, self._view)
        paint_names(pen, self._scene, self._view, self.font(), dense=self._picture.dense)
        if self._drawn(self._chosen):
            at, unit = self._pixel(self._chosen), look["unit"]
            for role, wide in (("halo", 6.0), ("ring", 2.5)):
                pen.setPen(QPen(QColor(look[role]), wide * unit))
                pen.drawEllipse(at, 11 * unit, 11 * unit)
        if self._box:
            colour = QColor(look["ring"])
            pen.setPen(QPen(colour, 1.5))
            colour.setAlpha(34)
            pen.fillRect(self._box, colour)
            pen.drawRect(self._box)
        pen.end()
        self._tell(dense=self._picture.dense)

    def _tell(self, *, dense: bool) -> None:
        """Say what is in the picture now, after the painting."""
        if dense != self._crowded:
            self._crowded = dense
            QTimer.singleShot(0, self, lambda: self.told.crowded.emit(dense))
        if self._sequence != self._told:
            self._told = self._sequence
            QTimer.singleShot(0, self, lambda at=self._sequence: self.told.painted.emit(at, self._cost))

    # Pointing.

    def _find(self, at: QPointF) -> int:
        """The slot under a place or close by, of several the most urgent; -1 for none."""
        if not self._scene.points:
            return -1
        dots, radius = self._scene.dots, self._radius
        x, y = self._view.pixels(dots.x, dots.y)
        far = np.where(dots.drawn, np.hypot(x - at.x(), y - at.y()), np.inf)
        close = np.flatnonzero(far <= radius + 5)
        if not len(close):
            return -1
        under = close[far[close] <= radius + 1.5]
        if not len(under):
            return int(close[np.argmin(far[close])])
        return int(under[np.lexsort((far[under], -stamps.ranks(dots.style[under])))[0]])

    def _move(self, by: QPointF) -> None:
        self._view.move(by)
        self._fitted = False
        self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = self._last = event.position()
            boxing = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._box = QRectF(self._press, self._press) if boxing else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.told.over.emit(*self._view.metres(at))
        if self._press is None:
            self._hover(self._find(at))
        elif self._box is not None:
            self._box = QRectF(self._press, at).normalized()
            self.update()
        elif (at - self._press).manhattanLength() > 3 or self._last != self._press:
            self._move(at - self._last)
            self._last = at

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        press, box = self._press, self._box
        self._press = self._box = None
        self.update()
        if box is not None and box.width() >= 3 and box.height() >= 3 and self._scene.points:
            x, y = self._view.pixels(self._scene.dots.x, self._scene.dots.y)
            held = (x >= box.left()) & (x <= box.right()) & (y >= box.top()) & (y <= box.bottom())
            self.told.boxed.emit(np.flatnonzero(held & self._scene.dots.drawn))
        elif press is not None and box is None and self._last == press:
            at = event.position()
            slot = self._find(at)
            if slot >= 0:
                self.told.clicked.emit(slot)
            self.told.pointed.emit(*self._view.metres(at))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, slot: int) -> None:
        if slot != self._under:
            self._under = slot
            self.setCursor(Qt.CursorShape.ArrowCursor if slot < 0 else Qt.CursorShape.PointingHandCursor)
            self.told.hovered.emit(slot)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._view.zoom(event.position(), 2 ** (event.angleDelta().y() / 240))
        self._fitted = False
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self._redraw()
