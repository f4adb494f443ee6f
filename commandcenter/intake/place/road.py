"""Where on a road a house number lies, and where two roads meet."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from commandcenter.intake.place.named import Door

MEETING = 0.0015
"""Degrees within which two roads are taken to meet: some 150 m, known house numbers stand apart."""
BEYOND = 30
"""House numbers beyond the last known one that are still taken to be near it."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on a road."""

    lon: float
    lat: float
    sure: float
    """0..1."""
    reason: str


def spot_of(number: int, doors: Sequence[Door]) -> Spot | None:
    """Return where the number stands: a known door, between two of its side of the road, or near the last known one.

    `doors` ascend by number. Even and odd numbers stand on different sides, as everywhere in China.
    """
    side = [door for door in doors if door[0] % 2 == number % 2]
    known = side if len(side) > 1 or (side and side[0][0] == number) else list(doors)
    if not known:
        return None
    at = bisect_left(known, number, key=lambda door: door[0])
    if at < len(known) and known[at][0] == number:
        return Spot(known[at][1], known[at][2], 1.0, f"门牌 {number} 号")
    if 0 < at < len(known):
        (low, x, y), (high, far_x, far_y) = known[at - 1], known[at]
        share = (number - low) / (high - low)
        reason = f"门牌 {number} 号，按 {low} 号与 {high} 号推算"
        return Spot(x + (far_x - x) * share, y + (far_y - y) * share, 0.95, reason)
    last = known[min(at, len(known) - 1)]
    sure = 0.85 if abs(number - last[0]) <= BEYOND else 0.5
    return Spot(last[1], last[2], sure, f"门牌 {number} 号，最近的已知门牌是 {last[0]} 号")


def meeting_of(one: Sequence[Door], other: Sequence[Door]) -> tuple[float, float] | None:
    """Return (lon, lat) where two roads meet by their known doors; None where they do not come near each other."""
    if len(one) < 2 or len(other) < 2:
        return None
    near, far = shapely.get_coordinates(shapely.shortest_line(_line(one), _line(other))).tolist()
    if abs(near[0] - far[0]) > MEETING or abs(near[1] - far[1]) > MEETING:
        return None
    return (near[0] + far[0]) / 2, (near[1] + far[1]) / 2


def _line(doors: Sequence[Door]) -> shapely.LineString:
    return shapely.LineString([door[1:] for door in doors])
