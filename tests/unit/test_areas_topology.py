"""How areas fit together: every fault made on purpose is found, with its size; what fits has none."""

import math

import pytest
import shapely
from shapely.geometry import box

from commandcenter.intake.place.topology import Fault, Piece, check

M = 1 / 111_195.0
"""A metre in degrees of latitude on the sphere of the earth's surface."""
LAT = 37.0
E_M = M / math.cos(math.radians(LAT))
"""A metre in degrees of longitude there."""


def rectangle(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """In metres east and north of 122° E, 37° N."""
    return box(122 + west * E_M, LAT + south * M, 122 + east * E_M, LAT + north * M)


def piece(
    key: int, parent: int, level: str, shape: shapely.Geometry | None, code: str = "", repaired: str = ""
) -> Piece:
    return Piece(key, parent, level, code, f"区{key}", shape, repaired)


TOWN = piece(1, 0, "town", rectangle(0, 0, 2000, 1000), "371082101")


def test_what_fits_has_no_finding() -> None:
    found = check([
        TOWN,
        piece(2, 1, "community", rectangle(0, 0, 1000, 1000), "371082101001"),
        piece(3, 1, "community", rectangle(1000, 0, 2000, 1000), "371082101002"),
    ])  # fmt: skip
    assert found.findings == ()
    assert found.pieces == {"town": 1, "community": 2}
    assert check([]).findings == ()


def test_overlaps_and_gaps_with_their_size() -> None:
    found = check([
        TOWN, piece(2, 1, "community", rectangle(0, 0, 1100, 1000)), piece(3, 1, "community", rectangle(1000, 0, 1900, 1000))
    ])  # fmt: skip
    [overlap, gap] = found.findings
    assert (overlap.fault, overlap.keys) == (Fault.OVERLAP, (2, 3))
    assert overlap.surface == pytest.approx(100 * 1000, rel=0.005)
    assert overlap.where is not None
    assert rectangle(1000, 0, 1100, 1000).covers(shapely.Point(overlap.where))
    assert (gap.fault, gap.keys, gap.parts) == (Fault.GAP, (1,), 1)
    assert gap.surface == pytest.approx(100 * 1000, rel=0.005)


def test_a_gap_that_is_enclosed_is_found_without_a_parent_outline() -> None:
    ring = rectangle(0, 0, 1000, 1000) - rectangle(400, 400, 500, 500)
    west, east = ring & rectangle(0, 0, 450, 1000), ring & rectangle(450, 0, 1000, 1000)
    found = check([piece(2, 1, "community", west), piece(3, 1, "community", east)])
    [gap] = found.findings
    assert gap.fault is Fault.GAP
    assert gap.surface == pytest.approx(100 * 100, rel=0.005)


def test_beyond_the_parent() -> None:
    found = check([TOWN, piece(2, 1, "community", rectangle(0, 0, 2050, 1000))])
    [outside] = found.findings
    assert (outside.fault, outside.names) == (Fault.OUTSIDE, ("区2", "区1"))
    assert outside.surface == pytest.approx(50 * 1000, rel=0.005)


def test_holes_repaired_rings_and_missing_outlines() -> None:
    ring = rectangle(0, 0, 1000, 1000) - rectangle(400, 400, 500, 500)
    found = check([piece(2, 0, "grid", ring, repaired="Self-intersection"), piece(3, 0, "grid", None)])
    assert [(each.fault, each.keys) for each in found.findings] == [
        (Fault.NO_OUTLINE, (3,)), (Fault.REPAIRED, (2,)), (Fault.GAP, (0,)), (Fault.HOLE, (2,)),
    ]  # fmt: skip
    assert found.findings[-1].surface == pytest.approx(100 * 100, rel=0.005)
    filled = check([piece(2, 0, "grid", ring), piece(3, 0, "grid", rectangle(400, 400, 500, 500))])
    assert [each.fault for each in filled.findings] == [Fault.HOLE], "an enclave: a hole, and no gap"


def test_codes() -> None:
    far = [rectangle(x, 0, x + 10, 10) for x in (0, 100, 200)]
    found = check([
        piece(2, 0, "estate", far[0], "37108210100100101"),
        piece(3, 0, "estate", far[1], "37108210100100101"),
        piece(4, 0, "estate", far[2], "371082101"),
    ])  # fmt: skip
    assert [(each.fault, each.keys) for each in found.findings] == [
        (Fault.DUPLICATE_CODE, (2, 3)), (Fault.CODE_LEVEL, (4,)),
    ]  # fmt: skip


def test_slivers_of_rounding_are_not_told() -> None:
    thin = check([TOWN, piece(2, 1, "community", rectangle(0, 0, 2000, 999.9995))])
    assert thin.findings == ()
    assert check([TOWN, piece(2, 1, "community", rectangle(0, 0, 2000, 999))]).count(Fault.GAP) == 1
