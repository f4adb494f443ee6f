"""Polygons that tile: Voronoi cells inside a shape, and the common coverage that makes them share every vertex."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.random import Generator
from numpy.typing import NDArray
from shapely.geometry.polygon import Polygon

Points = NDArray[np.float64]
"""Shape (n, 2): longitude, latitude in degrees."""

LATITUDE_STRETCH = 1.25
"""One degree of latitude against one of longitude at 37° north; distances are measured in this stretched plane."""


def inside(rng: Generator, shape: Polygon, count: int) -> Points:
    """`count` points spread evenly over the shape."""
    west, south, east, north = shape.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tries = rng.random((4 * count + 16, 2)) * (east - west, north - south) + (west, south)
        found = np.vstack([found, tries[shapely.contains_xy(shape, tries)]])
    return found[:count]


def voronoi(shape: Polygon, seeds: Points) -> list[Polygon]:
    """One cell per seed, in the seeds' order. A cell cut in two by a bay gives its far part to the next seed."""
    if len(seeds) == 1:
        return [shape]
    stretch = (1.0, LATITUDE_STRETCH)
    flat = shapely.transform(shape, lambda xy: xy * stretch)
    diagram = shapely.voronoi_polygons(shapely.multipoints(seeds * stretch), extend_to=flat, ordered=True)
    parts: list[list[Polygon]] = []
    strays: list[Polygon] = []
    for cell in shapely.get_parts(diagram):
        pieces = [p for p in shapely.get_parts(cell.intersection(flat)) if isinstance(p, Polygon)]
        pieces.sort(key=lambda piece: -piece.area)
        parts.append(pieces[:1])
        strays.extend(pieces[1:])
    for stray in strays:
        touching = [stray.intersection(own[0]).length if own else 0.0 for own in parts]
        parts[int(np.argmax(touching))].append(stray)
    joined = [shapely.union_all(own) for own in parts]
    return [shapely.transform(cell, lambda xy: xy / stretch) for cell in joined]


def relax(shape: Polygon, seeds: Points, rounds: int) -> Points:
    """Seeds moved toward the middles of their cells, which makes the cells rounder."""
    for _ in range(rounds):
        middles = [cell.representative_point() for cell in voronoi(shape, seeds)]
        seeds = (seeds + np.array([(p.x, p.y) for p in middles])) / 2
    return seeds


def coverage(cells: Sequence[Polygon]) -> list[Polygon]:
    """The same cells with every shared edge made of the same vertices, gently bent and rounded to 6 decimals.

    Straight Voronoi edges look drawn with a ruler; one smooth displacement for all vertices keeps the tiling exact.
    """
    lines = shapely.union_all(shapely.boundary(np.array(cells)), grid_size=1e-7)
    faces = [face for face in shapely.get_parts(shapely.polygonize([lines])) if face.area > 0]
    tree = shapely.STRtree(list(cells))
    middles = shapely.point_on_surface(np.array(faces))
    owned: list[list[Polygon]] = [[] for _ in cells]
    for face, owner in zip(*tree.query(middles, predicate="intersects"), strict=True):
        owned[int(owner)].append(faces[int(face)])
    whole = [shapely.union_all(own) for own in owned]
    for step in (0.0015, 0.0008, 0.0004):  # a chord may cut a bent neighbour in a narrow corner: then follow it closer
        smooth = [shapely.transform(shapely.segmentize(cell, step), bent) for cell in whole]
        if shapely.coverage_is_valid(smooth) and all(shapely.is_valid(np.array(smooth))):
            return smooth
    raise ValueError("the cells do not tile")


def bent(points: Points) -> Points:
    """The points displaced by at most about 350 m, smoothly, and rounded to 6 decimals."""
    x, y = points[:, 0], points[:, 1]
    east = 0.0016 * np.sin(231 * y + 2.0) + 0.0005 * np.sin(517 * y + 140 * x)
    north = 0.0013 * np.sin(187 * x + 1.0) + 0.0005 * np.sin(463 * x - 120 * y)
    moved: Points = np.column_stack([x + east, y + north]).astype(np.float64)
    return moved.round(6)
