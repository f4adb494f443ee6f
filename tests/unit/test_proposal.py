"""Units proposed from the responsibility list: by the category, the nearest above it, or those below it that agree."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from commandcenter.domain.case import Grade
from commandcenter.services.proposal import propose_units
from commandcenter.services.reference import Category, DutyItem, Reference
from tests.ui.desk_county import reference

TODAY = date(2026, 11, 22)


def item(number: int, category: int, lead: int | None, *assists: int) -> DutyItem:
    return DutyItem(
        number, f"1-{number:02}", "燃气", f"事项{number}", category, lead, assists, "法定", date(2020, 1, 1), None
    )


def county(*items: DutyItem) -> Reference:
    parents: Mapping[int, int | None] = {1: None, 2: 1, 3: 2, 4: 2}
    categories = {
        number: Category(number, parent, f"类{number}", f"类{number}", Grade.BLUE) for number, parent in parents.items()
    }
    return replace(reference(), categories=categories, duty_list=items)


@pytest.mark.parametrize(
    ("items", "category", "leads"),
    [
        ((item(1, 2, 11), item(2, 1, 12)), 3, [11]),
        ((item(2, 1, 12),), 3, [12]),
        ((item(1, 3, 11), item(2, 4, 11)), 2, [11, 11]),
        ((item(1, 3, 11), item(2, 4, 11)), 1, [11, 11]),
        ((item(1, 3, 11), item(2, 4, 12)), 2, []),
        ((item(1, 3, 11), item(2, 1, 13)), 2, [13]),
        ((item(1, 3, 11),), None, []),
    ],
)
def test_the_nearest_item_is_proposed(items: tuple[DutyItem, ...], category: int | None, leads: list[int]) -> None:
    found = propose_units(county(*items), category_id=category, area_id=None, today=TODAY)
    assert [proposal.lead_unit_id for proposal in found] == leads


def test_what_is_not_in_force_has_no_say() -> None:
    old = replace(item(2, 4, 12), valid_to=date(2026, 1, 1))
    [found] = propose_units(county(item(1, 3, 11, 14), old), category_id=2, area_id=None, today=TODAY)
    assert (found.lead_unit_id, found.assist_unit_ids) == (11, (14,))
