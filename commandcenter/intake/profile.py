"""A saved way of reading one system's files: which of its columns is which fact, kept as a small TOML file."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commandcenter.errors import PersonError
from commandcenter.intake.field import LABELS

IGNORED = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Column name → field (``""``: leave this column alone), with the channel and coordinates the system uses."""

    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    crs: str = ""


def load_profile(name: str, folder: Path) -> Profile:
    """Return the profile ``<folder>/<name>.toml``; raises PersonError where it is missing or not understood.

    The file holds ``channel = "…"``, ``crs = "gcj02"`` (both optional) and a table ``[columns]`` of
    ``"column name" = "field or its label"``.
    """
    path = folder / f"{name}.toml"
    try:
        saved = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        names = "、".join(sorted(entry.stem for entry in folder.glob("*.toml"))) or "（还没有）"
        raise PersonError(f"没有名为“{name}”的导入方案。", f"现有方案：{names}。") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PersonError(f"导入方案“{name}”读不出来。", "请检查这个 TOML 文件的写法。") from error
    columns = saved.get("columns", {})
    if not isinstance(columns, dict):
        raise PersonError(f"导入方案“{name}”里的 [columns] 不是对照表。", "请写成 “列名” = “字段” 的形式。")
    return Profile(
        name=name,
        columns=checked_columns({str(key): str(value) for key, value in columns.items()}),
        channel=str(saved.get("channel", "")),
        crs=str(saved.get("crs", "")),
    )


def checked_columns(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the mapping with labels (诉求内容) turned into field names; raises PersonError for an unknown field."""
    by_label = {label: name for name, label in LABELS.items()}
    result = {}
    for column, meant in columns.items():
        name = by_label.get(meant, meant)
        if name != IGNORED and name not in LABELS:
            raise PersonError(f"导入方案里的字段“{meant}”不认识。", f"可用的字段：{'、'.join(LABELS.values())}。")
        result[column] = name
    return result
