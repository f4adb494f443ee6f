"""A server of the benchmarks' own, set up as in production (fsync on), with a county and synthetic cases in it.

Cases are put there by one statement as the system, without the journal: the readers measured do not look at it, and a
million journal rows would take longer than everything that is measured.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import asyncpg

from commandcenter.address import with_database, with_login
from commandcenter.db import schema
from commandcenter.db.scram import verifier
from commandcenter.db.server import EmbeddedServer

TOWNS, DEPARTMENTS, DUTIES = 22, 30, 50
PASSWORD = "only-for-measuring"
EMPTY = "bench_empty"

COUNTY = f"""
insert into cc.areas (id, parent_id, level, name, path)
select 100 + t, 1, 'town', t || '镇', '01.' || to_char(t, 'FM00') || '.' from generate_series(1, {TOWNS}) t;
insert into cc.areas (id, parent_id, level, name, path)
select 1000 + t * 10 + c, 100 + t, 'community', t || '镇' || c || '社区', '01.' || to_char(t, 'FM00') || '.0' || c || '.'
from generate_series(1, {TOWNS}) t, generate_series(0, 9) c;
insert into cc.units (id, parent_id, kind, name, short_name, path, area_id, hours_id)
select 100 + t, 1, 'town', t || '镇政府', t || '镇', '01.' || to_char(t, 'FM00') || '.', 100 + t, 1
from generate_series(1, {TOWNS}) t;
insert into cc.units (id, parent_id, kind, name, short_name, path, hours_id)
select 900 + d, 1, 'department', d || '局', d || '局', '01.9' || to_char(d, 'FM00') || '.', 1
from generate_series(1, {DEPARTMENTS}) d;
insert into cc.categories (id, name, path_name) select c, '类' || c, '类' || c from generate_series(1, 60) c;
"""

PEOPLE = f"""
select cc.add_person('bench_duty' || n, '值班' || n, 'cc_duty', 1, $1, false) from generate_series(1, {DUTIES}) n
union all select cc.add_person('bench_town', '镇', 'cc_responder', 101, $1, false)
union all select cc.add_person('bench_department', '局', 'cc_responder', 901, $1, false)
union all select cc.add_person('bench_intake', '接口', 'cc_intake', 1, $1, false)
"""

# The mixture of a living centre: places, grades, states and deadlines by numbers that have nothing to do with one another.
CASES = """
insert into cc.cases (id, number, grade, state, flags, kind, category_id, channel_id, title, place, area_id, town_id, path,
    lon, lat, unit_id, received_at, dispatched_at, accept_due_at, return_until, soon_at, due_at, finished_at, archived_at,
    changed_at, verb, actor, detail)
select cc.new_id(), 'RC' || to_char(at, 'YYYYMMDD') || '-' || n, grade, state, case when state > 1 then 48 else 0 end, '投诉',
    1 + n % 60, 1 + n % 15, '某小区' || n || '号楼供暖温度不达标请求尽快处理', '某街道某小区' || n || '号', area, 100 + town,
    '01.' || to_char(town, 'FM00') || '.0' || area % 10 || '.', 122 + r1, 37 + r2, unit, at,
    sent, sent + interval '4 hours', sent + interval '4 hours', sent + interval '40 hours', sent + interval '72 hours',
    case when state > 5 then sent + interval '30 hours' end, case when state > 6 then sent + interval '60 hours' end,
    at, 'load', session_user, '{}'
