"""Areas as the map wants them: outlines on the Mercator plane and places where a name may stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from ui.map.points import Origin

LABEL_PLACES = 24
"""How many places a name may choose from, the middle of the area first."""


@dataclass(frozen=True, slots=True)
class MapArea:
    """A county, town, community or grid: `outline` is a GeoJSON Polygon or MultiPolygon in WGS-84, or None."""

    id: int
    name: str
    level: str
    outline: Mapping[str, Any] | None
    population: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A drawn area: `rings` are flat x,y,x,y… metres from the origin; `places` are x,y pairs for its name."""

    id: int
    name: str
    level: str
    rings: tuple[NDArray[np.float32], ...]
    places: tuple[tuple[float, float], ...]

    def as_json(self) -> dict[str, Any]:
        """The form the page reads."""
        rings = [np.round(ring, 1).astype(float).tolist() for ring in self.rings]
        return {"id": self.id, "name": self.name, "level": self.level, "rings": rings, "places": self.places}


def middle(areas: Sequence[MapArea]) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of all outlines, None where there is none."""
    shapes = [shape(area.outline) for area in areas if area.outline]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes)
    return (west + east) / 2, (south + north) / 2


def outlines(areas: Sequence[MapArea], origin: Origin) -> list[Outline]:
    """Project every area that has an outline; only towns get places for a name."""
    found = []
    for area in areas:
        if not area.outline:
            continue
        flat = shapely.transform(
            shape(area.outline), lambda at: np.column_stack([*map(np.float64, origin.relative(at[:, 0], at[:, 1]))])
        )
        parts = [part for part in shapely.get_parts(flat) if not part.is_empty]
        rings = [
            np.asarray(ring.coords, np.float32).ravel() for part in parts for ring in (part.exterior, *part.interiors)
        ]
        places = _places(max(parts, key=lambda part: part.area)) if area.level == "town" else ()
        found.append(Outline(area.id, area.name, area.level, tuple(rings), places))
    return found


def _places(polygon: shapely.Polygon) -> tuple[tuple[float, float], ...]:
    """Places well inside: the roomiest first, then a lattice ordered by distance from it."""
    circle = shapely.maximum_inscribed_circle(polygon, tolerance=200)
    x, y = circle.coords[0]
    west, south, east, north = polygon.bounds
    across, up = np.meshgrid(np.linspace(west, east, 12), np.linspace(south, north, 12))
    roomy = polygon.buffer(-circle.length * 0.35)
    inside = shapely.contains_xy(roomy, across, up)
    lattice = np.column_stack([across[inside], up[inside]])
    lattice = lattice[np.argsort(np.hypot(lattice[:, 0] - x, lattice[:, 1] - y))][: LABEL_PLACES - 1]
    return ((round(x, 1), round(y, 1)), *((round(float(a), 1), round(float(b), 1)) for a, b in lattice))
