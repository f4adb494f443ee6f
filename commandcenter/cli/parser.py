"""The command line: names, options and help. Nothing heavy is imported here: the window must not wait for it."""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from commandcenter.cli import (
    areas,
    cases,
    centre,
    demo,
    duties,
    evaluate,
    gateway,
    importing,
    model,
    people,
    rules,
    slips,
    windows,
)
from commandcenter.cli.options import common

_CHINESE = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"one of the arguments (\S+) (\S+) is required", r"缺少参数：\1 或 \2"),
    (r"argument (\S+): not allowed with argument (\S+)", r"\1 不能与 \2 同时写"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (\S+): expected (?:one|at least one) arguments?", r"\1 后面要有一个值"),
    (r"argument (\S+): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\1 不能是“\2”，可用：\3"),
    (r"argument (\S+): invalid \S+ value: '(.*)'", r"\1 的值“\2”不对"),
    (r"argument (\S+): ignored explicit argument '(.*)'", r"\1 不带值，多了“\2”"),
    (r"argument (\S+): (.+)", r"\1：\2"),
    (r"ambiguous option: (\S+) could match (.+)", r"选项 \1 不明确，可能是 \2"),
)
"""What argparse says, and what people read."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one Chinese sentence and ends with 2."""

    def __init__(self, *arguments: object, **options: object) -> None:
        options["add_help"] = False
        options.setdefault("allow_abbrev", False)
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Leave with one sentence."""
        for pattern, words in _CHINESE:
            said, count = re.subn(f"^{pattern}$", words, message)
            if count:
                message = said.replace("'", "")
                break
        print(f"命令写法不对：{message}。请看 {self.prog} --help。", file=sys.stderr)
        raise SystemExit(2)


def build() -> Parser:
    """The whole command line."""
    parser = Parser(prog="main.py", description="社会治理服务中心。不带命令时打开桌面。")
    common(parser, None)
    parser.set_defaults(command=None, offline=False, window="desktop")
    commands = parser.add_subparsers(title="命令", metavar="命令", parser_class=Parser)
    for group in (
        windows,
        importing,
        cases,
        areas,
        duties,
        demo,
        centre,
        people,
        rules,
        slips,
        gateway,
        model,
        evaluate,
    ):
        group.add(commands)
    return parser


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Understand the command line: ``command`` is a coroutine function, or ``window`` names what to open."""
    return build().parse_args(arguments)