from (
    select *, 1000 + town * 10 + (h / 22 % 10)::integer as area, now() - r1 * (case when $2 then 300 else 20 end) * interval '1 day' as at,
        case when state > 1 then now() - r1 * (case when $2 then 300 else 20 end) * interval '1 day' + interval '1 hour' end as sent,
        case when state > 1 then case when h / 220 % 3 = 0 then 901 + (h / 660 % 30)::integer else 100 + town end end as unit
    from (
        select n, h, 1 + (h % 22)::integer as town, (j / 20 % 1000003) / 1000003.0 as r1, (i / 100 % 999983) / 999983.0 as r2,
            (case when i % 100 < 2 then 0 when i % 100 < 8 then 1 when i % 100 < 30 then 2 when i % 100 < 65 then 3 else 4
             end)::smallint as grade,
            (case when $2 then 7 when $3 then 1
                  else (array[0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4, 5, 6, 6, 6])[1 + j % 20] end)::smallint as state
        from (select n, abs(hashint8extended(n, 7)) as h, abs(hashint8extended(n, 8)) as i, abs(hashint8extended(n, 9)) as j
              from generate_series($4::bigint, $4 + $1 - 1) n) hashed
    ) drawn
) placed
"""

SCOPE = """
insert into cc.case_scope (case_id, path, reason, open)
select c.id, u.path, 'assignment', c.state < 7 from cc.cases c join cc.units u on (u.district_id, u.id) = (c.district_id, c.unit_id)
where not c.path ^@ u.path on conflict do nothing
"""


@dataclass
class Place:
    """One database of the server."""

    admin_url: str
    loaded: int = field(default=0)

    def url(self, login: str) -> str:
        """The address of one of the people."""
        return with_login(self.admin_url, f"bench_{login}", PASSWORD)

    def load(self, count: int, *, ended: bool = False, waiting: bool = False) -> None:
        """Put `count` cases there: open in all states, or all ended, or all waiting to be dispatched."""
        asyncio.run(self._load(count, ended=ended, waiting=waiting))

    async def _load(self, count: int, *, ended: bool, waiting: bool) -> None:
        async with connected(self.admin_url) as root:
            indexes = await root.fetch(
                "select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made from pg_index i "
                "where indrelid in ('cc.cases'::regclass, 'cc.case_scope'::regclass) and not exists "
                "(select from pg_constraint where conindid = indexrelid)"
            )
            async with root.transaction():
                await root.execute(
                    "set local session_replication_role = replica; set local maintenance_work_mem = '256MB'"
                )
                for index in indexes:
                    await root.execute(f"drop index {index['name']}")
                await root.execute(CASES, count, ended, waiting, self.loaded + 1)
                await root.execute(SCOPE)
                for index in indexes:
                    await root.execute(index["made"])
            await root.execute("vacuum (analyze) cc.cases")
            await root.execute("vacuum (analyze) cc.case_scope")
            await root.execute("checkpoint")
        self.loaded += count


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection for a block."""
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"}, command_timeout=300)
    try:
        yield connection
    finally:
        await connection.close()


class BenchServer:
    """Started at its first use, gone after `stop`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.embedded = EmbeddedServer(self.folder)
        self.admin_url = self.embedded.start().admin_url
        self._places: dict[str, Place] = {}
        try:
            asyncio.run(self._build())
        except BaseException:
            self.stop()
            raise

    async def _build(self) -> None:
        await schema.create_database(self.admin_url, EMPTY)
        url = with_database(self.admin_url, EMPTY)
        await schema.upgrade(url)
        async with connected(url) as root:
            await root.execute(COUNTY)
            await root.execute(PEOPLE, verifier(PASSWORD, b"0123456789abcdef"))
            await root.execute("vacuum analyze")

    def place(self, name: str) -> Place:
        """A database with the county and no cases; the same one for the same name."""
        if name not in self._places:
            asyncio.run(self._copy(name))
            self._places[name] = Place(with_database(self.admin_url, name))
        return self._places[name]

    async def _copy(self, name: str) -> None:
        async with connected(self.admin_url) as root:
            await root.execute(f"create database {name} template {EMPTY} owner cc_owner")

    def large(self, *, quick: bool) -> Place:
        """300,000 open cases (a tenth when `quick`)."""
        place = self.place("large")
        if not place.loaded:
            place.load(30_000 if quick else 300_000)
        return place

    def busy(self, *, quick: bool) -> Place:
        """20,000 open cases (2,000 when `quick`): a county on a bad day."""
        place = self.place("busy")
        if not place.loaded:
            place.load(2_000 if quick else 20_000)
        return place

    def stop(self) -> None:
        """Stop the server and remove everything."""
        self.embedded.destroy()
        shutil.rmtree(self.folder)


@cache
def server() -> BenchServer:
    """The server of this run."""
    return BenchServer()


def stop() -> None:
    """Stop the server if it was started."""
    if server.cache_info().currsize:
        server().stop()
        server.cache_clear()
