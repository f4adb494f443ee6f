"""The plain tables of 管理: what their columns are, and how a change of one cell is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.limit import FinishUnit, LimitClock
from commandcenter.domain.worktime import WorkHours
from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.models.row_table import Column, Row, needed, whole
from ui.session import Session
from ui.widgets import words
from ui.widgets.admin_tab import AdminTab

KINDS = {
    "centre": "中心",
    "department": "部门",
    "town": "镇街",
    "community": "社区",
    "grid_team": "网格队",
    "utility": "公用企业",
}


def tr(text: str) -> str:
    """`text` in the language of the screen (context "admin")."""
    return QCoreApplication.translate("admin", text)


def _edit(session: Session, table: str, key: str) -> Callable[[Row, str, Any], Awaitable[None]]:
    """How one cell of `table` is changed: only where it still says what the person saw."""

    async def change(row: Row, column: str, value: Any) -> None:
        await settings.change(
            session.database(),
            table=table,
            key=row[key],
            was={column: _stored(row[column])},
            becomes={column: _stored(value)},
        )

    return change


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _optional_whole(text: str) -> int | None:
    return whole(1, 9)(text) if text.strip() else None


def _share_words(share: Decimal) -> str:
    return f"{float(share) * 100:g}%"


def _share(text: str) -> Decimal:
    """25% or 25 as 0.25; three decimals are kept."""
    try:
        share = round(Decimal(text.strip().rstrip("%％").strip()) / 100, 3)
    except InvalidOperation:
        share = Decimal(0)
    if not 0 < share < 1:
        raise ValueError("请填 1% 到 99% 之间的比例。")
    return share


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        raise ValueError("日期请写成 2026-11-22。") from None


def _optional_day(text: str) -> date | None:
    return _day(text) if text.strip() else None


def hours_words(periods: Sequence[int]) -> str:
    """08:30–12:00 13:30–17:30."""
    clocks = [f"{minute // 60:02}:{minute % 60:02}" for minute in periods]
    return "　".join(f"{start}–{end}" for start, end in zip(clocks[::2], clocks[1::2], strict=True))


def read_hours(text: str) -> tuple[int, ...]:
    """The other way round; raises ValueError with a sentence."""
    advice = "请写成 08:30–12:00 13:30–17:30。"
    periods = []
    for part in text.replace("—", "–").replace("-", "–").replace("：", ":").replace("–", " ").split():
        hour, _, minute = part.partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) <= 24 and int(minute) < 60):
            raise ValueError(advice)
        periods.append(int(hour) * 60 + int(minute))
    try:
        return WorkHours(tuple(periods)).periods
    except PersonError as error:
        raise ValueError(error.sentence + advice) from None


def units_tab(session: Session, parent: QWidget) -> AdminTab:
    """单位."""

    def hours() -> list[tuple[str, int]]:
        return [(name, each) for each, name in session.reference.hours_names.items()]

    columns = [
        Column("id", tr("编号")),
        Column("name", tr("名称"), editable=True, read=needed),
        Column("short_name", tr("简称"), editable=True, read=needed),
        Column("kind", tr("类型"), show=lambda kind: tr(KINDS.get(kind, kind))),
        Column("hours_id", tr("作息"), editable=True, choices=hours),
        Column("group_no", tr("考核组"), editable=True, read=_optional_whole),
        Column("active", tr("启用"), editable=True, is_tick=True),
    ]
    return AdminTab(
        session,
        columns,
        "name",
        lambda: [asdict(unit) for unit in session.reference.units.values()],
        _edit(session, "units", "id"),
        tr("停用的单位不能再派单，已派的工单不受影响。双击或 F2 修改，空格切换启用。"),
        parent,
    )


def limits_tab(session: Session, parent: QWidget) -> AdminTab:
    """时限."""
    clocks = [(tr("自然时"), LimitClock.NATURAL), (tr("工作时"), LimitClock.WORKING)]
    in_units = [(tr("分钟"), FinishUnit.MINUTES), (tr("天"), FinishUnit.DAYS)]
    columns = [
        Column("grade", tr("等级"), show=lambda grade: words.grade_word(Grade(grade))),
        Column("clock", tr("计时方式"), editable=True, choices=lambda: clocks),
        Column("accept_minutes", tr("签收（分钟）"), editable=True, read=whole(1, 100_000)),
        Column("finish_amount", tr("办结时限"), editable=True, read=whole(1, 100_000)),
        Column("finish_unit", tr("办结计量"), editable=True, choices=lambda: in_units),
        Column("return_minutes", tr("退单（分钟）"), editable=True, read=whole(1, 100_000)),
        Column("extension_days", tr("可延期（天）"), editable=True, read=whole(0, 365)),
        Column("soon_share", tr("临期（剩余比例）"), editable=True, show=_share_words, read=_share),
    ]
    return AdminTab(
        session,
        columns,
        "soon_share",
        lambda: [asdict(limit) for limit in session.reference.limits.values()],
        _edit(session, "grade_limits", "grade"),
        tr("改动只影响以后派单或定级的工单；已经在走的时限不变。"),
        parent,
    )


def channels_tab(session: Session, parent: QWidget) -> AdminTab:
    """渠道."""
    columns = [
        Column("id", tr("编号")),
        Column("code", tr("代码"), editable=True, read=needed),
        Column("name", tr("名称"), editable=True, read=needed),
        Column("online", tr("线上"), editable=True, is_tick=True),
    ]
    return AdminTab(
        session,
        columns,
        "name",
        lambda: [asdict(channel) for channel in session.reference.channels.values()],
        _edit(session, "channels", "id"),
        "",
        parent,
    )


def categories_tab(session: Session, parent: QWidget) -> AdminTab:
    """分类."""
    grades = [(words.grade_word(grade), grade) for grade in Grade]
    columns = [
        Column("id", tr("编号")),
        Column("path_name", tr("分类")),
        Column("default_grade", tr("默认等级"), editable=True, choices=lambda: grades),
    ]
    return AdminTab(
        session,
        columns,
        "path_name",
        lambda: [
            asdict(each) for each in sorted(session.reference.categories.values(), key=lambda each: each.path_name)
        ],
        _edit(session, "categories", "id"),
        tr("默认等级在受理时按分类提出，值班员可以改。"),
        parent,
    )


def duties_tab(session: Session, parent: QWidget) -> AdminTab:
    """事项清单."""

    def units() -> list[tuple[str, int | None]]:
        found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
        return [(tr("事发镇街"), None), *((unit.name, unit.id) for unit in found)]

    def rows() -> list[Row]:
        reference = session.reference
        return [
            asdict(item)
            | {
                "category": category.path_name if (category := reference.categories.get(item.category_id or 0)) else "",
                "assists": "、".join(
                    reference.units[each].short_name for each in item.assist_unit_ids if each in reference.units
                ),
            }
            for item in reference.duty_list
        ]

    grounds = [(each, each) for each in ("法定", "商定", "指定")]
    columns = [
        Column("code", tr("序号")),
        Column("field", tr("领域"), editable=True, read=needed),
        Column("matter", tr("事项"), editable=True, read=needed),
        Column("category", tr("分类")),
        Column("lead_unit_id", tr("主责"), editable=True, choices=units),
        Column("assists", tr("配合")),
        Column("ground", tr("依据"), editable=True, choices=lambda: grounds),
        Column("valid_from", tr("自"), editable=True, read=_day),
        Column("valid_to", tr("至"), editable=True, read=_optional_day),
    ]
    hint = tr("受理派单时按此提出主责和配合单位，并引用依据。“至”留空为长期有效。")
    return AdminTab(session, columns, "matter", rows, _edit(session, "duty_list", "id"), hint, parent)


def settings_tab(session: Session, parent: QWidget) -> AdminTab:
    """参数."""

    async def rows() -> list[Row]:
        return [asdict(setting) for setting in await settings.read_settings(session.database())]

    columns = [
        Column("name", tr("名称")),
        Column("value", tr("值"), editable=True, read=lambda text: str(whole(0, 1_000_000)(text))),
        Column("note", tr("说明")),
    ]
    return AdminTab(session, columns, "note", rows, _edit(session, "settings", "name"), "", parent)


def hours_tab(session: Session, parent: QWidget) -> AdminTab:
    """作息, below the calendar."""

    def rows() -> list[Row]:
        reference = session.reference
        return [
            {"id": each, "name": reference.hours_names[each], "periods": hours.periods}
            for each, hours in reference.hours.items()
        ]

    columns = [
        Column("name", tr("作息"), editable=True, read=needed),
        Column("periods", tr("上班时间"), editable=True, show=hours_words, read=read_hours),
    ]
    return AdminTab(session, columns, "periods", rows, _edit(session, "work_hours", "id"), "", parent)
