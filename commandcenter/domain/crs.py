"""Coordinate systems met in China: WGS-84 (stored; CGCS2000 is within centimetres), GCJ-02 and BD-09 (domain.md §2).

GCJ-02 (Amap, Tencent) shifts WGS-84 by 50-700 m with a published approximation; BD-09 (Baidu) shifts GCJ-02 again.
Every function takes degrees as scalars or arrays of one shape and gives float64 arrays of that shape (0-d for scalars);
NaN stays NaN. Points outside the rectangle in which the shift is applied are returned unchanged.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Points = tuple[Floats, Floats]
"""(longitudes, latitudes) in degrees."""

WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
"""The rectangle used by the map services themselves; coarser than the border."""

_AXIS: Final = 6_378_245.0  # Krasovsky 1940 ellipsoid: semi-major axis in metres and first eccentricity squared
_ECCENTRICITY: Final = 0.00669342162296594323
_BD_WAVE: Final = np.pi * 3000.0 / 180.0


class Crs(StrEnum):
    """The tag an import carries."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """Give the point as Amap and Tencent show it."""
    return _inside(_shift_gcj, lon, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> Points:
    """Find the point whose GCJ-02 image this is, to well under a millimetre (iterated)."""
    return _inside(_inverse(_shift_gcj), lon, lat)


def gcj02_to_bd09(lon: ArrayLike, lat: ArrayLike) -> Points:
    """Give the point as Baidu shows it."""
    return _inside(_shift_bd, lon, lat)


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> Points:
    """Find the point whose BD-09 image this is, to well under a millimetre (iterated)."""
    return _inside(_inverse(_shift_bd), lon, lat)


def to_wgs84(crs: Crs, lon: ArrayLike, lat: ArrayLike) -> Points:
    """Convert coordinates tagged `crs` to what we store."""
    match crs:
        case Crs.WGS84:
            return np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        case Crs.GCJ02:
            return gcj02_to_wgs84(lon, lat)
        case Crs.BD09:
            return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def from_wgs84(crs: Crs, lon: ArrayLike, lat: ArrayLike) -> Points:
    """Convert what we store to coordinates for a system that expects `crs`."""
    match crs:
        case Crs.WGS84:
            return np.asarray(lon, np.float64), np.asarray(lat, np.float64)
        case Crs.GCJ02:
            return wgs84_to_gcj02(lon, lat)
        case Crs.BD09:
            return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def _inside(shift: Callable[[Floats, Floats], Points], lon: ArrayLike, lat: ArrayLike) -> Points:
    x, y = np.asarray(lon, np.float64), np.asarray(lat, np.float64)
    moved_x, moved_y = shift(x, y)
    inside = (x >= WEST) & (x <= EAST) & (y >= SOUTH) & (y <= NORTH)
    return np.where(inside, moved_x, x), np.where(inside, moved_y, y)


def _inverse(shift: Callable[[Floats, Floats], Points]) -> Callable[[Floats, Floats], Points]:
    """Fixed-point inverse. The shifts change by under 1 % of a step, so each round gains two digits or more."""

    def back(lon: Floats, lat: Floats) -> Points:
        x, y = lon, lat
        for _ in range(4):
            image_x, image_y = shift(x, y)
            x, y = x + (lon - image_x), y + (lat - image_y)
        return x, y

    return back


def _waves(*terms: tuple[float, Floats]) -> Floats:
    """Sum of amplitude * sin(π * argument), times 2/3."""
    total = np.zeros_like(terms[0][1])
    for amplitude, argument in terms:
        total += amplitude * np.sin(np.pi * argument)
    return total * (2.0 / 3.0)


def _shift_gcj(lon: Floats, lat: Floats) -> Points:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    common = _waves((20.0, 6.0 * x), (20.0, 2.0 * x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += _waves((20.0, y), (40.0, y / 3.0), (160.0, y / 12.0), (320.0, y / 30.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += _waves((20.0, x), (40.0, x / 3.0), (150.0, x / 12.0), (300.0, x / 30.0))
    # metres to degrees on the ellipsoid: by the meridian's and the parallel's radius of curvature at this latitude
    curvature = 1.0 - _ECCENTRICITY * np.sin(np.radians(lat)) ** 2
    meridian = _AXIS * (1.0 - _ECCENTRICITY) / curvature**1.5
    parallel = _AXIS / np.sqrt(curvature) * np.cos(np.radians(lat))
    with np.errstate(divide="ignore", invalid="ignore"):  # the poles: outside the rectangle, so never used
        return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _shift_bd(lon: Floats, lat: Floats) -> Points:
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
