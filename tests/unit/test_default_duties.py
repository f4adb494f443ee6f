"""The responsibility list that is shipped: as many items and fields as the source documents ask for, the towns lead few."""

from collections import Counter
from datetime import date

from commandcenter.demo.resources import table
from commandcenter.demo.responsibilities import GROUNDS
from commandcenter.services.duty_list import in_force, next_code
from commandcenter.services.reference import DutyItem

ROWS = table("responsibilities.csv")
TOWN = "镇街"


def test_items_and_fields_are_as_many_as_the_documents_ask_for() -> None:
    assert len(ROWS) >= 104, "平阴 [S]: 104 matters"
    assert len({row["field"] for row in ROWS}) >= 16, "荣成 [S]: 16 fields"


def test_the_towns_lead_at_most_a_few() -> None:
    assert 0 < sum(row["lead"] == TOWN for row in ROWS) <= 5, "平阴 [S]: the town leads 3"


def test_every_item_says_who_comes_and_why() -> None:
    assert all(row["lead"] and row["matter"] and row["ground"] in GROUNDS for row in ROWS)
    assert all(row["lead"] not in row["assist"].split(";") for row in ROWS)
    assert not [matter for matter, count in Counter(row["matter"] for row in ROWS).items() if count > 1]


def item(code: str, field: str) -> DutyItem:
    return DutyItem(1, code, field, "停暖", None, None, (), "法定", date(2026, 1, 1), date(2026, 6, 30))


def test_a_new_item_gets_the_next_code_of_its_field() -> None:
    items = (item("01-09", "供热"), item("01-10", "供热"), item("02-01", "供水"))
    assert next_code(items, "供热") == "01-11"
    assert next_code(items, "海洋") == "03-01"
    assert next_code((), "海洋") == "01-01"


def test_a_version_holds_from_its_first_to_its_last_day() -> None:
    one = item("01-01", "供热")
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [in_force(one, day) for day in days] == [False, True, True, False]
