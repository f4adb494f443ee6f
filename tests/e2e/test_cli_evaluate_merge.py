"""``evaluate merge`` as a judge calls it: a file in, a file out, and no database."""

import csv
from pathlib import Path

import pytest

from tests.e2e.command_line import CommandLine

TEXT = "碧海花园南门烧烤店每天晚上油烟直排到楼上，窗户不敢开，孩子咳嗽不止，物业劝过多次没有用"
DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data", "postgresql://nobody:secret@127.0.0.1:9/none")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_words_and_places_in_the_files_order(cli: CommandLine, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "pairs.csv"
    source.write_bytes(
        (
            "号,何时,话,x,y,类\n"
            f"3,2026-03-02 11:00,{TEXT},,,\n"
            f"1,2026-03-02 09:00,{TEXT},,,\n"
            "2,2026-03-02 09:00,,122.4,37.1,信号灯\n"
            "4,2026-03-02 12:00,,122.4,37.1,信号灯\n"
        ).encode("gb18030")
    )
    columns = "id=号,time=何时,text=话,lon=x,lat=y,category=类"
    facts = cli.json("evaluate", "merge", source, "--out", out, "--columns", columns)
    assert (facts["rows"], facts["cases"], facts["merged"], facts["suggested"]) == (4, 3, 1, 1)
    found = rows(out)
    assert [row["id"] for row in found] == ["3", "1", "2", "4"]
    assert [row["case"] for row in found] == ["1", "1", "2", "4"]
    assert (found[0]["candidate_1"], found[0]["verdict_1"]) == ("1", "same")
    assert (found[3]["candidate_1"], found[3]["verdict_1"]) == ("2", "likely")
    assert "正文一字不差" in found[0]["reasons_1"]
    assert 0 < float(found[3]["score_1"]) < float(found[0]["score_1"]) <= 1


def test_wrong_input_is_one_sentence(cli: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    assert "找不到文件" in cli.refused("evaluate", "merge", tmp_path / "none.csv", "--out", out)
    source = tmp_path / "in.csv"
    source.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "没有找到时间一列" in cli.refused("evaluate", "merge", source, "--out", out)
    source.write_text("id,time,text\n1,2026-03-02,a\n", encoding="utf-8")
    assert "不能写进要读的同一个文件" in cli.refused("evaluate", "merge", source, "--out", source)
    assert source.read_text(encoding="utf-8") == "id,time,text\n1,2026-03-02,a\n"
    assert "写不进" in cli.refused("evaluate", "merge", source, "--out", tmp_path / "no" / "out.csv")
    assert "缺少参数" in cli.refused("evaluate", "merge", source, code=2)
    assert {each.name for each in tmp_path.iterdir() if each.is_file()} == {source.name}
