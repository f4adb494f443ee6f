"""Where a point lies: in exactly one of the areas, also on a border between them (domain.md §2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from commandcenter.intake.place.outline import Outlined, read_outline

CHUNK = 200_000
"""Points at a time: bounds the memory of the search."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """An outline that could not be used as it was."""

    area_id: int
    path: str
    reason: str
    """What was wrong with it, in the words of the geometry library; ``no surface``: the area is left out."""


class Locator:
    """Finds the area of a point.

    Of several areas the deepest counts (a grid before its town); of equally deep ones, which touch or overlap there,
    the one with the lowest path.
    """

    def __init__(self, areas: Sequence[Outlined], surfaces: NDArray[np.object_], repaired: Sequence[Repaired]) -> None:
        """Take areas in the order of preference, each with its surface; see `of`."""
        shapely.prepare(surfaces)
        self._surfaces = surfaces
        self._tree = shapely.STRtree(surfaces)
        self.areas = tuple(areas)
        self.repaired = tuple(repaired)
        self._ids = np.array([area.id for area in areas], np.int64)

    @classmethod
    def of(cls, areas: Iterable[Outlined]) -> "Locator":
        """Make one of areas of any level; invalid rings are made valid and told in `repaired`."""
        ordered = sorted(areas, key=lambda area: (-area.path.count("."), area.path))
        kept, surfaces, repaired = [], [], []
        for area in ordered:
            try:
                found, wrong = read_outline(area.outline)
            except ValueError as error:
                repaired.append(Repaired(area.id, area.path, str(error)))
                continue
            if wrong:
                repaired.append(Repaired(area.id, area.path, wrong))
            kept.append(area)
            surfaces.append(found)
        return cls(kept, np.array(surfaces, dtype=np.object_), repaired)

    def locate(self, lon: float | None, lat: float | None) -> str | None:
        """Return the path of the area in which the point lies (degrees, WGS-84); None outside of all, or without one."""
        found = self._one(lon, lat)
        return None if found is None else found.path

    def at(self, lon: float | None, lat: float | None) -> int | None:
        """Return the same area's id."""
        found = self._one(lon, lat)
        return None if found is None else found.id

    def locate_many(self, lon: ArrayLike, lat: ArrayLike) -> list[str | None]:
        """Return the path for each point, in order; None for those outside and for NaN."""
        paths = [*(area.path for area in self.areas), None]
        return [paths[index] for index in self.search(lon, lat).tolist()]

    def ids_of(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return the area's id for each point, shape (n,); 0 for those outside."""
        found = self.search(lon, lat)
        return np.where(found < 0, 0, np.append(self._ids, 0)[found])

    def search(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.int64]:
        """Return for each point the index into `areas`, shape (n,); -1 for those outside."""
        x, y = np.asarray(lon, np.float64).ravel(), np.asarray(lat, np.float64).ravel()
        result = np.full(len(x), -1, np.int64)
        for start in range(0, len(x), CHUNK):
            part = slice(start, start + CHUNK)
            result[part] = self._search(x[part], y[part])
        return result

    def _search(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        # boxes first, then the exact test with each surface's own index: prepared, as a tree's predicate is not
        point, area = self._tree.query(shapely.points(x[known], y[known]))
        point = known[point]
        inside = shapely.intersects_xy(self._surfaces[area], x[point], y[point])
        best = np.full(len(x), len(self.areas), np.int64)
        np.minimum.at(best, point[inside], area[inside])
        return np.where(best == len(self.areas), -1, best)

    def _one(self, lon: float | None, lat: float | None) -> Outlined | None:
        if lon is None or lat is None:
            return None
        found = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self.areas[int(found.min())] if len(found) else None
