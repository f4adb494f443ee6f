"""Where a report belongs: by its point in the grids' outlines, or by the names of places in its address (domain.md §2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import shape

_SHORTEST = 2
"""Characters of a place's name that count as a mention."""
_TOWN_ENDINGS = ("街道办事处", "街道", "镇", "乡")


@dataclass(frozen=True, slots=True)
class Place:
    """An area as far as finding it needs."""

    id: int
    level: str
    name: str
    path: str


class Locator:
    """Finds the area of a report; the longest name wins, and a name that fits several places counts for none."""

    def __init__(self, places: Iterable[Place], outlines: Mapping[int, Mapping[str, Any]]) -> None:
        """Take `outlines`: GeoJSON geometries (WGS-84) of grids, by area id."""
        self._grid_ids = list(outlines)
        self._grids = shapely.STRtree([shape(outline) for outline in outlines.values()])
        self._named: dict[str, list[Place]] = {}
        for place in places:
            if place.level in {"town", "community", "estate"}:
                for name in _names(place):
                    self._named.setdefault(name, []).append(place)
        self._lengths = sorted({len(name) for name in self._named}, reverse=True)

    def at(self, lon: float | None, lat: float | None) -> int | None:
        """The grid in which the point lies; a point on a border belongs to the first, one outside to none."""
        if lon is None or lat is None:
            return None
        found = self._grids.query(shapely.Point(lon, lat), predicate="intersects")
        return self._grid_ids[int(found.min())] if len(found) else None

    def named(self, *texts: str) -> int | None:
        """The area whose name the texts mention, the finest one; a town mentioned narrows the others down."""
        mentioned = [self._named[name] for text in texts for name in self._mentions(text)]
        towns = {place.path for places in mentioned for place in places if place.level == "town"}
        fine = []
        for places in mentioned:
            below = [
                each
                for each in places
                if each.level != "town" and (not towns or any(each.path.startswith(town) for town in towns))
            ]
            if len(below) == 1:
                fine.append(below[0])
        if fine:
            return max(fine, key=lambda place: len(place.path)).id
        known = {place.id for places in mentioned for place in places if place.level == "town"}
        return known.pop() if len(known) == 1 else None

    def _mentions(self, text: str) -> list[str]:
        found = []
        start = 0
        while start < len(text):
            name = next(
                (
                    text[start : start + length]
                    for length in self._lengths
                    if text[start : start + length] in self._named
                ),
                "",
            )
            if name:
                found.append(name)
            start += len(name) or 1
        return found


def _names(place: Place) -> list[str]:
    names = [place.name]
    if place.level == "town":
        names += [place.name.removesuffix(end) for end in _TOWN_ENDINGS if place.name.endswith(end)]
        names += [f"{place.name}办事处"] if place.name.endswith("街道") else []
    return [name for name in dict.fromkeys(names) if len(name) >= _SHORTEST]
