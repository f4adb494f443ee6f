"""Coordinates as other systems write them: swapped, in degrees and minutes, in one cell, in GCJ-02 or BD-09."""

import json
import math
import re
from collections.abc import Sequence

import numpy as np

from commandcenter.domain.crs import Crs, to_wgs84
from commandcenter.intake.value import Cell, narrow

Point = tuple[float, float]
"""(longitude, latitude) in degrees."""

_DEGREES = re.compile(
    r"(\d{1,3})\s*[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*[′'分]\s*)?(?:(\d{1,2}(?:\.\d+)?)\s*(?:[\"秒]|′′|'')\s*)?"
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?")
_HALVES = {"lng": "lon", "lon": "lon", "longitude": "lon", "lat": "lat", "latitude": "lat"}
_CHINA_EAST, _CHINA_NORTH = (73.0, 136.0), (3.0, 54.0)


def read_point(lon: Cell, lat: Cell) -> tuple[Point | None, str]:
    """Return (point or None, note): swapped coordinates are put right, impossible ones dropped, both with a note."""
    x, y = _degrees(lon), _degrees(lat)
    if x is None or y is None:
        blank = _blank(lon) + _blank(lat)
        return None, ("坐标不是数字，已略去", "坐标只有一半，已略去", "")[blank]
    if x == 0 or y == 0:
        return None, "坐标为零，已略去"
    if _within(y, _CHINA_EAST) and _within(x, _CHINA_NORTH):
        return (y, x), "经纬度写反了，已对调"
    if abs(x) <= 180 and abs(y) <= 90:
        return (x, y), ""
    return None, "坐标超出范围，已略去"


def split_point(value: Cell) -> tuple[str, str]:
    """Return the two halves of ``122.42,37.16`` (also in brackets, with ``;`` or a space between), or of JSON that names them."""
    text = narrow(value)
    if named := _named(text):
        return named
    text = text.removeprefix("POINT").strip("()[]{} ")
    halves = [half for half in re.split(r"[,;|\s]+", text) if half]
    return (halves[0], halves[1]) if len(halves) == 2 else (text, text and "?")


def converted(points: Sequence[Point | None], crs: Crs) -> list[Point | None]:
    """Return the points in WGS-84, in order; all in one vectorised step."""
    found = [index for index, point in enumerate(points) if point is not None]
    if crs is Crs.WGS84 or not found:
        return list(points)
    pairs = np.array([points[index] for index in found], dtype=np.float64)
    lon, lat = to_wgs84(crs, pairs[:, 0], pairs[:, 1])
    result: list[Point | None] = [None] * len(points)
    for index, x, y in zip(found, lon.tolist(), lat.tolist(), strict=True):
        result[index] = (x, y)
    return result


def _named(text: str) -> tuple[str, str] | None:
    """Return the halves of ``{"lng": 122.42, "lat": 37.16}``, None for anything else."""
    if not text.startswith("{"):
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    halves = {_HALVES.get(name.lower()): half for name, half in said.items() if isinstance(half, int | float | str)}
    return (str(halves["lon"]), str(halves["lat"])) if halves.keys() >= {"lon", "lat"} else None


def _blank(value: Cell) -> bool:
    return value is None or (isinstance(value, str) and not narrow(value))


def _within(number: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= number <= bounds[1]


def _degrees(value: Cell) -> float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            pass  # not a bare number: it may still be degrees and minutes
        else:
            return number if math.isfinite(number) else None
    text = narrow(value).upper().strip("'`")
    sign = -1.0 if text.endswith(("W", "S")) or text.startswith(("W", "S", "西经", "南纬")) else 1.0
    text = re.sub(r"^(?:[EWNS]|东经|西经|北纬|南纬)\s*|\s*[EWNS]$", "", text).removesuffix("°").lower()
    if _NUMBER.fullmatch(text):
        number = sign * float(text)
        return number if math.isfinite(number) else None
    found = _DEGREES.fullmatch(text)
    if not found:
        return None
    return sign * (float(found[1]) + float(found[2] or 0) / 60 + float(found[3] or 0) / 3600)
