"""Options and values that several commands share."""

import argparse
import stat
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade

if TYPE_CHECKING:
    from commandcenter.cli.answer import Answer, Progress
    from commandcenter.services.centre import Centre

    Command = Callable[[argparse.Namespace, Centre, Progress], Awaitable[Answer]]
    OfflineCommand = Callable[[argparse.Namespace, Progress], Answer]

Commands = Any  # argparse gives its list of subcommands no public name
GRADES = {"红": Grade.RED, "橙": Grade.ORANGE, "黄": Grade.YELLOW, "蓝": Grade.BLUE, "绿": Grade.GREEN}
GRADE_WORDS = {grade: word for word, grade in GRADES.items()}


def common(parser: argparse.ArgumentParser, default: object = argparse.SUPPRESS) -> None:
    """The options every command takes; SUPPRESS lets them stand before or after the command."""
    parser.add_argument(
        "--db", metavar="URL", default=default, help="数据库地址；默认 CC_DATABASE_URL，再默认本机数据库"
    )
    parser.add_argument(
        "--json", action="store_true", default=False if default is None else default, help="只输出一个 JSON 对象"
    )


def group(commands: Commands, name: str, words: str) -> Commands:
    """A command with commands of its own: ``db init``."""
    parser = commands.add_parser(name, help=words, description=words)
    return parser.add_subparsers(title="命令", metavar="命令", required=True, dest=f"{name}_command")


def command(commands: Commands, name: str, words: str, run: "Command", *, prepares: bool = False) -> Any:
    """A command that `run` carries out. `prepares`: it may meet a database that is not built, or older."""
    parser = commands.add_parser(name, help=words, description=words)
    common(parser)
    parser.set_defaults(command=run, window=None, prepares=prepares)
    return parser


def offline(commands: Commands, name: str, words: str, run: "OfflineCommand") -> Any:
    """A command that only reads and writes files: no database is opened for it."""
    parser = commands.add_parser(name, help=words, description=words)
    common(parser)
    parser.set_defaults(command=run, offline=True, window=None)
    return parser


def moment(text: str) -> datetime:
    """An ISO moment; without a zone it is meant as read in Shanghai."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是时间，应形如 2026-11-22T09:30") from None
    return found if found.tzinfo is not None else found.replace(tzinfo=SHANGHAI)


def day(text: str) -> date:
    """A date."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，应形如 2026-11-22") from None


def source(text: str) -> Path:
    """A file to read. A pipe or a device may never end, and cannot be read twice."""
    path = Path(text)
    try:
        mode = path.stat().st_mode
    except OSError:  # said where it is opened
        return path
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise argparse.ArgumentTypeError(f"“{text}”不是普通文件，请先存成文件")
    return path


def span(text: str) -> tuple[datetime, datetime]:
    """Two moments with a slash between them, the earlier first."""
    start, _, end = text.partition("/")
    found = moment(start), moment(end)
    if found[0] >= found[1]:
        raise argparse.ArgumentTypeError(f"“{text}”的开始应早于结束")
    return found


def count(text: str) -> int:
    """A whole number, zero or more."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"“{text}”应是不小于 0 的整数")
    return int(text)


def positive(text: str) -> float:
    """A number above zero."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found < 1e9:
        raise argparse.ArgumentTypeError(f"“{text}”应是大于 0 的数")
    return found


def grade(text: str) -> Grade:
    """One of the five colours."""
    if text not in GRADES:
        raise argparse.ArgumentTypeError(f"“{text}”不是等级，可用：{' '.join(GRADES)}")
    return GRADES[text]


def size(text: str) -> tuple[int, int]:
    """Width and height in pixels: 1920x1080."""
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isdigit() and height.isdigit() and 100 <= int(width) <= 16_384 and 100 <= int(height) <= 16_384):
        raise argparse.ArgumentTypeError(f"“{text}”不是尺寸，应形如 1920x1080")
    return int(width), int(height)
