"""A synthetic county for the map's tests and benchmarks: Voronoi-like towns and cases clustered where people live."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from commandcenter.live.mirror import COLUMNS, NEVER, TEXTS, Rows
from ui.map.areas import MapArea

HOUR = 3_600_000_000
NOW = 1_795_000_000_000_000  # 2026-11-18

TOWNS = (
    ("宁津", 122.53, 36.99, 26000),
    ("港湾", 122.43, 36.88, 32000),
    ("桃园", 122.42, 36.91, 21000),
    ("王连", 122.40, 36.97, 15000),
    ("东山", 122.46, 37.01, 14211),
    ("斥山", 122.40, 36.94, 28000),
    ("崖头", 122.487, 37.165, 185000),
    ("城西", 122.43, 37.17, 24000),
    ("寻山", 122.56, 37.15, 28000),
    ("崂山", 122.49, 37.11, 33000),
    ("俚岛", 122.58, 37.25, 43000),
    ("成山", 122.56, 37.36, 42500),
    ("埠柳", 122.48, 37.30, 19000),
    ("港西", 122.43, 37.36, 17500),
    ("夏庄", 122.46, 37.25, 16500),
    ("崖西", 122.36, 37.25, 14500),
    ("荫子", 122.31, 37.20, 14000),
    ("滕家", 122.37, 37.11, 27000),
    ("大疃", 122.29, 37.09, 17000),
    ("上庄", 122.30, 37.03, 26000),
    ("虎山", 122.25, 36.98, 30000),
    ("人和", 122.27, 36.90, 41000),
)
"""Name, rough centre, rough population."""


@dataclass(frozen=True)
class County:
    """Areas with ids 1 (the county) and 101… (its towns)."""

    areas: list[MapArea]
    towns: list[MapArea]


def county(seed: int = 7) -> County:
    """A coast around the towns' centres, cut into one cell per town."""
    rng = np.random.default_rng(seed)
    centres = shapely.points([[lon, lat] for _, lon, lat, _ in TOWNS])
    land = shapely.union_all([centre.buffer(0.055 + 0.012 * rng.random(), 24) for centre in centres])
    land = land.buffer(0.02).buffer(-0.022)
    ring = shapely.segmentize(land.exterior, 0.004)
    bays = np.cumsum(rng.normal(0, 0.0011, (len(ring.coords), 2)), axis=0)
    bays -= np.linspace(0, 1, len(bays))[:, None] * bays[-1]
    coast = shapely.Polygon(np.asarray(ring.coords) + 0.35 * bays).buffer(0)
    coast = max(shapely.get_parts(coast), key=lambda part: part.area)
    cells = shapely.voronoi_polygons(shapely.multipoints(centres), extend_to=coast)
    towns = []
    for number, (name, _, _, people) in enumerate(TOWNS):
        cell = next(cell for cell in cells.geoms if cell.contains(centres[number]))
        outline = shapely.intersection(cell, coast)
        towns.append(MapArea(101 + number, name, "town", shapely.geometry.mapping(outline), people))
    whole = MapArea(1, "荣成市", "county", shapely.geometry.mapping(coast))
    return County([whole, *towns], towns)


def cases(count: int, seed: int = 11, now: int = NOW) -> Rows:
    """`count` open cases in the trade's proportions of grades; one in fifty is overdue, one in ten due soon."""
    rng = np.random.default_rng(seed)
    people = np.array([people for *_, people in TOWNS], float) ** 1.35
    town = rng.choice(len(TOWNS), count, p=people / people.sum())
    spread = np.where(rng.random(count) < 0.7, 0.008, 0.024) * np.where(town == 6, 1.3, 1.0)
    lon = np.array([lon for _, lon, _, _ in TOWNS])[town] + rng.normal(0, 1, count) * spread
    lat = np.array([lat for _, _, lat, _ in TOWNS])[town] + rng.normal(0, 1, count) * spread * 0.8
    grade = rng.choice(5, count, p=[0.0035, 0.0115, 0.075, 0.26, 0.65])
    mood = rng.random(count)
    left = np.where(mood < 0.02, -5 * HOUR, np.where(mood < 0.1, 2 * HOUR, 90 * HOUR))
    return rows(np.arange(1, count + 1), lon, lat, grade, town + 101, now + left, now + left - 10 * HOUR)


def rows(
    ids: NDArray[np.int64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    grade: NDArray[np.int64],
    town: NDArray[np.int64],
    due_at: NDArray[np.int64],
    soon_at: NDArray[np.int64],
    version: int = 1,
) -> Rows:
    """Rows of the mirror with what the map reads; all else empty."""
    count = len(ids)
    numbers = {name: np.full(count, NEVER if name.endswith("_at") else 0, kind) for name, kind in COLUMNS.items()}
    given = {"id": ids, "lon": lon, "lat": lat, "grade": grade, "town": town, "due_at": due_at, "soon_at": soon_at}
    for name, values in given.items():
        numbers[name] = np.asarray(values, COLUMNS[name])
    numbers["version"][:] = version
    texts = {name: [""] * count for name in TEXTS}
    texts["number"] = [f"RC20261122-{number:05d}" for number in ids.tolist()]
    return Rows(numbers, texts)
