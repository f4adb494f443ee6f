from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.clock import SHANGHAI, FixedClock, SystemClock


def test_the_system_clock_is_aware_and_moves_on() -> None:
    clock = SystemClock()
    earlier = clock.now()
    assert earlier.tzinfo is UTC
    assert clock.now() >= earlier


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(datetime(2026, 11, 22, 8, 30, tzinfo=SHANGHAI))
    assert clock.now() == clock.now() == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.advance(timedelta(hours=1))
    assert clock.now() == datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def test_a_naive_moment_is_no_moment() -> None:
    with pytest.raises(ValueError, match="aware"):
        FixedClock(datetime(2026, 11, 22))  # noqa: DTZ001 - what is refused
