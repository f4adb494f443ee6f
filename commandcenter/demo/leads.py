"""Which unit a case belongs to: the matter's lead, the southern utilities in the south, one of three carriers."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from commandcenter.demo.columns import Ints
from commandcenter.demo.county import County
from commandcenter.demo.sites import Floats
from commandcenter.demo.units import TOWN

SOUTH = 37.0
"""Latitude south of which the 石岛 utilities serve."""
SOUTHERN = {"热力公司": "石岛热力公司", "燃气公司": "石岛燃气公司"}
CARRIERS = ("联通公司", "移动公司", "电信公司")


@dataclass(frozen=True)
class Leads:
    """Unit ids: per matter (0 where the town leads), per matter in the south, per town's area id, and the carriers."""

    usual: Ints
    southern: Ints
    of_town: Ints
    carriers: Ints

    @classmethod
    def of(cls, county: County) -> "Leads":
        """Looks the matters' leads up among the county's units. Raises KeyError for an unknown short name."""
        ids = {unit.short_name: unit.id for unit in county.units if unit.kind in {"department", "utility"}} | {TOWN: 0}
        towns = {unit.area_id or 0: unit.id for unit in county.units if unit.kind == "town"}
        of_town = np.zeros(max(towns) + 1, np.int64)
        of_town[list(towns)] = list(towns.values())
        names = [matter.lead for matter in county.matters]
        return cls(
            usual=np.array([ids[name] for name in names]),
            southern=np.array([ids[SOUTHERN.get(name, name)] for name in names]),
            of_town=of_town,
            carriers=np.array([ids[name] for name in CARRIERS]),
        )

    def units(self, rng: Generator, matter: Ints, town: Ints, lat: Floats) -> Ints:
        """The lead unit's id per case."""
        lead = np.where(lat < SOUTH, self.southern[matter], self.usual[matter])
        carrier = self.carriers[rng.choice(3, len(matter), p=[0.4, 0.35, 0.25])]
        lead = np.where(lead == self.carriers[0], carrier, lead)
        return np.where(lead == 0, self.of_town[town], lead)
