"""The demo county stands still: land that tiles, units, people, categories and the responsibility list."""

import hashlib
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import shapely
from shapely.geometry import shape

from commandcenter.demo.area import Area
from commandcenter.demo.county import County, county
from commandcenter.demo.resources import table
from commandcenter.domain.case import Role

ROOT = Path(__file__).parents[2]
SEED = 7


@pytest.fixture(scope="module")
def land() -> County:
    return county(SEED)


def children(land: County) -> dict[int, list[Area]]:
    found = defaultdict(list)
    for area in land.areas:
        if area.parent_id:
            found[area.parent_id].append(area)
    return found


def test_same_seed_gives_same_county_in_another_process(land: County) -> None:
    code = (
        "import hashlib; from commandcenter.demo.county import county;"
        f"print(hashlib.sha256(repr(county({SEED})).encode()).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert other.stdout.strip() == hashlib.sha256(repr(land).encode()).hexdigest()


def test_towns_are_the_real_ones(land: County) -> None:
    towns = [area for area in land.areas if area.level == "town"]
    real = {row["code"]: row["name"] for row in table("towns.csv")}
    assert {town.code: town.name for town in towns} == real
    assert len(real) == 22


def test_the_county_sits_in_its_largest_town(land: County) -> None:
    county = next(area for area in land.areas if area.level == "county")
    seat = next(area for area in land.areas if area.name == "崖头街道")
    assert (county.lon, county.lat) == (seat.lon, seat.lat)


def test_counts_and_codes(land: County) -> None:
    count = Counter(area.level for area in land.areas)
    assert count["county"] == 1
    assert 1500 <= count["grid"] <= 2500
    assert count["estate"] > 300
    for parent, own in children(land).items():
        level = land.areas[parent - 1].level
        if level == "town":
            assert 8 <= len(own) <= 25
        if level == "community":
            assert 1 <= len(own) <= 6
    digits = {"county": 6, "town": 9, "community": 12, "grid": 15, "estate": 17}
    assert all(len(area.code) == digits[area.level] for area in land.areas)
    assert len({area.code for area in land.areas}) == len(land.areas)


def test_ids_and_paths_follow_the_tree(land: County) -> None:
    assert [area.id for area in land.areas] == list(range(1, len(land.areas) + 1))
    assert land.areas[0].path == "01."
    for area in land.areas[1:]:
        parent = land.areas[(area.parent_id or 0) - 1]
        assert area.path.startswith(parent.path)
        assert area.path.count(".") == parent.path.count(".") + 1
        assert area.code.startswith(parent.code)
    assert len({area.path for area in land.areas}) == len(land.areas)


def test_names_are_unique_within_a_town(land: County) -> None:
    for parent, own in children(land).items():
        if land.areas[parent - 1].level == "town":
            assert len({area.name for area in own}) == len(own)


def test_populations_add_up(land: County) -> None:
    for parent, own in children(land).items():
        total = sum(area.population for area in own)
        if own[0].level == "estate":
            assert total <= land.areas[parent - 1].population
        else:
            assert total == land.areas[parent - 1].population


def test_siblings_tile_their_parent(land: County) -> None:
    shapes = {area.id: shape(area.outline) for area in land.areas}
    for parent, own in children(land).items():
        if own[0].level == "estate":
            continue
        parts = [shapes[area.id] for area in own]
        assert sum(part.area for part in parts) == pytest.approx(shapes[parent].area, abs=1e-9)
        assert shapely.union_all(parts).symmetric_difference(shapes[parent]).area < 1e-9


def test_outlines_are_valid_nested_and_hold_their_centre(land: County) -> None:
    shapes = {area.id: shape(area.outline) for area in land.areas}
    for area in land.areas:
        assert shapes[area.id].is_valid
        assert shapely.contains_xy(shapes[area.id], area.lon, area.lat)
        if area.level == "estate":
            assert shapes[area.id].difference(shapes[area.parent_id or 0]).area < 1e-9


def test_units(land: County) -> None:
    count = Counter(unit.kind for unit in land.units)
    assert (count["centre"], count["town"]) == (1, 22)
    assert sum(count.values()) - count["community"] == 94
    assert {unit.group_no for unit in land.units if unit.kind == "town"} == {1, 2, 3}
    assert {unit.group_no for unit in land.units if unit.kind == "department"} == {1, 2, 3, 4}
    assert len({unit.id for unit in land.units}) == len(land.units)
    paths = {area.id: area.path for area in land.areas}
    assert all(unit.path == paths[unit.area_id] for unit in land.units if unit.area_id)
    own = [unit.path for unit in land.units if unit.kind in {"department", "utility"}]
    assert len(set(own)) == len(own)


def test_people_are_demo_with_ascii_logins_for_every_role_and_unit(land: County) -> None:
    assert all(person.demo and person.login.isascii() and person.login.islower() for person in land.people)
    assert all(person.login.startswith("demo_") for person in land.people)
    assert len({person.login for person in land.people}) == len(land.people)
    assert len({person.name for person in land.people}) == len(land.people)
    assert {person.role for person in land.people} == set(Role)
    responders = {person.unit_id for person in land.people if person.role is Role.RESPONDER}
    assert {unit.id for unit in land.units if unit.kind in {"department", "utility", "town"}} == responders
    assert "于晓" in {person.name for person in land.people if person.role is Role.DUTY}


def test_every_post_is_held_and_every_town_has_head_and_callers(land: County) -> None:
    posts = {person.login: person.post for person in land.people if person.post}
    assert posts["demo_supervisor"] == "section_head"
    assert posts["demo_supervisor2"] == "director"
    assert posts["demo_leader"] == "leader"
    towns = {unit.id for unit in land.units if unit.kind == "town"}
    heads = [person for person in land.people if person.post == "town_head"]
    assert {person.unit_id for person in heads} == towns
    assert all(person.role is Role.CALLER and person.login.endswith("_h") for person in heads)
    unit_of = {unit.id: unit for unit in land.units}
    callers = [person for person in land.people if person.login.startswith("demo_community")]
    assert all(person.role is Role.CALLER and unit_of[person.unit_id].kind == "community" for person in callers)
    assert Counter(unit_of[person.unit_id].parent_id for person in callers) == dict.fromkeys(towns, 2)
    assert callers[0].login == "demo_community01"


def test_responsibility_list(land: County) -> None:
    items = land.responsibilities
    assert len(items) >= 104
    assert len({item.field for item in items}) >= 16
    assert sum(item.lead_unit_kind == "town" for item in items) <= 3
    assert {item.ground for item in items} == {"法定", "商定", "指定"}
    units = {unit.id for unit in land.units}
    leaves = {matter.category_id for matter in land.matters}
    for item in items:
        assert item.category_id in leaves
        assert {*item.assist_unit_ids, item.lead_unit_id or 1} <= units
        assert item.lead_unit_id not in item.assist_unit_ids


def test_categories_are_a_tree_of_three_levels(land: County) -> None:
    by_id = {node.id: node for node in land.categories}
    levels = Counter(node.path_name.count("›") + 1 for node in land.categories)
    assert levels[1] >= 10
    assert levels[2] >= 45
    assert levels[3] >= 170
    for node in land.categories:
        if node.parent_id:
            assert node.path_name == f"{by_id[node.parent_id].path_name} › {node.name}"
    for matter in land.matters:
        ways = len(matter.problems) * len(matter.effects) * len(matter.demands)
        assert ways >= 4, matter.name


def test_fifteen_channels_twelve_online(land: County) -> None:
    assert Counter(channel.online for channel in land.channels) == {True: 12, False: 3}
