"""Words for remaining time and for the day's state, by hand; and that words and lamp agree."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.case import Lamp
from commandcenter.domain.holidays import calendar_days
from commandcenter.domain.lamp import lamp
from commandcenter.domain.limit import LimitClock
from commandcenter.domain.moment import DAY, HOUR, MINUTE, NEVER, micros
from commandcenter.domain.remaining import duration_words, remaining
from commandcenter.domain.working_state import working_state
from commandcenter.domain.worktime import CalendarDay, WorkCalendar, WorkHours
from commandcenter.errors import PersonError

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar.of(calendar_days(2026, 2026))
HOURS = WorkHours()
NATURAL, WORKING = LimitClock.NATURAL, LimitClock.WORKING


def at(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int:
    return micros(datetime(2026, month, day, hour, minute, second, tzinfo=SHANGHAI))


@pytest.mark.parametrize(
    ("now", "due", "clock", "words"),
    [
        (at(10, 1, 9), at(10, 1, 12, 12), NATURAL, "剩 3时12分"),
        (at(10, 1, 9), at(10, 3, 12, 59), NATURAL, "剩 2天 3时"),
        (at(10, 1, 9), at(10, 2, 9), NATURAL, "剩 1天"),
        (at(10, 1, 9, 0, 1), at(10, 2, 9), NATURAL, "剩 23时59分"),  # never promises more than there is
        (at(10, 2, 9), at(10, 1, 9), NATURAL, "超 1天"),
        (at(10, 1, 9, 18), at(10, 1, 9), NATURAL, "超 0时18分"),
        (at(10, 1, 9), at(10, 1, 9), NATURAL, "剩 0时0分"),
        # from Wednesday 16:30 to Friday the 9th 17:30: 1 h, the holiday, 7.5 h, 7.5 h
        (at(9, 30, 16, 30), at(10, 9, 17, 30), WORKING, "剩 2天 1时"),
        (at(10, 4, 3), at(10, 8, 11, 42), WORKING, "剩 3时12分"),  # the holiday costs nothing
        (at(10, 10, 17, 30), at(10, 9, 17, 30), WORKING, "超 1天"),  # the make-up Saturday does
        (at(10, 12, 8, 48), at(10, 10, 17, 30), WORKING, "超 0时18分"),
        (at(9, 30, 20), at(9, 30, 17, 30), WORKING, "超 0时0分"),  # over since 17:30, nothing worked since
        (at(9, 30, 20), NEVER, WORKING, "未派单"),
    ],
)
def test_words_by_hand(now: int, due: int, clock: LimitClock, words: str) -> None:
    assert remaining(now, due, NEVER, clock, CALENDAR, HOURS) == words


def test_a_pause_stops_the_words() -> None:
    due, paused = at(9, 30, 17, 30), at(9, 30, 14, 18)
    assert remaining(at(10, 9), due, paused, WORKING, CALENDAR, HOURS) == "挂起 剩 3时12分"
    assert remaining(at(10, 9), due, due + HOUR, NATURAL, CALENDAR, HOURS) == "挂起 超 1时0分"


def test_a_day_is_the_day_of_the_units_hours() -> None:
    six_hours = WorkHours((540, 720, 840, 1020))  # 09:00-12:00, 14:00-17:00
    assert remaining(at(9, 28, 17), at(9, 29, 17), NEVER, WORKING, CALENDAR, six_hours) == "剩 1天"
    assert remaining(at(9, 28, 17), at(9, 29, 16, 59), NEVER, WORKING, CALENDAR, six_hours) == "剩 5时59分"


def test_outside_the_calendar_words_do_not_guess() -> None:
    beyond = micros(datetime(2031, 1, 1, tzinfo=SHANGHAI))
    assert remaining(beyond, at(9, 30), NEVER, WORKING, CALENDAR, HOURS) == "超 (工作日历未覆盖)"
    assert remaining(beyond, beyond + HOUR, NEVER, NATURAL, CALENDAR, HOURS) == "剩 1时0分"


FIRST, LAST = datetime(2026, 1, 1), datetime(2026, 12, 30)  # noqa: DTZ001  (hypothesis wants naive bounds and adds the zone)
moments = st.datetimes(FIRST, LAST, timezones=st.just(SHANGHAI)).map(micros)


@given(moments, moments, moments | st.just(NEVER), st.sampled_from(LimitClock))
def test_words_say_over_exactly_when_the_lamp_does(now: int, due: int, paused: int, clock: LimitClock) -> None:
    words = remaining(now, due, paused, clock, CALENDAR, HOURS)
    assert ("超" in words) == (lamp(now, due, due, paused) is Lamp.OVERDUE)
    assert words.startswith("挂起 ") == (paused <= now)


@given(st.integers(0, 40 * DAY), st.sampled_from([DAY, HOURS.day_us]))
def test_words_are_rounded_down_by_less_than_their_last_unit(amount: int, day: int) -> None:
    words = duration_words(amount, day)
    sizes = {"天": day, "时": HOUR, "分": MINUTE}
    said = sum(
        int(number) * sizes[unit]
        for part in words.replace("时", "时 ").split()
        for number, unit in [(part[:-1], part[-1])]
    )
    assert timedelta(0) <= timedelta(microseconds=amount - said) < timedelta(hours=1 if amount >= day else 1 / 60)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(9, 30, 7), ("工作日", "08:30 上班")),
        (at(9, 30, 8, 30), ("工作日", "距下班 9时0分")),
        (at(9, 30, 14, 3), ("工作日", "距下班 3时27分")),
        (at(9, 30, 12), ("工作日", "午休 至 13:30")),
        (at(9, 30, 13, 30), ("工作日", "距下班 4时0分")),
        (at(9, 30, 17, 30), ("工作日", "已下班")),
        (at(10, 2, 10), ("国庆节", "")),
        (at(9, 27, 10), ("中秋节", "")),
        (at(10, 10, 17), ("调休上班", "距下班 0时30分")),
        (at(10, 11, 10), ("休息日", "")),
    ],
)
def test_working_state(now: int, state: tuple[str, str]) -> None:
    assert working_state(now, CALENDAR, HOURS) == state


def test_a_hall_that_never_closes_counts_to_no_end_of_the_day() -> None:
    assert working_state(at(9, 30, 0, 1), CALENDAR, WorkHours((0, 1440))) == ("工作日", "")


@given(moments)
def test_a_state_always_has_words(now: int) -> None:
    day, phase = working_state(now, CALENDAR, WorkHours((0, 60, 120, 180, 1200, 1440)))
    assert day
    assert bool(phase) == CALENDAR.day_of(now).working


def test_the_state_outside_the_calendar_is_an_error_for_people() -> None:
    one_day = WorkCalendar((CalendarDay(datetime(2026, 9, 30, tzinfo=SHANGHAI).date(), working=True),))
    with pytest.raises(PersonError, match="未覆盖 2026-10-01"):
        working_state(at(10, 1), one_day, HOURS)
