"""Names of places learned from cases: what several cases call a place, and where they all were."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

import numpy as np

from commandcenter.intake.gazetteer import Gazetteer
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.address import BREAK, door_after
from commandcenter.intake.place.named import ROAD, Door, Named

TOGETHER = 0.8
"""Share of the cases of a name that must lie together for it to be one place."""
ROAD_LONG = 5
"""A road reaches so many times as far from its middle as another place."""
_METRE = 1 / 111_195
"""Degrees of latitude."""
_ENDINGS = (
    ("estate", "小区|花园|家园|新城|名苑|嘉园|公寓|雅居|水岸|华庭|新村|山庄|府邸"),
    ("school", "小学|中学|高中|学校|幼儿园|学院"),
    ("hospital", "医院|卫生院|卫生室|卫生服务站"),
    ("market", "市场|超市|商场|购物中心|商城"),
    ("landmark", "公园|广场|大厦|酒店|码头|景区|浴场|车站|加油站|服务中心"),
    (ROAD, "大道|大街|路|街|巷|胡同"),
)
_NAMES = tuple((kind, re.compile(rf"(?!村)([一-龥]{{2,10}}?(?:{endings}))(?!口|段|灯)")) for kind, endings in _ENDINGS)


@dataclass(frozen=True, slots=True)
class Seen:
    """A case that is over: what it called its place, and where it was; `town` is the town's path."""

    place: str
    lon: float
    lat: float
    town: str


@dataclass(frozen=True, slots=True)
class Learned:
    """A place to add, or a road with house numbers to add to it."""

    name: str
    kind: str
    town: str
    lon: float
    lat: float
    doors: tuple[Door, ...]
    cases: int


def learn(
    seen: Iterable[Seen], known: Gazetteer, roads: Iterable[Named], *, cases: int, metres: float
) -> tuple[Learned, ...]:
    """Return what at least `cases` cases call by one name within one town, `metres` around their middle.

    A name ends as places do (小区, 学校, 路 …) and has no digits: nobody's name or telephone becomes a place. Names that the
    town has already teach nothing but house numbers. By town and name.
    """
    doors_known = {(road.path, road.name): road for road in roads}
    points: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    doors: dict[tuple[str, str], dict[int, list[tuple[float, float]]]] = {}
    for each in seen:
        kind, name, text, end = _name_in(known.rest_of(each.place))
        if not name:
            continue
        at = (each.lon, each.lat)
        points.setdefault((each.town, kind, name), []).append(at)
        if kind == ROAD and (door := door_after(text, end)):
            doors.setdefault((each.town, name), {}).setdefault(door[0], []).append(at)
    found = []
    for (town, kind, name), where in sorted(points.items()):
        road = doors_known.get((town, name))
        numbers = {
            number: _middle(own)
            for number, own in doors.get((town, name), {}).items()
            if len(own) >= cases and _together(own, metres)
        }
        if road is not None:
            numbers = {number: point for number, point in numbers.items() if number not in by_number(road.doors)}
            if not numbers:
                continue
        elif (
            known.knows(name, town)
            or len(where) < cases
            or not _together(where, metres * (ROAD_LONG if kind == ROAD else 1))
        ):
            continue
        merged = by_number(road.doors if road is not None else ()) | numbers
        lon, lat = _middle(where)
        found.append(Learned(name, kind, town, lon, lat, tuple((n, *merged[n]) for n in sorted(merged)), len(where)))
    return tuple(found)


def by_number(doors: Iterable[Door]) -> dict[int, tuple[float, float]]:
    """House number -> (lon, lat)."""
    return {number: (lon, lat) for number, lon, lat in doors}


def area_of(learned: Learned, locator: Locator, towns: dict[str, int]) -> int:
    """The id of the area a learned place lies in: a road's town, of anything else its grid, or the town outside of all."""
    found = None if learned.kind == ROAD else locator.at(learned.lon, learned.lat)
    return towns[learned.town] if found is None else found


def _name_in(text: str) -> tuple[str, str, str, int]:
    """(kind, name, the text it begins, where it ends) of the first name in a text; '' for none."""
    for part in text.split(BREAK):
        for kind, pattern in _NAMES:
            found = pattern.match(part)
            if found:
                return kind, found[1], part, found.end()
    return "", "", "", 0


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    return round(median(lon for lon, _ in points), 6), round(median(lat for _, lat in points), 6)


def _together(points: list[tuple[float, float]], metres: float) -> bool:
    lon, lat = _middle(points)
    away = np.array(points) - (lon, lat)
    away[:, 0] *= np.cos(np.radians(lat))
    return bool(np.mean(np.hypot(away[:, 0], away[:, 1]) <= metres * _METRE) >= TOGETHER)
