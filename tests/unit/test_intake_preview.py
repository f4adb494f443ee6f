"""How a file is understood before it is taken in: footers, headers a person points at, dates, profiles, confidence."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from commandcenter.errors import PersonError
from commandcenter.intake.moment import is_ambiguous, read_moment
from commandcenter.intake.preview import Sure, folded, preview
from commandcenter.intake.profile import Profile, load_profile, recognised
from commandcenter.intake.reader import Accepted, Choices, Rejected, read_file
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.intake.value import Cell

TWO_ROWS = (
    ("荣成市工单导出表",),
    ("工单信息", "", "", "反映人", "", "办理", ""),
    ("编号", "登记时间", "诉求内容", "姓名", "电话", "内容", "时间"),
)


def workbook(path: Path, rows: Sequence[Sequence[Cell]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


def test_what_stands_below_the_data_is_a_footer_and_told(tmp_path: Path) -> None:
    rows = [
        ("内容", "时间", "状态"),
        ("小计", "", ""),
        ("路灯", "2024-03-08", ""),
        ("合计：1 件", "", ""),
        ("制表人：", "某人", ""),
        ("某人", "", ""),
    ]
    file = read_file(workbook(tmp_path / "a.xlsx", rows))
    found = list(file.rows)
    assert [(one.row_no, type(one)) for one in found] == [(2, Rejected), (3, Accepted)], "data below: it was no footer"
    assert [row for row, _ in file.footers] == [4, 5, 6]
    seen = preview(tmp_path / "a.xlsx")
    assert [row for row, _ in seen.footers] == [4, 5, 6]
    assert (seen.rows, seen.readable, seen.whole) == (2, 1, True)


def test_bad_rows_at_the_end_are_no_footer(tmp_path: Path) -> None:
    rows = [
        ("编号", "内容", "时间", "状态"),
        ("A", "路灯", "改天", "x"),
        ("合计", "", "", ""),
        ("B", "井盖", "改天", "y"),
    ]
    file = read_file(workbook(tmp_path / "a.xlsx", rows))
    assert [one.row_no for one in file.rows] == [2, 3, 4]
    assert file.footers == []


def test_columns_are_shown_with_samples_that_name_nobody(tmp_path: Path) -> None:
    row = ("A-1", "2024-03-08", "电话13812345678找王先生", "王小明", 13812345678.0, "", "")
    found = preview(workbook(tmp_path / "a.xlsx", [*TWO_ROWS, row]))
    assert found.header_rows == (2, 3)
    by_field = {each.field: each for each in found.columns if each.field}
    assert by_field["citizen_phone"].samples == ("138****5678",)
    assert by_field["citizen_name"].samples == ("王*",)
    assert "13812345678" not in str(found.columns)
    assert {each.sure for each in found.columns if each.field} == {Sure.KNOWN}
    done = {each.name: (each.field, each.sure) for each in found.columns if each.name.startswith("办理/")}
    assert done["办理/内容"] == ("", Sure.NONE), "what the office did is not the citizen's word"
    assert done["办理/时间"] == ("finished_at", Sure.KNOWN), "nor is it the time of receipt"


def test_a_person_points_at_the_header_the_sheet_and_the_encoding(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [("内容", "时间"), ("诉求内容", "登记时间"), ("路灯", "2024-03-08")])
    assert preview(path).header_rows == (1, 1), "found: the first"
    file = read_file(path, choices=Choices(header=(2, 2)))
    assert [one.row_no for one in file.rows] == [3]
    with pytest.raises(PersonError, match="第 1 行到第 3 行不能作表头"):
        read_file(path, choices=Choices(header=(1, 3)))
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("旧")
    other.append(["内容", "时间"])
    other.append(["井盖", "2024-03-08"])
    book.save(path)
    assert preview(path).sheets == ("Sheet", "旧")
    assert [one.row.content for one in read_file(path, choices=Choices(sheet="旧")).rows] == ["井盖"]  # type: ignore[union-attr]
    text = tmp_path / "a.csv"
    text.write_bytes("时间,内容\n2024-03-08,路灯\n".encode("gb18030"))
    assert preview(text).encoding == "gb18030"
    for choices, said in ((Choices("utf-7"), "utf-7"), (Choices(sheet="新"), "没有工作表“新”")):
        with pytest.raises(PersonError, match=said):
            read_file(path, choices=choices)
    assert preview(text, choices=Choices(encoding="utf-8")).missing == ("诉求内容", "时间"), (
        "chosen, though it is wrong"
    )


def test_dates_that_could_be_meant_either_way(tmp_path: Path) -> None:
    march, august = datetime(2024, 3, 7, 16, tzinfo=UTC), datetime(2024, 8, 2, 16, tzinfo=UTC)
    assert read_moment("3/8/2024") == read_moment("3/8/2024", "us") == march
    assert read_moment("3/8/2024", "dmy") == august
    assert read_moment("25/3/2024", "us") == read_moment("3/25/2024", "dmy"), "only one way round makes a date"
    assert [is_ambiguous(text) for text in ("3/8/2024", "3/3/2024", "25/3/2024", "2024/3/8", "３/８/２０２４ 9:05")] == [
        True, False, False, False, True,
    ]  # fmt: skip
    assert [is_ambiguous(text) for text in ("25-3-7", "3/7/25", "25/3/7 9:05", "3/25/25", "99/3/7", "3/3/03")] == [
        True, True, True, False, False, False,
    ], "which of the three is the year is as open, unless only one way makes a date"  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text("内容,时间\n路灯,3/8/2024\n", encoding="utf-8")
    assert preview(path).ambiguous == ("3/8/2024",)
    assert preview(path, profile=Profile(dates="dmy")).ambiguous == ()
    (only,) = read_file(path, profile=Profile(dates="dmy")).rows
    assert isinstance(only, Accepted)
    assert only.row.received_at == august


def test_a_profile_is_recognised_by_its_header_and_rejects_of_it_too(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [*TWO_ROWS, ("A-1", "改天", "路灯", "王某", "138", "", "")])
    file = read_file(path)
    profile = Profile("本系统", {"办理/内容": "reply"}, header=folded(file.header))
    assert recognised([Profile("别的", header=("甲", "乙")), profile], folded(file.header)) is profile
    assert recognised([profile], folded(("内容", "时间"))) is None
    seen = preview(path, profiles=[profile])
    assert (seen.profile, seen.recognised) == ("本系统", True)
    assert next(each for each in seen.columns if each.name == "办理/内容").sure is Sure.CHOSEN
    assert preview(path, profiles=[profile], profile=Profile()).profile == "", "a person wants none"
    with RejectFile(reject_path(path), file.header) as rejects:
        for one in file.rows:
            assert isinstance(one, Rejected)
            rejects.add(one)
    again = preview(rejects.path, profiles=[profile])
    assert again.recognised
    understood = {each.name: each.field for each in again.columns}
    assert understood["工单信息/登记时间"] == "received_at", "two rows of a header that became one are still understood"
    assert understood["办理/内容"] == "reply"


def test_words_and_dates_in_a_file_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "old.toml").write_text(
        'dates = "us"\n[columns]\n"甲" = "时间"\n[words.grade]\n"特急" = "红"\n', encoding="utf-8"
    )
    profile = load_profile("old", tmp_path)
    assert (profile.dates, profile.words) == ("us", {"grade": {"特急": "红"}})
    for text, said in (
        ('dates = "cn"', "日期写法"),
        ('words = "x"', "对照表"),
        ('[words.place]\n"a" = "b"', "不能对照“place”"),
    ):
        (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
        with pytest.raises(PersonError, match=said):
            load_profile("bad", tmp_path)
