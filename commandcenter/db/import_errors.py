"""What the database says to imports (CC095 to CC096), translated into sentences for people."""

from collections.abc import Callable, Mapping
from typing import Final

from commandcenter.errors import PersonError, Refused

CHECKS: Final[Mapping[str, tuple[str, str]]] = {
    "watched_folders_folder_check": ("要写明文件夹。", "请填写这台电脑上的文件夹。"),
    "watched_folders_machine_check": ("要写明电脑的名称。", "请填写文件夹所在电脑的名称。"),
    "watched_folders_crs_check": ("坐标系只能是 wgs84、gcj02 或 bd09。", "请改正后再提交。"),
    "import_fields_rule_check": ("规则只能是 source、missing、untouched 或 never。", "请改正后再提交。"),
}
"""Constraints that a person can run into, by their names in sql/revisions/0008_importing.sql."""

BUSY: Final = "CC095"

SENTENCES: Final[Mapping[str, Callable[[str], PersonError]]] = {
    BUSY: lambda who: Refused(f"这个文件正在导入（{who or '另一个程序'}）。", "请等它完成，再看结果。"),
    "CC096": lambda _: Refused("这次导入已由别人接着做，或已结束。", "请刷新后再看。"),
}
"""Code -> the error."""
