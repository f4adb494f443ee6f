"""The command line without a database: help, wrong use, what cannot be reached."""

import os
import subprocess
import sys
from argparse import ArgumentTypeError
from pathlib import Path

import pytest

from commandcenter.cli.options import source
from tests.e2e.command_line import MAIN, CommandLine


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "data", "postgresql://nobody:secret@127.0.0.1:9/none", cold=True)


def test_help_is_chinese_in_any_locale(cli: CommandLine) -> None:
    said = cli.ok("--help")
    assert "社会治理服务中心" in said
    assert all(
        f"    {name} " in said for name in ("import", "export", "demo", "db", "person", "due", "worker", "status")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nonsense"], "命令 不能是“nonsense”"),
        (["due", "--grade", "紫", "--from", "2026-11-22"], "“紫”不是等级"),
        (["simulate", "--rate", "-1"], "--rate"),
    ],
)
def test_wrong_use_is_one_sentence(cli: CommandLine, words: list[str], said: str) -> None:
    assert said in cli.refused(*words, code=2)


def test_wrong_use_without_a_process() -> None:
    code = """
import os, sys
from commandcenter.cli.parser import parse
for words in (["due"], ["db"], ["import", "a", "--crs", "x"], ["import"], ["export", "cases", "a.csv", "--frm", "1"],
              ["export", "cases", "a.csv", "--from", "2026-13-01"], ["due", "--grade", "红", "--from", "morgen"],
              ["due", "--grade", "红", "--from", "2026-11-22", "--pause", "2026-11-23/2026-11-22"],
              ["snapshot", "desk", "a.png", "--size", "12"], ["import", os.devnull],
              ["demo", "load", "--cases", "-3"], ["--db"], ["person", "add"]):
    try:
        parse(words)
    except SystemExit as end:
        assert end.code == 2, words
    else:
        raise AssertionError(words)
heavy = {"alembic", "sqlalchemy", "asyncpg", "PySide6", "numpy", "shapely", "openpyxl", "ui"} & set(sys.modules)
assert not heavy, heavy
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=MAIN.parent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stderr.decode("utf-8").splitlines()
    assert len(lines) == 13
    assert all(line.startswith("命令写法不对：") for line in lines)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are POSIX")
def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ArgumentTypeError, match="不是普通文件"):
        source(str(tmp_path / "pipe"))
    for path in (tmp_path, Path(__file__), tmp_path / "missing"):
        assert source(str(path)) == path


def test_a_server_that_is_not_there_and_an_address_that_is_none(cli: CommandLine) -> None:
    said = cli.refused("status")
    assert "连不上数据库" in said
    assert "再运行一次" in said, "a command has nothing to look at meanwhile, as a desk has"
    assert "仍可查看" not in said
    assert "数据库地址应形如" in cli.refused("status", "--db", "mysql://x")
