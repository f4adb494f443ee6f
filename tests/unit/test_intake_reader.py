import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.errors import PersonError
from commandcenter.intake.damage import DamagedTable
from commandcenter.intake.profile import Profile, load_profile
from commandcenter.intake.reader import Accepted, Rejected, read_file
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.intake.row import ImportRow, fingerprint
from commandcenter.intake.value import Cell
from tests.unit.intake_files import HEADER, read, write_csv

REAL = Path(__file__).parents[3] / "shared" / "data" / "raw_export_sample.xlsx"
WHEN = datetime(2024, 3, 8, 1, 5, tzinfo=UTC)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def write_xlsx(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_of_every_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, ("A-1", "2024/3/8 9:05", "路灯不亮，已三天")], encoding, delimiter)
    file = read_file(path)
    (only,) = file.rows
    assert file.encoding == encoding
    assert (only.row_no, only.row.content, only.row.received_at) == (2, "路灯不亮，已三天", WHEN)


def test_big5_is_recognised_by_its_header(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("時間", "內容"), ("2024/3/8 9:05", "路燈不亮")], "big5")
    file = read_file(path)
    assert file.encoding == "big5hkscs"
    assert [one.row.content for one in file.rows] == ["路燈不亮"]


def test_names_in_traditional_characters_are_the_same_names(tmp_path: Path) -> None:
    names = (
        "編號",
        "來電時間",
        "訴求內容",
        "聯繫電話",
        "經度",
        "緯度",
        "所屬街道",
        "處理結果",
        "承辦單位",
        "狀態",
        "備註",
    )
    row = (
        "T-1",
        "2024/3/8 9:05",
        "路燈不亮",
        "13800000000",
        "122.42",
        "37.16",
        "崖頭街道",
        "已修",
        "供電公司",
        "辦結",
        "無",
    )
    path = write_csv(tmp_path / "a.csv", [names, row], "big5")
    file = read_file(path)
    assert [column.field for column in file.columns] == [
        *("foreign_number", "received_at", "content", "citizen_phone", "lon", "lat", "town", "reply", "unit", "status"),
        "remark",
    ]
    stored = Profile("老", header=("編號", "來電時間", "訴求內容"))
    assert stored.fits(("编号", "来电时间", "诉求内容")) == 1.0, "a profile that was saved before keeps its files"


def test_a_day_and_an_hour_in_two_columns(tmp_path: Path) -> None:
    rows = [("日期", "时间", "内容"), *(("2024-03-08", clock, "x") for clock in ("晚上12点", "不知道", "-"))]
    night, vague, empty = read(write_csv(tmp_path / "a.csv", rows))
    assert night.row.received_at == datetime(2024, 3, 8, 16, tzinfo=UTC), "the midnight that ends the day"
    assert vague.row.received_at == empty.row.received_at == datetime(2024, 3, 7, 16, tzinfo=UTC)
    assert (vague.notes, empty.notes) == (("看不懂几点几分，只取日期",), ())


def test_titles_above_two_header_rows_duplicates_and_nameless_columns(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx",
        [
            ("荣成市工单导出表",),
            ("导出时间：2024-03-09",),
            ("序号", "来电人信息", "", "诉求信息", "", "", "办理信息", ""),
            ("", "姓名", "电话", "时间", "内容", "备注", "内容", "备注"),
            (1, "张某", 13800000000.0, "2024/3/8 9:05", "路灯不亮", "a", "已修好", "b"),
            (None,) * 8,
            (2, "保密", "不详", datetime(2024, 3, 8, 9, 5), "井盖丢失", "", "", ""),  # noqa: DTZ001  # a date cell
        ],
    )
    file = read_file(path)
    first, second = file.rows
    assert file.header_row == 3
    assert len(set(file.header)) == len(file.header) == 8
    assert (first.row_no, first.row.content, first.row.citizen_name) == (5, "路灯不亮", "张某")
    assert first.row.citizen_phone == "13800000000"
    assert first.row.raw["来电人信息/电话"] == 13800000000.0
    assert (second.row_no, second.row.citizen_name, second.row.citizen_phone) == (7, "", "")
    assert second.row.confidential
    assert second.row.received_at == WHEN


def test_a_row_of_data_is_not_taken_for_a_second_header_row(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("内容", "时间", "状态"), ("电话", "2024-03-08", "已办结")])
    assert [type(one) for one in read(path)] == [Accepted]


def test_every_row_is_accounted_for_with_its_reason(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ("1", "2024/3/8 9:05", "有"),
        ("2", "2024/3/8 9:05", "-"),
        ("3", "改天", "路灯"),
        ("4", "", "路灯"),
        ("", " ", ""),
        HEADER,
        ("5", "2024-03-08", "多一格", "", "在这里"),
        ("6",),
    ]
    found = read(write_csv(tmp_path / "a.csv", rows))
    assert [(one.row_no, getattr(one, "reason", "")) for one in found] == [
        (2, ""),
        (3, "没有诉求内容"),
        (4, "看不懂时间“改天”"),
        (5, "没有时间"),
        (7, "这一行是重复的表头"),
        (8, ""),
        (9, "没有诉求内容，没有时间"),
    ]
    assert found[5].row.raw["列E"] == "在这里"
    assert found[5].notes


