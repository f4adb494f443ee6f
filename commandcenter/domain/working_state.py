"""What kind of day it is and where in it we are: the status bar's clock in two words."""

from typing import NamedTuple

from commandcenter.domain.moment import DAY, MINUTE, local
from commandcenter.domain.remaining import duration_words
from commandcenter.domain.worktime import WorkCalendar, WorkHours


class WorkingState(NamedTuple):
    """Two pieces of text to be shown side by side."""

    day: str
    """工作日, 休息日, or the day's own name: 国庆节, 调休上班."""
    phase: str
    """08:30 上班 · 距下班 3时27分 · 午休 至 13:30 · 已下班; empty on a day off, and where somebody is there day and night."""


def working_state(now: int, calendar: WorkCalendar, hours: WorkHours) -> WorkingState:
    """Tell the state at `now` (µs since 1970 UTC) for people with these hours.

    Periods are closed at the start and open at the end. 距下班 is the clock's time to the end of the last period, lunch
    included. Raises PersonError on a day the calendar does not cover.
    """
    day = calendar.day_of(now)
    if not day.working:
        return WorkingState(day.name or "休息日", "")
    _, rest = local(now)
    spans = hours.spans
    if spans == ((0, DAY),):
        phase = ""
    elif rest >= spans[-1][1]:
        phase = "已下班"
    elif rest < spans[0][0]:
        phase = f"{_clock(spans[0][0])} 上班"
    else:
        start, end = next(span for span in reversed(spans) if span[0] <= rest)
        if rest < end:
            phase = f"距下班 {duration_words(spans[-1][1] - rest)}"
        else:
            following = next(span for span in spans if span[0] > start)
            phase = f"午休 至 {_clock(following[0])}"
    return WorkingState(day.name or "工作日", phase)


def _clock(of_day: int) -> str:
    hour, minute = divmod(of_day // MINUTE, 60)
    return f"{hour:02}:{minute:02}"
