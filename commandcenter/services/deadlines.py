"""A deadline asked for by itself: computed where all of them are, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from commandcenter.db import deadlines as questions
from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.errors import PersonError


@dataclass(frozen=True, slots=True)
class Due:
    """What a dispatch sets running, after its pauses; moments are UTC."""

    accept_due_at: datetime
    return_until: datetime
    soon_at: datetime
    due_at: datetime
    working: bool
    provisional: bool
    hours: str

    def moments(self) -> dict[str, datetime]:
        """The four moments by name."""
        return {
            "accept_due_at": self.accept_due_at,
            "return_until": self.return_until,
            "soon_at": self.soon_at,
            "due_at": self.due_at,
        }


async def compute(
    db: Database,
    *,
    grade: Grade,
    start: datetime,
    pauses: Sequence[tuple[datetime, datetime]] = (),
    unit: str | None = None,
) -> Due:
    """The deadlines of a case dispatched at `start` under a unit's hours (id, name or short name; default the first).

    A pause moves what is due and what is soon by exactly the time of the grade's clock within it, and the limit of returning
    where that has not run out when it begins, as ``cc.resume`` does; signing comes before any pause. Raises PersonError where
    pauses overlap, begin before the dispatch or after the deadline, or the calendar does not reach.
    """
    pauses = sorted(pauses)
    if any(one[1] > two[0] for one, two in pairwise(pauses)):
        raise PersonError("挂起的时间互相重叠。", "请逐段给出。")
    async with db.begin() as connection:
        hours = await reads.rows(connection, questions.HOURS, unit=unit)
        if len({row.id for row in hours}) != 1:
            raise PersonError(f"{'有几个' if hours else '没有'}单位叫“{unit}”。", "请用单位的编号或全称。")
        [found] = await reads.rows(connection, questions.DEADLINES, grade=grade, at=start, hours=hours[0].id)
        due_at, soon_at, return_until = found.due_at, found.soon_at, found.return_until
        provisional = found.provisional
        for begin, end in pauses:
            if not start <= begin <= due_at:
                raise PersonError("挂起应在派单之后、到期之前开始。", "请核对 --pause 的时间。")
            span = {"start": begin, "until": end, "working": found.working, "hours": hours[0].id}
            before = due_at
            [(due_at,)] = await reads.rows(connection, questions.MOVED, deadline=due_at, **span)
            [(soon_at,)] = await reads.rows(connection, questions.MOVED, deadline=soon_at, **span)
            if return_until >= begin:
                [(return_until,)] = await reads.rows(connection, questions.MOVED, deadline=return_until, **span)
            [(unsure,)] = await reads.rows(connection, questions.PROVISIONAL, start=before, until=due_at)
            provisional = provisional or (found.working and unsure)
    return Due(found.accept_due_at, return_until, soon_at, due_at, found.working, provisional, hours[0].name)
