"""A grade's limits, and the deadlines that follow from them (domain.md §3; civil-law periods [P], values [S] and [D]).

All arithmetic is in whole µs on ``WorkCalendar.worked`` and ``moment_of``; SQL computes the same steps:

- natural clock: ``dispatch + minutes``, a day being 24 h;
- working clock, minutes: ``advance(dispatch, minutes)``;
- working clock, N days: ``moment_of((nth(day of dispatch) + N) * day_us)``: the day of dispatch does not count, and
  from a non-working day the next working day is number 1;
- soon: when ``soon_share`` of the limit is left, ``trunc(limit * soon_share)`` µs of the same clock; a limit of two or
  more working days: when one working day is left [P: yellow card]. A limit of one working day takes the share of that
  day, else it would be 临期 from the start.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from commandcenter.domain.case import Grade
from commandcenter.domain.moment import DAY, MINUTE, micros, moment_at
from commandcenter.domain.worktime import WorkCalendar, WorkHours


class LimitClock(StrEnum):
    """What runs out: the clock's time, or working time."""

    NATURAL = "natural"
    WORKING = "working"


class FinishUnit(StrEnum):
    """In what the limit to finish is counted."""

    MINUTES = "minutes"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Limit:
    """What one grade allows: a row of ``cc.grade_limits``. ``accept`` and ``return`` count by the same clock."""

    grade: Grade
    clock: LimitClock
    accept_minutes: int
    finish_amount: int
    finish_unit: FinishUnit
    return_minutes: int
    extension_days: int = 0
    """The most days one extension may add; 0: none."""
    soon_share: Decimal = Decimal("0.25")

    def __post_init__(self) -> None:
        if min(self.accept_minutes, self.finish_amount, self.return_minutes) <= 0 or self.extension_days < 0:
            raise ValueError("limits must be positive")
        if not 0 <= self.soon_share < 1:
            raise ValueError("soon_share must be at least 0 and less than 1")


@dataclass(frozen=True, slots=True)
class Deadlines:
    """What a dispatch sets running. ``provisional``: counted over days whose holidays are not published yet."""

    accept_due_at: datetime
    soon_at: datetime
    due_at: datetime
    return_until: datetime
    provisional: bool


_NATURAL, _WORKING = LimitClock.NATURAL, LimitClock.WORKING
_MINUTES, _DAYS = FinishUnit.MINUTES, FinishUnit.DAYS

DEFAULTS: Final = {
    Grade.RED: Limit(Grade.RED, _NATURAL, 15, 24 * 60, _MINUTES, 30),  # 24 h must be finished: 荣成 [S]
    Grade.ORANGE: Limit(Grade.ORANGE, _NATURAL, 30, 48 * 60, _MINUTES, 60),
    Grade.YELLOW: Limit(Grade.YELLOW, _WORKING, 120, 2, _DAYS, 120),
    Grade.BLUE: Limit(Grade.BLUE, _WORKING, 240, 3, _DAYS, 240, extension_days=2),
    Grade.GREEN: Limit(Grade.GREEN, _WORKING, 240, 3, _DAYS, 240),  # at most 3 working days: 荣成 [S]
}
"""First content of ``cc.grade_limits``; an administrator edits the table, code never reads these again."""


def deadlines(limit: Limit, dispatched_at: datetime, calendar: WorkCalendar, hours: WorkHours) -> Deadlines:
    """Compute everything that is due after a dispatch, as UTC datetimes.

    The natural clock asks nothing of the calendar. Raises PersonError where a working clock runs past the calendar.
    """
    start = micros(dispatched_at)
    accept = limit.accept_minutes * MINUTE
    back = limit.return_minutes * MINUTE
    if limit.clock is LimitClock.NATURAL:
        due = start + _finish_us(limit, DAY)
        soon = _soon_us(limit, due, calendar, hours)
        return Deadlines(
            moment_at(start + accept), moment_at(soon), moment_at(due), moment_at(start + back), provisional=False
        )
    worked = calendar.worked_us(start, hours)
    if limit.finish_unit is FinishUnit.DAYS:
        due = calendar.day_end_us(start, limit.finish_amount, hours)
    else:
        due = calendar.moment_of_us(worked + limit.finish_amount * MINUTE, hours)
    return Deadlines(
        moment_at(calendar.moment_of_us(worked + accept, hours)),
        moment_at(_soon_us(limit, due, calendar, hours)),
        moment_at(due),
        moment_at(calendar.moment_of_us(worked + back, hours)),
        calendar.provisional_us(start, due),
    )


def soon_at(limit: Limit, due_at: datetime, calendar: WorkCalendar, hours: WorkHours) -> datetime:
    """Compute when a case due at `due_at` becomes 临期; use it again after an extension."""
    return moment_at(_soon_us(limit, micros(due_at), calendar, hours))


def after_pause(
    clock: LimitClock,
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    calendar: WorkCalendar,
    hours: WorkHours,
) -> datetime:
    """Move a deadline by exactly the time of its clock that was paused.

    Holds for every deadline that was still running: due, soon, accept, return. Several pauses are applied in order.
    """
    due, start, end = micros(due_at), micros(paused_at), micros(resumed_at)
    if end < start:
        raise ValueError("a pause cannot end before it starts")
    if clock is LimitClock.NATURAL:
        return moment_at(due + end - start)
    paused = calendar.worked_us(end, hours) - calendar.worked_us(start, hours)
    return moment_at(calendar.advance_us(due, paused, hours))


def extended(clock: LimitClock, due_at: datetime, days: int, calendar: WorkCalendar, hours: WorkHours) -> datetime:
    """Extend a deadline by `days` >= 1.

    Natural clock: 24 h each. Working clock: the end of hours of that many-th working day after the day it was due,
    which is the day of the last µs before it (hours may end at 24:00):
    ``moment_of((nth(day of (due - 1 µs)) + days) * day_us)``.
    """
    if days < 1:
        raise ValueError("an extension adds at least one day")
    due = micros(due_at)
    if clock is LimitClock.NATURAL:
        return moment_at(due + days * DAY)
    return moment_at(calendar.day_end_us(due - 1, days, hours))


def _finish_us(limit: Limit, day_us: int) -> int:
    return limit.finish_amount * (day_us if limit.finish_unit is FinishUnit.DAYS else MINUTE)


def _soon_us(limit: Limit, due: int, calendar: WorkCalendar, hours: WorkHours) -> int:
    if limit.clock is LimitClock.NATURAL:
        return due - int(_finish_us(limit, DAY) * limit.soon_share)
    if limit.finish_unit is FinishUnit.DAYS and limit.finish_amount > 1:
        return calendar.retreat_us(due, hours.day_us, hours)
    return calendar.retreat_us(due, int(_finish_us(limit, hours.day_us) * limit.soon_share), hours)
