"""A year of the demo county: cases with their reports, column by column, fast enough for hundreds of thousands."""

from datetime import datetime

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from commandcenter.demo.chance import source
from commandcenter.demo.columns import CaseColumns, Ints
from commandcenter.demo.county import County
from commandcenter.demo.draws import LATE_SHARE, Draws, grades, open_days, open_natural, past_days
from commandcenter.demo.leads import Leads
from commandcenter.demo.lives import live
from commandcenter.demo.reports import Scene, report_counts, write
from commandcenter.demo.rhythm import Days, WorkingDay, monday_to_friday
from commandcenter.demo.sites import SETTINGS, Sites
from commandcenter.demo.texts import AGAINST, FOR, PHRASES
from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import DAY, HOUR, MINUTE, micros

CASES_PER_DISPUTE = 8000
"""One pair of opposite demands per so many cases, at least one where there is room."""
UNNOTICED = 0.04
"""Of the open cases, those whose matter another open one has already: nobody has merged them yet."""


def generate_cases(
    county: County,
    *,
    n_cases: int,
    start: datetime,
    end: datetime,
    seed: int,
    open_count: int = 0,
    working: WorkingDay = monday_to_friday,
) -> CaseColumns:
    """`n_cases` cases received from `start` to `end` (now), of which exactly `open_count` are still open.

    Open cases lie so near to `end` that about 2.5 % of them are over their limit, whatever their number. `working`
    says which days are worked; hand in the statutory calendar. The same arguments give the same columns.
    """
    if not 0 <= open_count <= n_cases or end <= start:
        raise ValueError("cases need an interval, and no more may be open than there are")
    rng = source(seed, "cases")
    begin, now = micros(start), micros(end)
    days = Days.covering(begin, now, working)
    draws = Draws(county.matters)
    received, grade, matter, late = _arrivals(rng, days, draws, (n_cases - open_count, open_count), (begin, now))
    is_open = np.arange(n_cases) >= n_cases - open_count
    order = np.lexsort((is_open, received))
    received, grade, matter = received[order], grade[order], matter[order]
    late, is_open = late[order], is_open[order]

    lives = live(rng, days, received, grade, is_open=is_open, late=late, now=now)
    setting = np.array([SETTINGS.index(each.setting) for each in county.matters])[matter]
    at_home = np.array([each.spot in "楼路" for each in county.matters])[matter]
    sites = Sites.of(county.areas)
    grid, estate = sites.choose(rng, setting, at_home)
    points = sites.points(rng, grid, estate)
    opposes, stance = _disputes(county, matter, received, n_cases)
    repeats = _repeats(matter, received, is_open & (opposes < 0))
    for copied in (grid, estate, points):
        copied[opposes >= 0] = copied[np.where(stance == FOR, np.arange(n_cases), opposes)[opposes >= 0]]
        copied[repeats >= 0] = copied[repeats[repeats >= 0]]

    kinds = np.array([each.kinds for each in county.matters]).cumsum(axis=1)[matter]
    kind = (rng.random((n_cases, 1)) > kinds).sum(axis=1).clip(max=6)
    lead = Leads.of(county).units(rng, matter, sites.town[grid], points[:, 1])
    count = report_counts(rng, grade, stance)
    scene = Scene(county, sites, matter, grid, estate, kind, stance, repeats)
    closes = np.where(lives.state >= State.TO_FOLLOW_UP, np.minimum(lives.finished_at, now), now)
    titles, places, reports = write(source(seed, "reports"), scene, received, closes, count, lives, lead)
    first = np.cumsum(count) - count
    return CaseColumns(
        received_at=received,
        dispatched_at=lives.dispatched_at,
        accepted_at=lives.accepted_at,
        paused_at=lives.paused_at,
        finished_at=lives.finished_at,
        archived_at=lives.archived_at,
        grade=grade.astype(np.int8),
        state=lives.state.astype(np.int8),
        kind=scene.kind_names(),
        category=np.array([each.category_id for each in county.matters])[matter],
        channel=reports.channel[first],
        area=sites.area(grid, estate),
        grid=sites.area(grid, np.full(n_cases, -1)),
        town=sites.town[grid],
        unit=np.where(lives.state >= State.TO_ACCEPT, lead, 0),
        lead=lead,
        lon=points[:, 0],
        lat=points[:, 1],
        title=titles,
        place=places,
        returns=lives.returns.astype(np.int8),
        redos=lives.redos.astype(np.int8),
        late=late,
        opposes=opposes,
        repeats=repeats,
        first_report=first,
        report_count=count,
        reports=reports,
    )


def _arrivals(
    rng: Generator, days: Days, draws: Draws, counts: tuple[int, int], span: tuple[int, int]
) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
    """(received, grade, matter, late) of the closed cases, then of the open ones."""
    closed, still_open = counts
    begin, now = span
    grade = np.concatenate([grades(rng, closed), grades(rng, still_open)])
    late = rng.random(len(grade)) < LATE_SHARE
    late[closed:] = rng.permutation(np.arange(still_open) < round(still_open * LATE_SHARE))
    days_open = open_days(rng, days, grade[closed:], late[closed:], now)
    day = np.concatenate([past_days(rng, days, closed, begin, now), days_open])
    matter = draws.matter(rng, days.month[day], grade)
    received = draws.moments(rng, days, day, matter, now)
    # A case seen by now needs a little past; one that is over its limit was dispatched on its day, not after midnight.
    latest = np.minimum(days.midnight(day) + DAY - 2 * HOUR, now - MINUTE)
    received[closed:] = np.minimum(received[closed:], latest[closed:])
    natural = closed + np.flatnonzero(grade[closed:] <= Grade.ORANGE)
    received[natural] = open_natural(rng, grade[natural], late[natural], now)
    received[:closed] = received[:closed].clip(begin, now - 3 * MINUTE)
    return received, grade, matter, late


def _disputes(county: County, matter: Ints, received: Ints, n_cases: int) -> tuple[Ints, Ints]:
    """(opposes, stance): a few cases of one matter paired with one up to twenty days later that wants the opposite."""
    opposes, stance = np.full(n_cases, -1), np.zeros(n_cases, np.int64)
    name = PHRASES["opposite"]["leaf"]
    chosen = np.flatnonzero(np.array([each.name == name for each in county.matters])[matter])
    wanted = max(1, n_cases // CASES_PER_DISPUTE)
    steps = max(2, len(chosen) // wanted)
    for left, right in zip(chosen[::steps][:wanted], chosen[1::steps], strict=False):
        if received[right] - received[left] <= 20 * DAY:
            opposes[left], opposes[right] = right, left
            stance[left], stance[right] = FOR, AGAINST
    return opposes, stance


def _repeats(matter: Ints, received: Ints, among: NDArray[np.bool_]) -> Ints:
    """For some of the cases `among`, the index of one up to three days before it that is about the same; -1 for the others.

    No case is in two such pairs.
    """
    found = np.full(len(matter), -1)
    chosen = np.flatnonzero(among)
    chosen = chosen[np.lexsort((received[chosen], matter[chosen]))]
    one, next_one = chosen[:-1], chosen[1:]
    near = np.flatnonzero((matter[one] == matter[next_one]) & (received[next_one] - received[one] <= 3 * DAY))[::2]
    wanted = round(len(chosen) * UNNOTICED)
    if wanted:
        near = near[:: max(1, len(near) // wanted)][:wanted]
        found[next_one[near]] = one[near]
    return found
