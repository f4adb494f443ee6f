"""Packing the mirror for the map: places, styles, lamps and filters as bytes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.live.mirror import Mirror, Rows
from tests.ui.map_county import HOUR, NOW, cases, rows
from ui.map.points import HIDDEN, Origin, Points, mercator

LON, LAT = 122.42, 37.16


def some(ids: list[int], grade: int = 2, left: int = 90 * HOUR, lon: float = LON, version: int = 1) -> Rows:
    count = len(ids)
    due = np.full(count, NOW + left)
    place = np.full(count, lon), np.full(count, LAT)
    return rows(np.array(ids), *place, np.full(count, grade), np.full(count, 101), due, due - 10 * HOUR, version)


def unpack(data: bytes, *, delta: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Slots, x, y, style as the canvases read them."""
    count = int(np.frombuffer(data, np.uint32, 1)[0])
    head = 4 + 4 * count if delta else 4
    slots = np.frombuffer(data, np.uint32, count, 4) if delta else np.arange(count)
    x, y = (np.frombuffer(data, np.float32, count, head + 4 * count * part) for part in (0, 1))
    assert len(data) == head + 9 * count
    return slots, x, y, np.frombuffer(data, np.uint8, count, head + 8 * count)


def points_of(first: Rows) -> Points:
    mirror = Mirror()
    mirror.reset(first)
    return Points(mirror, Origin(LON, LAT))


def test_mercator_is_epsg_3857() -> None:
    x, y = mercator(np.array([0.0, 180.0, 122.42]), np.array([0.0, 85.0511287798, 37.16]))
    assert x == pytest.approx([0.0, 20037508.342789, 20037508.342789 * 122.42 / 180], abs=0.01)
    assert y[:2] == pytest.approx([0.0, 20037508.342789], abs=0.01)


def test_a_place_is_kept_to_centimetres() -> None:
    _, x, y, _ = unpack(points_of(cases(1000)).snapshot(NOW), delta=False)
    held = cases(1000).numbers
    exact_x, exact_y = mercator(held["lon"], held["lat"])
    origin = Origin(LON, LAT)
    assert np.abs(x.astype(float) + origin.x - exact_x).max() < 0.01
    assert np.abs(y.astype(float) + origin.y - exact_y).max() < 0.01


@pytest.mark.parametrize(("left", "lamp"), [(90 * HOUR, 0), (9 * HOUR, 1), (-1, 2)])
def test_the_style_holds_grade_and_lamp(left: int, lamp: int) -> None:
    style = unpack(points_of(some([1], grade=3, left=left)).snapshot(NOW), delta=False)[3]
    assert style.tolist() == [3 | lamp << 3]


def test_an_unplaced_case_is_hidden_but_counted() -> None:
    points = points_of(some([1], lon=float("nan")))
    _, x, y, style = unpack(points.snapshot(NOW), delta=False)
    assert style[0] & HIDDEN
    assert np.isfinite([x[0], y[0]]).all()
    assert points.counted().tolist() == [True]


def test_a_delta_brings_removed_added_and_moved_slots() -> None:
    points = points_of(some([1, 2, 3]))
    points.snapshot(NOW)
    changed = points.mirror.apply(some([2, 9, 8], grade=0, lon=LON + 0.01, version=2), gone=[1])
    slots = np.unique(np.concatenate([changed.inserted, changed.updated, changed.removed]))
    told, x, _, style = unpack(points.delta(slots, NOW), delta=True)
    assert told.tolist() == slots.tolist()
    shown = {int(points.mirror.id[slot]) for slot in told[style & HIDDEN == 0].tolist()}
    assert shown == {2, 8, 9}
    assert (x[style & HIDDEN == 0] > 800).all()


def test_only_lamps_that_moved_are_told() -> None:
    points = points_of(some([1, 2, 3]))
    points.mirror.apply(some([4], left=11 * HOUR))
    points.snapshot(NOW)
    assert points.moved_lamps(NOW).tolist() == []
    later = NOW + 2 * HOUR
    moved = points.moved_lamps(later)
    assert points.mirror.id[moved].tolist() == [4]
    points.delta(moved, later)
    assert points.moved_lamps(later).tolist() == []


def test_a_filter_hides_and_tells_what_it_changes() -> None:
    points = points_of(some([1, 2, 3]))
    points.snapshot(NOW)
    changed = points.choose([1])
    assert changed.tolist() == [0, 2]
    style = unpack(points.delta(changed, NOW), delta=True)[3]
    assert (style & HIDDEN != 0).all()
    assert points.counted().tolist() == [False, True, False]
    assert points.choose(None).tolist() == [0, 2]


def test_a_case_that_comes_under_a_filter_stays_hidden() -> None:
    points = points_of(some([1, 2]))
    points.choose([0])
    points.snapshot(NOW)
    changed = points.mirror.apply(some([7]))
    assert unpack(points.delta(changed.inserted, NOW), delta=True)[3][0] & HIDDEN


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.booleans(), st.integers(0, 4), st.floats(122.0, 123.0)),
        min_size=1,
        max_size=30,
    )
)
def test_snapshot_and_deltas_end_in_the_same_picture(steps: list[tuple[int, bool, int, float]]) -> None:
    mirror = Mirror()
    mirror.reset(some([1, 2, 3]))
    points = Points(mirror, Origin(LON, LAT))
    _, *first = unpack(points.snapshot(NOW), delta=False)
    drawn = [np.concatenate([part, np.zeros(40, part.dtype)]) for part in first]
    drawn[2][mirror.size :] = HIDDEN
    for version, (case_id, gone, grade, lon) in enumerate(steps, 2):
        fresh = some([] if gone else [case_id], grade=grade, lon=lon, version=version)
        changed = mirror.apply(fresh, gone=[case_id] if gone else [])
        slots = np.unique(np.concatenate([changed.inserted, changed.updated, changed.removed]))
        told, *parts = unpack(points.delta(slots, NOW), delta=True)
        for whole, part in zip(drawn, parts, strict=True):
            whole[told] = part
    size = mirror.size
    wanted = unpack(Points(mirror, Origin(LON, LAT)).snapshot(NOW), delta=False)[1:]
    seen = wanted[2] & HIDDEN == 0
    assert ((drawn[2][:size] & HIDDEN == 0) == seen).all()
    for whole, want in zip(drawn, wanted, strict=True):
        assert (whole[:size][seen] == want[seen]).all()
