"""Finding the place of an address by the county's own names."""

import time

import pytest
from shapely.geometry import box, mapping

from commandcenter.intake.gazetteer import Gazetteer
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.named import Named
from commandcenter.intake.place.outline import Outlined

WEST, EAST = "01.01.01.01.", "01.01.01.02."
AREAS = (
    Named(1, "county", "荣成市", "01."),
    Named(11, "town", "崖头街道", "01.01."),
    Named(12, "town", "俚岛镇", "01.02."),
    Named(13, "town", "成山镇", "01.03."),
    Named(21, "community", "曙光社区", "01.01.01."),
    Named(22, "community", "曙光社区", "01.02.01."),
    Named(23, "community", "大庄许家社区", "01.02.02."),
    Named(24, "community", "王家庄村", "01.02.03."),
    Named(31, "grid", "第一网格", WEST),
    Named(32, "grid", "第二网格", EAST),
    Named(41, "estate", "学府小区", f"{WEST}01."),
    Named(42, "estate", "海悦花园", f"{EAST}01."),
)
DOORS = ((1, 122.00, 37.0501), (2, 122.00, 37.05), (20, 122.09, 37.05), (40, 122.19, 37.05), (41, 122.195, 37.0501))
PLACES = (
    Named(11, "road", "观海路", "01.01.", doors=DOORS),
    Named(11, "road", "文化东路", "01.01.", doors=((1, 122.05, 37.0), (99, 122.05, 37.1))),
    Named(11, "road", "无号街", "01.01."),
    Named(31, "school", "中心小学", WEST, ("崖头中心小学",), 122.02, 37.02),
    Named(23, "school", "中心小学", "01.02.02.", ("俚岛中心小学",)),
    Named(32, "landmark", "福如东海文化园", EAST, ("福园",)),
)
GRIDS = Locator.of(
    [
        Outlined(31, WEST, mapping(box(122.0, 37.0, 122.1, 37.1))),
        Outlined(32, EAST, mapping(box(122.1, 37.0, 122.2, 37.1))),
    ]
)
GAZETTEER = Gazetteer((*AREAS, *PLACES), GRIDS)


def area(*texts: str) -> int | None:
    """The area as an import takes it."""
    found = GAZETTEER.best(*texts, threshold=0.75)
    return None if found is None else found.area_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("荣成市崖头街道曙光社区3号楼", 21),
        ("山东省威海市荣成市俚岛镇曙光社区居委会", 22),
        ("曙光社区", None),  # two places have this name
        ("大庄许家社区", 23),
        ("大庄许家东头", 23),  # its name without the ending
        ("王家庄村委会西侧", 24),
        ("崖头街道办事处门口", 11),
        ("俚岛海边", 12),
        ("俚岛与崖头之间", None),
        ("成山大道12号", None),  # a road unknown to us, not the town
        ("别处", None),
        ("", None),
        ("学府小区3号楼2单元502室", 41),
        ("崖头 学府小区 ３号楼（二楼）", 41),
        ("崖头街道福园西门", 32),
        ("崖头中心小学", 31),
        ("俚岛镇中心小学", 23),
        ("中心小学", None),
        ("曙光社区学府小区", 41),  # the estate lies in one of the two
    ],
)
def test_names_in_the_address(text: str, expected: int | None) -> None:
    assert area(text) == expected


def test_parts_of_an_address_count_together() -> None:
    assert area("俚岛镇", "曙光社区") == 22
    assert area("崖头街道", "", "中心小学对面") == 31


def test_several_candidates_share_what_is_sure() -> None:
    found = GAZETTEER.find("曙光社区")
    assert [(each.area_id, each.name) for each in found] == [(21, "曙光社区"), (22, "曙光社区")]
    assert found[0].score == found[1].score <= 0.5
    assert "同名 2 处" in found[0].reason
    assert GAZETTEER.find("崖头街道曙光社区")[0].score > 0.9
    assert all(
        0 <= each.score <= 1 for text in ("俚岛学府小区", "曙光社区海悦花园学府小区") for each in GAZETTEER.find(text)
    )


def test_a_place_of_another_town_is_less_sure() -> None:
    [town, estate] = GAZETTEER.find("俚岛镇学府小区")
    assert town.area_id == 12
    assert estate.area_id == 41
    assert "与所写镇街不符" in estate.reason
    assert estate.score < 0.5


