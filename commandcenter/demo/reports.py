"""The reports of the cases: who said it, on which channel, in which words, and what came of the call back."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from commandcenter.demo import citizens, texts
from commandcenter.demo.categories import KINDS
from commandcenter.demo.columns import Ints, ReportColumns
from commandcenter.demo.county import County
from commandcenter.demo.lives import Lives
from commandcenter.demo.rhythm import EPOCH
from commandcenter.demo.sites import Sites
from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import DAY, HOUR, LOCAL_OFFSET, NEVER

REPEATED = 0.29
"""Share of the cases with more than one report (一事多投)."""
INFORMER = KINDS.index("举报")


@dataclass(frozen=True)
class Scene:
    """What the texts of cases are made of; arrays have one entry per case."""

    county: County
    sites: Sites
    matter: Ints
    grid: Ints
    estate: Ints
    kind: Ints
    stance: Ints
    repeats: Ints
    """Index of the case whose matter it tells once more, or -1."""

    def kind_names(self) -> list[str]:
        """诉求类型 per case."""
        return [KINDS[kind] for kind in self.kind.tolist()]

    def homes(self) -> list[tuple[str, str, str]]:
        """(town, community, estate or '') per case."""
        by_id = {area.id: area for area in self.county.areas}
        grids = [(by_id[grid.parent_id or 0].name, grid.path[:6]) for grid in self.sites.grids]
        towns = {area.path: area.name for area in self.county.areas if area.level == "town"}
        names = [*(estate.name for estate in self.sites.estates), ""]
        return [
            (towns[grids[grid][1]], grids[grid][0], names[estate])
            for grid, estate in zip(self.grid.tolist(), self.estate.tolist(), strict=True)
        ]


def report_counts(rng: Generator, grade: Ints, stance: Ints) -> Ints:
    """Reports per case, at least one: most cases have one, urgent ones more, disputes a dozen and more."""
    count = len(grade)
    extra = np.where(rng.random(count) < REPEATED, rng.geometric(0.5, count), 0)
    many = rng.random(count) < np.where(grade <= Grade.ORANGE, 0.2, 0.012)
    extra += np.where(many, rng.integers(4, 18, count), 0)
    extra += np.where(stance == texts.FOR, rng.integers(10, 36, count), 0)
    extra += np.where(stance == texts.AGAINST, rng.integers(4, 14, count), 0)
    return 1 + extra.astype(np.int64)


def write(
    rng: Generator, scene: Scene, received: Ints, closes: Ints, count: Ints, lives: Lives, lead: Ints
) -> tuple[list[str], list[str], ReportColumns]:
    """(titles, places, reports): later reports of a case come before `closes`, most of them soon after the first."""
    case = np.repeat(np.arange(len(count)), count)
    first = np.zeros(len(case), np.bool_)
    first[np.cumsum(count) - count] = True
    window = np.minimum(closes[case] - received[case], 12 * DAY)
    moment = received[case] + np.where(first, 0, 1 + window * rng.random(len(case)) ** 2.2 * 0.98).astype(np.int64)
    moment = moment[np.lexsort((moment, case))]
    share = np.array([channel.share for channel in scene.county.channels])
    channel = rng.choice(len(share), len(case), p=share / share.sum())
    confidential = rng.random(len(case)) < np.where(scene.kind[case] == INFORMER, 0.35, 0.004)
    archived = lives.state[case] == State.ARCHIVED
    reached, contacted, solved, satisfied = _answers(rng, lead[case], archived)
    gap = np.minimum(lives.archived_at - lives.finished_at, 2 * HOUR)[case]
    followed = np.where(archived, lives.archived_at[case] - (gap * rng.random(len(case))).astype(np.int64), NEVER)
    titles, places, words = _words(rng, scene, case, first, channel)
    numbers = _foreign_numbers(scene.county, channel, moment)
    ids = np.array([each.id for each in scene.county.channels])
    return (
        titles,
        places,
        ReportColumns(
            case=case,
            received_at=moment,
            channel=ids[channel],
            foreign_number=numbers,
            content=words["content"],
            place=words["place"],
            name=words["name"],
            phone=words["phone"],
            address=words["address"],
            confidential=confidential,
            reached=reached,
            contacted=contacted,
            solved=solved,
            satisfied=satisfied,
            followed_at=followed,
        ),
    )


def _words(
    rng: Generator, scene: Scene, case: Ints, first: NDArray[np.bool_], channel: Ints
) -> tuple[list[str], list[str], dict[str, list[str]]]:
    titles: list[str] = []
    places: list[str] = []
    columns: dict[str, list[str]] = {name: [] for name in ("content", "place", "name", "phone", "address")}
    matters, homes = scene.county.matters, scene.homes()
    matter, grid, stance = scene.matter.tolist(), scene.grid.tolist(), scene.stance.tolist()
    on_foot = [not each.online for each in scene.county.channels]
    twin: dict[tuple[int, str], str] = {}
    repeats = scene.repeats.tolist()
    told: dict[int, tuple[list[int], str]] = dict.fromkeys((each for each in repeats if each >= 0), ([], ""))
    spot = full = ""
    base: list[int] = []
    draws = rng.integers(0, 1 << 30, (len(case), texts.NUMBERS + 1)).tolist()
    for index, (which, is_first, way) in enumerate(zip(case.tolist(), first.tolist(), channel.tolist(), strict=True)):
        numbers = draws[index]
        about, side = matters[matter[which]], stance[which]
        town, community, estate = homes[which]
        if not is_first:
            numbers = texts.again_numbers(base, numbers)
        else:
            if (before := repeats[which]) >= 0:
                numbers = texts.again_numbers(told[before][0], numbers)
                spot = told[before][1]
            else:
                spot = texts.place(about.spot, community, estate, numbers)
            base = numbers
            if side:  # both sides of a dispute speak of one place
                spot = twin.setdefault((grid[which], about.name), spot)
            if which in told:
                told[which] = base, spot
            full = f"{town}{community}{spot.removeprefix(community)}"
            titles.append(texts.title(about, spot, numbers, side))
            places.append(full)
        patrol = on_foot[way]
        text = texts.content(about, full, numbers, again=not is_first, patrol=patrol, stance=side)
        citizen = citizens.number(grid[which], numbers[-1])
        columns["content"].append(text)
        columns["place"].append(full)
        columns["name"].append(citizens.name(citizen))
        columns["phone"].append(citizens.phone(citizen))
        columns["address"].append(citizens.address(citizen, town, community, estate))
    return titles, places, columns


def _answers(rng: Generator, lead: Ints, archived: NDArray[np.bool_]) -> tuple[NDArray[np.int8], ...]:
    """(reached, contacted, solved, satisfied) of the calls; units differ by a few percent, always the same way."""
    count = len(lead)
    better = (lead * 2654435761 % 1000) / 1000.0
    reached = rng.random(count) < 0.92
    solved = rng.random(count) < 0.90 + 0.09 * better
    happy = rng.random(count) < np.where(solved, 0.93 + 0.06 * better, 0.25)
    satisfied = np.where(happy, np.where(rng.random(count) < 0.78, 2, 1), 0)
    contacted = solved | (rng.random(count) < 0.7)
    known = archived & reached
    return (
        np.where(archived, reached, -1).astype(np.int8),
        np.where(known, contacted, -1).astype(np.int8),
        np.where(known, solved, -1).astype(np.int8),
        np.where(known, satisfied, -1).astype(np.int8),
    )


def _foreign_numbers(county: County, channel: Ints, moment: Ints) -> list[str]:
    """The channel's own number: code, local day, and a serial that is unique for the channel."""
    codes = [each.code for each in county.channels]
    days = (moment + LOCAL_OFFSET) // DAY
    stamps = {day: f"{EPOCH + timedelta(days=day):%Y%m%d}" for day in np.unique(days).tolist()}
    serial = np.zeros(len(channel), np.int64)
    for number in range(len(codes)):
        chosen = np.flatnonzero(channel == number)
        serial[chosen[np.argsort(moment[chosen], kind="stable")]] = np.arange(1, len(chosen) + 1)
    return [
        f"{codes[way]}-{stamps[day]}-{count:06d}"
        for way, day, count in zip(channel.tolist(), days.tolist(), serial.tolist(), strict=True)
    ]
