"""Who can be sent a case: the centre, departments, utilities, towns and communities, and when they work."""

from dataclasses import dataclass

from commandcenter.demo.area import Area
from commandcenter.demo.resources import table

CENTRE_NAME = "荣成市社会治理服务中心"
TOWN = "镇街"
"""Stands in the data files for "the town in which it happened"."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours on a working day: minutes of the day, from and to in turn."""

    id: int
    name: str
    periods: tuple[int, ...]


HOURS = (
    Hours(1, "机关工作时间", (510, 720, 810, 1050)),
    Hours(2, "全天值守", (0, 1440)),
    Hours(3, "环卫作业", (420, 660, 780, 1020)),
    Hours(4, "政务大厅", (540, 720, 780, 1020)),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit that works on cases. `path` is the area's for towns and communities, '01.9xx.' for departments."""

    id: int
    parent_id: int | None
    kind: str
    """centre, department, utility, town or community."""
    name: str
    short_name: str
    path: str
    area_id: int | None
    group_no: int | None
    """Assessment group by volume: towns 1-3, departments 1-4 (荣成 [S]); nobody else is ranked."""
    hours_id: int


def units(areas: tuple[Area, ...]) -> tuple[Unit, ...]:
    """All units, parents before children: centre 1, departments 101…, utilities 201…, towns 301…, communities 1001…."""
    county = areas[0]
    found = [Unit(1, None, "centre", CENTRE_NAME, "治理中心", county.path, county.id, None, 2)]
    start = {"department": 101, "utility": 201}
    for position, row in enumerate(table("units.csv"), 1):
        kind, short = row["kind"], row["short_name"]
        path = f"{county.path}{900 + position}."
        group = int(row["group"]) if row["group"] else None
        found.append(Unit(start[kind], 1, kind, row["name"], short, path, None, group, int(row["hours"])))
        start[kind] += 1
    towns = [area for area in areas if area.level == "town"]
    ranked = sorted(towns, key=lambda area: (-area.population, area.id))
    group_of = {area.id: 1 + index * 3 // len(ranked) for index, area in enumerate(ranked)}
    unit_of: dict[int, int] = {}
    for position, area in enumerate(towns):
        unit_of[area.id] = 301 + position
        office = "人民政府" if area.name.endswith("镇") else "办事处"
        name = f"{area.name}{office}"
        found.append(Unit(301 + position, 1, "town", name, area.name, area.path, area.id, group_of[area.id], 1))
    town_of = {area.id: area.name for area in towns}
    communities = (area for area in areas if area.level == "community")
    for number, area in enumerate(communities, 1001):
        body = "居民委员会" if area.urban else "村民委员会"
        town = unit_of[area.parent_id or 0]
        # villages of one name exist in several towns, so the full name begins with the town's
        name = f"{town_of[area.parent_id or 0]}{area.name if area.urban else area.name.removesuffix('村')}{body}"
        found.append(Unit(number, town, "community", name, area.name, area.path, area.id, None, 1))
    return tuple(found)
