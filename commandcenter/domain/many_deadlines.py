"""The arithmetic of `limit.deadlines` for arrays of dispatches at once: what a bulk load of past cases needs.

A property test holds it equal to the scalar rule, moment by moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Grade
from commandcenter.domain.limit import FinishUnit, Limit, LimitClock
from commandcenter.domain.moment import DAY, LOCAL_OFFSET, MINUTE, NEVER
from commandcenter.domain.worktime import WorkCalendar, WorkHours
from commandcenter.errors import PersonError

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class ManyDeadlines:
    """One entry a case: µs since 1970 UTC, NEVER where it was not dispatched."""

    accept_due_at: Ints
    return_until: Ints
    soon_at: Ints
    due_at: Ints
    working: Bools
    provisional: Bools


class Timetable:
    """A calendar under one unit's hours, as arrays."""

    def __init__(self, calendar: WorkCalendar, hours: WorkHours) -> None:
        self._first = (calendar.days[0].day.toordinal() - 719_163) * DAY - LOCAL_OFFSET  # 719,163: 1970-01-01
        self._working = np.array([each.working for each in calendar.days])
        self._before = np.concatenate([[0], np.cumsum(self._working)])
        self._unsure = np.concatenate([[0], np.cumsum([each.provisional for each in calendar.days])])
        self._days = np.flatnonzero(self._working)
        self._spans = np.array(hours.spans, np.int64)
        lengths = self._spans[:, 1] - self._spans[:, 0]
        self._reached = np.cumsum(lengths)
        self._shift = self._spans[:, 0] - (self._reached - lengths)
        self.day_us = hours.day_us

    def index(self, moments: Ints) -> Ints:
        """The calendar's day of each moment. Raises PersonError outside the calendar."""
        found = (moments - self._first) // DAY
        if len(found) and not 0 <= found.min() <= found.max() < len(self._working):
            raise PersonError("工作日历没有覆盖所需的日期。", "请管理员在“管理→日历”中补充。")
        return found

    def nth(self, moments: Ints) -> Ints:
        """Working days up to and including each moment's day."""
        return np.asarray(self._before[self.index(moments) + 1], np.int64)

    def worked(self, moments: Ints) -> Ints:
        """Working µs since the calendar's first midnight."""
        day = self.index(moments)
        rest = moments - self._first - day * DAY
        part = np.clip(rest[:, None] - self._spans[:, 0], 0, self._spans[:, 1] - self._spans[:, 0]).sum(axis=1)
        return np.asarray(self._before[day] * self.day_us + np.where(self._working[day], part, 0), np.int64)

    def moment_of(self, totals: Ints) -> Ints:
        """The earliest moment with each total, which is positive."""
        before = (totals - 1) // self.day_us
        if len(before) and before.max() >= len(self._days):
            raise PersonError("工作日历没有覆盖所需的日期。", "请管理员在“管理→日历”中补充。")
        rest = totals - before * self.day_us
        return np.asarray(
            self._first + self._days[before] * DAY + self._shift[np.searchsorted(self._reached, rest)] + rest, np.int64
        )

    def provisional(self, starts: Ints, ends: Ints) -> Bools:
        """Whether any day from start to end is provisional."""
        return np.asarray(self._unsure[self.index(ends) + 1] > self._unsure[self.index(starts)])


def many_deadlines(
    dispatched_at: Ints,
    grade: NDArray[np.integer],
    hours_id: NDArray[np.integer],
    limits: Mapping[Grade, Limit],
    calendar: WorkCalendar,
    hours: Mapping[int, WorkHours],
) -> ManyDeadlines:
    """All deadlines of cases dispatched at these moments (NEVER: not yet) by grade and the lead unit's hours."""
    never = np.full(len(dispatched_at), NEVER)
    result = ManyDeadlines(
        never, never.copy(), never.copy(), never.copy(), np.zeros(len(never), bool), np.zeros(len(never), bool)
    )
    for limit in limits.values():
        of_grade = (grade == limit.grade) & (dispatched_at != NEVER)
        for number in np.unique(hours_id[of_grade]).tolist():
            chosen = np.flatnonzero(of_grade & (hours_id == number))
            _fill(result, chosen, dispatched_at[chosen], limit, Timetable(calendar, hours[number]))
    return result


def _fill(result: ManyDeadlines, at: Ints, start: Ints, limit: Limit, table: Timetable) -> None:
    natural = limit.clock is LimitClock.NATURAL
    in_days = limit.finish_unit is FinishUnit.DAYS
    amount = limit.finish_amount * ((DAY if natural else table.day_us) if in_days else MINUTE)
    margin = table.day_us if in_days and not natural and limit.finish_amount > 1 else int(amount * limit.soon_share)
    accept, back = limit.accept_minutes * MINUTE, limit.return_minutes * MINUTE
    if natural:
        result.accept_due_at[at] = start + accept
        result.return_until[at] = start + back
        result.due_at[at] = start + amount
        result.soon_at[at] = start + amount - margin
        return
    worked = table.worked(start)
    due = table.moment_of((table.nth(start) + limit.finish_amount) * table.day_us if in_days else worked + amount)
    result.accept_due_at[at] = table.moment_of(worked + accept)
    result.return_until[at] = table.moment_of(worked + back)
    result.due_at[at] = due
    result.soon_at[at] = due if margin == 0 else table.moment_of(table.worked(due) - margin)
    result.working[at] = True
    result.provisional[at] = table.provisional(start, due)