def test_unrelated_places_make_each_other_less_sure() -> None:
    alone = GAZETTEER.find("学府小区")[0].score
    both = GAZETTEER.find("学府小区到海悦花园之间")
    assert [each.area_id for each in both] == [41, 42], "the first is the likelier"
    assert alone > both[0].score > both[1].score


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("学府小曲", 41),  # a wrong character in the ending
        ("雪府小区", 41),  # sounds the same
        ("雪福小区", 41),  # both characters, and still the same sound
        ("崖头街道府学小区", 41),  # swapped
        ("大庄徐佳社区", 23),  # two characters that sound the same
        ("大庄家社区", 23),  # one missing
        ("大庄许家家社区", 23),  # one too many
        ("崖头街道曙广社区", 21),
        ("牙头街道曙光社区", 21),  # the town sounds the same
        ("崖头街道海月花园8号楼", 42),
    ],
)
def test_typing_errors(text: str, expected: int) -> None:
    assert area(text) == expected
    found = GAZETTEER.find(text)[0]
    assert found.score < 0.97, "less sure than what is written right"


def test_what_only_resembles_is_not_sure() -> None:
    assert area("海府小区") is None, "half of what tells it apart is wrong"
    assert GAZETTEER.find("海府小区", fuzzy=False) == ()
    assert "一字之差" in GAZETTEER.find("海府小区")[0].reason


@pytest.mark.parametrize(
    ("text", "lon", "expected"),
    [
        ("崖头街道观海路20号", 122.09, 31),
        ("崖头街道观海路30号", 122.14, 32),  # half way from 20 to 40, across the border of the grids
        ("崖头街道观海路三十号", 122.14, 32),
        ("崖头街道观海路30-2号商铺", 122.14, 32),
        ("崖头街道观海路21号", 122.0975, 31),  # half way from 1 to 41: the odd ones stand on their own side
        ("崖头街道观海路50号", 122.19, 32),  # the nearest known one of its side
    ],
)
def test_house_numbers(text: str, lon: float, expected: int) -> None:
    found = GAZETTEER.find(text)[0]
    assert found.lon == pytest.approx(lon)
    assert found.area_id == expected
    assert found.score >= 0.75
    assert found.name == "观海路"
    assert "门牌" in found.reason


def test_a_number_far_beyond_the_known_ones_is_not_sure() -> None:
    found = next(each for each in GAZETTEER.find("崖头街道观海路999号") if each.kind == "road")
    assert found.score < 0.75
    assert "最近的已知门牌是 41 号" in found.reason


def test_a_building_is_no_house_number() -> None:
    assert GAZETTEER.find("崖头街道观海路20号楼")[0].area_id == 11
    assert area("观海路") == 11, "a road without a number lies where all of it lies"
    assert area("崖头街道无号街12号") == 11


def test_the_written_community_goes_before_a_reckoned_door() -> None:
    assert area("崖头街道曙光社区观海路30号") in {32, 21}
    assert area("崖头街道学府小区观海路30号") == 41


def test_two_roads_meet() -> None:
    found = GAZETTEER.find("崖头街道观海路与文化东路路口")[0]
    assert (found.lon, found.lat) == pytest.approx((122.05, 37.05), abs=0.001)
    assert found.area_id == 31
    assert "两路相交处" in found.reason


def test_addresses_of_other_counties() -> None:
    assert GAZETTEER.find("山东省威海市环翠区学府小区") == ()
    assert area("乳山市学府小区") is None, "a city we do not know: perhaps the one we lie in"
    assert "可能在外县" in GAZETTEER.find("乳山市学府小区")[0].reason
    assert area("威海市荣成学府小区") == 41
    assert area("威海市崖头街道学府小区") == 41, "a town of ours behind it makes it ours"
    assert area("市政府对面学府小区") == 41
    assert area("城区学府小区") == 41


def test_what_looks_like_a_city_and_is_a_name_of_ours() -> None:
    gazetteer = Gazetteer((*AREAS, Named(31, "estate", "大都市花园", WEST)))
    assert gazetteer.find("大都市花园3号楼")[0].area_id == 31
    found = GAZETTEER.best("市民反映城市道路破损，就在学府小区南边", threshold=0.75, fuzzy=False)
    assert found is not None
    assert found.area_id == 41


def test_long_and_strange_texts_are_read_in_time() -> None:
    long = "学府小区海悦花园某处" * 2_000
    started = time.process_time()
    for text in (long, "甲" * 20_000, "|" * 20_000, "12号" * 5_000, "\x00\ud800", "１２３", "省市区县"):
        for fuzzy in (True, False):
            assert all(0 <= each.score <= 1 for each in GAZETTEER.find(text, fuzzy=fuzzy))
    assert time.process_time() - started < 2


def test_empty_gazetteer() -> None:
    assert Gazetteer(()).find("崖头街道") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("家里有老人和小孩，停暖三天了", None),  # 人和 is a part of other words here
        ("我住在人和，停暖三天了", 14),
        ("人和停暖三天了", 14),
        ("家里有老人和小孩，在人和镇政府旁边", 14),
    ],
)
def test_a_towns_short_name_inside_other_words_is_not_the_town(text: str, expected: int | None) -> None:
    found = Gazetteer([*AREAS, Named(14, "town", "人和镇", "01.04.")]).best(text, threshold=0.75, fuzzy=False)
    assert (None if found is None else found.area_id) == expected
