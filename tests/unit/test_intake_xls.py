"""Real .xls files (Excel 97–2003): a hidden sheet, a title, serial dates, numbers where words were meant, and damage."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlwt

from commandcenter.errors import PersonError
from commandcenter.intake.reader import Accepted, Rejected, read_file
from tests.old_excel import HEADER, PHONE, RECEIVED, SERIAL, write_xls

WHEN = datetime(2024, 3, 8, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize("name", ["三月.xls", "三月.xlsx"])  # by what it is, whatever it is called
def test_an_old_workbook_is_read_like_any(tmp_path: Path, name: str) -> None:
    file = read_file(write_xls(tmp_path / name))
    first, second, third, fourth = file.rows
    assert (file.header_row, file.header) == (3, HEADER)
    assert isinstance(first, Accepted)
    assert (first.row_no, first.row.foreign_number, first.row.received_at) == (4, "X-10001", WHEN)
    assert (first.row.content, first.row.citizen_name, first.row.citizen_phone) == (
        "崖头街道路灯不亮，已三天",
        "王小明",
        PHONE,
    )
    assert (first.row.lon, first.row.lat, first.row.kind, first.row.more["grade"]) == (122.41, 37.16, "求助", "蓝")
    assert first.row.raw["来电时间"] == RECEIVED
    assert (second.row.foreign_number, second.row.received_at) == ("10002", WHEN)  # a serial that nobody formatted
    assert second.row.raw["来电时间"] == pytest.approx(SERIAL)
    assert (second.row.content, second.row.citizen_phone, second.row.confidential) == (
        "石岛湾井盖松动\n车一过就响",
        PHONE,
        True,
    )
    assert third.row.received_at == datetime(2024, 3, 7, 16, tzinfo=UTC)  # a day alone: its beginning here
    assert (third.row.content, third.row.citizen_phone) == ("“码上办”扫不开 ①", "0531-88886666")
    assert (third.row.lon, third.row.lat, third.notes) == (122.41, 37.16, ("经纬度写反了，已对调",))
    assert isinstance(fourth, Rejected)
    assert (fourth.row_no, fourth.reason) == (7, "看不懂时间“改天”")


def test_dates_of_a_macintosh_count_from_1904(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("a")
    style = xlwt.easyxf(num_format_str="yyyy/m/d h:mm")
    for row, cells in enumerate((("来电时间", "诉求内容"), (RECEIVED, "路灯不亮"))):
        sheet.write(row, 0, cells[0], *([style] if row else []))
        sheet.write(row, 1, cells[1])
    book.save(str(tmp_path / "mac.xls"))
    assert [one.row.received_at for one in read_file(tmp_path / "mac.xls").rows] == [WHEN]


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9])
def test_a_file_cut_off_is_a_sentence(tmp_path: Path, kept: float) -> None:
    whole = write_xls(tmp_path / "a.xls").read_bytes()
    cut = tmp_path / "cut.xls"
    cut.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(PersonError, match="Excel"):
        list(read_file(cut).rows)
