"""The statutory calendar as first filled in: published holidays with make-up days, Monday to Friday where unknown."""

from datetime import date, timedelta

from chinese_calendar import Holiday, holidays, workdays

from commandcenter.domain.worktime import CalendarDay

MADE_UP = "调休上班"
"""Name of a weekend day on which work is made up for."""

FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}
"""Statutory days off by the solar calendar (国务院《全国年节及纪念日放假办法》 of 2025), certain before any notice."""

_FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def published_years() -> range:
    """Name the years whose holidays the State Council had published when the packaged tables were made."""
    return range(min(holidays).year, max(holidays).year + 1)


def calendar_days(first_year: int, last_year: int) -> list[CalendarDay]:
    """List every day of the years `first_year`..`last_year`, ascending.

    Days of a published year are certain. Outside, Monday to Friday are working days, in years to come except the `FIXED`
    ones, and all are provisional: an administrator replaces them when the State Council publishes (each November for the
    next year).
    """
    published = published_years()
    first = date(first_year, 1, 1)
    count = (date(last_year + 1, 1, 1) - first).days
    days = (first + timedelta(days=offset) for offset in range(count))
    return [_published(day) if day.year in published else _assumed(day) for day in days]


def _published(day: date) -> CalendarDay:
    if day in workdays:
        return CalendarDay(day, working=True, name=MADE_UP)
    if day in holidays:
        name: str = Holiday(holidays[day]).chinese
        return CalendarDay(day, working=False, name=_FULL_NAMES.get(name, name))
    return CalendarDay(day, working=day.weekday() < 5)


def _assumed(day: date) -> CalendarDay:
    name = FIXED.get((day.month, day.day)) if day.year >= published_years().stop else None
    if name is not None:
        return CalendarDay(day, working=False, name=name, provisional=True)
    return CalendarDay(day, working=day.weekday() < 5, provisional=True)