def test_coordinates_never_cost_a_row(tmp_path: Path) -> None:
    rows = [
        ("时间", "内容", "经度", "纬度"),
        *(("2024-03-08", "x", *point) for point in [(122.42, 37.16), (37.16, 122.42), (999, 1), ("东", "")]),
    ]
    found = read(write_csv(tmp_path / "a.csv", rows), crs="gcj02")
    assert [one.row.lon is not None for one in found] == [True, True, False, False]
    assert found[0].row.lon == pytest.approx(found[1].row.lon)
    assert 1e-4 < abs(found[0].row.lon - 122.42) < 0.01  # the shift of GCJ-02 is tens to hundreds of metres
    assert [bool(one.notes) for one in found] == [False, True, True, True]
    cells = (
        '{"lng": 122.42, "lat": 37.16}',
        '{"Longitude":"122.42","latitude":"37.16","alt":3}',
        "122.42,37.16",
        '{"lng": 1}',
    )
    named = read(
        write_csv(tmp_path / "b.csv", [("时间", "内容", "坐标"), *(("2024-03-08", "x", cell) for cell in cells)])
    )
    assert [(one.row.lon, one.row.lat) for one in named] == [(122.42, 37.16)] * 3 + [(None, None)]
    assert named[3].notes


def test_a_profile_names_columns_nobody_knows(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [("甲", "乙"), ("2024-03-08", "路灯")])
    with pytest.raises(PersonError, match="没有找到“诉求内容”和“时间”两列；表头里有：甲、乙"):
        read_file(path)
    (tmp_path / "old.toml").write_text('channel="民心网"\n[columns]\n"甲"="时间"\n"乙"="content"\n', encoding="utf-8")
    profile = load_profile("old", tmp_path)
    assert profile == Profile("old", {"甲": "received_at", "乙": "content"}, "民心网")
    assert [one.row.content for one in read(path, profile=profile)] == ["路灯"]
    with pytest.raises(PersonError, match="没有名为“new”"):
        load_profile("new", tmp_path)


@pytest.mark.parametrize(
    ("name", "bytes_", "said"),
    [
        ("a.xlsx", b"", "空文件"),
        ("a.csv", b"\r\n\r\n", "空文件"),
        ("a.xlsx", b"%PDF-1.7\n" + bytes(range(256)), "PDF"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "图片"),
        ("a.csv", bytes(range(256)) * 40, "不是表格文件"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页格式"),
        ("a.xlsx", b"PK\x03\x04" + bytes(range(256)), "不是能读的 Excel"),
        ("a.xls", OLE + bytes(2000), "不是能读的 Excel"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000), "加了密码"),
        ("a.csv", b"x" * 3_000_000, "一行超过"),
    ],
)
def test_what_is_no_table_gets_one_sentence(tmp_path: Path, name: str, bytes_: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(bytes_)
    with pytest.raises(PersonError, match=said) as caught:
        read(path)
    assert caught.value.advice


def test_missing_folder_and_other_archives(tmp_path: Path) -> None:
    with pytest.raises(PersonError, match="找不到文件"):
        read_file(tmp_path / "a.csv")
    with pytest.raises(PersonError, match="是文件夹"):
        read_file(tmp_path)
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(PersonError, match="不是能读的 Excel"):
        read_file(tmp_path / "a.xlsx")


def test_a_workbook_damaged_in_the_middle_gives_the_rows_before(tmp_path: Path) -> None:
    rows = [HEADER, *((f"N{index:06d}", "2024-03-08", f"内容{index * 7919 % 10007}") for index in range(5000))]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    broken = bytearray(path.read_bytes())
    middle = part.header_offset + part.compress_size // 2
    broken[middle : middle + 400] = b"\xff" * 400
    path.write_bytes(broken)
    seen: list[int] = []
    with pytest.raises(DamagedTable) as caught:
        seen.extend(one.row_no for one in read_file(path).rows)
    assert 0 < len(seen) < 5000
    assert caught.value.row_no == seen[-1] + 1


def test_a_stray_cell_in_the_last_corner_does_not_eat_the_memory(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(HEADER))
    book.active.append(["1", "2024-03-08", "路灯"])
    book.active["XFD5000"] = "x"
    book.save(tmp_path / "a.xlsx")
    assert [type(one) for one in read(tmp_path / "a.xlsx")] == [Accepted, Rejected]


def test_damaged_characters_are_shown_not_lost(tmp_path: Path) -> None:
    good = "时间,内容\n2024-03-08,路灯不亮已经三天\n2024-03-08,".encode()
    (tmp_path / "a.csv").write_bytes(good + "井盖".encode()[:5] + b"\n")
    found = read(tmp_path / "a.csv")
    assert [one.row.content for one in found] == ["路灯不亮已经三天", "井�"]
    assert found[1].notes == ("有无法识别的字符，已用 � 代替",)
    assert not found[0].notes


def test_the_reject_file_can_be_put_right_and_read_again(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, ("A-1", "哪天", "=1+1\x0b路灯"), ("A-2", "2024-03-08", "好")])
    file = read_file(path)
    with RejectFile(reject_path(path), file.header) as rejects:
        for one in file.rows:
            if isinstance(one, Rejected):
                rejects.add(one)
    assert rejects.count == 1
    sheet = openpyxl.load_workbook(tmp_path / "a.rejects.xlsx").active
    assert [[cell.value for cell in row] for row in sheet.rows] == [
        ["原行号", "未导入原因", *HEADER],
        [2, "看不懂时间“哪天”", "A-1", "哪天", "=1+1�路灯"],
    ]
    sheet["D2"] = "2024-03-08"
    sheet.parent.save(tmp_path / "a.rejects.xlsx")
    assert [one.row.foreign_number for one in read(tmp_path / "a.rejects.xlsx")] == ["A-1"]


