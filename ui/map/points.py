"""From the mirror to what is drawn: a place and a style per slot, packed into the bytes the canvases read."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from commandcenter.live.counters import case_lamps
from commandcenter.live.mirror import Mirror

EARTH_RADIUS = 6378137.0
HIDDEN = 0x80
"""Style bit of a slot that is not drawn: freed, unplaced or filtered out. Below it: grade, and the lamp times 8."""


def mercator(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Web Mercator metres (EPSG:3857) of WGS-84 degrees; NaN stays NaN."""
    return np.radians(lon) * EARTH_RADIUS, np.arcsinh(np.tan(np.radians(lat))) * EARTH_RADIUS


class Origin:
    """The place that packed coordinates count from, so that 32-bit floats keep centimetres."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self.x = math.radians(lon) * EARTH_RADIUS
        self.y = math.asinh(math.tan(math.radians(lat))) * EARTH_RADIUS

    def relative(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Metres east and north of the origin on the Mercator plane."""
        x, y = mercator(lon, lat)
        return (x - self.x).astype(np.float32), (y - self.y).astype(np.float32)

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude (WGS-84) of a place in metres east and north of the origin."""
        return (
            math.degrees((self.x + x) / EARTH_RADIUS),
            math.degrees(math.atan(math.sinh((self.y + y) / EARTH_RADIUS))),
        )


class Points:
    """The drawn state of every slot of `mirror`. Slots are the mirror's own."""

    def __init__(self, mirror: Mirror, origin: Origin) -> None:
        self.mirror = mirror
        self.origin = origin
        self.x = np.zeros(0, np.float32)
        self.y = np.zeros(0, np.float32)
        self.style = np.zeros(0, np.uint8)
        self._chosen: NDArray[np.int64] | None = None
        self._shown = np.zeros(0, np.bool_)

    def choose(self, slots: Iterable[int] | NDArray[np.int64] | None) -> NDArray[np.int64]:
        """Show only `slots` from the next `snapshot` or `delta` on; None shows all. Returns the slots this changes."""
        before = self._shown
        self._chosen = None if slots is None else np.asarray(slots, np.int64).reshape(-1)
        self._cover(0)
        return np.flatnonzero(self._shown[: len(before)] != before[: len(self._shown)])

    def snapshot(self, now_us: int) -> bytes:
        """Everything: u32 n, f32 x[n], f32 y[n], u8 style[n]."""
        size = self.mirror.size
        self.x, self.y, self.style = np.zeros(size, np.float32), np.zeros(size, np.float32), np.zeros(size, np.uint8)
        self._cover(0)
        self._read(slice(0, size), now_us)
        head = np.array([size], np.uint32)
        return b"".join(part.tobytes() for part in (head, self.x, self.y, self.style))

    def delta(self, slots: NDArray[np.int64], now_us: int) -> bytes:
        """Only `slots`: u32 n, u32 slot[n], f32 x[n], f32 y[n], u8 style[n]."""
        grown = self.mirror.size - len(self.style)
        if grown > 0:
            self.x = np.concatenate([self.x, np.zeros(grown, np.float32)])
            self.y = np.concatenate([self.y, np.zeros(grown, np.float32)])
            self.style = np.concatenate([self.style, np.full(grown, HIDDEN, np.uint8)])
            self._cover(len(self.style))
        slots = slots[slots < len(self.style)]
        self._read(slots, now_us)
        head = np.array([len(slots)], np.uint32)
        parts = (head, slots.astype(np.uint32), self.x[slots], self.y[slots], self.style[slots])
        return b"".join(part.tobytes() for part in parts)

    def moved_lamps(self, now_us: int) -> NDArray[np.int64]:
        """The slots whose lamp is no longer the one drawn (time alone moves lamps)."""
        size = min(self.mirror.size, len(self.style))
        m = self.mirror
        now = case_lamps(m, slice(0, size), now_us)
        return np.flatnonzero(m.alive[:size] & (now != (self.style[:size] >> 3) & 3))

    def counted(self) -> NDArray[np.bool_]:
        """Which slots a count over the map includes: living and chosen, placed or not."""
        size = min(self.mirror.size, len(self._shown))
        return self.mirror.alive[:size] & self._shown[:size]

    def case_at(self, slot: int) -> int | None:
        """The case in a slot; None where there is none any more, or never was."""
        alive = 0 <= slot < self.mirror.size and bool(self.mirror.alive[slot])
        return int(self.mirror.id[slot]) if alive else None

    def cases_at(self, slots: NDArray[np.int64]) -> list[int]:
        """The cases in these slots."""
        slots = slots[slots < self.mirror.size]
        found: list[int] = self.mirror.id[slots[self.mirror.alive[slots]]].tolist()
        return found

    def words_at(self, slot: int) -> str:
        """Number, title and place of the case in a slot, a line each; '' where there is none."""
        if self.case_at(slot) is None:
            return ""
        lines = (str(self.mirror.texts[name][slot]) for name in ("number", "title", "place"))
        return "\n".join(lines).strip()

    def _cover(self, known: int) -> None:
        """Bring the shown mask to the size of the arrays; slots from `known` on are decided anew."""
        size = max(len(self.style), self.mirror.size)
        shown = np.full(size, self._chosen is None, np.bool_)
        if self._chosen is not None:
            shown[self._chosen[self._chosen < size]] = True
        if known:
            shown[: len(self._shown)] = self._shown
        self._shown = shown

    def _read(self, slots: slice | NDArray[np.int64], now_us: int) -> None:
        m = self.mirror
        lon, lat = m.lon[slots], m.lat[slots]
        placed = np.isfinite(lon) & np.isfinite(lat)
        x, y = self.origin.relative(np.where(placed, lon, 0.0), np.where(placed, lat, 0.0))
        self.x[slots], self.y[slots] = x, y
        lamp = case_lamps(m, slots, now_us)
        style = m.grade[slots] | (lamp.astype(np.uint8) << 3)
        hidden = ~(placed & m.alive[: m.size][slots] & self._shown[slots])
        self.style[slots] = np.where(hidden, style | HIDDEN, style)
