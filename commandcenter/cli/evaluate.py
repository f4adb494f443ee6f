"""Judging the machine from outside: what it would have said of any archive; only files are read and written."""

from commandcenter.cli import evaluate_classify, evaluate_merge
from commandcenter.cli.options import Commands, group


def add(commands: Commands) -> None:
    """Name them and their options."""
    evaluate = group(commands, "evaluate", "用一份存档检验智能受理：只读写文件，不用数据库")
    evaluate_classify.add(evaluate)
    evaluate_merge.add(evaluate)
