"""How areas fit together: overlaps, gaps, holes, children outside their parent, codes; surfaces in square metres."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from commandcenter.intake.place.areas_file import LEVELS, level_of

LEAST_M2 = 1.0
"""Smaller ones come from rounding and are not told."""
_RADIUS = 6_371_007.2  # metres: the sphere of the earth's own surface


class Fault(StrEnum):
    """What does not fit; in the order in which it is told."""

    DUPLICATE_CODE = "duplicate_code"
    CODE_LEVEL = "code_level"
    NO_OUTLINE = "no_outline"
    REPAIRED = "repaired"
    OVERLAP = "overlap"
    OUTSIDE = "outside_parent"
    GAP = "gap"
    HOLE = "hole"


WORDS = {
    Fault.DUPLICATE_CODE: "代码重复",
    Fault.CODE_LEVEL: "代码与级别不符",
    Fault.NO_OUTLINE: "没有边界",
    Fault.REPAIRED: "边界自相交，已修复",
    Fault.OVERLAP: "重叠",
    Fault.OUTSIDE: "越出上级",
    Fault.GAP: "缝隙",
    Fault.HOLE: "内有空洞",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """An area as far as fitting needs; keys are unique, 0 is no parent."""

    key: int
    parent: int
    level: str
    code: str
    name: str
    shape: BaseGeometry | None
    """Valid, WGS-84."""
    repaired: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit; `surface` in m² where it has one, `where` a point of it (lon, lat)."""

    fault: Fault
    level: str
    names: tuple[str, ...]
    keys: tuple[int, ...]
    surface: float | None = None
    where: tuple[float, float] | None = None
    parts: int = 1


@dataclass(frozen=True)
class Topology:
    """The whole report."""

    pieces: Mapping[str, int]
    """How many areas of each level were looked at."""
    findings: tuple[Finding, ...] = field(default=())

    def count(self, fault: Fault) -> int:
        """How many findings are of that kind."""
        return sum(each.fault is fault for each in self.findings)


def check(pieces: Sequence[Piece], *, least_m2: float = LEAST_M2) -> Topology:
    """Look at areas of any levels together: siblings side by side, and each within its parent."""
    drawn = [piece for piece in pieces if piece.shape is not None]
    middle = float(np.mean([piece.shape.centroid.y for piece in drawn if piece.shape])) if drawn else 0.0
    plane = _Plane(middle)
    flat = {piece.key: plane.lay(piece.shape) for piece in drawn}
    found = [*_codes(pieces)]
    found += [Finding(Fault.NO_OUTLINE, each.level, (each.name,), (each.key,)) for each in pieces if each.shape is None]
    found += [Finding(Fault.REPAIRED, each.level, (each.name,), (each.key,)) for each in pieces if each.repaired]
    for level in LEVELS:
        own = [piece for piece in drawn if piece.level == level]
        found += _overlaps(own, flat, plane, least_m2)
        found += _families(own, pieces, flat, plane, least_m2)
        found += _holes(own, flat, plane, least_m2)
    order = [*Fault]
    found.sort(key=lambda each: (order.index(each.fault), LEVELS.index(each.level), -(each.surface or 0), each.keys))
    levels = {level: sum(piece.level == level for piece in pieces) for level in LEVELS}
    return Topology({level: count for level, count in levels.items() if count}, tuple(found))


class _Plane:
    """Degrees to metres and back, surfaces kept (equal-area cylinder): true sizes, whatever the latitude."""

    def __init__(self, latitude: float) -> None:
        self._east = _RADIUS * np.cos(np.radians(latitude))
        self._north = _RADIUS / np.cos(np.radians(latitude))

    def lay(self, found: BaseGeometry) -> BaseGeometry:
        """A shape in degrees, laid out in metres; valid again where rounding made it touch itself."""

        def metres(corners: Any) -> Any:
            east = np.radians(corners[:, 0]) * self._east
            return np.column_stack([east, np.sin(np.radians(corners[:, 1])) * self._north])

        laid = shapely.transform(found, metres)
        return laid if laid.is_valid else shapely.make_valid(laid)

    def point(self, found: BaseGeometry) -> tuple[float, float]:
        """A point inside of a shape in metres, in degrees."""
        inside = found.representative_point()
        lat = np.degrees(np.arcsin(np.clip(inside.y / self._north, -1, 1)))
        return round(float(np.degrees(inside.x / self._east)), 6), round(float(lat), 6)


