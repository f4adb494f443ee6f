"""The picture of a canvas of our own: ground, dots or density; and the lines and names that lie over it. Painted, not kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QTransform,
)

from ui.map import stamps
from ui.map.areas import Outline
from ui.map.dots import Dots
from ui.map.viewport import Viewport

FINE_FROM = {"community": 0.02, "grid": 0.08}
"""Pixels per metre from which finer outlines are drawn."""
LINES = {"grid": ("fine", 0.7), "community": ("fine", 1.0), "town": ("edge", 1.0), "county": ("coast", 1.3)}
"""Role and width of an outline, by its level, in drawing order."""
SIZES = ((20_000, 2.4), (5_000, 2.7), (1_200, 3.1))
"""Radius of a dot where there are more than so many in the picture."""


@dataclass
class Scene:
    """What there is to paint, as the view said it last."""

    look: Mapping[str, Any] = field(default_factory=dict)
    areas: Sequence[tuple[Outline, QPainterPath]] = ()
    fills: Mapping[int, str] = field(default_factory=dict)
    counts: Mapping[int, int] = field(default_factory=dict)
    points: bool = True
    density: bool = False
    fine: bool = True
    dots: Dots = field(default_factory=Dots)
    lines: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """What was painted: whether as density, and how large a dot is."""

    image: QImage
    dense: bool
    radius: float


def path_of(area: Outline) -> QPainterPath:
    """An outline as a path in metres east and south."""
    path = QPainterPath()
    for ring in area.rings:
        pairs = ring.reshape(-1, 2).tolist()
        path.addPolygon(QPolygonF([QPointF(x, -y) for x, y in pairs]))
        path.closeSubpath()
    return path


def paint(scene: Scene, view: Viewport, size: QSize, ratio: float) -> Picture:
    """Everything but lines, names and marks; `ratio`: device pixels per pixel of `size`."""
    image = QImage(size * ratio, QImage.Format.Format_RGB32)
    image.fill(QColor(scene.look["sea"]))
    with QPainter(image) as pen:
        pen.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(pen, scene, view, QTransform.fromScale(ratio, ratio))
    dense, radius = _paint_dots(image, scene, view, ratio) if scene.points else (False, 0.0)
    image.setDevicePixelRatio(ratio)
    return Picture(image, dense, radius)


def paint_line(pen: QPainter, line: Mapping[str, Any], look: Mapping[str, Any], view: Viewport) -> None:
    """From a unit to the place it is called to: dashed until it is there, with a mark where it checked in."""
    start, end = view.pixel(line["x1"], line["y1"]), view.pixel(line["x2"], line["y2"])
    for colour, wide in ((look["halo"], 5.0), (line["colour"], 2.2)):
        drawn = QPen(QColor(colour), wide * look["unit"])
        drawn.setCapStyle(Qt.PenCapStyle.FlatCap)
        if not line["there"]:
            drawn.setDashPattern([3.0 * 2.2 / wide, 3.0 * 2.2 / wide])
        pen.setPen(drawn)
        pen.drawLine(start, end)
    if line["there"]:
        pen.setPen(QPen(QColor(look["halo"]), 1.5 * look["unit"]))
        pen.setBrush(QColor(line["colour"]))
        pen.drawEllipse(end, 5 * look["unit"], 5 * look["unit"])
        pen.setBrush(Qt.BrushStyle.NoBrush)


def _paint_ground(pen: QPainter, scene: Scene, view: Viewport, device: QTransform) -> None:
    pen.setTransform(view.transform() * device)
    look = scene.look
    for level in ("county", "town"):
        for area, path in scene.areas:
            if area.level == level:
                fill = scene.fills.get(area.id, look["land"]) if level == "town" else look["land"]
                pen.fillPath(path, QColor(fill))
    for level, (colour, wide) in LINES.items():
        if level in FINE_FROM and not (scene.fine and view.scale >= FINE_FROM[level]):
            continue
        line = QPen(QColor(look[colour]), wide)
        line.setCosmetic(True)
        for area, path in scene.areas:
            if area.level == level:
                pen.strokePath(path, line)


def _paint_dots(image: QImage, scene: Scene, view: Viewport, ratio: float) -> tuple[bool, float]:
    """Dots, or density and the most urgent ones; which of both, and how large a dot is."""
    dots, look = scene.dots, scene.look
    x, y = (np.floor(each * ratio).astype(np.int64) for each in view.pixels(dots.x, dots.y))
    seen = dots.drawn & (x >= 0) & (y >= 0) & (x < image.width()) & (y < image.height())
    x, y, rank = x[seen], y[seen], stamps.ranks(dots.style[seen])
    ground = stamps.pixels(image)
    dense = scene.density or stamps.crowded((x / ratio).astype(np.int64), (y / ratio).astype(np.int64))
    size = 2.1 if dense else next((size for limit, size in SIZES if len(x) > limit), 3.6)
    radius = size * look["unit"]
    if dense:
        stamps.tint(ground, x, y, QColor(look["density"]), max(1, round(2 * ratio)))
        # In a density picture each small cell names only its most urgent case, so that symbols stay apart.
        step = round(2.9 * radius * ratio)
        worst = np.flatnonzero(stamps.urgent(rank))
        worst = worst[np.argsort(-rank[worst], kind="stable")]
        _, first = np.unique((y[worst] // step << 32) + x[worst] // step, return_index=True)
        x, y, rank = x[worst[first]], y[worst[first]], rank[worst[first]]
    for number in range(stamps.RANKS):
        these = rank == number
        if these.any():
            stamps.press(ground, stamps.stamp(number, look, radius, ratio), x[these], y[these])
    return dense, radius


def paint_names(pen: QPainter, scene: Scene, view: Viewport, font: QFont, *, dense: bool) -> None:
    """The names of towns; with how many cases, where dots do not say it."""
    look = scene.look
    font = QFont(font)
    font.setPixelSize(round(14 * look["unit"]))
    for area, _ in scene.areas:
        if not area.places:
            continue
        count = scene.counts.get(area.id)
        text = f"{area.name} {count:,}" if dense and count else area.name
        wide = QFontMetricsF(font).horizontalAdvance(text)
        path = QPainterPath()
        path.addText(view.pixel(*area.places[0]) - QPointF(wide / 2, -font.pixelSize() / 3), font, text)
        halo = QColor(look["halo"])
        halo.setAlphaF(0.85)
        pen.strokePath(path, QPen(halo, 3.5))
        pen.fillPath(path, QColor(look["label"]))
