"""A saved way of reading one system's files: which of its columns is which fact, and what its words mean."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commandcenter.errors import PersonError
from commandcenter.intake.field import LABELS, fold

IGNORED = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Column name → field (``""``: leave this column alone), with the channel and coordinates the system uses."""

    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    channel: str = ""
    crs: str = ""
    dates: str = ""
    """What ``3/8/2024`` means: ``us`` March, ``dmy`` August, ``""`` nothing was said."""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field (channel, category, kind, grade) → the source's word → ours; ``""``: understood, and left as the default."""
    header: tuple[str, ...] = ()
    """Folded names of the columns of the file it was made from."""

    def fits(self, header: Collection[str]) -> float:
        """Return how well a file's header (folded names) is this source's: 1.0 the same names, 0.0 none in common."""
        mine, theirs = {fold(name) for name in self.header} - _OURS, set(header) - _OURS  # folded as it is done now
        return len(mine & theirs) / len(mine | theirs) if mine else 0.0


_OURS = {"", "原行号", "未导入原因"}
"""What a reject file has beside the columns of its source; a nameless column says nothing."""
RECOGNISED = 0.8
"""A header that has so much in common with a profile's is taken for the same source's: it lost or gained a column."""
WORDED = ("channel", "category", "kind", "grade")
"""The fields whose words are mapped."""
DATES = ("", "us", "dmy")


def recognised(profiles: Iterable[Profile], header: Collection[str]) -> Profile | None:
    """Return the profile whose header is nearest to the file's, None where none is near enough."""
    fitting = [(profile.fits(header), profile) for profile in profiles]
    best = max(fitting, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] >= RECOGNISED else None


def load_profile(name: str, folder: Path) -> Profile:
    """Return the profile ``<folder>/<name>.toml``; raises PersonError where it is missing or not understood.

    The file holds ``channel = "…"``, ``crs = "gcj02"``, ``dates = "us"`` (all optional), a table ``[columns]`` of
    ``"column name" = "field or its label"``, and tables ``[words.channel]``, ``[words.category]``, ``[words.kind]``,
    ``[words.grade]`` of ``"their word" = "ours"``.
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
        dates=_dates(str(saved.get("dates", ""))),
        words=_words(name, saved.get("words", {})),
    )


def _dates(said: str) -> str:
    if said not in DATES:
        raise PersonError(f"导入方案里的日期写法“{said}”不认识。", "可用：us（月/日/年）、dmy（日/月/年）。")
    return said


def _words(name: str, saved: object) -> dict[str, dict[str, str]]:
    if not isinstance(saved, dict) or not all(isinstance(each, dict) for each in saved.values()):
        raise PersonError(
            f"导入方案“{name}”里的 [words] 不是对照表。", "请写成 [words.channel] 之下 “对方的词” = “本中心的词”。"
        )
    unknown = sorted(saved.keys() - set(WORDED))
    if unknown:
        raise PersonError(f"导入方案里不能对照“{unknown[0]}”的词。", f"可用：{'、'.join(WORDED)}。")
    return {field: {str(word): str(ours) for word, ours in each.items()} for field, each in saved.items()}


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
