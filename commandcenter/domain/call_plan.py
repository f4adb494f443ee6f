"""When a citizen is to be called (回访): first soon after the case was finished, then at other times of the day.

The rule is data: settings ``call_gap_minutes`` and ``call_bands`` [D].
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Band:
    """A part of every day in which citizens may be called: minutes since midnight in Shanghai, the end not included."""

    start: int
    end: int

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies within."""
        local = moment.astimezone(SHANGHAI)
        return self.start * 60 <= local.hour * 3600 + local.minute * 60 + local.second < self.end * 60

    def first(self, earliest: datetime) -> datetime:
        """The first moment within, not before `earliest`."""
        midnight = _midnight(earliest.astimezone(SHANGHAI).date())
        for days in (0, 1):
            start = midnight + timedelta(days=days, minutes=self.start)
            if earliest < start + timedelta(minutes=self.end - self.start):
                return max(start, earliest)
        raise AssertionError("a band comes every day")


def bands_of(value: Sequence[Sequence[int]]) -> tuple[Band, ...]:
    """The bands of setting ``call_bands``, by time. Raises PersonError where they are none, or overlap."""
    try:
        bands = tuple(sorted(Band(int(start), int(end)) for start, end in value))
    except (TypeError, ValueError):
        bands = ()
    ends = [0, *(band.end for band in bands)]
    if (
        not bands
        or any(not end <= band.start < band.end for end, band in zip(ends, bands, strict=False))
        or ends[-1] > DAY_MINUTES
    ):
        raise PersonError("参数“重拨的时段”不正确。", "请管理员改成一天之内互不重叠的时段，如 [[510,720],[810,1050]]。")
    return bands


def next_call_at(
    attempts: Sequence[datetime],
    finished_at: datetime,
    gap_minutes: int,
    bands: Sequence[Band],
    not_before: datetime | None = None,
) -> datetime:
    """When to call next: within a band, not before the gap after the last attempt, in a band not tried yet while there is one.

    `attempts` are those of the present round that reached nobody; without any, as soon as a band allows after
    `finished_at`. `not_before` is now, for whom should be called from now on. `bands` is not empty.
    """
    earliest = max(finished_at, not_before or finished_at)
    if attempts:
        earliest = max(earliest, max(attempts) + timedelta(minutes=gap_minutes))
    untried = [band for band in bands if not any(band.holds(attempt) for attempt in attempts)]
    return min(band.first(earliest) for band in untried or bands)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """A day's first moment in Shanghai, and the next day's."""
    return _midnight(day), _midnight(day) + timedelta(days=1)


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
