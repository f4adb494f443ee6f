"""The demo county's gazetteer: roads with house numbers, schools, clinics, markets and sights; names are invented."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry import shape

from commandcenter.demo.area import Area
from commandcenter.demo.chance import source
from commandcenter.demo.placenames import NAMES

ROADS_PER_TOWN = 12
DOORS = 180
"""House numbers of a road, as the demo's citizens write them."""
DOOR_STEP = 20
"""Every so many of them are known, on both sides."""
_SIDE = 0.0001
"""Degrees between the middle of a road and its houses: some ten metres."""
_SPOTS = {"schools": "school", "clinics": "hospital", "shops": "market", "halls": "landmark", "resorts": "landmark"}
"""List of names -> kind of place."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the gazetteer."""

    id: int
    name: str
    aliases: list[str]
    kind: str
    area_id: int
    lon: float
    lat: float
    doors: list[tuple[int, float, float]]
    """(house number, lon, lat), ascending; of roads only."""
    source: str = "demo"


def places(seed: int, areas: tuple[Area, ...]) -> tuple[Place, ...]:
    """The gazetteer of that county: some thirty places a town, ids 1… without gaps. The same seed, the same places."""
    found: list[Place] = []
    for town in (area for area in areas if area.level == "town"):
        rng = source(seed, f"places {town.code}")
        grids = [area for area in areas if area.level == "grid" and area.path.startswith(town.path)]
        built = [grid for grid in grids if grid.urban] or grids
        land = shape(town.outline)
        for name in rng.permutation(NAMES["roads"])[:ROADS_PER_TOWN].tolist():
            start, end = _course(rng, land, built)
            middle = start + (end - start) / 2
            found.append(
                Place(len(found) + 1, name, [], "road", town.id, *_degrees(middle), _doors(start, end)),
            )
        short = town.name.removesuffix("街道").removesuffix("镇")
        for group, kind in _SPOTS.items():
            for name in NAMES[group]:
                grid = built[int(rng.integers(len(built)))]
                point = np.array([grid.lon, grid.lat])
                found.append(
                    Place(len(found) + 1, name, [f"{short}{name}"], kind, grid.id, *_degrees(point), []),
                )
    return tuple(found)


def _course(rng: Generator, land: shapely.Geometry, built: list[Area]) -> tuple[np.ndarray, np.ndarray]:
    """Two ends of a straight road inside the town, through a settled grid: 1 to 3 km, shorter where the land ends."""
    grid = built[int(rng.integers(len(built)))]
    middle = np.array([grid.lon, grid.lat])
    angle = rng.uniform(0, np.pi)
    half = rng.uniform(0.005, 0.015) * np.array([np.cos(angle), np.sin(angle)])
    inside = shapely.LineString([middle - half, middle + half]).intersection(land.buffer(-2 * _SIDE))
    parts = [part for part in shapely.get_parts(inside) if part.geom_type == "LineString"]
    corners = shapely.get_coordinates(max(parts, key=lambda part: part.length))
    return corners[0], corners[-1]


def _doors(start: np.ndarray, end: np.ndarray) -> list[tuple[int, float, float]]:
    """Known house numbers along the road: odd ones on its left, even ones on its right."""
    along = (end - start) / np.linalg.norm(end - start)
    left = np.array([-along[1], along[0]]) * _SIDE
    numbers = [number for first in range(1, DOORS + 1, DOOR_STEP) for number in (first, first + 1)]
    numbers += [DOORS - 1, DOORS]
    return [
        (number, *_degrees(start + (end - start) * number / DOORS + (left if number % 2 else -left)))
        for number in numbers
    ]


def _degrees(point: np.ndarray) -> tuple[float, float]:
    return round(float(point[0]), 6), round(float(point[1]), 6)
