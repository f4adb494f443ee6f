"""Coordinate systems: published check points, and inverses to well under half a metre."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from commandcenter.domain.crs import (
    Crs,
    Points,
    bd09_to_gcj02,
    from_wgs84,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    to_wgs84,
    wgs84_to_gcj02,
)

# Kept a few hundred metres inside the rectangle: on its very edge the shift itself jumps.
inland = st.tuples(st.floats(72.1, 137.7), st.floats(0.9, 55.7))
abroad = st.tuples(st.floats(-180, 72.0), st.floats(-90, 90)) | st.tuples(st.floats(72, 138), st.floats(56, 90))


def metres(one: Points, other: Points) -> float:
    """Largest distance, by the length of a degree on a sphere."""
    north = (one[1] - other[1]) * 111_320
    east = (one[0] - other[0]) * 111_320 * np.cos(np.radians(other[1]))
    return float(np.max(np.hypot(north, east)))


@pytest.mark.parametrize(
    ("wgs", "gcj"),
    [
        # the check points that circulate with the approximation
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
        ((116.404, 39.915), (116.41024449916938, 39.91640428150164)),
    ],
)
def test_gcj02_check_points(wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
    assert wgs84_to_gcj02(*wgs) == pytest.approx(gcj, abs=1e-9)
    assert metres(gcj02_to_wgs84(*gcj), wgs84_like(wgs)) < 0.001


def test_bd09_check_points() -> None:
    assert gcj02_to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-9)
    # the published one-step inverse is itself off by up to half a metre
    assert metres(bd09_to_gcj02(116.404, 39.915), wgs84_like((116.39762729119315, 39.90865673957631))) < 0.5


def wgs84_like(point: tuple[float, float]) -> Points:
    return np.asarray(point[0]), np.asarray(point[1])


@given(st.lists(inland, min_size=1, max_size=30))
def test_there_and_back(points: list[tuple[float, float]]) -> None:
    here = np.array([lon for lon, _ in points]), np.array([lat for _, lat in points])
    for crs in Crs:
        there = from_wgs84(crs, *here)
        assert metres(to_wgs84(crs, *there), here) < 0.001
    assert metres(bd09_to_gcj02(*gcj02_to_bd09(*here)), here) < 0.001


@given(inland)
def test_the_shift_is_that_of_the_streets(point: tuple[float, float]) -> None:
    assert metres(wgs84_to_gcj02(*point), wgs84_like(point)) < 2_000
    assert 100 < metres(gcj02_to_bd09(*point), wgs84_like(point)) < 1_500


@given(abroad)
def test_abroad_nothing_moves(point: tuple[float, float]) -> None:
    for crs in Crs:
        assert tuple(map(float, to_wgs84(crs, *point))) == point
        assert tuple(map(float, from_wgs84(crs, *point))) == point


def test_arrays_keep_their_shape_and_unknown_stays_unknown() -> None:
    lon = np.array([[122.42, np.nan], [0.0, 122.5]])
    lat = np.array([[37.16, 37.0], [0.0, np.nan]])
    x, y = gcj02_to_wgs84(lon, lat)
    assert x.shape == y.shape == (2, 2)
    assert_array_equal(np.isnan(x), [[False, True], [False, False]])
    assert np.isnan(x[0, 1])
    assert np.isnan(y[1, 1])
    assert (x[1, 0], y[1, 0]) == (0.0, 0.0)
    one = gcj02_to_wgs84(122.42, 37.16)
    assert (float(one[0]), float(one[1])) == (x[0, 0], y[0, 0])
