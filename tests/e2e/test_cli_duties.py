"""The responsibility list by command: tried, taken in whole, written out and read in again."""

from pathlib import Path

from openpyxl import Workbook, load_workbook

from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database

HEADER = ("序号", "领域", "事项", "分类", "主责单位", "配合单位", "依据", "生效日期", "失效日期")


def test_a_list_comes_in_and_goes_out(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("admin"))
    file = tmp_path / "清单.xlsx"
    book = Workbook()
    book.active.append(HEADER)  # type: ignore[union-attr]
    book.active.append(("2", "供热", "停暖", None, "事发镇街", "住建局;燃气公司", "商定", None, None))  # type: ignore[union-attr]
    book.active.append(("3", "供热", "漏水", None, "月球局", None, "商定", None, None))  # type: ignore[union-attr]
    book.save(file)
    tried = cli.json("duties", "import", file, "--dry-run")
    assert [tried[name] for name in ("rows", "new", "changed", "unchanged", "rejected", "reject_file")] == [
        2,
        1,
        0,
        0,
        1,
        None,
    ]
    assert tried["rejects"] == [{"row": 3, "code": "3", "reason": "没有单位叫“月球局”"}]
    assert cli.json("duties", "export", tmp_path / "before.xlsx")["items"] == 1
    said = cli.ok("duties", "import", file)
    assert "共读 2 行：新增 1，修改 0，未变 0，未导入 1。" in said
    assert "第 3 行未导入：没有单位叫“月球局”。" in said
    assert (tmp_path / "清单.rejects.xlsx").exists()
    out = tmp_path / "out.xlsx"
    assert cli.json("duties", "export", out)["items"] == 2
    rows = list(load_workbook(out).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[0] == HEADER
    assert rows[2][4:6] == ("事发镇街", "住建局；燃气公司")
    again = cli.json("duties", "import", out)
    assert (again["unchanged"], again["new"], again["changed"]) == (2, 0, 0)


def test_what_cannot_be_done_is_one_sentence(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("admin"))
    assert "没有文件" in cli.refused("duties", "import", tmp_path / "none.xlsx")
    (tmp_path / "x.xlsx").write_text("kein Excel", encoding="utf-8")
    assert "不是能读的 xlsx" in cli.refused("duties", "import", tmp_path / "x.xlsx")
    assert "以 .xlsx 结尾" in cli.refused("duties", "export", tmp_path / "x.pdf")
    assert "写不进" in cli.refused("duties", "export", tmp_path / "none" / "x.xlsx")
    duty = CommandLine(tmp_path / "data", county.url("duty"))
    file = tmp_path / "清单.xlsx"
    book = Workbook()
    book.active.append(HEADER)  # type: ignore[union-attr]
    book.active.append(("2", "供热", "停暖", None, "事发镇街", None, "商定", None, None))  # type: ignore[union-attr]
    book.save(file)
    assert "没有这项权限" in duty.refused("duties", "import", file)
