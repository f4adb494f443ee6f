"""What an import of areas does with each row."""

from typing import Any

from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from commandcenter.intake.place.areas_file import FileArea
from commandcenter.intake.place.areas_plan import KeptArea, plan
from commandcenter.intake.place.outline import as_geojson

WEST, EAST = box(122.0, 37.0, 122.1, 37.1), box(122.1, 37.0, 122.2, 37.1)


def kept(number: int, parent: int | None, level: str, code: str, name: str, path: str, shape: Any = None) -> KeptArea:
    outline = None if shape is None else as_geojson(shape)
    return KeptArea(number, parent, level, code, name, path, 100, None, None, outline)


COUNTY = (
    kept(1, None, "county", "371082", "荣成市", "01."),
    kept(11, 1, "town", "371082101", "甲镇", "01.01.", WEST),
    kept(12, 1, "town", "", "乙镇", "01.07.", EAST),
    kept(21, 11, "community", "371082101001", "甲一社区", "01.01.01."),
)


def row(
    number: int,
    level: str,
    code: str = "",
    name: str = "",
    shape: BaseGeometry | None = WEST,
    *,
    people: int | None = None,
    reason: str = "",
    parent: str = "",
) -> FileArea:
    centre = None if shape is None else (shape.centroid.x, shape.centroid.y)
    return FileArea(number, name, code, level, parent, people, centre, shape, "", reason)


def test_known_areas_are_brought_up_to_date_and_nothing_else_of_them() -> None:
    done = plan(
        COUNTY, [row(1, "town", "371082101", "甲乡", EAST, people=500), row(2, "town", name="乙镇", shape=EAST)]
    )
    first, second = done.changed
    assert (first.id, first.path, first.name, first.population) == (11, "01.01.", "甲镇", 500)
    assert first.outline == as_geojson(EAST)
    assert (second.id, second.population) == (12, 100), "no population in the file: the old one stays"
    assert done.renamed == (("甲镇", "甲乡"),)
    assert (done.rows, len(done.new), done.unchanged, done.refused) == (2, 0, 0, ())
    again = [
        KeptArea(each.id or 0, 1, each.level, each.code, each.name, each.path, each.population, each.lon, each.lat, each.outline)
        for each in done.changed
    ]  # fmt: skip
    repeated = plan(
        [COUNTY[0], *again],
        [row(1, "town", "371082101", "甲镇", EAST, people=500), row(2, "town", name="乙镇", shape=EAST)],
    )
    assert (repeated.unchanged, repeated.changed) == (2, ())


def test_new_areas_get_the_next_path_of_their_parent() -> None:
    done = plan(
        COUNTY,
        [
            row(1, "grid", "371082101002001", "甲二第一网格"),  # before its own parent in the file
            row(2, "community", "371082101002", "甲二社区"),
            row(3, "town", "371082103", "丙镇"),
            row(4, "community", name="甲三社区", shape=WEST),  # by where it lies
            row(5, "community", "371082102001", "乙一社区", EAST),  # the town there has no code that would contradict
            row(6, "community", name="甲四社区", shape=EAST, parent="371082101"),  # as the file says
        ],
    )
    assert done.refused == ()
    assert {each.name: (each.path, each.parent) for each in done.new} == {
        "丙镇": ("01.08.", "01."),
        "甲二社区": ("01.01.02.", "01.01."),
        "甲二第一网格": ("01.01.02.01.", "01.01.02."),
        "甲三社区": ("01.01.03.", "01.01."),
        "乙一社区": ("01.07.01.", "01.07."),
        "甲四社区": ("01.01.04.", "01.01."),
    }
    order = [each.level for each in done.new]
    assert order.index("town") < order.index("community") < order.index("grid"), "parents are written first"


def test_rows_that_cannot_be_used_are_told() -> None:
    done = plan(
        COUNTY,
        [
            row(1, "town", "371082101", "甲镇"),
            row(2, "town", "371082101", "甲镇"),
            row(3, "", name="无级别"),
            row(4, "grid", "371082101", "短"),
            row(5, "community"),
            row(6, "community", "371082999001", "无上级"),
            row(7, "community", "371082101009"),
            row(8, "grid", name="外", shape=box(110, 30, 111, 31)),
            row(9, "town", name="坏", shape=None, reason="边界不成面"),
            row(10, "county", "370000", "别县"),
        ],
    )
    assert [(each.row_no, each.reason) for each in done.refused] == [
        (2, "文件里代码重复"),
        (3, "看不出级别：没有代码也没有级别一列"),
        (4, "代码“371082101”与级别不符"),
        (5, "没有代码也没有名称"),
        (6, "找不到上级（代码 371082999）"),
        (7, "新区域没有名称"),
        (8, "找不到上级"),
        (9, "边界不成面"),
        (10, "库里已有县域，代码或名称对不上"),
    ]
    assert done.rows == len(done.new) + len(done.changed) + done.unchanged + len(done.refused)


def test_the_report_is_about_the_county_as_it_will_be() -> None:
    done = plan(COUNTY, [row(1, "town", "371082101", "甲镇", box(122.0, 37.0, 122.11, 37.1))])
    [overlap] = [each for each in done.topology.findings if each.fault == "overlap"]
    assert set(overlap.names) == {"甲镇", "乙镇"}
    assert "community" not in done.topology.pieces, "nothing of the file is there"
