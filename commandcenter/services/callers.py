"""The number on the line: how often it called lately, as far as the asker may see its cases."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.case import State
from commandcenter.domain.phone import plain_phone


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls from one number within ``days`` (setting ``caller_days``), cases of them that are open, and the latest one.

    Cases out of the asker's sight and citizens who asked to be kept secret do not count.
    """

    days: int
    calls: int
    open: int
    case_id: int | None = None
    number: str = ""
    title: str = ""
    state: State | None = None
    last_at: datetime | None = None


async def read_caller(db: Database, phone: str) -> Caller:
    """Look a number up by its keyed hash; the number itself is stored nowhere by it. Raises PersonError."""
    row = await call(db, "caller", phone=plain_phone(phone))
    state = None if row.state is None else State(row.state)
    return Caller(row.days, row.calls, row.open, row.case_id, row.number or "", row.title or "", state, row.last_at)
