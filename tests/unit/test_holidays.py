"""The seed of the calendar: the State Council's notice for 2026, and honest ignorance beyond."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.holidays import MADE_UP, calendar_days, published_years

DAYS_OF_2026 = {each.day: each for each in calendar_days(2026, 2026)}

# The State Council's notice: first and last day off, and the days made up.
NOTICE_OF_2026 = {
    "元旦": (date(2026, 1, 1), date(2026, 1, 3), [date(2026, 1, 4)]),
    "春节": (date(2026, 2, 15), date(2026, 2, 23), [date(2026, 2, 14), date(2026, 2, 28)]),
    "清明节": (date(2026, 4, 4), date(2026, 4, 6), []),
    "劳动节": (date(2026, 5, 1), date(2026, 5, 5), [date(2026, 5, 9)]),
    "端午节": (date(2026, 6, 19), date(2026, 6, 21), []),
    "中秋节": (date(2026, 9, 25), date(2026, 9, 27), []),
    "国庆节": (date(2026, 10, 1), date(2026, 10, 7), [date(2026, 9, 20), date(2026, 10, 10)]),
}


@pytest.mark.parametrize("name", NOTICE_OF_2026)
def test_2026_is_as_published(name: str) -> None:
    first, last, made_up = NOTICE_OF_2026[name]
    days_off = [each.day for each in DAYS_OF_2026.values() if each.name == name]
    assert days_off == [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    assert not any(DAYS_OF_2026[day].working for day in days_off)
    assert all(DAYS_OF_2026[day].working and DAYS_OF_2026[day].name == MADE_UP for day in made_up)


def test_nothing_else_of_2026_has_a_name_or_is_uncertain() -> None:
    named = sum((last - first).days + 1 + len(made_up) for first, last, made_up in NOTICE_OF_2026.values())
    assert sum(bool(each.name) for each in DAYS_OF_2026.values()) == named
    assert not any(each.provisional for each in DAYS_OF_2026.values())


def test_an_unpublished_year_is_monday_to_friday_but_for_what_the_law_fixes_and_says_so() -> None:
    year = published_years().stop
    off = {
        "01-01": "元旦",
        "05-01": "劳动节",
        "05-02": "劳动节",
        **dict.fromkeys(("10-01", "10-02", "10-03"), "国庆节"),
    }
    for each in calendar_days(year, year + 1):
        assert each.provisional
        assert each.name == off.get(f"{each.day:%m-%d}", "")
        assert each.working == (each.day.isoweekday() <= 5 and not each.name)


def test_years_before_the_first_published_one_are_guessed_by_no_later_law() -> None:
    assert not any(each.name for each in calendar_days(published_years().start - 1, published_years().start - 1))


@given(st.integers(1995, 2040), st.integers(0, 3))
def test_days_are_complete_and_consecutive(first_year: int, more: int) -> None:
    days = [each.day for each in calendar_days(first_year, first_year + more)]
    assert days[0] == date(first_year, 1, 1)
    assert days[-1] == date(first_year + more, 12, 31)
    assert days == [days[0] + timedelta(days=offset) for offset in range(len(days))]


@given(st.sampled_from(published_years()))
def test_published_years_agree_with_the_package(year: int) -> None:
    for each in calendar_days(year, year):
        assert each.working == chinese_calendar.is_workday(each.day)
        assert not each.provisional
