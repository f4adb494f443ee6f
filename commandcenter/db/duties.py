"""What the worker does in the database, and by which lock there is only one worker."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError

_LOCK = (371082, 7)
"""Advisory lock of the one worker of a database."""

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
WORKER = f"""
    select coalesce(a.application_name, '') as name, l.pid from pg_locks l left join pg_stat_activity a on a.pid = l.pid
    where l.locktype = 'advisory' and l.classid = {_LOCK[0]} and l.objid = {_LOCK[1]} and l.granted
      and l.database = (select oid from pg_database where datname = current_database())
"""  # noqa: S608 - our own numbers


@asynccontextmanager
async def holding_lock(database: Database, name: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that holds the worker's lock for the length of a block; `name` is shown in ``status``.

    Raises PersonError where another worker holds it, or the login is not the system's.
    """
    async with database.raw() as connection:
        if await connection.fetchval("select cc.my_role()") != "system":
            raise PersonError("这个登录名不能执行定时任务。", "请用数据库管理员的地址运行 worker。")
        if not await connection.fetchval("select pg_try_advisory_lock($1, $2)", *_LOCK):
            raise PersonError("定时任务已由另一个程序执行。", "一个数据库只需要一个 worker。")
        await connection.execute("select set_config('application_name', $1, false)", name)
        yield connection


async def seal(connection: asyncpg.Connection) -> int | None:
    """Seal what was written since the last seal; returns how many rows, None where writers were busy all the while."""
    try:
        async with connection.transaction():
            await connection.execute("set local lock_timeout = '2s'")
            rows: int = await connection.fetchval("select cc.seal_journal()")
            return rows
    except asyncpg.LockNotAvailableError:
        return None


async def move_to_archive(connection: asyncpg.Connection, days: int) -> int:
    """Move cases that ended more than `days` days ago, and forget write keys older than a week; returns how many cases."""
    moved: int = await connection.fetchval("select cc.move_to_archive($1)", days)
    return moved
