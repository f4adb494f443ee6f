"""Where an area lies, in words: 崖头街道 › 学府社区 › 第一网格."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commandcenter.services.reference import Area, Reference


def way(reference: Reference, area_id: int | None) -> list[Area]:
    """The areas one passes from the town down to that one, itself the last; not the county, and none for no area."""
    passed: list[Area] = []
    area = reference.areas.get(area_id or 0)
    while area is not None and area.level != "county":
        passed.insert(0, area)
        area = reference.areas.get(area.parent_id or 0)
    return passed


def way_words(reference: Reference, area_id: int | None) -> str:
    """Their names."""
    return " › ".join(area.name for area in way(reference, area_id))
