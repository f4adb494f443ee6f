"""Finding the area of a report."""

from shapely.geometry import box, mapping

from commandcenter.intake.locate import Locator, Place

PLACES = (
    Place(1, "county", "荣成市", "01."),
    Place(11, "town", "崖头街道", "01.01."),
    Place(12, "town", "俚岛镇", "01.02."),
    Place(21, "community", "曙光社区", "01.01.01."),
    Place(22, "community", "曙光社区", "01.02.01."),
    Place(23, "community", "大庄许家社区", "01.02.02."),
    Place(31, "grid", "第一网格", "01.01.01.01."),
    Place(32, "grid", "第二网格", "01.01.01.02."),
)
LOCATOR = Locator(PLACES, {31: mapping(box(122.0, 37.0, 122.1, 37.1)), 32: mapping(box(122.1, 37.0, 122.2, 37.1))})


def test_a_point_lies_in_its_grid() -> None:
    assert LOCATOR.at(122.05, 37.05) == 31
    assert LOCATOR.at(122.15, 37.05) == 32
    assert LOCATOR.at(122.1, 37.05) == 31, "on the border: the first"
    assert LOCATOR.at(121.0, 37.05) is None
    assert LOCATOR.at(None, 37.05) is None


def test_names_in_the_address() -> None:
    assert LOCATOR.named("荣成市崖头街道曙光社区3号楼") == 21
    assert LOCATOR.named("俚岛镇", "曙光社区") == 22
    assert LOCATOR.named("曙光社区") is None, "two places have this name"
    assert LOCATOR.named("大庄许家社区") == 23
    assert LOCATOR.named("崖头街道办事处门口") == 11
    assert LOCATOR.named("俚岛海边") == 12
    assert LOCATOR.named("俚岛与崖头之间") is None
    assert LOCATOR.named("", "别处") is None
