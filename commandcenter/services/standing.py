"""How the centre stands: for whoever looks after it."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.db import duties, reads
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.errors import PersonError
from commandcenter.services import audit
from commandcenter.services.audit import Finding
from commandcenter.services.repeat_progress import Progress, progress_in


@dataclass(frozen=True, slots=True)
class OfGrade:
    """Open cases of one grade, and those of them over their limit."""

    grade: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps the time now: a worker or a desk. Moments are UTC."""

    holder: str
    since: datetime | None
    """None while it is just beginning."""
    beat_at: datetime | None
    pid: int
    """The server's process of its connection."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Moments are UTC, None where nothing has happened yet; None, too, what was not checked."""

    server: str
    revision: str
    centre: str
    demo: bool
    grades: tuple[OfGrade, ...]
    last_seq: int
    last_at: datetime | None
    seals: int
    sealed_at: datetime | None
    timekeeper: Keeper | None
    repeats: Progress
    """Cases that are still to be compared with others."""
    damaged: tuple[str, ...] | None
    """Rows and seals of the journal that do not fit: ``row:12``, ``seal:40``; in `findings` as well."""
    findings: tuple[Finding, ...] | None
    """What else the audit found (services/audit.py)."""


async def read(url: str, *, check: bool = False) -> Standing:
    """Read it in one transaction; `check` verifies the whole journal and everything else. Raises PersonError."""
    db = await Database.connect(url)
    try:
        await need_current(db)
        async with db.begin() as connection:
            found = await reads.rows(connection, duties.STANDING)
            if not found:
                raise PersonError("这个登录名没有对应的人员，或已停用。", "请联系系统管理员。")
            grades = await reads.rows(connection, duties.GRADES)
            last = await reads.rows(connection, duties.JOURNAL)
            [seals] = await reads.rows(connection, duties.SEALS)
            keepers = await reads.rows(connection, duties.TIMEKEEPER)
            repeats = await progress_in(connection)
        findings = await audit.check(db) if check else None
    finally:
        await db.close()
    return Standing(
        server=found[0].server,
        revision=found[0].revision,
        centre=found[0].centre,
        demo=found[0].demo,
        grades=tuple(OfGrade(row.grade, row.open, row.overdue) for row in grades),
        last_seq=last[0].seq if last else 0,
        last_at=last[0].at if last else None,
        seals=seals.number,
        sealed_at=seals.at,
        timekeeper=next((Keeper(row.holder, row.since, row.beat_at, row.pid) for row in keepers), None),
        repeats=repeats,
        damaged=None
        if findings is None
        else tuple(
            f"{each.code.removeprefix('journal_')}:{each.id}" for each in findings if each.code.startswith("journal_")
        ),
        findings=findings,
    )
