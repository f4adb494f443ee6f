"""Outlines, places for names, and what the ground colour says."""

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.map_county import county
from ui.map.areas import MapArea, middle, outlines
from ui.map.points import Origin
from ui.map.shading import Ground, Shade, breaks, classes, count_towns, figures, look, mix, tints
from ui.theme.tokens import DAY, NIGHT, WALL

SQUARE = {"type": "Polygon", "coordinates": [[[122, 37], [122.1, 37], [122.1, 37.1], [122, 37.1], [122, 37]]]}
TOWNS = [MapArea(5, "甲", "town", SQUARE, 20_000), MapArea(900_000_001, "乙", "town", None, 0)]


def test_the_middle_is_that_of_all_outlines() -> None:
    assert middle(TOWNS) == pytest.approx((122.05, 37.05))
    assert middle(TOWNS[1:]) is None


def test_an_outline_is_metres_from_the_origin() -> None:
    (found,) = outlines(TOWNS, Origin(122, 37))
    corner = found.rings[0].reshape(-1, 2)
    assert corner.min(axis=0) == pytest.approx([0, 0], abs=0.1)
    assert corner[:, 0].max() == pytest.approx(11131.95, abs=0.1)  # a tenth of a degree at the equator's scale


def test_a_name_may_stand_only_inside_its_town() -> None:
    for found in outlines(county().areas, Origin(122.4, 37.1)):
        if found.level == "county":
            assert found.places == ()
            continue
        polygon = shapely.union_all([shapely.Polygon(ring.reshape(-1, 2)) for ring in found.rings])
        assert found.places
        assert shapely.contains_xy(polygon, *np.array(found.places).T).all()


def test_towns_count_open_and_overdue_cases_and_ignore_strangers() -> None:
    town = np.array([5, 5, 900_000_001, 0, 7, 5], np.int32)
    overdue = np.array([True, False, True, True, True, True])
    counted = np.array([True, True, True, True, True, False])
    counts = count_towns(TOWNS, town, counted, overdue)
    assert counts.ids.tolist() == [5, 900_000_001]
    assert counts.open.tolist() == [2, 1]
    assert counts.overdue.tolist() == [1, 1]
    assert figures(Shade.PER_PEOPLE, TOWNS, counts).tolist() == [1.0, pytest.approx(np.nan, nan_ok=True)]
    assert classes(figures(Shade.PER_PEOPLE, TOWNS, counts), (1.0,)).tolist() == [0, -1]


def test_without_towns_nothing_is_counted() -> None:
    counts = count_towns([], np.array([1], np.int32), np.array([True]), np.array([True]))
    assert len(counts.ids) == len(counts.open) == 0
    assert breaks(figures(Shade.OPEN, [], counts)) == ()


@given(st.lists(st.floats(0, 1e6), max_size=40))
def test_limits_ascend_and_every_town_has_a_class(values: list[float]) -> None:
    limits = breaks(np.array(values))
    assert list(limits) == sorted(set(limits))
    assert len(limits) <= 3
    at = classes(np.array(values), limits)
    assert ((at >= 0) & (at <= len(limits))).all()


def test_a_town_at_the_limit_belongs_to_the_class_the_legend_names() -> None:
    assert classes(np.array([12.0, 12.1, 45.0, 46.0]), (12.0, 45.0)).tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("tokens", [DAY, NIGHT, WALL], ids=["day", "night", "wall"])
def test_tints_differ_and_stay_near_the_ground(tokens: object) -> None:
    roles = dataclasses.asdict(tokens)
    for shade in (Shade.OPEN, Shade.OVERDUE, Shade.PER_PEOPLE):
        found = tints(roles, shade, 4)
        assert len(set(found)) == 4
    assert set(look(roles)["grades"]) == set(tokens.grades)


def test_mixing_is_linear() -> None:
    assert mix("#000000", "#ffffff", 0.5) == "#808080"
    assert mix("#102030", "#102030", 0.3) == "#102030"


def test_a_town_keeps_its_colour_while_only_others_change() -> None:
    roles = dataclasses.asdict(DAY)
    towns = [MapArea(number, str(number), "town", None, 0) for number in range(1, 7)]

    def counted(*cases: int) -> dict[int, str]:
        town = np.repeat(np.arange(1, 7, dtype=np.int32), cases)
        everything = np.ones(len(town), np.bool_)
        return ground.fill(roles, towns, count_towns(towns, town, everything, ~everything))[0]

    ground = Ground()
    before = counted(2, 4, 9, 20, 40, 90)
    after = counted(2, 4, 9, 20, 40, 5)
    assert {number for number in before if before[number] != after[number]} == {6}
    ground.shade = Shade.NONE
    assert counted(1, 1, 1, 1, 1, 1) == {}