def _codes(pieces: Sequence[Piece]) -> Iterator[Finding]:
    coded = sorted((piece for piece in pieces if piece.code), key=lambda piece: (piece.code, piece.key))
    for _, group in groupby(coded, key=lambda piece: piece.code):
        same = [*group]
        if len(same) > 1:
            yield Finding(
                Fault.DUPLICATE_CODE, same[0].level, tuple(each.name for each in same), tuple(each.key for each in same)
            )
    for piece in coded:
        if level_of(piece.code) != piece.level:
            yield Finding(Fault.CODE_LEVEL, piece.level, (piece.name,), (piece.key,))


def _overlaps(own: Sequence[Piece], flat: Mapping[int, BaseGeometry], plane: _Plane, least: float) -> Iterator[Finding]:
    shapes = [flat[piece.key] for piece in own]
    if len(shapes) < 2:
        return
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b]
    if not pairs:
        return
    array = np.array(shapes, dtype=np.object_)
    common = shapely.intersection(array[[a for a, _ in pairs]], array[[b for _, b in pairs]])
    for (a, b), shared in zip(pairs, common, strict=True):
        if shared.area > least:
            names, keys = (own[a].name, own[b].name), (own[a].key, own[b].key)
            yield Finding(Fault.OVERLAP, own[a].level, names, keys, float(shared.area), plane.point(shared))


def _families(
    own: Sequence[Piece], pieces: Sequence[Piece], flat: Mapping[int, BaseGeometry], plane: _Plane, least: float
) -> Iterator[Finding]:
    """Children beyond their parent, and what of a parent no child covers. Estates are islands: no gaps between them."""
    parents = {piece.key: piece for piece in pieces}
    for parent, group in groupby(sorted(own, key=lambda piece: piece.parent), key=lambda piece: piece.parent):
        children = [*group]
        union = shapely.union_all([flat[piece.key] for piece in children])
        whole = flat.get(parent)
        if whole is not None:
            for piece in children:
                beyond = shapely.difference(flat[piece.key], whole)
                if beyond.area > least:
                    names = (piece.name, parents[parent].name)
                    yield Finding(
                        Fault.OUTSIDE, piece.level, names, (piece.key,), float(beyond.area), plane.point(beyond)
                    )
        if children[0].level in {"county", "estate"}:
            continue
        empty = shapely.difference(whole, union) if whole is not None else _enclosed(union)
        parts = [part for part in shapely.get_parts(empty) if part.area > least]
        if parts:
            name = parents[parent].name if parent in parents else ""
            largest = max(parts, key=lambda part: part.area)
            size = float(sum(part.area for part in parts))
            yield Finding(Fault.GAP, children[0].level, (name,), (parent,), size, plane.point(largest), len(parts))


def _enclosed(union: BaseGeometry) -> BaseGeometry:
    """What lies inside of a union and belongs to nobody."""
    rings = [ring for part in shapely.get_parts(union) if part.geom_type == "Polygon" for ring in part.interiors]
    return shapely.MultiPolygon([shapely.Polygon(ring) for ring in rings])


def _holes(own: Sequence[Piece], flat: Mapping[int, BaseGeometry], plane: _Plane, least: float) -> Iterator[Finding]:
    for piece in own:
        holes = _enclosed(flat[piece.key])
        if holes.area > least:
            parts = shapely.get_num_geometries(holes)
            largest = max(shapely.get_parts(holes), key=lambda part: part.area)
            where = plane.point(largest)
            yield Finding(Fault.HOLE, piece.level, (piece.name,), (piece.key,), float(holes.area), where, int(parts))
