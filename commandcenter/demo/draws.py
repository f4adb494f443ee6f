"""Which cases arise: grade, matter, moment. Grades keep their shares exactly, matters theirs over the seasons."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from commandcenter.demo.categories import Matter
from commandcenter.demo.chance import shares
from commandcenter.demo.rhythm import HOURS_OF_DAY, SEASONS, Days, Ints, times_of_day
from commandcenter.domain.case import Grade
from commandcenter.domain.moment import DAY, HOUR, LOCAL_OFFSET, MINUTE

GRADE_SHARES = np.array([0.004, 0.012, 0.075, 0.259, 0.65])
LATE_SHARE = 0.025
NATURAL_HOURS = {Grade.RED: 24, Grade.ORANGE: 48}
WORKING_DAYS = {Grade.YELLOW: 2, Grade.BLUE: 3, Grade.GREEN: 3}
"""The limits the demo keeps to or breaks (domain.md §3); the deadline itself is the database's business."""


def grades(rng: Generator, count: int) -> Ints:
    """Grades with their usual shares, exact to one case, in random order."""
    return rng.permutation(np.repeat(np.arange(5), shares(count, GRADE_SHARES)))


@dataclass(frozen=True)
class Draws:
    """The chances of matters, computed once."""

    matters: tuple[Matter, ...]

    @cached_property
    def chances(self) -> NDArray[np.float64]:
        """Cumulative chance of a matter given month and grade, shape (12, 5, matters)."""
        fit = np.array([matter.grades for matter in self.matters])
        weights = np.array([matter.weight for matter in self.matters])
        season = np.array([SEASONS[matter.season] for matter in self.matters])
        season /= season.mean(axis=1, keepdims=True)
        result = np.zeros((12, 5, len(weights)))
        for month in range(12):
            wanted = weights * season[:, month]
            wanted /= wanted.sum()
            table = fit * wanted[:, None]
            for _ in range(40):  # alternate scaling of rows and columns until both margins hold
                table *= (wanted / table.sum(axis=1))[:, None]
                table *= GRADE_SHARES / table.sum(axis=0)
            result[month] = np.cumsum(table / table.sum(axis=0), axis=0).T
        return result

    def matter(self, rng: Generator, month: Ints, grade: Ints) -> Ints:
        """A matter's index per case by month (1-12) and grade."""
        share = rng.random(len(month))
        result = np.zeros(len(month), np.int64)
        for number in range(60):
            chosen = np.flatnonzero((month - 1) * 5 + grade == number)
            chance = self.chances[number // 5, number % 5]
            result[chosen] = np.searchsorted(chance, share[chosen], side="right")
        return result.clip(max=len(self.matters) - 1)

    def moments(self, rng: Generator, days: Days, day: Ints, matter: Ints, end: int) -> Ints:
        """A moment of each day by the matter's rhythm, before `end`."""
        profiles = list(HOURS_OF_DAY)
        which = np.array([profiles.index(each.hours) for each in self.matters])[matter]
        until = np.minimum(end - days.midnight(day), DAY)
        return days.midnight(day) + times_of_day(rng, profiles, which, until)


def past_days(rng: Generator, days: Days, count: int, start: int, end: int) -> Ints:
    """Days between `start` and `end`, busier ones more often."""
    first, last = ((moment + LOCAL_OFFSET) // DAY - days.first for moment in (start, end - 1))
    weight = days.weight[first : last + 1].copy()
    weight[-1] *= (end - int(days.midnight(np.array([last]))[0])) / DAY
    return first + rng.choice(len(weight), count, p=weight / weight.sum())


def open_days(rng: Generator, days: Days, grade: Ints, late: NDArray[np.bool_], now: int) -> Ints:
    """Days of dispatch on which a case of the grade is still open at `now`: within its limit, or beyond if `late`."""
    today = (now + LOCAL_OFFSET) // DAY - days.first
    minute = (now + LOCAL_OFFSET) % DAY // MINUTE
    worked = int(days.nth[today])
    required = worked + (0 if days.working[today] and minute < 1050 else 1)
    numbers = np.arange(len(days.nth))
    result = np.full(len(grade), today)
    for each, limit in WORKING_DAYS.items():
        for is_late in (False, True):
            chosen = np.flatnonzero((grade == each) & (late == is_late))
            low, high = (required - limit - 4, required - limit - 1) if is_late else (required - limit, worked)
            usable = np.flatnonzero((days.nth >= low) & (days.nth <= high) & (numbers <= today))
            weight = days.weight[usable] * 0.8 ** (today - usable)
            if usable[-1] == today:
                weight[-1] *= max(minute - 300, 60) / 1140
            result[chosen] = rng.choice(usable, len(chosen), p=weight / weight.sum())
    return result


def open_natural(rng: Generator, grade: Ints, late: NDArray[np.bool_], now: int) -> Ints:
    """Moments for grades with natural hours: inside the limit before `now`, or up to half as long again if `late`."""
    limit = np.where(grade == Grade.RED, NATURAL_HOURS[Grade.RED], NATURAL_HOURS[Grade.ORANGE])
    share = np.where(late, 1.02 + 0.5 * rng.random(len(grade)), 0.01 + 0.93 * rng.random(len(grade)) ** 1.6)
    return now - (limit * share * HOUR).astype(np.int64)
