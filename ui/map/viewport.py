"""Which part of the county a canvas of our own shows, and how large: metres from the origin to pixels and back."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

CLOSEST = 4.0
"""Pixels per metre; nobody comes closer."""
FARTHEST = 0.001


class Viewport:
    """`scale` is in pixels per Mercator metre, `at` is where the origin lies; metres go north, pixels down."""

    def __init__(self) -> None:
        self.scale, self.at = 0.01, QPointF(0, 0)

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a place lies on the widget."""
        return QPointF(x * self.scale, -y * self.scale) + self.at

    def pixels(
        self, x: NDArray[np.float32], y: NDArray[np.float32]
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """The same for many."""
        return x * self.scale + self.at.x(), -y * self.scale + self.at.y()

    def metres(self, at: QPointF) -> tuple[float, float]:
        """Metres east and north of the origin of a place on the widget."""
        return (at.x() - self.at.x()) / self.scale, (self.at.y() - at.y()) / self.scale

    def transform(self) -> QTransform:
        """For paths in metres east and south."""
        return QTransform(self.scale, 0, 0, self.scale, self.at.x(), self.at.y())

    def move(self, by: QPointF) -> None:
        """Shift the picture."""
        self.at += by

    def zoom(self, at: QPointF, times: float) -> None:
        """Come nearer, or go away; what lies at that place stays there."""
        old = self.scale
        self.scale = min(CLOSEST, max(FARTHEST, old * times))
        self.at = at + (self.at - at) * (self.scale / old)

    def centre(self, x: float, y: float, reach: float, size: QSizeF) -> None:
        """Bring a place into the middle with `reach` metres around it."""
        self.scale = min(CLOSEST, max(FARTHEST, min(size.width(), size.height()) / (2 * reach)))
        self.at = QPointF(size.width(), size.height()) / 2 - QPointF(x, -y) * self.scale

    def fit(self, boxes: Iterable[QRectF], size: QSizeF, room: tuple[int, int, int]) -> bool:
        """Bring all boxes (metres east and south) into view, clear of what covers the left, top and bottom; False: none."""
        box = QRectF()
        for each in boxes:
            box = box.united(each)
        if box.isEmpty() or size.isEmpty():
            return False
        pad = max(12.0, min(size.width(), size.height()) * 0.035)
        whole = QRectF(QPointF(0, 0), size).adjusted(pad, pad, -pad, -pad)
        left, top, bottom = room

        def scale(free: QRectF) -> float:
            return min(free.width() / box.width(), free.height() / box.height())

        # Legend and bar lie at the left: pass beside them, or between them, whichever shows the county larger.
        if (size.width() - box.width() * scale(whole)) / 2 < left:
            whole = max(whole.adjusted(left, 0, 0, 0), whole.adjusted(0, top, 0, -bottom), key=scale)
        self.scale = max(0.0001, scale(whole))
        self.at = whole.center() - box.center() * self.scale
        return True
