"""How far the comparing of cases that came has got."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import reads
from commandcenter.db import repeats as questions
from commandcenter.db.engine import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """Cases that wait to be compared, those given up after five tries, and since when the oldest waits (UTC)."""

    waiting: int
    failed: int
    since: datetime | None


async def read_progress(db: Database) -> Progress:
    """How far it is. Raises PersonError."""
    async with db.begin() as connection:
        return await progress_in(connection)


async def progress_in(connection: AsyncConnection) -> Progress:
    """The same within a transaction of the caller."""
    [row] = await reads.rows(connection, questions.LEFT)
    return Progress(row.waiting, row.failed, row.since)
