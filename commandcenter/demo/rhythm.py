"""When people report: months, weekdays, hours; and when offices work. All times are int64 µs since 1970 UTC."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from commandcenter.domain.moment import DAY, LOCAL_OFFSET, MINUTE

Ints = NDArray[np.int64]
EPOCH = date(1970, 1, 1)
NIGHT = [1, 0.6, 0.4, 0.3, 0.4, 1]

SEASONS: dict[str, tuple[float, ...]] = {
    "平": (1,) * 12,
    "供暖": (2.6, 2.0, 1.0, 0.15, 0.02, 0.02, 0.02, 0.02, 0.1, 0.5, 2.6, 2.9),
    "冬季": (1.7, 1.5, 1.1, 0.8, 0.7, 0.6, 0.6, 0.6, 0.7, 0.9, 1.3, 1.7),
    "夏季": (0.6, 0.6, 0.8, 1, 1.2, 1.5, 1.7, 1.6, 1.2, 0.9, 0.7, 0.6),
    "汛期": (0.4, 0.4, 0.6, 0.8, 1, 1.9, 2.4, 2.3, 1.5, 0.7, 0.5, 0.4),
    "开学": (0.6, 1.2, 1, 0.8, 0.9, 1.1, 1.2, 2.3, 2.1, 0.9, 0.8, 0.7),
    "欠薪": (2.4, 1.7, 0.7, 0.7, 0.7, 0.8, 0.8, 0.8, 0.8, 0.9, 1.2, 1.9),
    "旅游": (0.4, 0.5, 0.6, 0.9, 1.3, 1.3, 2.4, 2.5, 1.1, 1.3, 0.6, 0.4),
    "农时": (0.4, 0.5, 1.2, 1.6, 1.6, 1.5, 1, 0.9, 1.4, 1.3, 0.6, 0.4),
    "渔汛": (0.6, 0.6, 0.9, 1, 1.4, 1.3, 1.2, 1.2, 1.5, 1.2, 0.9, 0.7),
    "年末": (1.2, 0.9, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 1.1, 1.4, 1.6, 1.8),
}
"""Factor per month, January first."""

HOURS_OF_DAY: dict[str, list[float]] = {
    "白天": [*NIGHT, 4, 12, 30, 46, 44, 34, 17, 22, 40, 38, 30, 20, 11, 8, 6, 5, 3, 2],
    "早晚": [*NIGHT, 8, 24, 34, 36, 32, 24, 15, 18, 28, 28, 26, 28, 24, 18, 12, 8, 5, 2],
    "晚间": [*NIGHT, 5, 12, 24, 32, 30, 24, 16, 16, 25, 26, 26, 27, 28, 30, 26, 18, 9, 4],
    "夜间": [10, 7, 4, 3, 3, 5, 8, 12, 18, 24, 22, 18, 13, 14, 18, 18, 17, 18, 20, 24, 28, 30, 26, 18],
    "大厅": [*[value / 3 for value in NIGHT], 1, 5, 34, 56, 52, 38, 14, 20, 44, 42, 32, 16, 6, 4, 3, 2, 1, 0.6],
}
"""Weight per hour: peaks at 9-11 and 14-16, a dip at noon, little at night."""

WorkingDay = Callable[[date], bool]


def monday_to_friday(day: date) -> bool:
    """The simplest calendar: no holidays."""
    return day.weekday() < 5


@dataclass(frozen=True)
class Days:
    """A run of local days with their working-day numbers; every array has one entry per day."""

    first: int
    """Days since 1970-01-01 of the first entry."""
    working: NDArray[np.bool_]
    nth: Ints
    """Working days up to and including this one, counted from the first entry."""
    month: Ints
    weight: NDArray[np.float64]
    """How many reports such a day brings against an ordinary working day."""

    @classmethod
    def covering(cls, start_us: int, end_us: int, working: WorkingDay) -> "Days":
        """The days of the interval with forty more on both sides."""
        first = (start_us + LOCAL_OFFSET) // DAY - 40
        count = (end_us + LOCAL_OFFSET) // DAY + 41 - first
        days = [EPOCH + timedelta(days=first + offset) for offset in range(count)]
        works = np.array([working(day) for day in days])
        sunday = np.array([day.weekday() == 6 for day in days])
        weight = np.where(works, 1.0, np.where(sunday, 0.55, 0.63))
        return cls(first, works, np.cumsum(works), np.array([day.month for day in days]), weight)

    def index(self, moments: Ints) -> Ints:
        """The entry of each moment's local day."""
        return (moments + LOCAL_OFFSET) // DAY - self.first

    def midnight(self, index: Ints) -> Ints:
        """The moment at which each day begins."""
        return (index + self.first) * DAY - LOCAL_OFFSET

    def nth_day(self, number: Ints) -> Ints:
        """The entry of the working day with that number."""
        return np.flatnonzero(self.working)[number - 1]

    def into_office(self, moments: Ints, rng: Generator) -> Ints:
        """Moments outside 8:30-17:30 of a working day moved to the first hour of the next working day."""
        index = self.index(moments)
        minute = (moments - self.midnight(index)) // MINUTE
        early = self.working[index] & (minute < 510)
        inside = self.working[index] & (minute >= 510) & (minute < 1050)
        next_day = self.nth_day(self.nth[index] + np.where(early, 0, 1))
        shifted = self.midnight(next_day) + 510 * MINUTE + rng.integers(0, 70 * MINUTE, len(moments))
        return np.where(inside, moments, shifted)


def times_of_day(rng: Generator, profiles: list[str], which: Ints, until: Ints | None = None) -> Ints:
    """µs after midnight for each entry by its profile (index into `profiles`), below `until` where given."""
    share = rng.random(len(which))
    result = np.zeros(len(which), np.int64)
    edges = np.arange(25) * 60 * MINUTE
    for number, name in enumerate(profiles):
        chosen = np.flatnonzero(which == number)
        weights = np.array(HOURS_OF_DAY[name], np.float64)
        total = np.concatenate([[0.0], np.cumsum(weights / weights.sum())])
        top = np.ones(len(chosen)) if until is None else np.interp(until[chosen], edges, total)
        result[chosen] = np.interp(share[chosen] * top, total, edges).astype(np.int64)
    return result
