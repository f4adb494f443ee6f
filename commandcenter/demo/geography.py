"""The demo county's land: a schematic peninsula with 22 real town names and invented communities, grids and estates."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.random import Generator
from shapely.geometry.polygon import Polygon

from commandcenter.demo import placenames
from commandcenter.demo.area import Area, geojson
from commandcenter.demo.cells import Points, coverage, inside, relax, voronoi
from commandcenter.demo.chance import shares, source
from commandcenter.demo.resources import table

COUNTY_CODE = "371082"
COUNTY_NAME = "荣成市"
ESTATE_NAMES_PER_TOWN = 250


@dataclass(frozen=True, slots=True)
class Plot:
    """A grid before it is drawn: which town and community it belongs to, its cell and its people."""

    town: int
    community: int
    cell: Polygon
    urban: bool
    weight: float


def areas(seed: int) -> tuple[Area, ...]:
    """All areas, parents before children, ids 1… without gaps in that order (county, towns, communities, …)."""
    towns = table("towns.csv")
    shore = outline()
    centres = np.array([(float(town["lon"]), float(town["lat"])) for town in towns])
    plots: list[Plot] = []
    for index, cell in enumerate(voronoi(shore, centres)):
        rng = source(seed, f"land {towns[index]['code']}")
        plots += _plots(rng, index, cell, centres[index], int(towns[index]["people"]))
    cells = coverage([plot.cell for plot in plots])
    return _Survey(seed, towns, plots, cells).draw()


def outline() -> Polygon:
    """The coast and the land border: hand-set corners rounded off, with small coves between them."""
    corners = np.array([(float(row["lon"]), float(row["lat"])) for row in table("outline.csv")])
    before, after, further = (np.roll(corners, shift, axis=0) for shift in (1, -1, -2))
    steps = np.linspace(0, 1, 14, endpoint=False)[None, :, None]
    smooth = 0.5 * (
        2 * corners[:, None]
        + (after - before)[:, None] * steps
        + (2 * before - 5 * corners + 4 * after - further)[:, None] * steps**2
        + (3 * corners - before - 3 * after + further)[:, None] * steps**3
    ).reshape(-1, 2)
    rng = source(0, "coast")
    rough = np.zeros(len(smooth))
    for waves in (23, 41, 67, 97):
        rough += rng.normal(0, 0.02 / waves) * np.sin(np.arange(len(smooth)) / len(smooth) * waves * 2 * np.pi)
    along = np.roll(smooth, -1, axis=0) - np.roll(smooth, 1, axis=0)
    across = np.column_stack([-along[:, 1], along[:, 0]]) / np.linalg.norm(along, axis=1)[:, None]
    jitter = rough * 3 + rng.normal(0, 0.0008, len(smooth))
    return Polygon(smooth + across * jitter[:, None])


def _plots(rng: Generator, town: int, cell: Polygon, centre: Points, people: int) -> list[Plot]:
    count = int(np.clip(round(9 + people / 2600), 8, 25))
    city = people > 100_000
    core = round(count * (0.8 if city else 0.35 if people > 25_000 else 0.2))
    spread = 0.013 if city else 0.009
    near = centre + rng.normal(0, spread, (40 * core, 2)) * (1, 0.8)
    near = _apart(near[shapely.contains_xy(cell, near)], 0.004 if city else 0.003, core)
    seeds = np.vstack([near, inside(rng, cell, count - len(near))])
    seeds = relax(cell, seeds, 2)
    plots: list[Plot] = []
    for community, part in enumerate(voronoi(cell, seeds)):
        urban = community < len(near)
        weight = rng.lognormal(1.2 if urban else 0.0, 0.35)
        grids = int(np.clip(round(4.2 + rng.normal(0, 1.1) + (1.2 if urban else -0.3)), 1, 6))
        grains = relax(part, inside(rng, part, grids), 3)
        plots += [
            Plot(town, community, grain, urban, weight * rng.lognormal(0, 0.25) / grids)
            for grain in voronoi(part, grains)
        ]
    return plots


def _apart(points: Points, distance: float, count: int) -> Points:
    kept: list[Points] = []
    for point in points:
        if len(kept) < count and all(np.hypot(*(point - other)) >= distance for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


class _Survey:
    """Turns cells into numbered, named, populated areas, from the grids up."""

    def __init__(self, seed: int, towns: list[dict[str, str]], plots: list[Plot], cells: list[Polygon]) -> None:
        self.seed = seed
        self.towns = towns
        self.plots = plots
        self.cells = cells
        self.areas: list[Area] = []
        self.county = shapely.coverage_union_all(cells)

    def draw(self) -> tuple[Area, ...]:
        land = shapely.get_parts(self.county)[0]
        people = sum(int(town["people"]) for town in self.towns)
        seat = max(self.towns, key=lambda town: int(town["people"]))  # where the centre and the departments sit
        county = self._add(None, "county", COUNTY_CODE, COUNTY_NAME, 1, people, land, urban=False, centre=_centre(seat))
        towns = [self._town(county, index) for index in range(len(self.towns))]
        communities = [child for index, town in enumerate(towns) for child in self._communities(town, index)]
        grids = [child for community, own in communities for child in self._grids(community, own)]
        taken: dict[int, set[str]] = {}
        for grid in grids:
            if grid.urban:
                self._estates(grid, taken)
        return tuple(self.areas)

    def _town(self, county: Area, index: int) -> Area:
        row = self.towns[index]
        shape = self._union(lambda plot: plot.town == index)
        return self._add(
            county,
            "town",
            row["code"],
            row["name"],
            index + 1,
            int(row["people"]),
            shape,
            urban=False,
            centre=_centre(row),
        )

    def _communities(self, town: Area, index: int) -> list[tuple[Area, list[int]]]:
        rng = source(self.seed, f"names {town.code}")
        own = [number for number, plot in enumerate(self.plots) if plot.town == index]
        members: dict[int, list[int]] = {}
        for number in own:
            members.setdefault(self.plots[number].community, []).append(number)
        people = shares(
            town.population, np.array([sum(self.plots[n].weight for n in group) for group in members.values()])
        )
        urban = [self.plots[group[0]].urban for group in members.values()]
        taken: set[str] = set()
        city_names = iter(placenames.communities(rng, sum(urban), taken))
        village_names = iter(placenames.villages(rng, len(urban) - sum(urban), taken))
        found = []
        for position, (group, is_urban) in enumerate(zip(members.values(), urban, strict=True), 1):
            name = next(city_names if is_urban else village_names)
            shape = shapely.coverage_union_all([self.cells[n] for n in group])
            code = f"{town.code}{position if is_urban else 200 + position:03d}"
            area = self._add(town, "community", code, name, position, people[position - 1], _one(shape), urban=is_urban)
            found.append((area, group))
        return found

    def _grids(self, community: Area, own: list[int]) -> list[Area]:
        people = shares(community.population, np.array([self.plots[number].weight for number in own]))
        found = []
        for position, (number, count) in enumerate(zip(own, people, strict=True), 1):
            code = f"{community.code}{position:03d}"
            name = f"{community.name}第{position}网格"
            shape = self.cells[number]
            found.append(self._add(community, "grid", code, name, position, count, shape, urban=community.urban))
        return found

    def _estates(self, grid: Area, taken: dict[int, set[str]]) -> None:
        rng = source(self.seed, f"estates {grid.code}")
        land = Polygon(grid.outline["coordinates"][0])
        count = int(np.clip(round(grid.population / 1400), 1, 3))
        people = shares(int(grid.population * 0.85), rng.lognormal(0, 0.3, count))
        town = int(grid.code[6:9])
        names = placenames.estates(rng, count, taken.setdefault(town, set()))
        home = land.buffer(-0.12 * land.area**0.5)
        home = max(shapely.get_parts(home), key=lambda part: part.area)
        blocks = voronoi(home, relax(home, inside(rng, home, count), 2))
        for position, (name, block) in enumerate(zip(names, blocks, strict=False), 1):
            lot = block.intersection(block.centroid.buffer(0.0035)).buffer(-0.06 * block.area**0.5)
            lot = max(shapely.get_parts(lot), key=lambda part: part.area)
            self._add(
                grid,
                "estate",
                f"{grid.code}{position:02d}",
                name,
                position,
                people[position - 1],
                shapely.set_precision(lot, 1e-6),
                urban=True,
            )

    def _union(self, wanted: Callable[[Plot], bool]) -> Polygon:
        cells = [cell for cell, plot in zip(self.cells, self.plots, strict=True) if wanted(plot)]
        return _one(shapely.coverage_union_all(cells))

    def _add(
        self,
        parent: Area | None,
        level: str,
        code: str,
        name: str,
        position: int,
        population: int,
        shape: Polygon,
        *,
        urban: bool,
        centre: tuple[float, float] | None = None,
    ) -> Area:
        middle = shape.centroid if shape.contains(shape.centroid) else shape.representative_point()
        lon, lat = centre or (round(middle.x, 6), round(middle.y, 6))
        if not shapely.contains_xy(shape, lon, lat):
            message = f"the centre of {name} lies outside its outline"
            raise ValueError(message)
        area = Area(
            id=len(self.areas) + 1,
            parent_id=parent.id if parent else None,
            level=level,
            code=code,
            name=name,
            path=f"{parent.path if parent else ''}{position:02d}.",
            population=population,
            lon=lon,
            lat=lat,
            outline=geojson(shape),
            urban=urban,
            coastal=shape.distance(self.county.boundary) < 0.012 and lon > 122.3,
        )
        self.areas.append(area)
        return area


def _one(shape: shapely.Geometry) -> Polygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    if len(parts) != 1:
        message = f"an area fell into {len(parts)} parts"
        raise ValueError(message)
    return parts[0]


def _centre(town: Mapping[str, str]) -> tuple[float, float]:
    return float(town["lon"]), float(town["lat"])
