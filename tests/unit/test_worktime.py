"""Working time: by hand around the holidays of 2026, and by law against a naive sum of intervals."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.holidays import calendar_days
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from commandcenter.errors import PersonError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar.of(calendar_days(2025, 2027))
HOURS = WorkHours()
NIGHT_DESK = WorkHours((0, 90, 1200, 1440))  # to the very ends of the day

FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 12, 31)  # noqa: DTZ001  (hypothesis wants naive bounds and adds the zone)
moments = st.datetimes(FIRST, LAST, timezones=st.just(SHANGHAI))
amounts = st.timedeltas(timedelta(0), timedelta(days=30))
profiles = st.one_of(
    st.sampled_from([HOURS, NIGHT_DESK]),
    st.sets(st.integers(0, 1440), min_size=2, max_size=8)
    .filter(lambda minutes: len(minutes) % 2 == 0)
    .map(lambda minutes: WorkHours(tuple(sorted(minutes)))),
)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def naive_between(start: datetime, end: datetime, hours: WorkHours) -> timedelta:
    """Every period of every working day as an interval, cut to [start, end], added up."""
    total = timedelta(0)
    for each in CALENDAR.days:
        if not each.working or abs((each.day - start.date()).days) > 500:
            continue
        midnight = datetime.combine(each.day, time.min, SHANGHAI)
        for begins, ends in zip(hours.periods[::2], hours.periods[1::2], strict=True):
            low = max(start, midnight + timedelta(minutes=begins))
            high = min(end, midnight + timedelta(minutes=ends))
            total += max(high - low, timedelta(0))
    return total


# 2026 as published: 国庆 1-7 October, made up on Sunday 20 September and Saturday 10 October; 中秋 25-27 September;
# 春节 15-23 February, made up on Saturdays 14 and 28 February.
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (at(9, 30, 8, 30), at(9, 30, 17, 30), timedelta(hours=7.5)),  # one whole day: 3.5 h + 4 h
        (at(9, 30, 12), at(9, 30, 13, 30), timedelta(0)),  # lunch
        (at(9, 30, 11, 30), at(9, 30, 14), timedelta(hours=1)),  # half an hour on each side of lunch
        (at(9, 30, 17, 30), at(10, 8, 8, 30), timedelta(0)),  # the whole National Day holiday
        (at(9, 30, 16, 30), at(10, 8, 9, 30), timedelta(hours=2)),  # an hour on each side of it
        (at(10, 9, 17, 30), at(10, 12, 8, 30), timedelta(hours=7.5)),  # the make-up Saturday 10 October
        (at(9, 24, 17), at(9, 28, 9), timedelta(hours=1)),  # over 中秋: 30 min + 30 min
        (at(9, 18, 17, 30), at(9, 21, 8, 30), timedelta(hours=7.5)),  # the make-up Sunday 20 September
        (
            at(2, 13, 17, 30),
            at(3, 2, 8, 30),
            timedelta(hours=45),
        ),  # six days: Sat 14, Tue 24 to Fri 27, Sat 28 February
    ],
)
def test_between_by_hand(start: datetime, end: datetime, expected: timedelta) -> None:
    assert CALENDAR.between(start, end, HOURS) == expected
    assert CALENDAR.between(end, start, HOURS) == -expected


@pytest.mark.parametrize(
    ("start", "amount", "expected"),
    [
        (at(9, 30, 11, 30), timedelta(hours=2), at(9, 30, 15)),  # 30 min, lunch, 90 min from 13:30
        (at(9, 30, 16, 30), timedelta(hours=2), at(10, 8, 9, 30)),  # 60 min, holiday, 60 min from 08:30
        (at(9, 30, 16, 30), timedelta(hours=1), at(9, 30, 17, 30)),  # ends at the period's end and stays there
        (at(9, 30, 17, 30), timedelta(hours=7.5), at(10, 8, 17, 30)),  # end of day plus a full day: end of day
        (at(9, 30, 17, 30), timedelta(hours=15), at(10, 9, 17, 30)),
        (at(9, 30, 17, 30), timedelta(hours=22.5), at(10, 10, 17, 30)),  # the make-up Saturday counts
        (at(10, 3, 3), timedelta(hours=3.5), at(10, 8, 12)),  # holiday night to noon: not 13:30
        (at(10, 3, 3), timedelta(0), at(10, 3, 3)),  # nothing: the moment itself, even on a holiday
        (at(2, 14, 17), timedelta(hours=4), at(2, 24, 12)),  # 30 min on the make-up day, 3.5 h after 春节
        (at(2, 27, 17, 29), timedelta(minutes=2), at(2, 28, 8, 31)),  # into the make-up Saturday
        (at(1, 2, 10), timedelta(minutes=1), at(1, 4, 8, 31)),  # 元旦 is made up on Sunday 4 January
    ],
)
def test_advance_by_hand(start: datetime, amount: timedelta, expected: datetime) -> None:
    assert CALENDAR.advance(start, amount, HOURS) == expected


def test_retreat_by_hand() -> None:
    # One full day before the end of 8 October is the end of 30 September: the earliest moment with that total.
    assert CALENDAR.retreat(at(10, 8, 17, 30), timedelta(hours=7.5), HOURS) == at(9, 30, 17, 30)
    assert CALENDAR.retreat(at(10, 8, 9), timedelta(hours=1), HOURS) == at(9, 30, 17)
    assert CALENDAR.retreat(at(10, 3, 3), timedelta(0), HOURS) == at(10, 3, 3)


def test_nth_counts_up_to_and_including_the_day() -> None:
    calendar = WorkCalendar.of(calendar_days(2026, 2026))
    assert calendar.nth(date(2026, 1, 1)) == 0
    assert calendar.nth(date(2026, 1, 4)) == 1  # Sunday, made up
    assert calendar.nth(date(2026, 1, 9)) == 6  # and Monday to Friday
    # 2026: 261 Mondays to Fridays; on such days 元旦 takes 2 (1, 2 Jan), 春节 6 (16-20, 23 Feb), 清明 1 (6 Apr),
    # 劳动节 3 (1, 4, 5 May), 端午 1 (19 Jun), 中秋 1 (25 Sep), 国庆 5 (1, 2, 5, 6, 7 Oct) = 19; 6 weekend days made up.
    assert calendar.nth(date(2026, 12, 31)) == 261 - 19 + 6


@given(moments, moments, profiles)
def test_between_is_the_sum_of_intervals(one: datetime, other: datetime, hours: WorkHours) -> None:
    start, end = sorted((one, other))
    assert CALENDAR.between(start, end, hours) == naive_between(start, end, hours)


@given(moments, moments, profiles)
def test_worked_is_monotonic(one: datetime, other: datetime, hours: WorkHours) -> None:
    start, end = sorted((one, other))
    assert timedelta(0) <= CALENDAR.between(start, end, hours) <= end - start


@given(moments, amounts, profiles)
def test_advance_reaches_the_amount_and_not_a_microsecond_late(
    start: datetime, amount: timedelta, hours: WorkHours
) -> None:
    amount = min(amount, timedelta(microseconds=100 * hours.day_us))
    end = CALENDAR.advance(start, amount, hours)
    assert end >= start
    assert CALENDAR.between(start, end, hours) == amount
    if amount:
        assert CALENDAR.between(start, end - timedelta(microseconds=1), hours) < amount


@given(moments, amounts, amounts, profiles)
def test_advancing_in_two_steps_is_advancing_once(
    start: datetime, first: timedelta, second: timedelta, hours: WorkHours
) -> None:
    most = timedelta(microseconds=60 * hours.day_us)
    first, second = min(first, most), min(second, most)
    twice = CALENDAR.advance(CALENDAR.advance(start, first, hours), second, hours)
    assert twice == CALENDAR.advance(start, first + second, hours)


@given(moments, amounts, profiles)
def test_retreat_is_not_later_and_exact(end: datetime, amount: timedelta, hours: WorkHours) -> None:
    amount = min(amount, timedelta(microseconds=100 * hours.day_us))
    start = CALENDAR.retreat(end, amount, hours)
    assert start <= end
    assert CALENDAR.between(start, end, hours) == amount


@given(st.data(), profiles)
def test_worked_undoes_moment_of(data: st.DataObject, hours: WorkHours) -> None:
    # hours may end at 24:00, which is the next day: the calendar's last day leaves room for it
    total = data.draw(st.integers(0, CALENDAR.nth(date(2027, 12, 30)) * hours.day_us))
    assert CALENDAR.worked_us(CALENDAR.moment_of_us(total, hours), hours) == total


@given(moments, profiles)
def test_moment_of_undoes_worked_inside_working_hours_and_is_never_later(moment: datetime, hours: WorkHours) -> None:
    back = CALENDAR.moment_of(CALENDAR.worked(moment, hours), hours)
    assert back <= moment
    assert CALENDAR.between(back, moment, hours) == timedelta(0)


@given(moments)
def test_the_zone_of_the_moment_does_not_matter(moment: datetime) -> None:
    assert CALENDAR.worked(moment.astimezone(UTC), HOURS) == CALENDAR.worked(moment, HOURS)


def test_outside_the_calendar_a_person_is_told_what_to_do() -> None:
    calendar = WorkCalendar.of(calendar_days(2026, 2026))
    beyond = datetime(2027, 1, 1, tzinfo=SHANGHAI)
    with pytest.raises(PersonError, match=r"工作日历未覆盖 2027-01-01.*管理→日历"):
        calendar.worked(beyond, HOURS)
    with pytest.raises(PersonError, match=r"工作日历未覆盖 2027-01-01"):
        calendar.advance(beyond - timedelta(hours=10), timedelta(hours=7), HOURS)
    with pytest.raises(PersonError, match=r"工作日历未覆盖 2025-12-31"):
        calendar.retreat(datetime(2026, 1, 5, tzinfo=SHANGHAI), timedelta(days=5), HOURS)
    assert calendar.worked(beyond - timedelta(microseconds=1), HOURS) == timedelta(hours=248 * 7.5)


def test_a_calendar_with_a_gap_or_none_at_all_is_refused() -> None:
    days = calendar_days(2026, 2026)
    with pytest.raises(PersonError, match="2026-01-02 之后不连续"):
        WorkCalendar.of(days[:2] + days[3:])
    with pytest.raises(PersonError, match="工作日历为空"):
        WorkCalendar(())


def test_negative_amounts_are_bugs() -> None:
    for move in (CALENDAR.advance, CALENDAR.retreat):
        with pytest.raises(ValueError, match="must not be negative"):
            move(at(9, 30), timedelta(microseconds=-1), HOURS)


@pytest.mark.parametrize("periods", [(), (510,), (510, 500), (510, 720, 720, 1050), (510, 1441), (-1, 500)])
def test_senseless_hours_are_refused(periods: tuple[int, ...]) -> None:
    with pytest.raises(PersonError, match="工作时段"):
        WorkHours(periods)


def test_hours_know_their_day() -> None:
    assert HOURS.day_minutes == 450  # 3.5 h + 4 h
    assert WorkHours((0, 1440)).day_minutes == 1440


def test_provisional_touches_both_ends() -> None:
    days = [CalendarDay(date(2026, 12, 30 + i), working=True, provisional=i == 1) for i in range(2)]
    days.append(CalendarDay(date(2027, 1, 1), working=False))
    calendar = WorkCalendar.of(days)
    before, on, after = (datetime.combine(each.day, time.min, SHANGHAI) for each in days)
    assert calendar.provisional(before, on)
    assert calendar.provisional(on, after)
    assert not calendar.provisional(before, before + timedelta(hours=23, minutes=59))
    assert not calendar.provisional(after, after)
    assert not CALENDAR.provisional(at(1, 1), at(12, 31))
    assert CALENDAR.provisional(at(12, 31), datetime(2027, 1, 1, tzinfo=SHANGHAI))
