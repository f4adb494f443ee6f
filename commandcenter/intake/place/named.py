"""A name by which an address may mean a place: an area's, or one of the gazetteer's."""

import re
from dataclasses import dataclass

Door = tuple[int, float, float]
"""(house number, longitude, latitude)."""

TOWN, COMMUNITY, GRID, ROAD = "town", "community", "grid", "road"
KINDS = {
    "estate": "小区",
    "village": "村",
    "road": "道路",
    "school": "学校",
    "hospital": "医院",
    "market": "市场",
    "landmark": "地标",
}
"""Kinds of the gazetteer's places, and what people call them; areas' kinds are their levels."""

_TOWN_END = re.compile(r"(?:街道办事处|街道|镇|乡)$")
_COMMUNITY_END = re.compile(r"(?:社区|村)$")
_SHORTEST_BARE = 3
"""Characters that a community's name has to keep without its ending: shorter ones are parts of everything."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place with its names; `path` is that of the area `area_id`, which it is or lies in."""

    area_id: int
    kind: str
    """A key of `KINDS`, or the level of the area that it is."""
    name: str
    path: str
    aliases: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    doors: tuple[Door, ...] = ()
    """Of a road: known house numbers, ascending."""

    def spellings(self) -> list[tuple[str, float]]:
        """Return how it may be written, each with how sure it is meant (0..1), the surest first; two characters or more."""
        names = [(self.name, 1.0), *((alias, 1.0) for alias in self.aliases)]
        if self.kind == TOWN and (end := _TOWN_END.search(self.name)):
            names += [(f"{self.name}办事处", 1.0)] if self.name.endswith("街道") else [(f"{self.name}政府", 1.0)]
            names.append((self.name[: end.start()], 0.9))
        if self.kind in {COMMUNITY, "village"} and (end := _COMMUNITY_END.search(self.name)):
            bare = self.name[: end.start()]
            offices = ("居委会", "居民委员会") if end[0] == "社区" else ("村委会", "村委", "村民委员会")
            names += [(f"{bare}{office}", 1.0) for office in offices]
            names += [(bare, 0.85)] if len(bare) >= _SHORTEST_BARE else []
        found: dict[str, float] = {}
        for name, sure in names:
            if len(name) > 1:
                found.setdefault(name, sure)
        return [*found.items()]
