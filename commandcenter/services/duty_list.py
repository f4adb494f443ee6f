"""The responsibility list 事项清单: its items, each with its versions, and the rulings that may become items.

Changed by administrators through sql/47_duty_list.sql: what a whistle went by is never rewritten, a change of it begins a
new version.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads
from commandcenter.db.duty_list import CANDIDATES
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call, call_in
from commandcenter.services.reference import DutyItem

TOWN = "事发镇街"
"""Who leads where an item names no unit."""
GROUNDS = ("法定", "商定", "指定")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ruling (指定) on a whistle that the list had no item for."""

    id: int
    whistle_number: str
    matter: str
    category_id: int | None
    lead_unit_id: int
    assist_unit_ids: tuple[int, ...]
    reason: str
    ruled_at: datetime
    ruled_by: str
    decision: str
    """'' while it waits; taken, dismissed."""
    decided_by: str


async def read_items(db: Database) -> tuple[DutyItem, ...]:
    """All items with all their versions, by code."""
    async with db.begin() as connection:
        return tuple(
            DutyItem(
                row.id, row.code, row.field, row.matter, row.category_id, row.lead_unit_id,
                tuple(row.assist_unit_ids), row.ground, row.valid_from, row.valid_to,
            )
            for row in await reads.rows(connection, reads.DUTY_LIST)
        )  # fmt: skip


async def save(db: Database, *, was: DutyItem | None, becomes: DutyItem) -> int:
    """Add an item, or change `was`; returns the id of the row that holds: another one where a new version began.

    Raises StaleVersion where `was` no longer reads so, PersonError for what makes no sense.
    """
    async with db.begin() as connection:
        return await save_in(connection, was=was, becomes=becomes)


async def save_in(connection: AsyncConnection, *, was: DutyItem | None, becomes: DutyItem) -> int:
    """The same within a transaction of the caller."""
    row = await call_in(
        connection,
        "save_duty_item",
        id=None if was is None else was.id,
        was=None if was is None else json.dumps(_words(was), ensure_ascii=False),
        code=becomes.code,
        field=becomes.field,
        matter=becomes.matter,
        category=becomes.category_id,
        lead=becomes.lead_unit_id,
        assist=list(becomes.assist_unit_ids),
        ground=becomes.ground,
        **{"from": becomes.valid_from},
        to=becomes.valid_to,
    )
    return int(row[0])


async def read_candidates(db: Database) -> tuple[Candidate, ...]:
    """Rulings that may become items, those that wait first; empty for who may not know of them."""
    async with db.begin() as connection:
        return tuple(
            Candidate(
                row.id, row.number, row.matter, row.category_id, row.lead_unit_id, tuple(row.assist_unit_ids), row.reason,
                row.ruled_at, row.ruled_by, row.decision, row.decided_by or "",
            )
            for row in await reads.rows(connection, CANDIDATES)
        )  # fmt: skip


async def take_candidate(
    db: Database, *, candidate_id: int, code: str, field: str, matter: str, category_id: int | None
) -> int:
    """Make an item of a ruling, from today on; returns the item's id. Raises PersonError."""
    row = await call(
        db, "take_candidate", candidate=candidate_id, code=code, field=field, matter=matter, category=category_id
    )
    return int(row[0])


async def dismiss_candidate(db: Database, *, candidate_id: int) -> None:
    """Leave a ruling a single case. Raises PersonError."""
    await call(db, "dismiss_candidate", candidate=candidate_id)


def next_code(items: tuple[DutyItem, ...], field: str) -> str:
    """The code after the last one of that field (03-07 → 03-08); of a new field the first of a new number."""
    parts = [(item.field, *item.code.partition("-")[::2]) for item in items]
    of_field = [(head, tail) for each, head, tail in parts if each == field and tail.isdecimal()]
    if of_field:
        head, tail = max(of_field, key=lambda part: (part[0], int(part[1])))
        return f"{head}-{int(tail) + 1:02d}"
    heads = [int(head) for _, head, _ in parts if head.isdecimal()]
    return f"{max(heads, default=0) + 1:02d}-01"


def in_force(item: DutyItem, today: date) -> bool:
    """Whether the version holds on that day."""
    return item.valid_from <= today and (item.valid_to is None or today <= item.valid_to)


def _words(item: DutyItem) -> dict[str, object]:
    """The item as ``cc.duty_item_words`` writes it."""
    return {
        "code": item.code,
        "field": item.field,
        "matter": item.matter,
        "category_id": item.category_id,
        "lead_unit_id": item.lead_unit_id,
        "assist_unit_ids": list(item.assist_unit_ids),
        "ground": item.ground,
        "valid_from": item.valid_from.isoformat(),
        "valid_to": None if item.valid_to is None else item.valid_to.isoformat(),
    }
