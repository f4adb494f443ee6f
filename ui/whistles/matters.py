"""The responsibility list 事项清单 as choices for a whistle: the case's own category first, and whom an item calls."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.clock import SHANGHAI

if TYPE_CHECKING:
    from commandcenter.services.reference import DutyItem, Reference


def label(item: DutyItem) -> str:
    """How an item is found and shown: its field, its matter, its code."""
    return f"{item.field} · {item.matter}（{item.code}）"


def in_force(reference: Reference, now: datetime) -> list[DutyItem]:
    """The items that hold today."""
    today = now.astimezone(SHANGHAI).date()
    return [
        item
        for item in reference.duty_list
        if item.valid_from <= today and (item.valid_to is None or item.valid_to >= today)
    ]


def ranked(reference: Reference, category_id: int | None, now: datetime) -> list[DutyItem]:
    """All items that hold, those nearest to the category first: its own, then of its branch, then those whose field it names."""
    branch = _branch(reference, category_id)

    def distance(item: DutyItem) -> tuple[int, str]:
        return (branch.index(item.category_id) if item.category_id in branch else _far(item, names)), item.code

    category = reference.categories.get(category_id or 0)
    names = category.path_name if category is not None else ""
    return sorted(in_force(reference, now), key=distance)


def suggested(reference: Reference, category_id: int | None, now: datetime) -> DutyItem | None:
    """The item of the case's category or the nearest above it; None where the list has none."""
    branch = _branch(reference, category_id)
    first = next(iter(ranked(reference, category_id, now)), None)
    return first if first is not None and first.category_id in branch else None


def called_units(reference: Reference, item: DutyItem, town_id: int | None) -> tuple[int | None, tuple[int, ...]]:
    """Who leads and who assists by an item at a place: without a lead of its own, the town's government leads."""
    lead = item.lead_unit_id
    if lead is None:
        towns = (unit for unit in reference.units.values() if unit.kind == "town" and unit.active)
        lead = next((unit.id for unit in towns if unit.area_id == town_id), None)
    return lead, tuple(each for each in dict.fromkeys(item.assist_unit_ids) if each != lead)


def _branch(reference: Reference, category_id: int | None) -> list[int]:
    """A category and all above it, nearest first."""
    found: list[int] = []
    category = reference.categories.get(category_id or 0)
    while category is not None and category.id not in found:
        found.append(category.id)
        category = reference.categories.get(category.parent_id or 0)
    return found


def _far(item: DutyItem, names: str) -> int:
    return 100 if item.field and item.field in names else 200
