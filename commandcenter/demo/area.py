"""One area of the demo county: county, town, community, grid or estate."""

from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import Polygon

LEVELS = ("county", "town", "community", "grid", "estate")


@dataclass(frozen=True, slots=True)
class Area:
    """A place with an outline. Degrees are WGS-84; outlines of siblings down to the grid tile their parent."""

    id: int
    parent_id: int | None
    level: str
    """One of `LEVELS`."""
    code: str
    """Statistics code: 6 digits for the county, 9, 12, 15 for a grid, 17 for an estate."""
    name: str
    path: str
    """Two digits and a dot per level, starting with its parent's path."""
    population: int
    lon: float
    lat: float
    """Centre, always inside the outline."""
    outline: dict[str, Any]
    """GeoJSON geometry (Polygon), coordinates to 6 decimals."""
    urban: bool
    coastal: bool


def geojson(shape: BaseGeometry) -> dict[str, Any]:
    """A polygon as GeoJSON geometry with coordinates to 6 decimals."""
    if not isinstance(shape, Polygon):
        message = f"an area is one polygon, not a {shape.geom_type}"
        raise TypeError(message)
    return {
        "type": "Polygon",
        "coordinates": [
            [[round(x, 6), round(y, 6)] for x, y in ring.coords] for ring in (shape.exterior, *shape.interiors)
        ],
    }
