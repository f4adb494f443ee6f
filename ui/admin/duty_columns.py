"""The columns of the responsibility list 事项清单: what each shows, offers and reads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from commandcenter.services import duty_list
from ui.admin.tables import tr
from ui.models.choices import category_choices
from ui.models.row_table import Column, day, day_or_none, needed
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference


def duty_columns(session: Session) -> list[Column]:
    """Code, field, matter, category, lead, assists, ground, and the days between which a version holds."""

    def assists(value: Any) -> str:
        known = session.reference.units
        return "、".join(known[each].short_name for each in value if each in known)

    def leads() -> list[tuple[str, int | None]]:
        found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
        return [(tr(duty_list.TOWN), None), *((unit.short_name, unit.id) for unit in found)]

    def categories() -> list[tuple[str, int | None]]:  # without the first part, so that the matter has room
        return [
            ("", None),
            *((name.partition(" › ")[2] or name, number) for name, number in category_choices(session.reference)),
        ]

    grounds = [(each, each) for each in duty_list.GROUNDS]
    return [
        Column("code", tr("序号")),
        Column("field", tr("领域"), editable=True, read=needed),
        Column("matter", tr("事项"), editable=True, read=needed),
        Column("category_id", tr("分类"), editable=True, choices=categories),
        Column("lead_unit_id", tr("主责"), editable=True, choices=leads),
        Column("assists", tr("配合"), editable=True, show=assists, read=partial(read_units, session.reference)),
        Column("ground", tr("依据"), editable=True, choices=lambda: grounds),
        Column("valid_from", tr("自"), editable=True, read=day),
        Column("valid_to", tr("至"), editable=True, read=day_or_none),
    ]


def read_units(reference: Reference, text: str) -> tuple[int, ...]:
    """住建局、公安局 as ids, by name or short name; raises ValueError with a sentence."""
    by_name: dict[str, int] = {}
    for unit in reference.units.values():
        if unit.active:
            by_name[unit.name] = by_name[unit.short_name] = unit.id
    found = []
    for part in text.replace("；", "、").replace(";", "、").replace("，", "、").split("、"):
        if name := part.strip():
            if name not in by_name:
                raise ValueError(f"没有单位叫“{name}”，或它已停用。请以“、”隔开，用名称或简称。")
            found.append(by_name[name])
    return tuple(found)
