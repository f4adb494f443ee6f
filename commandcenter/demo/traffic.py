"""An endless, deterministic stream of new reports for the live simulator."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.random import Generator

from commandcenter.clock import SHANGHAI
from commandcenter.demo import citizens, texts
from commandcenter.demo.categories import KINDS
from commandcenter.demo.chance import source
from commandcenter.demo.county import County
from commandcenter.demo.draws import GRADE_SHARES, Draws
from commandcenter.demo.leads import Leads
from commandcenter.demo.reports import Scene
from commandcenter.demo.sites import SETTINGS, Sites

BATCH = 64
REPEAT_SHARE = 0.25
MEMORY = 60
"""How many recent matters a repeat may be about."""


@dataclass(frozen=True, slots=True)
class TrafficEvent:
    """One new report. A repeat tells of the same matter as the event `repeat_of`, in another citizen's words."""

    serial: int
    """1, 2, 3 …"""
    after: float
    """Seconds since the event before."""
    key: UUID
    """Idempotency key; the same for the same county, seed and serial."""
    repeat_of: int | None
    channel_id: int
    foreign_number: str
    kind: str
    category_id: int
    grade: int
    """0 red … 4 green: what a duty officer should choose; so are category and unit."""
    unit_id: int
    area_id: int
    lon: float
    lat: float
    place: str
    title: str
    content: str
    name: str
    phone: str
    address: str
    confidential: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """An event with what a repeat of it needs."""

    event: TrafficEvent
    matter: int
    numbers: list[int]
    citizen_grid: int
    home: tuple[str, str, str]


def traffic(county: County, seed: int, rate: float, *, now: datetime) -> Iterator[TrafficEvent]:
    """New reports for ever, on average `rate` per second, in the season of `now`; about a quarter are repeats."""
    if rate <= 0:
        raise ValueError("traffic needs a positive rate")
    rng = source(seed, "traffic")
    draws, sites, leads = Draws(county.matters), Sites.of(county.areas), Leads.of(county)
    share = np.array([channel.share for channel in county.channels])
    recent: deque[_Told] = deque(maxlen=MEMORY)
    month = now.astimezone(SHANGHAI).month
    serial = 0
    while True:
        for told in _fresh(rng, county, draws, sites, leads, month):
            serial += 1
            channel = county.channels[int(rng.choice(len(share), p=share / share.sum()))]
            numbers = [int(number) for number in rng.integers(0, 1 << 30, texts.NUMBERS + 1)]
            again = bool(recent) and rng.random() < REPEAT_SHARE
            about = recent[int(rng.integers(0, len(recent)))] if again else told
            event = replace(
                about.event,
                serial=serial,
                after=float(rng.exponential(1 / rate)),
                key=UUID(bytes=rng.bytes(16), version=4),
                repeat_of=about.event.serial if again else None,
                channel_id=channel.id,
                foreign_number=f"{channel.code}-LIVE-{seed}-{serial:07d}",
                confidential=bool(rng.random() < (0.35 if about.event.kind == "举报" else 0.004)),
                **_words(county, about, numbers, again=again, patrol=not channel.online),
            )
            if not again:
                recent.append(replace(told, event=event, numbers=numbers))
            yield event


def _words(county: County, about: _Told, numbers: list[int], *, again: bool, patrol: bool) -> dict[str, Any]:
    matter = county.matters[about.matter]
    town, community, estate = about.home
    citizen = citizens.number(about.citizen_grid, numbers[-1])
    person = {
        "name": citizens.name(citizen),
        "phone": citizens.phone(citizen),
        "address": citizens.address(citizen, town, community, estate),
    }
    if again:
        words = texts.again_numbers(about.numbers, numbers)
        return person | {"content": texts.content(matter, about.event.place, words, again=True, patrol=patrol)}
    spot = texts.place(matter.spot, community, estate, numbers)
    place = f"{town}{community}{spot.removeprefix(community)}"
    return person | {
        "place": place,
        "title": texts.title(matter, spot, numbers),
        "content": texts.content(matter, place, numbers, again=False, patrol=patrol),
    }


def _fresh(rng: Generator, county: County, draws: Draws, sites: Sites, leads: Leads, month: int) -> Iterator[_Told]:
    """A batch of new matters, with their places and without their words."""
    grade = rng.choice(5, BATCH, p=GRADE_SHARES)
    matter = draws.matter(rng, np.full(BATCH, month), grade)
    about = [county.matters[index] for index in matter.tolist()]
    setting = np.array([SETTINGS.index(each.setting) for each in about])
    grid, estate = sites.choose(rng, setting, np.array([each.spot in "楼路" for each in about]))
    points = sites.points(rng, grid, estate)
    kind = np.array([int(rng.choice(len(KINDS), p=each.kinds)) for each in about])
    unit = leads.units(rng, matter, sites.town[grid], points[:, 1])
    area = sites.area(grid, estate)
    homes = Scene(county, sites, matter, grid, estate, kind, np.zeros(BATCH, np.int64), np.full(BATCH, -1)).homes()
    for index in range(BATCH):
        blank = TrafficEvent(
            serial=0,
            after=0.0,
            key=UUID(int=0),
            repeat_of=None,
            channel_id=0,
            foreign_number="",
            kind=KINDS[kind[index]],
            category_id=about[index].category_id,
            grade=int(grade[index]),
            unit_id=int(unit[index]),
            area_id=int(area[index]),
            lon=float(points[index, 0]),
            lat=float(points[index, 1]),
            place="",
            title="",
            content="",
            name="",
            phone="",
            address="",
            confidential=False,
        )
        yield _Told(blank, int(matter[index]), [], int(grid[index]), homes[index])
