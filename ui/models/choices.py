"""What a person chooses from by typing any part of it: the categories, by their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference


def category_choices(reference: Reference) -> list[tuple[str, int]]:
    """Every category with its path, in order of the paths."""
    return sorted((each.path_name, each.id) for each in reference.categories.values())
