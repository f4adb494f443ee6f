"""Follow-up 回访: what a call leads to in one deed; here too, for callers, the list of calls and how the day stands (domain.md §6).

All verbs are safe to retry with the same `key` and raise `PersonError`.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from commandcenter.db import call_reads, reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.services.call_day import DayProgress, Missing, day_progress
from commandcenter.services.call_list import Call, Todo, read_call_list
from commandcenter.services.call_review import (
    apply_appeal,
    figures,
    read_appeals,
    read_second_calls,
    record_second_call,
    review_appeal,
)
from commandcenter.services.cases import CaseChange

__all__ = [
    "Beside", "Call", "DayProgress", "Missing", "Todo", "apply_appeal", "archive_in_one", "day_progress", "figures", "read_appeals",
    "read_beside", "read_call_list", "read_second_calls", "record_second_call", "redo_in_one", "review_appeal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A whistle (`what`: its level) or a numbered slip (`what`: its kind) of a case."""

    kind: str
    what: int
    number: str
    state: int


async def redo_in_one(
    db: Database,
    *,
    case_id: int,
    version: int,
    report_id: int,
    contacted: bool | None = None,
    solved: bool,
    satisfied: str,
    words: str = "",
    reason: str,
    key: UUID,
) -> CaseChange:
    """Write down an answer that is not 双是 and send the case back to its unit (二次办理), both or neither."""
    return await _then(
        db, "redo", reason=reason, case=case_id, version=version, report=report_id, reached=True, contacted=contacted,
        solved=solved, satisfied=satisfied, words=words, key=key,
    )  # fmt: skip


async def archive_in_one(
    db: Database,
    *,
    case_id: int,
    version: int,
    report_id: int,
    reached: bool,
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfied: str | None = None,
    words: str = "",
    key: UUID,
) -> CaseChange:
    """Write down the last call of a case and archive it, both or neither."""
    return await _then(
        db, "archive", reason="", case=case_id, version=version, report=report_id, reached=reached, contacted=contacted,
        solved=solved, satisfied=satisfied, words=words, key=key,
    )  # fmt: skip


async def _then(db: Database, then: str, **arguments: Any) -> CaseChange:
    return CaseChange.of(await call(db, "follow_up_then", then=then, **arguments))


async def read_beside(db: Database, case_id: int) -> tuple[Beside, ...]:
    """The case's whistles and numbered slips."""
    async with db.begin() as connection:
        return tuple(
            Beside(row.kind, row.what, row.number, row.state)
            for row in await reads.rows(connection, call_reads.BESIDE, case_id=case_id)
        )
