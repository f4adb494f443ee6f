"""The canvas without the web engine: the same bytes and signals, painted by Qt and numpy. Kept simple."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from ui.map import stamps
from ui.map.areas import Outline
from ui.map.canvas import Canvas
from ui.map.points import HIDDEN, Origin

FINE_FROM = {"community": 0.02, "grid": 0.08}
"""Pixels per metre from which finer outlines are drawn."""
CLOSEST = 4.0


class NativeCanvas(Canvas):
    """See `Canvas`. The view is `_scale` (pixels per Mercator metre) and `_at` (where the origin lies)."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._look: Mapping[str, Any] = {}
        self._areas: list[tuple[Outline, QPainterPath]] = []
        self._fills: Mapping[int, str] = {}
        self._counts: Mapping[int, int] = {}
        self._show = {"points": True, "density": False, "fine": True}
        self._x = self._y = np.zeros(0, np.float32)
        self._style = np.zeros(0, np.uint8)
        self._chosen = self._under = -1
        self._scale, self._at = 0.01, QPointF(0, 0)
        self._fitted = True
        self._room = 0, 0, 0
        self._lines: Sequence[Mapping[str, Any]] = ()
        self._sequence = self._told = 0
        self._dense = self._crowded = False
        self._cost = 0.0
        self._radius = 3.0
        self._picture: QImage | None = None
        self._press: QPointF | None = None
        self._last = QPointF()
        self._box: QRectF | None = None

    # What the view sends.

    def start(self) -> None:
        QTimer.singleShot(0, self, self.told.ready.emit)

    def show_theme(self, look: Mapping[str, Any]) -> None:
        self._look = look
        self._redraw()

    def show_areas(self, areas: Sequence[Outline], _origin: Origin) -> None:
        self._areas = [(area, _path(area)) for area in areas]
        self.fit()

    def show_fills(self, fills: Mapping[int, str], counts: Mapping[int, int]) -> None:
        self._fills, self._counts = fills, counts
        self._redraw()

    def show_layers(self, *, points: bool, density: bool, fine: bool) -> None:
        self._show = {"points": points, "density": density, "fine": fine}
        self._redraw()

    def show_room(self, left: int, top: int, bottom: int) -> None:
        self._room = left, top, bottom

    def load(self, sequence: int, snapshot: bytes) -> None:
        count = int(np.frombuffer(snapshot, np.uint32, 1)[0])
        self._x = np.frombuffer(snapshot, np.float32, count, 4).copy()
        self._y = np.frombuffer(snapshot, np.float32, count, 4 + 4 * count).copy()
        self._style = np.frombuffer(snapshot, np.uint8, count, 4 + 8 * count).copy()
        self._sequence = sequence
        self._redraw()

    def change(self, sequence: int, delta: bytes) -> None:
        count = int(np.frombuffer(delta, np.uint32, 1)[0])
        slots = np.frombuffer(delta, np.uint32, count, 4)
        grown = int(slots.max(initial=0)) + 1 - len(self._style)
        if grown > 0:
            more = np.zeros(grown, np.float32)
            self._x, self._y = np.concatenate([self._x, more]), np.concatenate([self._y, more])
            self._style = np.concatenate([self._style, np.full(grown, HIDDEN, np.uint8)])
        self._x[slots] = np.frombuffer(delta, np.float32, count, 4 + 4 * count)
        self._y[slots] = np.frombuffer(delta, np.float32, count, 4 + 8 * count)
        self._style[slots] = np.frombuffer(delta, np.uint8, count, 4 + 12 * count)
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
        self._lines = lines
        self.update()

    def show_place(self, x: float, y: float, reach: float) -> None:
        self._scale = min(CLOSEST, max(0.001, min(self.width(), self.height()) / (2 * reach)))
        self._at = QPointF(self.rect().center()) - QPointF(x, -y) * self._scale
        self._fitted = False
        self._redraw()

    def fit(self) -> None:
        box = QRectF()
        for _, path in self._areas:
            box = box.united(path.boundingRect())
        if box.isEmpty() or not self.width() or not self.height():
            return
        pad = max(12.0, min(self.width(), self.height()) * 0.035)
        whole = QRectF(self.rect()).adjusted(pad, pad, -pad, -pad)
        left, top, bottom = self._room

        def scale(room: QRectF) -> float:
            return min(room.width() / box.width(), room.height() / box.height())

        # Legend and bar lie at the left: pass beside them, or between them, whichever shows the county larger.
        if (self.width() - box.width() * scale(whole)) / 2 < left:
            whole = max(whole.adjusted(left, 0, 0, 0), whole.adjusted(0, top, 0, -bottom), key=scale)
        self._scale = max(0.0001, scale(whole))
        self._at = whole.center() - box.center() * self._scale
        self._fitted = True
        self._redraw()

    def shut(self) -> None:
        self.told.blockSignals(True)

    # Painting.

    def _redraw(self) -> None:
        self._picture = None
        self.update()

    def _drawn(self, slot: int) -> bool:
        return 0 <= slot < len(self._style) and not self._style[slot] & HIDDEN and self._show["points"]

    def _pixel(self, slot: int) -> QPointF:
        return QPointF(float(self._x[slot]) * self._scale, -float(self._y[slot]) * self._scale) + self._at

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._look:
            return
        if self._picture is None:
            clock = QElapsedTimer()
            clock.start()
            self._picture = self._draw()
            self._cost = clock.nsecsElapsed() / 1e6
        pen = QPainter(self)
        pen.drawImage(0, 0, self._picture)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self._look["unit"]
        for line in self._lines:
            self._draw_line(pen, line, unit)
        if self._drawn(self._chosen):
            at = self._pixel(self._chosen)
            for role, wide in (("halo", 6.0), ("ring", 2.5)):
                pen.setPen(QPen(QColor(self._look[role]), wide * unit))
                pen.drawEllipse(at, 11 * unit, 11 * unit)
        if self._box:
            colour = QColor(self._look["ring"])
            pen.setPen(QPen(colour, 1.5))
            colour.setAlpha(34)
            pen.fillRect(self._box, colour)
            pen.drawRect(self._box)
        pen.end()
        crowded = self._dense and self._show["points"]
        if crowded != self._crowded:
            self._crowded = crowded
            QTimer.singleShot(0, self, lambda: self.told.crowded.emit(crowded))
        if self._sequence != self._told:
            self._told = self._sequence
            QTimer.singleShot(0, self, lambda at=self._sequence: self.told.painted.emit(at, self._cost))

    def _draw(self) -> QImage:
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_RGB32)
        image.fill(QColor(self._look["sea"]))
        pen = QPainter(image)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(pen, QTransform.fromScale(ratio, ratio))
        pen.end()
        if self._show["points"]:
            self._draw_points(image, ratio)
        image.setDevicePixelRatio(ratio)
        pen = QPainter(image)
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_names(pen)
        pen.end()
        return image

    def _draw_line(self, pen: QPainter, line: Mapping[str, Any], unit: float) -> None:
        """From a unit to the place it is called to: dashed until it is there, with a mark where it checked in."""
        start, end = (
            QPointF(line[x] * self._scale, -line[y] * self._scale) + self._at for x, y in (("x1", "y1"), ("x2", "y2"))
        )
        for colour, wide in ((self._look["halo"], 5.0), (line["colour"], 2.2)):
            drawn = QPen(QColor(colour), wide * unit)
            drawn.setCapStyle(Qt.PenCapStyle.FlatCap)
            if not line["there"]:
                drawn.setDashPattern([3.0 * 2.2 / wide, 3.0 * 2.2 / wide])
            pen.setPen(drawn)
            pen.drawLine(start, end)
        if line["there"]:
            pen.setPen(QPen(QColor(self._look["halo"]), 1.5 * unit))
            pen.setBrush(QColor(line["colour"]))
            pen.drawEllipse(end, 5 * unit, 5 * unit)
            pen.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_ground(self, pen: QPainter, device: QTransform) -> None:
        view = QTransform(self._scale, 0, 0, self._scale, self._at.x(), self._at.y())
        pen.setTransform(view * device)
        lines = {"grid": ("fine", 0.7), "community": ("fine", 1.0), "town": ("edge", 1.0), "county": ("coast", 1.3)}
        for level in ("county", "town"):
            for area, path in self._areas:
                if area.level == level:
                    fill = self._fills.get(area.id, self._look["land"]) if level == "town" else self._look["land"]
                    pen.fillPath(path, QColor(fill))
        for level, (colour, wide) in lines.items():
            if level in FINE_FROM and not (self._show["fine"] and self._scale >= FINE_FROM[level]):
                continue
            line = QPen(QColor(self._look[colour]), wide)
            line.setCosmetic(True)
            for area, path in self._areas:
                if area.level == level:
                    pen.strokePath(path, line)

    def _draw_points(self, image: QImage, ratio: float) -> None:
        x = np.floor((self._x * self._scale + self._at.x()) * ratio).astype(np.int64)
        y = np.floor((-self._y * self._scale + self._at.y()) * ratio).astype(np.int64)
        seen = (self._style & HIDDEN == 0) & (x >= 0) & (y >= 0) & (x < image.width()) & (y < image.height())
        x, y, rank = x[seen], y[seen], stamps.ranks(self._style[seen])
        ground = stamps.pixels(image)
        self._dense = self._show["density"] or stamps.crowded(
            (x / ratio).astype(np.int64), (y / ratio).astype(np.int64)
        )
        sizes = ((20_000, 2.4), (5_000, 2.7), (1_200, 3.1))
        size = 2.1 if self._dense else next((size for limit, size in sizes if len(x) > limit), 3.6)
        self._radius = size * self._look["unit"]
        if self._dense:
            stamps.tint(ground, x, y, QColor(self._look["density"]), max(1, round(2 * ratio)))
            # In a density picture each small cell names only its most urgent case, so that symbols stay apart.
            step = round(2.9 * self._radius * ratio)
            worst = np.flatnonzero(stamps.urgent(rank))
            worst = worst[np.argsort(-rank[worst], kind="stable")]
            _, first = np.unique((y[worst] // step << 32) + x[worst] // step, return_index=True)
            x, y, rank = x[worst[first]], y[worst[first]], rank[worst[first]]
        for number in range(stamps.RANKS):
            these = rank == number
            if these.any():
                stamps.press(ground, stamps.stamp(number, self._look, self._radius, ratio), x[these], y[these])

    def _draw_names(self, pen: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(round(13 * self._look["unit"]))
        for area, _ in self._areas:
            if not area.places:
                continue
            count = self._counts.get(area.id)
            text = f"{area.name} {count:,}" if self._dense and count else area.name
            at = QPointF(area.places[0][0] * self._scale, -area.places[0][1] * self._scale) + self._at
            path = QPainterPath()
            path.addText(
                at - QPointF(QFontMetricsF(font).horizontalAdvance(text) / 2, -font.pixelSize() / 3), font, text
            )
            halo = QColor(self._look["halo"])
            halo.setAlphaF(0.85)
            pen.strokePath(path, QPen(halo, 3.5))
            pen.fillPath(path, QColor(self._look["label"]))

    # Pointing.

    def _metres(self, at: QPointF) -> tuple[float, float]:
        """Metres east and north of the origin of a place on the widget."""
        return (at.x() - self._at.x()) / self._scale, (self._at.y() - at.y()) / self._scale

    def _find(self, at: QPointF) -> int:
        if not self._show["points"]:
            return -1
        dx = self._x * self._scale + self._at.x() - at.x()
        dy = -self._y * self._scale + self._at.y() - at.y()
        far = np.where(self._style & HIDDEN, np.inf, np.hypot(dx, dy))
        close = np.flatnonzero(far <= self._radius + 5)
        if not len(close):
            return -1
        under = close[far[close] <= self._radius + 1.5]
        if not len(under):
            return int(close[np.argmin(far[close])])
        return int(under[np.lexsort((far[under], -stamps.ranks(self._style[under])))[0]])

    def _move(self, by: QPointF) -> None:
        self._at += by
        self._fitted = False
        self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._press = self._last = event.position()
            boxing = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._box = QRectF(self._press, self._press) if boxing else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        self.told.over.emit(*self._metres(at))
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
        if box is not None and box.width() >= 3 and box.height() >= 3 and self._show["points"]:
            x = self._x * self._scale + self._at.x()
            y = -self._y * self._scale + self._at.y()
            held = (x >= box.left()) & (x <= box.right()) & (y >= box.top()) & (y <= box.bottom())
            self.told.boxed.emit(np.flatnonzero(held & (self._style & HIDDEN == 0)))
        elif press is not None and box is None and self._last == press:
            at = event.position()
            slot = self._find(at)
            if slot >= 0:
                self.told.clicked.emit(slot)
            self.told.pointed.emit(*self._metres(at))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, slot: int) -> None:
        if slot != self._under:
            self._under = slot
            self.setCursor(Qt.CursorShape.ArrowCursor if slot < 0 else Qt.CursorShape.PointingHandCursor)
            self.told.hovered.emit(slot)

    def wheelEvent(self, event: QWheelEvent) -> None:
        old = self._scale
        self._scale = min(CLOSEST, max(0.001, old * 2 ** (event.angleDelta().y() / 240)))
        self._at = event.position() + (self._at - event.position()) * (self._scale / old)
        self._fitted = False
        self._redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self._redraw()


def _path(area: Outline) -> QPainterPath:
    path = QPainterPath()
    for ring in area.rings:
        pairs = ring.reshape(-1, 2).tolist()
        path.addPolygon(QPolygonF([QPointF(x, -y) for x, y in pairs]))
        path.closeSubpath()
    return path
