"""Finding the area of a point: exactly one, on borders too, in holes none."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box, mapping

from commandcenter.demo.cells import voronoi
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.outline import Outlined, as_geojson, read_outline

WEST, EAST = box(122.0, 37.0, 122.1, 37.1), box(122.1, 37.0, 122.2, 37.1)
LAND = box(121.9, 36.9, 122.3, 37.2)


def outlined(path: str, surface: shapely.Geometry, number: int = 0) -> Outlined:
    return Outlined(number or int(path.replace(".", "")), path, mapping(surface))


LOCATOR = Locator.of([outlined("01.01.02.", EAST), outlined("01.01.01.", WEST), outlined("01.01.", LAND)])


def test_a_point_lies_in_its_deepest_area() -> None:
    assert LOCATOR.locate(122.05, 37.05) == "01.01.01."
    assert LOCATOR.locate(122.15, 37.05) == "01.01.02."
    assert LOCATOR.locate(121.95, 37.05) == "01.01.", "in no community: the town"
    assert LOCATOR.locate(121.0, 37.05) is None
    assert LOCATOR.locate(None, 37.05) is None
    assert LOCATOR.at(122.15, 37.05) == 10102
    assert LOCATOR.at(121.0, 37.05) is None


def test_many_points_at_once() -> None:
    lon, lat = [122.05, 121.0, np.nan, 122.15], [37.05, 37.05, 37.05, np.inf]
    assert LOCATOR.locate_many(lon, lat) == ["01.01.01.", None, None, None]
    assert LOCATOR.ids_of(lon, lat).tolist() == [10101, 0, 0, 0]
    assert LOCATOR.locate_many([], []) == []
    assert Locator.of([]).locate_many([1.0], [2.0]) == [None]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_border_belongs_to_the_lowest_path_whatever_the_order(order: tuple[int, int]) -> None:
    both = [outlined("01.09.", WEST), outlined("01.10.", EAST)]
    locator = Locator.of([both[index] for index in order])
    assert locator.locate_many([122.1, 122.1, 122.1], [37.0, 37.05, 37.1]) == ["01.09."] * 3


def test_holes_and_several_parts() -> None:
    ring = box(122.0, 37.0, 122.3, 37.3) - box(122.1, 37.1, 122.2, 37.2)
    islands = shapely.MultiPolygon([box(123.0, 37.0, 123.1, 37.1), box(123.2, 37.0, 123.3, 37.1)])
    locator = Locator.of([outlined("01.01.", ring), outlined("01.02.", islands)])
    assert locator.locate_many([122.05, 122.15, 122.1, 123.05, 123.15, 123.25], [37.05, 37.15, 37.15, 37.05, 37.05, 37.05]) == [
        "01.01.", None, "01.01.", "01.02.", None, "01.02.",
    ]  # fmt: skip


def test_an_enclave_is_its_own() -> None:
    hole = box(122.1, 37.1, 122.2, 37.2)
    locator = Locator.of([outlined("01.01.", box(122.0, 37.0, 122.3, 37.3) - hole), outlined("01.02.", hole)])
    assert locator.locate_many([122.05, 122.15, 122.1], [37.05, 37.15, 37.15]) == ["01.01.", "01.02.", "01.01."]


def test_invalid_rings_are_repaired_and_told() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    nothing = {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}
    broken = {"type": "Polygon"}
    locator = Locator.of(
        [
            Outlined(1, "01.01.", bow),
            Outlined(2, "01.02.", nothing),
            Outlined(3, "01.03.", broken),
            outlined("01.04.", LAND),
        ]
    )
    assert [(each.area_id, each.reason) for each in locator.repaired] == [
        (1, "Self-intersection"), (2, "no surface"), (3, "not a GeoJSON geometry"),
    ]  # fmt: skip
    assert locator.locate_many([0.2, 1.8, 1.0], [1.0, 1.0, 0.5]) == ["01.01.", "01.01.", None]
    surface, wrong = read_outline(bow)
    assert surface.is_valid
    assert wrong == "Self-intersection"


def test_overlapping_areas_have_one_owner() -> None:
    locator = Locator.of([outlined("01.02.", box(0, 0, 2, 2)), outlined("01.01.", box(1, 1, 3, 3))])
    assert locator.locate_many([0.5, 1.5, 2.5], [0.5, 1.5, 2.5]) == ["01.02.", "01.01.", "01.01."]


@settings(max_examples=50)
@given(seed=st.integers(0, 2**31), cells=st.integers(2, 60))
def test_the_same_as_asking_every_area(seed: int, cells: int) -> None:
    """Random areas without gaps, their own corners and the middles of their sides among the points."""
    rng = np.random.default_rng(seed)
    land = box(122.0, 37.0, 122.5, 37.5) - box(122.2, 37.2, 122.25, 37.27)
    shapes = [
        cell for cell in voronoi(land, rng.uniform((122.0, 37.0), (122.5, 37.5), (cells, 2))) if not cell.is_empty
    ]
    paths = [f"01.{number:02d}." for number in rng.permutation(len(shapes)) + 1]
    areas = [outlined(path, cell) for path, cell in zip(paths, shapes, strict=True)]
    corners = shapely.get_coordinates(shapes)
    points = np.concatenate([
        rng.uniform((121.95, 36.95), (122.55, 37.55), (200, 2)), corners[:100], (corners[:-1] + corners[1:])[:100] / 2
    ])  # fmt: skip
    found = Locator.of(areas).locate_many(points[:, 0], points[:, 1])
    covers = shapely.covers(np.array(shapes)[:, None], shapely.points(points)[None, :])
    for at, path in enumerate(found):
        assert path == min(
            (area.path for area, inside in zip(areas, covers[:, at], strict=True) if inside), default=None
        )


def test_outlines_are_kept_to_a_centimetre() -> None:
    kept = as_geojson(box(122.123456789, 37.0, 122.2, 37.1))
    assert kept["type"] == "Polygon"
    assert 122.1234568 in {lon for ring in kept["coordinates"] for lon, _ in ring}
