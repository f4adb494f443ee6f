"""Dots without the web engine: the same small antialiased stamps as the page's, written into a picture by numpy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

RANKS = 15
CROWD_CELL = 8
CROWD_LIMIT = 9
DENSE_SHARE = 0.5


def ranks(style: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Drawing order of styles: green below red, in one grade overdue above soon above normal."""
    return np.maximum(0, 4 - (style & 7).astype(np.int64)) * 3 + np.minimum(2, (style >> 3) & 3)


def urgent(rank: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Red, orange or overdue: what a density picture still shows one by one."""
    return (rank >= 9) | (rank % 3 == 2)


def crowded(x: NDArray[np.int64], y: NDArray[np.int64]) -> bool:
    """Whether most of the points at these pixels lie where there is no room for them side by side."""
    if len(x) < 2000:
        return False
    cells, count = np.unique((y // CROWD_CELL << 32) + x // CROWD_CELL, return_counts=True)
    return int(count[count > CROWD_LIMIT].sum()) > DENSE_SHARE * len(x) and len(cells) > 0


def pixels(image: QImage) -> NDArray[np.uint32]:
    """The pixels of a 32-bit picture, writable, rows by columns."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)


@dataclass(frozen=True, slots=True)
class Stamp:
    """Pixels of one dot around its middle, premultiplied channels and what of the ground shines through."""

    dx: NDArray[np.int64]
    dy: NDArray[np.int64]
    channels: NDArray[np.uint32]  # n x 3: blue, green, red, times alpha, 0..255
    through: NDArray[np.uint32]  # 255 - alpha


def stamp(rank: int, look: Mapping[str, Any], radius: float, ratio: float) -> Stamp:
    """The dot of one rank, `radius` in device-independent pixels."""
    half = int(np.ceil((radius + 2) * 1.3 * ratio))
    image = QImage(2 * half + 1, 2 * half + 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    pen = QPainter(image)
    pen.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen.translate(half + 0.5, half + 0.5)
    pen.scale(ratio, ratio)
    rim = QColor(look["rim"])
    rim.setAlphaF(0.75 if radius > 2.5 else 0.4)
    for outline, fill in ((QPen(rim, 1.6), None), (None, QColor(look["grades"][4 - rank // 3]))):
        pen.setPen(outline or Qt.PenStyle.NoPen)
        pen.setBrush(fill or Qt.BrushStyle.NoBrush)
        _shape(pen, rank % 3, radius * (1.15 if rank >= 9 else 1.0))
    pen.end()
    raw = pixels(image).copy()
    alpha = raw >> 24
    y, x = np.nonzero(alpha > 7)
    bits = raw[y, x]
    channels = np.column_stack([bits & 255, bits >> 8 & 255, bits >> 16 & 255]).astype(np.uint32)
    return Stamp(x - half, y - half, channels, (255 - alpha[y, x]).astype(np.uint32))


def _shape(pen: QPainter, lamp: int, r: float) -> None:
    if lamp == 0:
        pen.drawEllipse(QPointF(0, 0), r * 0.92, r * 0.92)
    elif lamp == 1:
        corners = [QPointF(0, -r * 1.3), QPointF(r * 1.22, r * 0.88), QPointF(-r * 1.22, r * 0.88)]
        pen.drawPolygon(QPolygonF(corners))
    else:
        pen.drawRect(QRectF(-r, -r, 2 * r, 2 * r))


def press(ground: NDArray[np.uint32], mark: Stamp, x: NDArray[np.int64], y: NDArray[np.int64]) -> None:
    """Draw the stamp at every place; parts beyond the edge are left out."""
    height, width = ground.shape
    flat = ground.reshape(-1)
    places = np.unique(y * width + x)
    y, x = np.divmod(places, width)
    for dx, dy, colour, through in zip(
        mark.dx.tolist(), mark.dy.tolist(), mark.channels, mark.through.tolist(), strict=True
    ):
        fits = (x + dx >= 0) & (x + dx < width) & (y + dy >= 0) & (y + dy < height)
        at = places[fits] + dy * width + dx
        under = flat[at]
        mixed = [(under >> shift & 255) * through // 255 + colour[part] for part, shift in enumerate((0, 8, 16))]
        flat[at] = mixed[0] | mixed[1] << 8 | mixed[2] << 16 | np.uint32(0xFF000000)


def tint(ground: NDArray[np.uint32], x: NDArray[np.int64], y: NDArray[np.int64], colour: QColor, step: int) -> None:
    """Lay a smoothed log density of the places over the picture, in cells of `step` pixels."""
    height, width = ground.shape
    rows, columns = height // step + 3, width // step + 3
    counts = np.bincount((y // step + 1) * columns + x // step + 1, minlength=rows * columns).reshape(rows, columns)
    across = counts.copy()
    across[:, 1:-1] = counts[:, :-2] + 2 * counts[:, 1:-1] + counts[:, 2:]
    soft = across.copy()
    soft[1:-1] = across[:-2] + 2 * across[1:-1] + across[2:]
    alpha = 225 * np.log1p(soft * 3 / 16) / np.log1p(max(1, int(soft.max())) * 3 / 16)
    alpha = alpha[1:-1, 1:-1].astype(np.uint32).repeat(step, 0).repeat(step, 1)[:height, :width]
    mixed = [
        ((ground >> shift & 255) * (255 - alpha) + np.uint32(part) * alpha) // 255
        for part, shift in ((colour.blue(), 0), (colour.green(), 8), (colour.red(), 16))
    ]
    ground[:] = mixed[0] | mixed[1] << 8 | mixed[2] << 16 | np.uint32(0xFF000000)
