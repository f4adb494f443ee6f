"""The ground colour of every town, kept true to the cases: counted anew, tinted anew, and said to be other or the same."""

from collections.abc import Sequence

import numpy as np

from commandcenter.domain.case import Lamp
from ui.map.areas import MapArea
from ui.map.points import HIDDEN, Points
from ui.map.shading import Ground, Shade, Tokens, TownCounts, count_towns

Fills = tuple[dict[int, str], dict[int, int]]
"""Colour and number of open cases, both by town id."""


class TownTints:
    """`areas` are given; `fills` is what the canvas shows."""

    def __init__(self) -> None:
        self.areas: Sequence[MapArea] = ()
        self.fills: Fills = {}, {}
        self._ground = Ground()
        self._counts: TownCounts | None = None

    @property
    def shade(self) -> Shade:
        """The figure in use."""
        return self._ground.shade

    @property
    def limits(self) -> tuple[float, ...]:
        """The limits of its classes; none before the first tinting, or after `forget`."""
        return self._ground.limits

    def choose(self, shade: Shade) -> None:
        """Tint by another figure from now on."""
        self._ground.shade = shade
        self.forget()

    def forget(self) -> None:
        """Find new limits next time: these belonged to other cases."""
        self._ground.limits = ()

    def count(self, points: Points, *, known: bool) -> tuple[int, int, int]:
        """How many of the cases shown are open, overdue and without a place; none while they are not `known`."""
        counted = points.counted() if known and len(points.style) else np.zeros(0, np.bool_)
        style = points.style[: len(counted)]
        overdue = counted & ((style >> 3) & 3 == Lamp.OVERDUE)
        unplaced = counted & (style & HIDDEN != 0)
        self._counts = count_towns(self.areas, points.mirror.town[: len(counted)], counted, overdue)
        open_cases, late, lost = (int(np.count_nonzero(mask)) for mask in (counted, overdue, unplaced))
        return open_cases, late, lost

    def tint(self, tokens: Tokens) -> tuple[list[str], bool] | None:
        """The colours of the classes, and whether `fills` are others now; None before the first count."""
        if self._counts is None:
            return None
        fills, colours = self._ground.fill(tokens, self.areas, self._counts)
        now = (fills, dict(zip(self._counts.ids.tolist(), self._counts.open.tolist(), strict=True)))
        is_other, self.fills = now != self.fills, now
        return colours, is_other
