"""What was merged on some days: one line a link, standing or undone. Raises the `PersonError` family."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.db.merge_days import MERGES

MOST = 500


@dataclass(frozen=True, slots=True)
class DayMerge:
    """A link between two cases; moments are aware UTC, `undone_at` None where it stands."""

    id: int
    at: datetime
    by: str
    cause: str
    """person or machine."""
    score: float | None
    words: str
    undone_at: datetime | None
    undone_by: str
    undo_reason: str
    kept_id: int
    kept_number: str
    kept_title: str
    source_id: int
    source_number: str
    source_title: str


async def read_merges(db: Database, *, since: datetime, until: datetime, most: int = MOST) -> tuple[DayMerge, ...]:
    """The links made from `since` on and before `until`, newest first, as far as the person sees both cases."""
    async with db.begin() as connection:
        found = await reads.rows(connection, MERGES, since=since, until=until, most=most)
    return tuple(
        DayMerge(
            row.id, row.at, row.actor, row.cause, row.score, row.words, row.undone_at, row.undone_by or "", row.undo_reason,
            row.kept_id, row.kept_number or "", row.kept_title or "", row.source_id, row.source_number or "", row.source_title or "",
        )
        for row in found
    )  # fmt: skip
