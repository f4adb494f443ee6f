"""``evaluate classify`` as somebody with two files starts it: no database, any usual encoding, one sentence for a bad file."""

import csv
import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.command_line import CommandLine

MATTERS = {"供热": ("暖气不热", "供热管道漏水", "室温太低"), "道路": ("路面有坑", "道路坑洼", "路面塌陷")}
PLACES = ("幸福里", "滨海花园", "城东", "新村", "北门")
ROWS = [(label, f"{place}{said}，\n请处理") for label, texts in MATTERS.items() for said in texts for place in PLACES]
TEST = [("道路", "南街路面很多坑"), ("供热", "家里暖气不热"), ("", "请修供热管道"), ("道路", "")]


def _write(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8-sig", mark: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)
    return path


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    train = _write(tmp_path / "学习.csv", [("label", "text"), *ROWS])
    return train, _write(tmp_path / "检验.csv", [("label", "text"), *TEST]), tmp_path / "结果.csv"


def test_every_row_gets_a_category_and_a_probability(cli: CommandLine, files: tuple[Path, Path, Path]) -> None:
    train, test, out = files
    said = cli.json("evaluate", "classify", "--train", train, "--test", test, "--out", out)
    rows = _read(out)
    assert [row["index"] for row in rows] == ["0", "1", "2", "3"]
    assert [row["predicted"] for row in rows[:3]] == ["道路", "供热", "供热"]
    assert all(0.5 <= float(row["probability"]) <= 1 for row in rows)
    assert (said["learned_from"], said["categories"], said["rows"], said["judged"]) == (len(ROWS), 2, 4, 3)
    right = [row["predicted"] == label for row, (label, _) in zip(rows, TEST, strict=True) if label]
    assert (said["macro_f1"] == 1) == all(right)
    assert "宏平均 F1" in cli.ok("evaluate", "classify", "--train", train, "--test", test, "--out", out)
    assert not (cli.data_dir / "postgres").exists(), "no database is started"
    assert not list(out.parent.glob("*.part"))


def test_encodings_delimiters_and_chinese_headers(cli: CommandLine, tmp_path: Path) -> None:
    train = _write(
        tmp_path / "a.csv",
        [("编号", "类别", "内容"), *((str(at), *row) for at, row in enumerate(ROWS))],
        "gb18030",
        "\t",
    )
    test = _write(tmp_path / "b.csv", [("text",), *((text,) for _, text in TEST[:3])], "utf-16")
    out = tmp_path / "out.csv"
    said = cli.json("evaluate", "classify", "--train", train, "--test", test, "--out", out)
    assert [row["predicted"] for row in _read(out)] == ["道路", "供热", "供热"]
    assert said["macro_f1"] is None


@pytest.mark.slow
def test_bad_files_are_one_sentence_and_leave_nothing(
    cli: CommandLine, files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    train, test, out = files
    empty = tmp_path / "空.csv"
    empty.write_bytes(b"")
    nameless = _write(tmp_path / "无名.csv", [("a", "b"), ("c", "d")])
    unlabelled = _write(tmp_path / "无类.csv", [("text",), ("路灯不亮",)])
    single = _write(tmp_path / "一类.csv", [("label", "text"), *ROWS[:5]])
    broken = tmp_path / "坏.csv"
    broken.write_text('label,text\n道路,路面有坑\n道路,"没有配对\n又一行\n', encoding="utf-8")
    for bad_train, bad_test, words in (
        (tmp_path / "没有.csv", test, "找不到文件"),
        (train, tmp_path / "没有.csv", "找不到文件"),
        (empty, test, "空文件"),
        (nameless, test, "没有找到内容一列"),
        (unlabelled, test, "没有找到类别一列"),
        (single, test, "不到两类"),
        (train, nameless, "没有找到内容一列"),
        (train, broken, "引号没有配对"),
    ):
        said = cli.refused("evaluate", "classify", "--train", bad_train, "--test", bad_test, "--out", out)
        assert words in said, said
    beyond = tmp_path / "没有的文件夹" / "out.csv"
    assert "写不进" in cli.refused("evaluate", "classify", "--train", train, "--test", test, "--out", beyond)
    assert "缺少参数" in cli.refused("evaluate", "classify", "--train", train, "--test", test, code=2)
    before = test.read_bytes()
    said = cli.refused("evaluate", "classify", "--train", train, "--test", test, "--out", test)
    assert "同一个文件" in said
    assert test.read_bytes() == before
    assert not list(itertools.chain(tmp_path.glob("*.part"), tmp_path.glob("结果*")))
