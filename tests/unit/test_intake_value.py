import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.crs import Crs, wgs84_to_gcj02
from commandcenter.intake.point import Point, converted, read_point, split_point
from commandcenter.intake.value import Cell, body, identifier, line, phone, truth


@pytest.mark.parametrize(
    "nothing", ["-", "不详", "保密", "空", "无", "NULL", "null", "  ", "", "N/A", "#N/A", "—", None]
)
def test_words_for_nothing(nothing: Cell) -> None:
    assert line(nothing) == ""
    assert body(nothing) == ""


@pytest.mark.parametrize(
    "written",
    [
        1.38e10,
        13800000000,
        "13800000000.0",
        "1.38E+10",
        "１３８００００００００",
        "138-0000-0000",
        "+86 13800000000",
        "'13800000000",
    ],
)
def test_phone(written: Cell) -> None:
    assert phone(written) == "13800000000"


def test_a_landline_keeps_its_dash() -> None:
    assert phone("0631-7551234") == "0631-7551234"


def test_a_body_loses_what_leads_it_and_keeps_its_lines() -> None:
    assert (
        body("\n\t\t\t  尊敬的领导：\r\n\t 路灯不亮\x00。\n\n\n\n谢谢_x000D_\n") == "尊敬的领导：\n路灯不亮。\n\n谢谢"
    )


def test_a_number_that_lost_its_tail_says_so() -> None:
    assert identifier(188006.0) == ("188006", True)
    assert identifier("2.02403E+17") == ("2.02403E+17", False)
    assert identifier(2.02403081234e17)[1] is False
    assert identifier("RC-１２") == ("RC-12", True)


def test_truth() -> None:
    assert [truth(word) for word in ("是", "Y", "1", "保密", "否", "公开", 0.0, "", "也许")] == [
        *(True, True, True, True, False, False, False, None, None)
    ]


@given(st.text())
def test_a_body_is_clean_and_cleaning_it_again_changes_nothing(text: str) -> None:
    once = body(text)
    assert "\x00" not in once
    assert once == once.strip()
    assert body(once) == once


@pytest.mark.parametrize(
    ("lon", "lat", "point", "note"),
    [
        (122.42, 37.16, (122.42, 37.16), ""),
        ("122.42", "37.16", (122.42, 37.16), ""),
        (37.16, 122.42, (122.42, 37.16), "经纬度写反了，已对调"),
        ("122°25′12″", "37°9′36″N", (122.42, 37.16), ""),
        (0, 0, None, "坐标为零，已略去"),
        (40512345.1, 4112345.2, None, "坐标超出范围，已略去"),
        ("122.42", "", None, "坐标只有一半，已略去"),
        ("东边", "37.1", None, "坐标不是数字，已略去"),
        ("", "-", None, ""),
    ],
)
def test_points(lon: Cell, lat: Cell, point: Point | None, note: str) -> None:
    found, said = read_point(lon, lat)
    assert said == note
    assert found == (pytest.approx(point) if point else None)


def test_points_in_one_cell_and_in_another_system() -> None:
    assert split_point("(122.42，37.16)") == ("122.42", "37.16")
    east, north = wgs84_to_gcj02([122.42], [37.16])
    back = converted([None, (float(east[0]), float(north[0]))], Crs.GCJ02)
    assert back[0] is None
    assert back[1] == pytest.approx((122.42, 37.16), abs=1e-7)
