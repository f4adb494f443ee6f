"""Working time: how much has been worked up to a moment, and when a given amount will have been (domain.md §3).

Everything rests on two functions that are each other's inverse, in whole microseconds. SQL computes the same steps:

``worked(t)``: 1. ``(day, rest)`` = Shanghai calendar day and µs since its midnight. 2. ``nth(day - 1) * day_us``:
all working days before. 3. If ``day`` is a working day, add for each period ``clamp(rest - from, 0, to - from)``.

``moment_of(w)``: the *earliest* moment with that total. 1. ``w = 0``: midnight at the start of the calendar.
2. ``k = (w - 1) / day_us + 1`` (whole-number division), ``r = w - (k - 1) * day_us``, so ``0 < r <= day_us``.
3. The day with ``nth = k`` that is a working day. 4. Walk its periods: the first with ``r <= to - from`` gives
``from + r``, otherwise ``r -= to - from``. A full day therefore ends at 17:30, never at 08:30 of the next morning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate, pairwise

from commandcenter.domain.moment import DAY, LOCAL_OFFSET, MINUTE, local, micros, moment_at
from commandcenter.errors import PersonError

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day of the statutory calendar: a row of ``cc.calendar``."""

    day: date
    working: bool
    name: str = ""
    """国庆节, 调休上班 and the like; empty on ordinary days."""
    provisional: bool = False
    """The State Council has not yet published this year's holidays."""


