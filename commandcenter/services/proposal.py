"""What a desk is offered while it types: a title from the words, units from the responsibility list with their ground."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from commandcenter.intake.title import LONGEST, title_of
from commandcenter.services.reference import Area, Category, DutyItem, Reference

_OPENING = re.compile(
    r"^\s*(?:市民|群众|居民|来电人|诉求人|网友)?(?:来电|来信|留言)?(?:反映|咨询|求助|投诉|举报|表示|称)?[：:，,\s]+"
)


def proposed_title(content: str, name: str = "") -> str:
    """The first sentence without its opening words, at most 40 characters, numbers and names masked; '' for nothing."""
    plain = content.strip()
    if not plain:
        return ""
    title = title_of(_OPENING.sub("", plain) or plain, name)
    cut = max(title.rfind(mark) for mark in "，,、")
    return title[:cut] if len(title) == LONGEST and cut >= LONGEST // 2 else title


@dataclass(frozen=True, slots=True)
class Proposal:
    """An item of the responsibility list that fits: who leads, who assists, and why."""

    item: DutyItem
    lead_unit_id: int | None
    """None where the town of the place leads and the place is not known."""
    assist_unit_ids: tuple[int, ...]

    @property
    def ground(self) -> str:
        """The item as it is cited: 事项清单 4-07 管线（法定）."""
        return f"事项清单 {self.item.code} {self.item.matter}（{self.item.ground}）"


def propose_units(
    reference: Reference, *, category_id: int | None, area_id: int | None, today: date
) -> tuple[Proposal, ...]:
    """The items in force for a category, or for the nearest one above it that has any (domain.md §4), by their codes.

    For one that is only parted further: the items below it, where all of them have the same unit lead.
    """
    units = reference.units
    town = town_of(reference.areas, area_id)
    town_unit = next(
        (unit.id for unit in units.values() if town is not None and unit.kind == "town" and unit.area_id == town.id),
        None,
    )
    in_force = [
        item
        for item in reference.duty_list
        if item.valid_from <= today and (item.valid_to is None or today <= item.valid_to)
    ]
    items: list[DutyItem] = []
    for candidate in _upwards(reference.categories, category_id):
        items = items or [item for item in in_force if item.category_id == candidate]
    if not items and category_id is not None:
        below = [item for item in in_force if category_id in _upwards(reference.categories, item.category_id)]
        items = below if len({item.lead_unit_id for item in below}) == 1 else []
    return tuple(
        Proposal(
            item,
            item.lead_unit_id if item.lead_unit_id is not None else town_unit,
            tuple(unit for unit in item.assist_unit_ids if unit in units and units[unit].active),
        )
        for item in sorted(items, key=lambda item: item.code)
    )


def town_of(areas: Mapping[int, Area], area_id: int | None) -> Area | None:
    """The town an area lies in, or the area itself where it is one; None for the county and the unknown."""
    area = areas.get(area_id) if area_id is not None else None
    while area is not None and area.level != "town":
        area = areas.get(area.parent_id) if area.parent_id is not None else None
    return area


def _upwards(categories: Mapping[int, Category], category_id: int | None) -> list[int]:
    found: list[int] = []
    while category_id is not None and category_id in categories and category_id not in found:
        found.append(category_id)
        category_id = categories[category_id].parent_id
    return found
