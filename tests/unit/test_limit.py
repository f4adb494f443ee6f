"""Deadlines of 2026, computed by hand; and what must hold for every limit, pause and extension."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.case import Grade
from commandcenter.domain.holidays import calendar_days
from commandcenter.domain.limit import (
    DEFAULTS,
    FinishUnit,
    Limit,
    LimitClock,
    after_pause,
    deadlines,
    extended,
    soon_at,
)
from commandcenter.domain.worktime import WorkCalendar, WorkHours
from commandcenter.errors import PersonError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar.of(calendar_days(2025, 2027))
HOURS = WorkHours()
RED, YELLOW, BLUE, GREEN = (DEFAULTS[grade] for grade in (Grade.RED, Grade.YELLOW, Grade.BLUE, Grade.GREEN))

FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 11, 30)  # noqa: DTZ001  (hypothesis wants naive bounds and adds the zone)
moments = st.datetimes(FIRST, LAST, timezones=st.just(SHANGHAI))
hours_of = st.sampled_from([HOURS, WorkHours((540, 1020)), WorkHours((0, 1440)), WorkHours((480, 690, 840, 1080))])
limits = st.builds(
    Limit,
    grade=st.sampled_from(Grade),
    clock=st.sampled_from(LimitClock),
    accept_minutes=st.integers(1, 600),
    finish_amount=st.integers(1, 15),
    finish_unit=st.just(FinishUnit.DAYS),
    return_minutes=st.integers(1, 600),
    extension_days=st.integers(0, 5),
    soon_share=st.decimals(0, Decimal("0.99"), places=2),
) | st.builds(
    Limit,
    grade=st.sampled_from(Grade),
    clock=st.sampled_from(LimitClock),
    accept_minutes=st.integers(1, 600),
    finish_amount=st.integers(1, 5000),
    finish_unit=st.just(FinishUnit.MINUTES),
    return_minutes=st.integers(1, 600),
    soon_share=st.decimals(0, Decimal("0.99"), places=2),
)


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("limit", "dispatched", "due"),
    [
        # 国庆 1-7 October (Thu-Wed), Saturday 10 October made up
        (YELLOW, at(9, 30, 10), at(10, 9, 17, 30)),  # 1: Thu 8, 2: Fri 9
        (BLUE, at(9, 30, 10), at(10, 10, 17, 30)),  # 3: Sat 10, made up
        (BLUE, at(10, 3, 12), at(10, 10, 17, 30)),  # dispatched in the holiday: Thu 8 is 1
        (BLUE, at(10, 9, 20), at(10, 13, 17, 30)),  # Friday night does not count: Sat 10, Mon 12, Tue 13
        (GREEN, at(10, 11, 9), at(10, 14, 17, 30)),  # Sunday: Mon 12 is 1, Wed 14 is 3
        # 中秋 25-27 September (Fri-Sun), Sunday 20 September made up
        (YELLOW, at(9, 18, 16), at(9, 21, 17, 30)),  # Friday: Sun 20 is 1, Mon 21 is 2
        (YELLOW, at(9, 20, 3), at(9, 22, 17, 30)),  # on the make-up Sunday before work: that day does not count
        (GREEN, at(9, 24, 9), at(9, 30, 17, 30)),  # Thursday: Mon 28, Tue 29, Wed 30
        # 春节 15-23 February (Sun-Mon), Saturdays 14 and 28 February made up
        (YELLOW, at(2, 13, 17, 45), at(2, 24, 17, 30)),  # 1: Sat 14, 2: Tue 24
        (BLUE, at(2, 22, 11), at(2, 26, 17, 30)),  # Tue 24, Wed 25, Thu 26
        (BLUE, at(2, 26, 8), at(3, 2, 17, 30)),  # Fri 27, Sat 28, Mon 2 March
        # 元旦 1-3 January, Sunday 4 January made up
        (YELLOW, at(1, 2, 9), at(1, 5, 17, 30)),  # Sun 4, Mon 5
        # natural hours know no holiday
        (RED, at(9, 30, 23, 50), at(10, 1, 23, 50)),
        (DEFAULTS[Grade.ORANGE], at(2, 14, 17), at(2, 16, 17)),
    ],
)
def test_due_by_hand(limit: Limit, dispatched: datetime, due: datetime) -> None:
    assert deadlines(limit, dispatched, CALENDAR, HOURS).due_at == due


@pytest.mark.parametrize(
    ("limit", "dispatched", "accept_due"),
    [
        (RED, at(9, 30, 23, 50), at(10, 1, 0, 5)),
        (YELLOW, at(9, 30, 16, 30), at(10, 8, 9, 30)),  # an hour, the holiday, an hour
        (YELLOW, at(9, 30, 11, 30), at(9, 30, 15)),  # half an hour, lunch, an hour and a half
        (YELLOW, at(9, 27, 12), at(9, 28, 10, 30)),  # 中秋 Sunday: from the next working minute
        (YELLOW, at(9, 30, 20), at(10, 8, 10, 30)),  # after hours: from the next working minute
        (BLUE, at(2, 14, 17), at(2, 24, 12)),  # half an hour on the make-up day, 3.5 h after 春节
    ],
)
def test_accept_due_by_hand(limit: Limit, dispatched: datetime, accept_due: datetime) -> None:
    assert deadlines(limit, dispatched, CALENDAR, HOURS).accept_due_at == accept_due


def test_soon_by_hand() -> None:
    one_day = replace(YELLOW, finish_amount=1)
    eight_hours = replace(YELLOW, finish_amount=480, finish_unit=FinishUnit.MINUTES)
    dispatched = at(9, 30, 9, 30)
    # red: a quarter of 24 h is 6 h
    assert deadlines(RED, dispatched, CALENDAR, HOURS).soon_at == at(10, 1, 3, 30)
    # yellow: due on the 9th at 17:30, one working day before is the 8th at 17:30
    assert deadlines(YELLOW, dispatched, CALENDAR, HOURS).soon_at == at(10, 8, 17, 30)
    # one day: due on the 8th at 17:30; a quarter of 7.5 h is 1:52:30
    assert deadlines(one_day, dispatched, CALENDAR, HOURS).soon_at == at(10, 8, 15, 37, 30)
    # 480 min: 150 to noon, 240 to 17:30, 90 on the 8th: due 10:00. 120 left: 360 gone: 150 and 210 from 13:30
    eight = deadlines(eight_hours, dispatched, CALENDAR, HOURS)
    assert (eight.soon_at, eight.due_at) == (at(9, 30, 17), at(10, 8, 10))


def test_return_until_counts_by_the_grades_clock() -> None:
    assert deadlines(RED, at(10, 1, 23, 45), CALENDAR, HOURS).return_until == at(10, 2, 0, 15)
    assert deadlines(BLUE, at(9, 30, 15, 30), CALENDAR, HOURS).return_until == at(10, 8, 10, 30)  # 2 h + 2 h


def test_pause_by_hand() -> None:
    due = at(10, 9, 17, 30)

    def moved(paused: datetime, resumed: datetime) -> datetime:
        return after_pause(LimitClock.WORKING, due, paused, resumed, CALENDAR, HOURS)

    assert moved(at(9, 30, 15, 30), at(10, 8, 10, 30)) == at(10, 10, 14)  # 2 h + 2 h; Sat 10: 3.5 h to noon, then 0.5
    assert moved(at(10, 8, 8, 30), at(10, 8, 17, 30)) == at(10, 10, 17, 30)  # one full day stays at the end of a day
    assert moved(at(9, 30, 17, 30), at(10, 8, 8, 30)) == due  # paused over the holiday only: nothing was lost
    assert after_pause(LimitClock.NATURAL, due, at(10, 1), at(10, 3, 1), CALENDAR, HOURS) == at(10, 11, 18, 30)


def test_extension_by_hand() -> None:
    # blue from 30 September: 3 days to Sat 10 October; two more are Mon 12 and Tue 13, five in all
    due = deadlines(BLUE, at(9, 30, 10), CALENDAR, HOURS).due_at
    assert extended(LimitClock.WORKING, due, 2, CALENDAR, HOURS) == at(10, 13, 17, 30)
    # due in the middle of a day, after a pause: that day does not count either
    assert extended(LimitClock.WORKING, at(10, 10, 14), 1, CALENDAR, HOURS) == at(10, 12, 17, 30)
    assert extended(LimitClock.NATURAL, at(10, 1, 9), 2, CALENDAR, HOURS) == at(10, 3, 9)


def test_defaults_are_those_of_the_rules() -> None:
    assert list(DEFAULTS) == list(Grade)
    assert all(limit.grade is grade for grade, limit in DEFAULTS.items())
    naturals = {grade for grade, limit in DEFAULTS.items() if limit.clock is LimitClock.NATURAL}
    assert naturals == {Grade.RED, Grade.ORANGE}
    assert [limit.accept_minutes for limit in DEFAULTS.values()] == [15, 30, 120, 240, 240]
    assert [limit.finish_amount for limit in DEFAULTS.values()] == [24 * 60, 48 * 60, 2, 3, 3]


def test_provisional_only_where_working_days_of_an_unpublished_year_are_counted() -> None:
    dispatched = at(12, 30, 10)  # Wednesday: Thu 31, then into 2027
    assert deadlines(YELLOW, dispatched, CALENDAR, HOURS).provisional
    assert not deadlines(RED, dispatched, CALENDAR, HOURS).provisional
    assert not deadlines(replace(YELLOW, finish_amount=1), dispatched, CALENDAR, HOURS).provisional


def test_the_natural_clock_needs_no_calendar_and_the_working_clock_says_where_it_ends() -> None:
    far = datetime(2031, 1, 5, 9, tzinfo=SHANGHAI)
    assert deadlines(RED, far, CALENDAR, HOURS).due_at == far + timedelta(days=1)
    with pytest.raises(PersonError, match="工作日历未覆盖 2031-01-05"):
        deadlines(YELLOW, far, CALENDAR, HOURS)


@given(limits, moments, hours_of)
def test_every_deadline_follows_the_dispatch_and_soon_comes_before_due(
    limit: Limit, dispatched: datetime, hours: WorkHours
) -> None:
    due = deadlines(limit, dispatched, CALENDAR, hours)
    assert dispatched <= due.soon_at <= due.due_at
    assert dispatched < min(due.accept_due_at, due.return_until, due.due_at)
    assert soon_at(limit, due.due_at, CALENDAR, hours) == due.soon_at


@given(limits, moments, moments, hours_of)
def test_a_later_dispatch_is_never_due_earlier(limit: Limit, one: datetime, other: datetime, hours: WorkHours) -> None:
    earlier, later = (deadlines(limit, moment, CALENDAR, hours) for moment in sorted((one, other)))
    for name in ("accept_due_at", "soon_at", "due_at", "return_until"):
        assert getattr(earlier, name) <= getattr(later, name)


@given(st.integers(1, 15), moments, hours_of)
def test_working_days_end_a_day_and_leave_the_whole_days_asked_for(
    days: int, dispatched: datetime, hours: WorkHours
) -> None:
    limit = replace(BLUE, finish_amount=days)
    due = deadlines(limit, dispatched, CALENDAR, hours).due_at.astimezone(SHANGHAI)
    next_midnight = datetime.combine(dispatched.date() + timedelta(days=1), time.min, SHANGHAI)
    assert CALENDAR.between(next_midnight, due, hours) == timedelta(minutes=days * hours.day_minutes)
    hour, minute = divmod(hours.periods[-1], 60)
    assert (due.hour, due.minute, due.second, due.microsecond) == (hour % 24, minute, 0, 0)


@given(limits, moments, hours_of, st.lists(st.timedeltas(timedelta(0), timedelta(days=6)), max_size=8))
def test_pauses_move_the_deadline_by_exactly_what_was_paused(
    limit: Limit, dispatched: datetime, hours: WorkHours, steps: list[timedelta]
) -> None:
    due = first = deadlines(limit, dispatched, CALENDAR, hours).due_at
    soon = deadlines(limit, dispatched, CALENDAR, hours).soon_at
    paused = worked = timedelta(0)
    now = dispatched
    for running, stopped in zip(steps[::2], steps[1::2], strict=False):
        start, end = now + running, now + running + stopped
        due = after_pause(limit.clock, due, start, end, CALENDAR, hours)
        soon = after_pause(limit.clock, soon, start, end, CALENDAR, hours)
        paused += stopped
        worked += CALENDAR.between(start, end, hours)
        now = end
    if limit.clock is LimitClock.NATURAL:
        assert due - first == paused
    else:
        assert CALENDAR.between(first, due, hours) == worked
    assert soon_at(limit, due, CALENDAR, hours) == soon


@given(
    st.sampled_from(LimitClock),
    moments,
    moments,
    hours_of,
    st.timedeltas(timedelta(0), timedelta(days=9)),
    st.timedeltas(timedelta(0), timedelta(days=9)),
)
def test_two_adjacent_pauses_are_one(
    clock: LimitClock, due: datetime, start: datetime, hours: WorkHours, first: timedelta, second: timedelta
) -> None:
    middle, end = start + first, start + first + second
    once = after_pause(clock, due, start, end, CALENDAR, hours)
    half = after_pause(clock, due, start, middle, CALENDAR, hours)
    assert after_pause(clock, half, middle, end, CALENDAR, hours) == once


@given(st.sampled_from(LimitClock), moments, st.integers(1, 5), st.integers(1, 5), hours_of)
def test_two_extensions_are_one(clock: LimitClock, due: datetime, one: int, two: int, hours: WorkHours) -> None:
    once = extended(clock, due, one + two, CALENDAR, hours)
    assert once > due
    assert extended(clock, extended(clock, due, one, CALENDAR, hours), two, CALENDAR, hours) == once


def test_impossible_values_are_bugs() -> None:
    with pytest.raises(ValueError, match="positive"):
        replace(RED, accept_minutes=0)
    with pytest.raises(ValueError, match="soon_share"):
        replace(RED, soon_share=Decimal(1))
    with pytest.raises(ValueError, match="cannot end"):
        after_pause(LimitClock.NATURAL, at(1, 5), at(1, 3), at(1, 2), CALENDAR, HOURS)
    with pytest.raises(ValueError, match="at least one day"):
        extended(LimitClock.NATURAL, at(1, 5), 0, CALENDAR, HOURS)
