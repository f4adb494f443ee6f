"""Deadlines of many cases at once are those of each by itself."""

from datetime import datetime

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade
from commandcenter.domain.holidays import calendar_days
from commandcenter.domain.limit import DEFAULTS, FinishUnit, Limit, LimitClock, deadlines
from commandcenter.domain.many_deadlines import many_deadlines
from commandcenter.domain.moment import NEVER, micros
from commandcenter.domain.worktime import WorkCalendar, WorkHours

CALENDAR = WorkCalendar.of(calendar_days(2025, 2028))
HOURS = {1: WorkHours(), 2: WorkHours((0, 1440)), 3: WorkHours((420, 660, 780, 1020))}
IN_MINUTES = Limit(Grade.GREEN, LimitClock.WORKING, 240, 90, FinishUnit.MINUTES, 60)
ONE_DAY = Limit(Grade.YELLOW, LimitClock.WORKING, 30, 1, FinishUnit.DAYS, 60)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001


@given(
    st.lists(st.tuples(MOMENTS, st.sampled_from(Grade), st.sampled_from(sorted(HOURS))), min_size=1, max_size=20),
    st.booleans(),
)
def test_equal_to_the_scalar_rule(cases: list[tuple[datetime, Grade, int]], odd: bool) -> None:
    limits = dict(DEFAULTS) | ({Grade.GREEN: IN_MINUTES, Grade.YELLOW: ONE_DAY} if odd else {})
    found = many_deadlines(
        np.array([micros(at) for at, _, _ in cases]),
        np.array([grade for _, grade, _ in cases]),
        np.array([hours for _, _, hours in cases]),
        limits,
        CALENDAR,
        HOURS,
    )
    for index, (at, grade, hours) in enumerate(cases):
        one = deadlines(limits[grade], at, CALENDAR, HOURS[hours])
        assert found.accept_due_at[index] == micros(one.accept_due_at)
        assert found.return_until[index] == micros(one.return_until)
        assert found.soon_at[index] == micros(one.soon_at)
        assert found.due_at[index] == micros(one.due_at)
        assert found.provisional[index] == one.provisional
        assert found.working[index] == (limits[grade].clock is LimitClock.WORKING)


def test_what_is_not_dispatched_has_no_deadline() -> None:
    found = many_deadlines(np.array([NEVER]), np.array([4]), np.array([1]), DEFAULTS, CALENDAR, HOURS)
    assert found.due_at[0] == found.soon_at[0] == found.accept_due_at[0] == found.return_until[0] == NEVER
    assert not found.working[0]
