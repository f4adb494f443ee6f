"""Quotes that nobody closed or doubled: they cost their own row at most, and no other."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.intake.damage import DamagedTable
from commandcenter.intake.reader import Accepted
from commandcenter.intake.repeats.told import read_told
from tests.unit.intake_files import HEADER, read, write_csv

FOUR = "工单编号,来电时间,诉求内容,状态\n"


def told(path: Path, text: str) -> list[tuple[int, str]]:
    path.write_text(text, encoding="utf-8")
    found = read(path)
    return [(one.row_no, one.row.content if isinstance(one, Accepted) else f"× {one.reason}") for one in found]


@pytest.mark.parametrize(
    ("first", "fourth"),
    [
        ('"停水了没人管', '物业说"再等等"就没下文'),  # it closes in front of a word
        ('"停水了没人管', '物业说等等"'),  # it closes where a cell may end, rows later
        ('"停水,停电', '物业说"等等"'),
        ('"停水了没人管', "物业"),  # never
    ],
)
def test_an_open_quote_costs_its_own_row_and_no_other(tmp_path: Path, first: str, fourth: str) -> None:
    contents = (first, "路灯不亮", "井盖响", fourth, "噪声")
    text = FOUR + "".join(f"Q{at},2025-03-0{at},{content},办理中\n" for at, content in enumerate(contents, start=1))
    rows = told(tmp_path / "a.csv", text)
    assert rows == [(2, "× 引号没有配对"), (3, "路灯不亮"), (4, "井盖响"), (5, fourth), (6, "噪声")]
    (rejected, *_) = read(tmp_path / "a.csv")
    assert ",".join(map(str, rejected.raw.values())) == f"Q1,2025-03-01,{first},办理中", "as it stood, to be put right"


def test_quotes_that_nobody_doubled_are_kept_where_the_cells_are_clear(tmp_path: Path) -> None:
    rows = ('1,2025-03-07,"城管"不来,a', '"2","2025-03-07","他说"不行"走了","b"', '3,2025-03-07,"说"好,不来",c')
    assert told(tmp_path / "a.csv", FOUR + "\n".join(rows)) == [
        (2, '"城管"不来'),
        (3, '他说"不行"走了'),
        (4, "× 引号没有配对"),
    ]
    assert [bool(one.notes) for one in read(tmp_path / "a.csv")[:2]] == [True, True]


def test_an_evaluation_reads_the_same_cells_or_refuses(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('编号,时间,内容\n1,25年3月7日晚上12点,"城管"不来\n2,2025-03-07,"甲\n乙,""丙"""\n', encoding="utf-8")
    reports = read_told(path, {}).reports
    assert [(one.text, one.at) for one in reports] == [(one.row.content, one.row.received_at) for one in read(path)]
    path.write_text('编号,时间,内容\n1,2025-03-07,"甲\n2,2025-03-07,乙\n', encoding="utf-8")
    with pytest.raises(DamagedTable, match=r"第 2 行.*引号没有配对"):
        read_told(path, {})


def test_a_cell_of_several_lines_may_look_like_a_table(tmp_path: Path) -> None:
    letter = '经过如下：\n1,2025-03-01,打过电话,"没人接"\n2,2025-03-02,又打,还是没人\n\n请处理,谢谢'
    listed = "2025-03-08, 找物业\n2025-03-09, 又找\n2025-03-10, 再找"
    path = write_csv(
        tmp_path / "a.csv", [(*HEADER, "状态"), ("A-1", "2025-03-07", letter, "办"), ("A-2", "2025-03-07", "好", "")]
    )
    assert [one.row.content for one in read(path)] == [letter, "好"]
    path = write_csv(tmp_path / "b.csv", [("时间", "内容"), ("2025-03-07", listed), ("2025-03-07", "好")])
    assert [(one.row.content, bool(one.notes)) for one in read(path)] == [(listed, True), ("好", False)], (
        "told, not cut"
    )


@settings(max_examples=60)
@given(contents=st.lists(st.text(st.sampled_from('"",水 '), max_size=8), min_size=1, max_size=8))
def test_each_line_is_a_row_however_its_quotes_stand(
    tmp_path_factory: pytest.TempPathFactory, contents: list[str]
) -> None:
    path = tmp_path_factory.mktemp("quotes") / "a.csv"
    text = "".join(f"N-{at},2025-03-07,{content},完{at}\n" for at, content in enumerate(contents, start=2))
    path.write_text(FOUR + text, encoding="utf-8")
    rows = [(one.row_no, list((one.row if isinstance(one, Accepted) else one).raw.values())) for one in read(path)]
    assert [(row_no, cells[0], cells[-1].strip('"')) for row_no, cells in rows] == [
        (at, f"N-{at}", f"完{at}") for at in range(2, len(contents) + 2)
    ]