def test_no_reject_no_file(tmp_path: Path) -> None:
    with RejectFile(tmp_path / "x.rejects.xlsx", HEADER):
        pass
    assert not list(tmp_path.iterdir())


def test_fingerprint_knows_the_same_report() -> None:
    row = ImportRow(content="路灯 不亮！", received_at=WHEN, channel_name="12345热线")
    assert len(fingerprint(row)) == 32
    assert fingerprint(row) == fingerprint(
        ImportRow(content="路灯不亮", received_at=WHEN.replace(second=30)), channel="12345热线"
    )
    numbered = ImportRow(content="a", received_at=WHEN, foreign_number="RC2024-1")
    assert fingerprint(numbered) == fingerprint(ImportRow(content="b", received_at=WHEN, foreign_number="rc2024-1"))
    assert fingerprint(numbered) != fingerprint(numbered, channel="民心网")
    ordinal = ImportRow(content="a", received_at=WHEN, foreign_number="1")
    assert fingerprint(ordinal) != fingerprint(ImportRow(content="b", received_at=WHEN, foreign_number="1"))


def test_raw_json_takes_every_kind_of_cell() -> None:
    row = ImportRow(content="a", received_at=WHEN, raw={"a": "x\x00y", "b": WHEN, "c": float("nan"), "d": None})
    assert row.raw_json() == '{"a": "x␀y", "b": "2024-03-08T01:05:00+00:00", "c": "nan", "d": null}'


CELLS = st.text(
    st.characters(
        codec="gb18030", exclude_categories=["Cs", "Cc"], include_characters="\t\r\n", exclude_characters="\ufffd"
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(
    rows=st.lists(st.tuples(CELLS, st.sampled_from(["2024/3/8 9:05", "", "不详", "改天"]), CELLS), max_size=30),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "xlsx"]),
)
def test_rows_are_conserved(
    tmp_path_factory: pytest.TempPathFactory, rows: Sequence[Sequence[Cell]], encoding: str
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    if encoding == "xlsx":
        allowed = [[openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row] for row in rows]
        rows = [["'" + cell if cell.startswith("=") else cell for cell in row] for row in allowed]
        path = write_xlsx(folder / "a.xlsx", [HEADER, *rows])
    else:
        path = write_csv(folder / "a.csv", [HEADER, *rows], encoding)
    found = read(path)
    invisible = " \t\r\n\v\f\x00\u3000\xa0\ufeff"
    expected = [index for index, row in enumerate(rows, start=2) if any(cell.strip(invisible) for cell in row)]
    assert [one.row_no for one in found] == expected
    for one in found:
        written = rows[one.row_no - 2]
        raw = one.row.raw if isinstance(one, Accepted) else one.raw
        if encoding != "xlsx":
            assert list(raw.values()) == list(written)
        if isinstance(one, Accepted):
            assert one.row.received_at == WHEN


def test_a_workbook_packed_in_an_unknown_way_gets_a_sentence(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, ("1", "2024-03-08", "路灯")])
    packed = bytearray(path.read_bytes())
    while (at := packed.find(b"PK\x01\x02")) >= 0:  # each part's entry in the directory
        packed[at : at + 2] = b"pk"
        packed[at + 10] = 99
    path.write_bytes(packed.replace(b"pk\x01\x02", b"PK\x01\x02"))
    with pytest.raises(PersonError):
        read(path)


@pytest.mark.skipif(not REAL.exists(), reason="the real export is not on this machine")
def test_every_row_of_a_real_export_is_accepted() -> None:
    file = read_file(REAL)
    kinds = [isinstance(one, Accepted) and not one.notes and not one.row.content[0].isspace() for one in file.rows]
    assert (len(kinds), sum(kinds)) == (495, 495)
