"""参数: every number, share, list and period that the rules use, in people's words, each with where its default comes from."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.admin.tab import AdminTab
from ui.admin.tables import edit, hours_words, keywords, read_hours
from ui.models.row_table import Column, Row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.session import Session

_SOURCE = re.compile(r"\s*\[([SPD])\]$")
_SOURCES = {"S": "文件规定", "P": "公开做法", "D": "系统默认"}
_MOST = 1_000_000


def tr(text: str) -> str:
    """`text` in the language of the screen (context "settings_tab")."""
    return QCoreApplication.translate("settings_tab", text)


def value_words(value: str) -> str:
    """A setting's JSON as people write it: 120, 25%, 咨询、建议, 08:30–12:00　13:30–17:30; anything else as it is."""
    found = json.loads(value)
    if isinstance(found, float):
        return f"{found * 100:g}%"
    if _is_words(found):
        return "、".join(found)
    if _is_periods(found):
        return hours_words([minute for period in found for minute in period])
    return value


def read_value(was: str, text: str) -> str:
    """`text` as JSON of the kind that `was` is; raises ValueError with a sentence."""
    kind = json.loads(was)
    stripped = text.strip()
    if isinstance(kind, float):
        return _share(stripped)
    if isinstance(kind, int):
        if not stripped.isdecimal() or int(stripped) > _MOST:
            raise ValueError(tr("请填不小于 0 的整数。"))
        return str(int(stripped))
    if _is_words(kind):
        words = keywords(stripped)
        if not words:
            raise ValueError(tr("请至少写一项，以“、”隔开。"))
        return json.dumps(words, ensure_ascii=False)
    if _is_periods(kind):
        minutes = read_hours(stripped)
        return json.dumps([list(minutes[at : at + 2]) for at in range(0, len(minutes), 2)])
    try:
        found = json.loads(stripped)
    except ValueError:
        found = None
    if type(found) is not type(kind):
        raise ValueError(tr("写法不对，请照原来的样子写。"))
    return json.dumps(found, ensure_ascii=False)


def _share(text: str) -> str:
    """25% as 0.25; without the sign the share itself."""
    percent = text.rstrip("%％").strip()
    try:
        share = float(percent) / (100 if percent != text else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ValueError(tr("请填 0% 到 100% 之间的比例。"))
    return repr(round(share, 6))


def _is_words(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(each, str) for each in found)


def _is_periods(found: Any) -> bool:
    return isinstance(found, list) and bool(found) and all(isinstance(each, list) and len(each) == 2 for each in found)


def without_source(note: str) -> str:
    """A note of the database's without the mark of where its default comes from."""
    return _SOURCE.sub("", note)


def settings_tab(session: Session, parent: QWidget) -> AdminTab:
    """The tab; a value that is none is refused in words and nothing is changed."""

    async def rows() -> list[Row]:
        return [
            asdict(each) | {"said": without_source(each.note), "source": _source(each.note)}
            for each in await settings.read_settings(session.database())
        ]

    plain = edit(session, "settings", "name")

    async def change(row: Row, column: str, value: Any) -> None:
        try:
            read = read_value(row["value"], value)
        except ValueError as error:
            raise PersonError(tr("“%s”没有改。") % row["said"], str(error)) from error
        if read != row[column]:
            await plain(row, column, read)

    columns = [
        Column("said", tr("说明")),
        Column("value", tr("值"), editable=True, show=value_words),
        Column("source", tr("默认值的来源")),
        Column("name", tr("代号")),
    ]
    hint = tr("改动立即对所有席位生效，并记入流水。比例写百分数，时段写 08:30–12:00，多项以“、”隔开。")
    return AdminTab(session, columns, "said", rows, change, hint, parent)


def _source(note: str) -> str:
    found = _SOURCE.search(note)
    return tr(_SOURCES[found[1]]) if found else ""
