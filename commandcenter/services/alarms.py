"""Acknowledging and shelving alarms, by name (architecture: ISA-18.2). What is an alarm says commandcenter/live/alarms.py."""

from datetime import datetime
from uuid import UUID

from commandcenter.db import marks
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.alarm import Mark


async def acknowledge(db: Database, *, alarm_key: str, key: UUID) -> None:
    """Say by name that one has heard it: it is silent until its deadline is another one. Raises PersonError."""
    await call(db, "acknowledge_alarm", alarm=alarm_key, key=key)


async def shelve(db: Database, *, alarm_key: str, until: datetime, reason: str, key: UUID) -> None:
    """Put it aside until then, at most as long as the setting ``shelve_minutes`` says. Raises PersonError."""
    await call(db, "shelve_alarm", alarm=alarm_key, until=until, reason=reason, key=key)


async def read_marks(db: Database, *, since: datetime | None = None) -> tuple[Mark, ...]:
    """The newest mark of each alarm that people of the reader's unit made, of those made at `since` or later.

    A mark holds for the desks of one unit: a department that has heard an alarm does not silence the centre.
    """
    async with db.begin() as connection:
        return tuple(
            Mark(row.key, row.until, row.reason, row.at, row.name) for row in await marks.read(connection, since)
        )


async def read_limits(db: Database) -> tuple[int, int]:
    """(how many new alarms in ten minutes are a flood, for how many minutes at most one may be shelved)."""
    async with db.begin() as connection:
        return await marks.limits(connection)