@dataclass(frozen=True)
class WorkHours:
    """The periods worked on a working day, as minutes of the day: from, to, from, to … ascending, not touching.

    Default 08:30-12:00, 13:30-17:30 [D]. Raises PersonError where the periods make no sense.
    """

    periods: tuple[int, ...] = (510, 720, 810, 1050)

    def __post_init__(self) -> None:
        bounds = (-1, *self.periods, 24 * 60 + 1)
        if not self.periods or len(self.periods) % 2 or any(a >= b for a, b in pairwise(bounds)):
            raise PersonError("工作时段须成对、由早到晚且互不相接。", "请在 管理→日历 中修改工作时间。")

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The periods as (from, to) in µs since midnight."""
        bounds = [minute * MINUTE for minute in self.periods]
        return tuple(zip(bounds[::2], bounds[1::2], strict=True))

    @cached_property
    def day_us(self) -> int:
        """Working time of one working day in µs."""
        return sum(end - start for start, end in self.spans)

    @property
    def day_minutes(self) -> int:
        """Working time of one working day in minutes."""
        return self.day_us // MINUTE

    def elapsed(self, rest: int) -> int:
        """Count the working µs gone when `rest` µs of a working day have passed."""
        total = 0
        for start, end in self.spans:
            if rest <= start:
                break
            total += min(rest, end) - start
        return total

    def reached(self, amount: int) -> int:
        """Give the µs since midnight when `amount` working µs (0 < amount <= day_us) of the day are worked."""
        for start, end in self.spans:
            if amount <= end - start:
                return start + amount
            amount -= end - start
        raise ValueError("more working time than the day has")


@dataclass(frozen=True)
class WorkCalendar:
    """Consecutive days, each working or not. Immutable; tables for arithmetic are built once on first use.

    Moments on days it does not cover raise PersonError. Methods ending in ``_us`` take and give whole µs (moments
    since 1970 UTC, durations plain); the others take aware datetimes and give UTC ones.
    """

    days: tuple[CalendarDay, ...]

    def __post_init__(self) -> None:
        if not self.days:
            raise PersonError("工作日历为空。", "请在 管理→日历 中补充。")
        for before, after in pairwise(self.days):
            if (after.day - before.day).days != 1:
                raise PersonError(f"工作日历在 {before.day:%Y-%m-%d} 之后不连续。", "请在 管理→日历 中补充。")

    @classmethod
    def of(cls, days: Iterable[CalendarDay]) -> "WorkCalendar":
        """Make the calendar of these days, in any order."""
        return cls(tuple(sorted(days, key=lambda each: each.day)))

    @cached_property
    def _first(self) -> int:
        return self.days[0].day.toordinal() - _EPOCH_ORDINAL

    @cached_property
    def _nth(self) -> tuple[int, ...]:
        """Working days before the day at each index; one entry more than days."""
        return tuple(accumulate((each.working for each in self.days), initial=0))

    @cached_property
    def _unsure(self) -> tuple[int, ...]:
        return tuple(accumulate((each.provisional for each in self.days), initial=0))

    @cached_property
    def _working(self) -> tuple[int, ...]:
        """Day number (since 1970-01-01) of the k-th working day at index k - 1."""
        return tuple(self._first + index for index, each in enumerate(self.days) if each.working)

    def _index(self, day_number: int) -> int:
        index = day_number - self._first
        if 0 <= index < len(self.days):
            return index
        named = date.fromordinal(day_number + _EPOCH_ORDINAL)
        raise PersonError(f"工作日历未覆盖 {named:%Y-%m-%d}。", "请在 管理→日历 中补充。")

    def day_of(self, moment_us: int) -> CalendarDay:
        """Find the day on which the moment falls in Shanghai."""
        return self.days[self._index(local(moment_us)[0])]

    def nth(self, day: date) -> int:
        """Count the working days from the calendar's first day up to and including `day`."""
        return self._nth[self._index(day.toordinal() - _EPOCH_ORDINAL) + 1]

    def nth_us(self, moment_us: int) -> int:
        """Give `nth` of the day on which the moment falls."""
        return self._nth[self._index(local(moment_us)[0]) + 1]

    def worked_us(self, moment_us: int, hours: WorkHours) -> int:
        """Count the working µs from the calendar's first midnight to the moment."""
        day_number, rest = divmod(moment_us + LOCAL_OFFSET, DAY)
        index = self._index(day_number)
        before = self._nth[index]
        total = before * hours.day_us
        return total + hours.elapsed(rest) if self._nth[index + 1] > before else total

    def moment_of_us(self, total_us: int, hours: WorkHours) -> int:
        """Find the earliest moment at which `worked_us` is `total_us`."""
        if total_us == 0:
            return self._first * DAY - LOCAL_OFFSET
        before, rest = divmod(total_us - 1, hours.day_us)
        if not 0 <= before < len(self._working):
            self._index(self._first + (-1 if total_us < 0 else len(self.days)))
        return self._working[before] * DAY - LOCAL_OFFSET + hours.reached(rest + 1)

    def advance_us(self, moment_us: int, amount_us: int, hours: WorkHours) -> int:
        """Find the earliest moment, not before the given one, when `amount_us` >= 0 more has been worked."""
        if amount_us <= 0:
            if amount_us < 0:
                raise ValueError("working time to advance by must not be negative")
            return moment_us
        return self.moment_of_us(self.worked_us(moment_us, hours) + amount_us, hours)

    def retreat_us(self, moment_us: int, amount_us: int, hours: WorkHours) -> int:
        """Find the earliest moment after which `amount_us` >= 0 is worked until the given one; itself for 0."""
        if amount_us <= 0:
            if amount_us < 0:
                raise ValueError("working time to retreat by must not be negative")
            return moment_us
        return self.moment_of_us(self.worked_us(moment_us, hours) - amount_us, hours)

    def day_end_us(self, moment_us: int, days: int, hours: WorkHours) -> int:
        """Find the end of working hours of the `days`-th (>= 1) working day after the moment's own day.

        The moment's day never counts; from a non-working day, the next working day is number 1.
        """
        return self.moment_of_us((self.nth_us(moment_us) + days) * hours.day_us, hours)

    def worked(self, moment: datetime, hours: WorkHours) -> timedelta:
        """Do `worked_us` for people's types."""
        return timedelta(microseconds=self.worked_us(micros(moment), hours))

    def moment_of(self, total: timedelta, hours: WorkHours) -> datetime:
        """Do `moment_of_us` for people's types."""
        return moment_at(self.moment_of_us(total // timedelta(microseconds=1), hours))

    def between(self, start: datetime, end: datetime, hours: WorkHours) -> timedelta:
        """Measure the working time from `start` to `end`; negative where `end` is earlier."""
        worked = self.worked_us(micros(end), hours) - self.worked_us(micros(start), hours)
        return timedelta(microseconds=worked)

    def advance(self, moment: datetime, amount: timedelta, hours: WorkHours) -> datetime:
        """Do `advance_us` for people's types."""
        return moment_at(self.advance_us(micros(moment), amount // timedelta(microseconds=1), hours))

    def retreat(self, moment: datetime, amount: timedelta, hours: WorkHours) -> datetime:
        """Do `retreat_us` for people's types."""
        return moment_at(self.retreat_us(micros(moment), amount // timedelta(microseconds=1), hours))

    def provisional_us(self, start_us: int, end_us: int) -> bool:
        """Tell whether any day from that of `start_us` to that of `end_us`, both included, is provisional."""
        first, last = self._index(local(start_us)[0]), self._index(local(end_us)[0])
        return self._unsure[last + 1] > self._unsure[first]

    def provisional(self, start: datetime, end: datetime) -> bool:
        """Do `provisional_us` for people's types."""
        return self.provisional_us(micros(start), micros(end))
