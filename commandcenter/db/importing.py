"""What imports say to the database besides the rows themselves: profiles, runs, later exports (sql/63_import*.sql)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db.engine import Database
from commandcenter.db.errors import translated

PROFILES: Final = """
    select p.id, p.name, p.channel_id, coalesce(c.name, '') as channel, p.crs, p.dates, p.header,
           p.columns::text as columns, p.words::text as words
    from cc.import_profiles p left join cc.channels c on (c.district_id, c.id) = (p.district_id, p.channel_id)
    where p.district_id = cc.home_district() order by p.name
"""
FIELDS: Final = "select field, rule, note from cc.import_fields where district_id = cc.home_district() order by field"
TIMES: Final = """
    select cc.now() as now, max((value #>> '{}')::integer) filter (where name = 'import_ahead_hours') as ahead_hours,
           max((value #>> '{}')::integer) filter (where name = 'import_old_days') as old_days
    from cc.settings where district_id = cc.home_district() and name in ('import_ahead_hours', 'import_old_days')
"""
RUNS: Final = """
    select r.id, r.file_name, r.channel_id, r.profile, r.machine, r.actor, r.began_at, r.beat_at, r.ended_at, r.state, r.last_row,
           r.rows, r.accepted, r.duplicates, r.updated, r.untouched, r.unplaced, r.rejected
    from cc.import_runs r where r.district_id = cc.home_district() order by r.began_at desc limit :most
"""
WATCHED: Final = """
    select w.id, w.machine, w.folder, w.channel_id, c.name as channel, w.profile, w.crs, w.active
    from cc.watched_folders w join cc.channels c on (c.district_id, c.id) = (w.district_id, w.channel_id)
    where w.district_id = cc.home_district() order by w.machine, w.folder
"""
ADD_WATCHED: Final = """
    insert into cc.watched_folders (machine, folder, channel_id, profile, crs) values (:machine, :folder, :channel, :profile, :crs)
    returning id
"""
DROP_WATCHED: Final = "delete from cc.watched_folders where district_id = cc.home_district() and id = :id returning id"
_SAVE = """
    insert into cc.import_profiles as p (name, channel_id, crs, dates, header, columns, words)
    values (:name, (select id from cc.channels where district_id = cc.home_district() and name = :channel), :crs, :dates, :header,
            cast(:columns as jsonb), cast(:words as jsonb))
    on conflict (district_id, name) do update set channel_id = excluded.channel_id, crs = excluded.crs, dates = excluded.dates,
        header = excluded.header, columns = excluded.columns, words = excluded.words
"""
_DROP = "delete from cc.import_profiles where district_id = cc.home_district() and name = :name returning id"


async def save_profile(connection: AsyncConnection, **facts: Any) -> None:
    """Keep a profile under its name, in the place of one that has it."""
    facts |= {name: json.dumps(facts[name], ensure_ascii=False) for name in ("columns", "words")}
    await connection.execute(text(_SAVE), facts)


async def drop_profile(connection: AsyncConnection, name: str) -> bool:
    """Forget a profile; whether there was one."""
    return (await connection.execute(text(_DROP), {"name": name})).first() is not None


async def begin(connection: asyncpg.Connection, **facts: Any) -> asyncpg.Record:
    """Begin a run, or go on with the one that stopped; holds the file's lock as long as the connection lives."""
    named = ", ".join(f"p_{name} => ${at}" for at, name in enumerate(facts, 1))
    row = await connection.fetchrow(f"select * from cc.begin_import({named})", *facts.values())  # noqa: S608 - our names
    if row is None:
        msg = "cc.begin_import gave no row"
        raise ValueError(msg)
    return row


async def batch_done(connection: asyncpg.Connection, run: int, last_row: int, *counts: int) -> None:
    """Write down a batch in its own transaction: accepted, duplicates, updated, untouched, unplaced."""
    await connection.execute("select cc.import_batch($1, $2, $3, $4, $5, $6, $7)", run, last_row, *counts)


async def end(connection: asyncpg.Connection, run: int, *, done: bool, rows: int | None, rejected: int | None) -> None:
    """Write down that the run is over, or has stopped."""
    await connection.execute("select cc.end_import($1, $2, $3, $4)", run, done, rows, rejected)


async def hold_folder(database: Database, folder: str) -> asyncpg.Connection | None:
    """A connection that holds the lock of a watched folder as long as it lives; None where another one does."""
    connection = await database.connect_raw()
    with translated():
        if await connection.fetchval("select cc.hold_folder($1)", folder):
            return connection
        await connection.close()
    return None


async def renew(
    connection: asyncpg.Connection, run: int | None, rows: Sequence[Mapping[str, Any]], *, keep: bool
) -> list[asyncpg.Record]:
    """Bring what is here already up to date; the rows about which there is something to tell."""
    if not rows:
        return []
    given = json.dumps(rows, ensure_ascii=False).replace("\\u0000", "")
    return list(
        await connection.fetch(
            "select row_no, number, updated, untouched from cc.renew($1, $2, $3)", run, given, keep, timeout=3600
        )
    )


async def known_marks(connection: asyncpg.Connection, marks: Sequence[bytes]) -> dict[bytes, tuple[int, str]]:
    """Mark → (case, its number) of the deliveries that are here already."""
    found = await connection.fetch("select mark, case_id, number from cc.known_marks($1)", list(marks), timeout=600)
    return {row["mark"]: (row["case_id"], row["number"]) for row in found}
