"""Where in the county a case lies: a weighted choice of grid, then an estate or a settled spot, then a point in it."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry import shape

from commandcenter.demo.area import Area
from commandcenter.demo.rhythm import Ints

Floats = NDArray[np.float64]
SETTINGS = "全城村海"
AT_HOME = 0.82
"""Share of the cases that lie where people live; the rest lies anywhere in the grid."""


@dataclass(frozen=True)
class Sites:
    """Arrays over grids (g), estates (e) and over triangles (t) of all shapes. Triangles are exact: no rejection."""

    grids: tuple[Area, ...]
    estates: tuple[Area, ...]
    town: Ints
    """Town's area id per grid."""
    chances: Floats
    """Shape (settings, grids): cumulative weight, the last column is 1."""
    first_estate: Ints
    """Index into `estates` of a grid's first estate; estates of a grid follow one another."""
    estate_count: Ints
    corners: Floats
    """Shape (t, 3, 2)."""
    reach: Floats
    """Cumulative area share of the triangles plus the index of their shape, so that one search finds both."""

    @classmethod
    def of(cls, areas: tuple[Area, ...]) -> "Sites":
        """The sites of the county; shapes are numbered: settled parts of grids, whole grids, estates."""
        grids = tuple(area for area in areas if area.level == "grid")
        estates = tuple(area for area in areas if area.level == "estate")
        by_id = {area.id: area for area in areas}
        position = {area.id: index for index, area in enumerate(grids)}
        count, first = np.zeros(len(grids), np.int64), np.zeros(len(grids), np.int64)
        for index, estate in enumerate(estates):
            grid = position[estate.parent_id or 0]
            first[grid] = index if not count[grid] else first[grid]
            count[grid] += 1
        town = np.array([by_id[by_id[grid.parent_id or 0].parent_id or 0].id for grid in grids])
        whole = [shape(grid.outline) for grid in grids]
        settled = [
            land.intersection(shapely.Point(grid.lon, grid.lat).buffer(0.0035, quad_segs=3))
            for land, grid in zip(whole, grids, strict=True)
        ]
        corners, reach = _triangles([*settled, *whole, *(shape(estate.outline) for estate in estates)])
        people = np.array([grid.population for grid in grids], np.float64)
        urban = np.array([grid.urban for grid in grids])
        coastal = np.array([grid.coastal for grid in grids])
        weights = people * np.array([np.where(urban, 1.2, 0.8), urban, ~urban, coastal * np.where(urban, 0.4, 1.0)])
        chances = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        return cls(grids, estates, town, chances, first, count, corners, reach)

    def choose(self, rng: Generator, setting: Ints, at_home: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """(grid index, estate index or -1) per case; an estate only where `at_home` and the grid has one."""
        share = rng.random(len(setting))
        grid = np.zeros(len(setting), np.int64)
        for number, chance in enumerate(self.chances):
            chosen = setting == number
            grid[chosen] = np.searchsorted(chance, share[chosen], side="right").clip(max=len(chance) - 1)
        pick = (rng.random(len(setting)) * self.estate_count[grid]).astype(np.int64)
        return grid, np.where(at_home & (self.estate_count[grid] > 0), self.first_estate[grid] + pick, -1)

    def points(self, rng: Generator, grid: Ints, estate: Ints) -> Floats:
        """A point per case, shape (n, 2), strictly inside its estate, or else its grid."""
        settled = np.where(rng.random(len(grid)) < AT_HOME, grid, grid + len(self.grids))
        number = np.where(estate >= 0, estate + 2 * len(self.grids), settled)
        triangle = np.searchsorted(self.reach, number + rng.random(len(grid)), side="right")
        a, b, c = (self.corners[triangle, corner] for corner in range(3))
        u, v = np.sqrt(rng.random((len(grid), 1))), rng.random((len(grid), 1))
        u, v = 0.002 + 0.996 * u, 0.002 + 0.996 * v
        points: Floats = (1 - u) * a + u * (1 - v) * b + u * v * c
        return points

    def area(self, grid: Ints, estate: Ints) -> Ints:
        """The finest area's id per case."""
        grid_ids = np.array([area.id for area in self.grids])
        estate_ids = np.array([area.id for area in self.estates])
        return np.where(estate >= 0, estate_ids[estate], grid_ids[grid])


def _triangles(shapes: list[shapely.Geometry]) -> tuple[Floats, Floats]:
    fans = shapely.constrained_delaunay_triangles(np.array(shapes))
    triangles, owner = shapely.get_parts(fans, return_index=True)
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)[:, :3]
    area = shapely.area(triangles)
    running = np.cumsum(area)
    totals = np.bincount(owner, area)
    before = np.concatenate([[0.0], np.cumsum(totals)[:-1]])
    reach = owner + (running - before[owner]) / totals[owner]
    last = np.append(owner[1:] != owner[:-1], values=True)
    reach[last] = owner[last] + 1.0
    return corners, reach
