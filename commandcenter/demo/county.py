"""The demo county as one frozen whole."""

from dataclasses import dataclass
from functools import lru_cache

from commandcenter.demo.area import Area
from commandcenter.demo.categories import Category, Matter, categories
from commandcenter.demo.channels import Channel, channels
from commandcenter.demo.geography import areas
from commandcenter.demo.people import Person, people
from commandcenter.demo.responsibilities import Responsibility, responsibilities
from commandcenter.demo.units import HOURS, Hours, Unit, units


@dataclass(frozen=True)
class County:
    """Everything that stands still: land, units, people, categories and rules. The same seed, the same county."""

    seed: int
    areas: tuple[Area, ...]
    hours: tuple[Hours, ...]
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    channels: tuple[Channel, ...]
    categories: tuple[Category, ...]
    matters: tuple[Matter, ...]
    responsibilities: tuple[Responsibility, ...]


@lru_cache(maxsize=1)
def county(seed: int) -> County:
    """The county of that seed; takes a few seconds the first time."""
    land = areas(seed)
    staff = units(land)
    nodes, matters = categories()
    return County(
        seed=seed,
        areas=land,
        hours=HOURS,
        units=staff,
        people=people(seed, staff),
        channels=channels(),
        categories=nodes,
        matters=matters,
        responsibilities=responsibilities(matters, staff),
    )
