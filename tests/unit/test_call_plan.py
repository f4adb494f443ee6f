"""When to call again: the gap is kept, within a band, in an untried one while there is one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.clock import SHANGHAI
from commandcenter.domain.call_plan import Band, bands_of, day_bounds, next_call_at
from commandcenter.errors import PersonError

BANDS = bands_of([[510, 720], [810, 1050], [1080, 1230]])
"""The default: 08:30–12:00, 13:30–17:30, 18:00–20:30."""


def at(clock: str, day: int = 2) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("attempts", "finished", "expected"),
    [
        ([], at("10:00"), at("10:00")),
        ([], at("12:30"), at("13:30")),  # nobody is called at noon
        ([], at("22:00"), at("08:30", 3)),  # nor at night
        ([at("09:00")], at("08:00"), at("13:30")),  # the morning is tried: the afternoon, though 11:00 keeps the gap
        ([at("11:45")], at("08:00"), at("13:45")),  # two hours after, in the afternoon
        ([at("09:00"), at("14:00")], at("08:00"), at("18:00")),
        ([at("19:30")], at("08:00"), at("08:30", 3)),
        ([at("09:00"), at("14:00"), at("18:30")], at("08:00"), at("08:30", 3)),  # all tried: the next of any
        ([at("12:30")], at("08:00"), at("14:30")),  # outside every band: none is tried
    ],
)
def test_the_next_call(attempts: list[datetime], finished: datetime, expected: datetime) -> None:
    assert next_call_at(attempts, finished, 120, BANDS) == expected


def test_a_call_left_lying_waits_for_the_next_band() -> None:
    assert next_call_at([], at("10:00"), 120, BANDS, at("12:30")) == at("13:30")
    assert next_call_at([], at("10:00"), 120, BANDS, at("03:00", 3)) == at("08:30", 3)  # nobody is called at night
    assert next_call_at([at("09:00")], at("08:00"), 120, BANDS, at("09:30", 3)) == at(
        "13:30", 3
    )  # not the morning again


@st.composite
def some_bands(draw: st.DrawFn) -> tuple[Band, ...]:
    edges = draw(st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted))
    return bands_of([(edges[n], edges[n + 1]) for n in range(0, len(edges) - 1, 2)])


moments = st.integers(0, 500_000).map(lambda minutes: at("00:00") + timedelta(minutes=minutes, seconds=minutes % 60))


@given(moments, st.lists(st.integers(0, 20_000), max_size=5), st.integers(1, 3000), some_bands(), st.none() | moments)
def test_the_gap_the_band_and_an_untried_one(
    finished: datetime, after: list[int], gap: int, bands: tuple[Band, ...], now: datetime | None
) -> None:
    attempts = [finished + timedelta(minutes=minutes) for minutes in after]
    found = next_call_at(attempts, finished, gap, bands, now)
    assert found >= finished
    assert now is None or found >= now
    if attempts:
        assert found >= max(attempts) + timedelta(minutes=gap)
    [band] = [band for band in bands if band.holds(found)]
    tried = {each for each in bands for attempt in attempts if each.holds(attempt)}
    assert band not in tried or tried == set(bands)


@given(moments, moments, some_bands())
def test_no_earlier_moment_would_do(finished: datetime, probe: datetime, bands: tuple[Band, ...]) -> None:
    """Of a first call: between the end of work and the call there is no moment within a band."""
    found = next_call_at([], finished, 60, bands)
    assert not (finished <= probe < found and any(band.holds(probe) for band in bands))
    assert found - finished < timedelta(days=1)


@pytest.mark.parametrize(
    "value", [[], [[600, 600]], [[700, 600]], [[0, 600], [500, 700]], [[0, 1441]], [[-1, 5]], [1, 2], [["a", "b"]]]
)
def test_bands_that_are_none(value: list[list[int]]) -> None:
    with pytest.raises(PersonError, match="时段"):
        bands_of(value)


def test_a_day_in_shanghai() -> None:
    since, until = day_bounds(at("12:00").date())
    assert (since.isoformat(), until - since) == ("2026-03-02T00:00:00+08:00", timedelta(days=1))
