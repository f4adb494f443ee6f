"""The plain tables of 管理: what their columns are, and how a change of one cell is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.limit import FinishUnit, LimitClock
from commandcenter.domain.worktime import WorkHours
from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.admin.adding import add_category_line, add_unit_line
from ui.admin.tab import AdminTab
from ui.models.row_table import Column, Row, needed, whole
from ui.session import Session
from ui.widgets import words

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


def edit(session: Session, table: str, key: str) -> Callable[[Row, str, Any], Awaitable[None]]:
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


def keywords(text: str) -> tuple[str, ...]:
    """甲、乙 as words, each once."""
    parts = (part.strip() for part in text.replace("，", "、").replace(",", "、").split("、"))
    return tuple(dict.fromkeys(part for part in parts if part))


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
        Column("group_no", tr("考核组"), editable=True, read=_optional_whole, is_number=True),
        Column("active", tr("启用"), editable=True, is_tick=True),
    ]
    tab = AdminTab(
        session,
        columns,
        "name",
        lambda: [asdict(unit) for unit in session.reference.units.values()],
        edit(session, "units", "id"),
        tr("停用的单位不能再派单，已派的工单不受影响。双击或 F2 修改，空格切换启用。"),
        parent,
        find=tr("按名称、简称、类型筛选单位"),
    )
    add_unit_line(session, tab)
    return tab


def limits_tab(session: Session, parent: QWidget) -> AdminTab:
    """时限."""
    clocks = [(tr("自然时"), LimitClock.NATURAL), (tr("工作时"), LimitClock.WORKING)]
    in_units = [(tr("分钟"), FinishUnit.MINUTES), (tr("天"), FinishUnit.DAYS)]
    columns = [
        Column("grade", tr("等级"), show=lambda grade: words.grade_word(Grade(grade))),
        Column("clock", tr("计时方式"), editable=True, choices=lambda: clocks),
        Column("accept_minutes", tr("签收（分钟）"), editable=True, read=whole(1, 100_000), is_number=True),
        Column("finish_amount", tr("办结时限"), editable=True, read=whole(1, 100_000), is_number=True),
        Column("finish_unit", tr("办结计量"), editable=True, choices=lambda: in_units),
        Column("return_minutes", tr("退单（分钟）"), editable=True, read=whole(1, 100_000), is_number=True),
        Column("extension_days", tr("可延期（天）"), editable=True, read=whole(0, 365), is_number=True),
        Column("soon_share", tr("临期（剩余比例）"), editable=True, show=_share_words, read=_share, is_number=True),
    ]
    return AdminTab(
        session,
        columns,
        "grade",
        lambda: [asdict(limit) for limit in session.reference.limits.values()],
        edit(session, "grade_limits", "grade"),
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
        edit(session, "channels", "id"),
        tr("代码用于导入和统计，改名不影响已登记的诉求。双击或 F2 修改，空格切换线上。"),
        parent,
    )


def categories_tab(session: Session, parent: QWidget) -> AdminTab:
    """分类."""
    grades = [(words.grade_word(grade), grade) for grade in Grade]
    columns = [
        Column("id", tr("编号")),
        Column("path_name", tr("分类")),
        Column("keywords", tr("关键词"), editable=True, show="、".join, read=keywords),
        Column("default_grade", tr("默认等级"), editable=True, choices=lambda: grades),
    ]
    tab = AdminTab(
        session,
        columns,
        "path_name",
        lambda: [
            asdict(each) for each in sorted(session.reference.categories.values(), key=lambda each: each.path_name)
        ],
        edit(session, "categories", "id"),
        tr(
            "默认等级在受理时按分类提出，值班员可以改。关键词是群众的叫法，以“、”隔开；还没有训练模型时按名称和关键词建议分类。"
        ),
        parent,
        find=tr("按分类、关键词筛选"),
    )
    add_category_line(session, tab)
    return tab


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
    return AdminTab(session, columns, "periods", rows, edit(session, "work_hours", "id"), "", parent)
