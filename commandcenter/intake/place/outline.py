"""Outlines of areas: polygons with holes and several parts, made valid where a ring is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from commandcenter.domain.crs import Crs, to_wgs84

DECIMALS = 7
"""Of a degree, as outlines are kept: a centimetre."""


@dataclass(frozen=True, slots=True)
class Outlined:
    """An area with its outline in WGS-84; its path says how deep it lies."""

    id: int
    path: str
    outline: Mapping[str, Any]
    """GeoJSON geometry: Polygon or MultiPolygon."""


def read_outline(outline: Mapping[str, Any]) -> tuple[BaseGeometry, str]:
    """Return (surface, what was wrong with it): rings that cross themselves are made valid; nothing wrong is ''.

    Raises ValueError for what is no surface at all.
    """
    try:
        found = shape(outline)
    except (shapely.errors.GEOSException, AttributeError, IndexError, KeyError, TypeError) as error:
        raise ValueError("not a GeoJSON geometry") from error
    return surface(found)


def surface(found: BaseGeometry) -> tuple[BaseGeometry, str]:
    """Return the polygons of a geometry, valid, and what was wrong with them. Raises ValueError where there is none."""
    wrong = "" if found.is_valid else str(shapely.is_valid_reason(found)).partition("[")[0]
    if wrong:
        found = shapely.make_valid(found, method="structure", keep_collapsed=False)
    parts = [part for part in _flat(found) if part.geom_type == "Polygon" and not part.is_empty and part.area > 0]
    if not parts:
        raise ValueError("no surface")
    return (parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)), wrong


def to_wgs84_outline(found: BaseGeometry, crs: Crs) -> BaseGeometry:
    """Return the geometry with every corner converted from `crs`."""
    if crs is Crs.WGS84:
        return found

    def moved(corners: Any) -> Any:
        lon, lat = to_wgs84(crs, corners[:, 0], corners[:, 1])
        return [*zip(lon.tolist(), lat.tolist(), strict=True)]

    return shapely.transform(shapely.force_2d(found), moved)


def as_geojson(found: BaseGeometry) -> dict[str, Any]:
    """Return the outline as it is kept: a GeoJSON geometry, coordinates to `DECIMALS`."""

    def cut(part: Any) -> Any:
        return round(part, DECIMALS) if isinstance(part, float) else [cut(each) for each in part]

    plain = mapping(shapely.force_2d(found))
    return {"type": plain["type"], "coordinates": cut(plain["coordinates"])}


def _flat(found: BaseGeometry) -> list[BaseGeometry]:
    parts = list(shapely.get_parts(found))
    return [deep for part in parts for deep in (_flat(part) if part.geom_type.startswith("Multi") else [part])]
