"""How the centre stands: for whoever looks after it."""

from dataclasses import dataclass
from datetime import datetime

from commandcenter.db import duties, reads
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.errors import PersonError


@dataclass(frozen=True, slots=True)
class OfGrade:
    """Open cases of one grade, and those of them over their limit."""

    grade: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Moments are UTC, None where nothing has happened yet; ``damaged`` is None where it was not checked."""

    server: str
    revision: str
    centre: str
    demo: bool
    grades: tuple[OfGrade, ...]
    last_seq: int
    last_at: datetime | None
    seals: int
    sealed_at: datetime | None
    worker: str
    damaged: tuple[str, ...] | None


async def read(url: str, *, check: bool = False) -> Standing:
    """Read it in one transaction; `check` verifies the whole journal. Raises PersonError."""
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
            worker = await reads.rows(connection, duties.WORKER)
            damaged = await reads.rows(connection, duties.CHECK) if check else None
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
        worker=f"{worker[0].name}（进程 {worker[0].pid}）" if worker else "",
        damaged=None if damaged is None else tuple(f"{row.kind}:{row.seq}" for row in damaged),
    )
