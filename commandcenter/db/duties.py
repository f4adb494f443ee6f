"""What the timekeeper does in the database, and by which lock there is only one; what ``status`` asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text

from commandcenter.db.engine import Database
from commandcenter.db.errors import translated

_LOCK = (371082, 7)
"""Advisory lock of the one timekeeper of a database, which cc.try_keeping takes."""
_SESSION = """
    select set_config('application_name', left($1, 63), false), set_config('idle_session_timeout', '90s', false),
           set_config('tcp_keepalives_idle', '15', false), set_config('tcp_keepalives_interval', '5', false),
           set_config('tcp_keepalives_count', '3', false)
"""
"""A holder that fell silent, asleep or cut off, loses the lock with its connection, and another takes over."""

ANSWER_S, DEED_S = 15.0, 120.0
"""A server that takes longer, to answer or for a deed, counts as away."""

STANDING = """
    select current_setting('server_version') as server, c.name as centre, c.demo,
           (select version_num from cc.alembic_version) as revision from cc.centre c
"""
GRADES = """
    select g.grade, count(c.id) as open, count(c.id) filter (where c.due_at < cc.now() and c.state in (2, 3, 4)) as overdue
    from generate_series(0, 4) as g (grade)
    left join cc.cases c on c.district_id = cc.home_district() and c.grade = g.grade and c.state < 7
    group by g.grade order by g.grade
"""
JOURNAL = "select seq, at from cc.journal order by seq desc limit 1"
SEALS = "select count(*) as number, max(sealed_at) as at from cc.journal_seals"
CHECK = "select kind, seq from cc.check_journal()"
AUDIT = "select code, id, name from cc.audit() order by code, name, id"
TIMEKEEPER = f"""
    select coalesce(t.holder, '') as holder, l.pid, t.since, t.beat_at from pg_locks l left join cc.timekeeper t on t.pid = l.pid
    where l.locktype = 'advisory' and l.classid = {_LOCK[0]} and l.objid = {_LOCK[1]} and l.objsubid = 2 and l.granted
      and l.database = (select oid from pg_database where datname = current_database())
"""  # noqa: S608 - our own numbers
"""Who holds the lock now; no row where nobody does, whatever cc.timekeeper still says of the last one."""

_FREE = text(f"select not pg_is_in_recovery() and not exists ({TIMEKEEPER})")


async def is_free(database: Database) -> bool:
    """Whether nobody keeps the time here, and the server takes writes. Raises PersonError."""
    async with database.at_once() as connection:
        return bool(await connection.scalar(_FREE))


async def may_keep(database: Database) -> bool:
    """Whether this login may keep the time: the system, or a desk of the centre."""
    async with database.at_once() as connection:
        return await connection.scalar(text("select cc.my_role()")) in {"system", "cc_duty", "cc_supervisor"}


@asynccontextmanager
async def holding_lock(database: Database, name: str) -> AsyncIterator[asyncpg.Connection | None]:
    """A connection that holds the lock for the length of a block, or None where another one was quicker.

    `name` is shown in ``status``. Raises PersonError.
    """
    async with database.raw() as connection:
        if not await connection.fetchval("select cc.try_keeping()"):
            yield None
            return
        await connection.execute(_SESSION, name)
        await connection.execute("select cc.begin_keeping($1)", name)
        yield connection


async def beat(connection: asyncpg.Connection) -> None:
    """Say that the holder is alive. Raises PersonError."""
    with translated():
        await connection.execute("select cc.beat()", timeout=ANSWER_S)


async def keep(connection: asyncpg.Connection, deed: str) -> int | None:
    """Do one deed in a transaction of its own; how many things it changed, None where writers kept it waiting too long.

    Raises PersonError, Unreachable among them, and the driver's error where it is nobody's mistake but ours.
    """
    with translated():
        try:
            done: int = await connection.fetchval("select cc.keep($1)", deed, timeout=DEED_S)
        except asyncpg.LockNotAvailableError:
            return None
        return done
