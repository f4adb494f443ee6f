"""Lamps: the borders by example, the array against the single case by law."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.case import Lamp
from commandcenter.domain.lamp import lamp, lamps
from commandcenter.domain.moment import NEVER
from commandcenter.live import mirror

SOON_AT, DUE_AT = 1_000, 2_000

moments = st.integers(0, 50) | st.just(NEVER)
cases = st.lists(st.tuples(moments, moments, moments), max_size=40)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        (SOON_AT - 1, Lamp.NORMAL),
        (SOON_AT, Lamp.SOON),
        (DUE_AT, Lamp.SOON),  # finished at the last moment is finished in time
        (DUE_AT + 1, Lamp.OVERDUE),
    ],
)
def test_borders(now: int, shown: Lamp) -> None:
    assert lamp(now, SOON_AT, DUE_AT) is shown


def test_without_a_deadline_nothing_is_near() -> None:
    assert lamp(NEVER - 1, NEVER, NEVER) is Lamp.NORMAL


def test_a_paused_case_keeps_the_lamp_of_its_pause() -> None:
    assert lamp(DUE_AT + 500, SOON_AT, DUE_AT, paused_at=SOON_AT - 1) is Lamp.NORMAL
    assert lamp(DUE_AT + 500, SOON_AT, DUE_AT, paused_at=DUE_AT) is Lamp.SOON
    assert lamp(DUE_AT + 500, SOON_AT, DUE_AT, paused_at=DUE_AT + 1) is Lamp.OVERDUE


@given(st.integers(0, 50), cases)
def test_many_are_as_each(now: int, rows: list[tuple[int, int, int]]) -> None:
    soon, due, paused = np.array(rows, np.int64).reshape(-1, 3).T
    shown = lamps(now, soon, due, paused)
    assert shown.dtype == np.uint8
    assert shown.tolist() == [lamp(now, *row) for row in rows]


@given(st.integers(0, 50), st.integers(0, 50), moments, moments)
def test_time_only_makes_it_worse(now: int, later: int, soon: int, due: int) -> None:
    assert lamp(now, soon, due) <= lamp(now + later, soon, due)


def test_the_mirror_speaks_of_the_same_never() -> None:
    assert np.iinfo(np.int64).max == NEVER == mirror.NEVER
