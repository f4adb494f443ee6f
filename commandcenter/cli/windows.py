"""Commands that open a window or paint one; the window side carries them out (``main.py``)."""

import argparse
from pathlib import Path
from typing import Any

from commandcenter.cli.options import Commands, common, size


def add(commands: Commands) -> None:
    """Name them and their options."""

    def window(name: str, words: str) -> Any:
        parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
        common(parser)
        parser.set_defaults(command=None, window=name)
        return parser

    window("run", "准备好一切（数据库、演示数据、演示流量），然后打开桌面")
    window("wall", "打开大屏")
    screens = window("screens", "把每个页面存成图片")
    screens.add_argument("folder", metavar="文件夹", nargs="?", type=Path, default=Path("out/screens"))
    snapshot = window("snapshot", "把一个页面存成图片")
    snapshot.add_argument("page", metavar="页面", help="页面代号，见 pages 命令")
    snapshot.add_argument("out", metavar="OUT.png", type=Path)
    snapshot.add_argument("--size", type=size, default=(1920, 1080), metavar="宽x高", help="默认 1920x1080")
    snapshot.add_argument("--theme", choices=("day", "night", "wall"), default="day", help="默认 day")
    window("pages", "列出页面的代号和名称")
