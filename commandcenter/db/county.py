"""The demo county's land, units, rules and people, put into an empty centre by the system."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from commandcenter.errors import PersonError

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Login:
    """A person with the verifier of a password (``db.scram``)."""

    login: str
    name: str
    role: str
    unit_id: int
    verifier: str
    post: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a centre holds already."""

    demo: bool
    units: int
    people: int
    cases: int


async def read_filled(connection: asyncpg.Connection) -> Filled:
    """See what is there."""
    row = await connection.fetchrow(
        """select demo, (select count(*) from cc.units where id <> 1) as units, (select count(*) from cc.people) as people,
                  (select count(*) from cc.cases) + (select count(*) from cc.cases_archive) as cases
           from cc.centre"""
    )
    if row is None:
        raise PersonError("这个数据库还没有建好。", "请先运行 python main.py db init。")
    return Filled(row["demo"], row["units"], row["people"], row["cases"])


async def put(connection: asyncpg.Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert rows (dictionaries with the same keys, ``id`` among them), or bring those with the same id up to date."""
    rows = list(rows)
    names = list(rows[0])
    columns = ", ".join(names)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    await connection.execute(
        f"insert into cc.{table} ({columns}) select {columns} from jsonb_populate_recordset(null::cc.{table}, $1::jsonb) "  # noqa: S608
        f"on conflict (district_id, id) do update set {changes}",
        json.dumps(rows, ensure_ascii=False),
    )


async def mark_demo(connection: asyncpg.Connection, name: str, seed: int) -> None:
    """Say that this centre is a demo, grown from `seed`; only then it takes demo accounts."""
    await connection.execute("update cc.centre set demo = true, name = $1", name)
    await connection.execute(
        "insert into cc.settings (name, value, note) values ('demo_seed', to_jsonb($1::bigint), '演示县域的随机数种子') "
        "on conflict (district_id, name) do update set value = excluded.value",
        seed,
    )


async def add_people(connection: asyncpg.Connection, people: Sequence[Login]) -> None:
    """Make demo logins. Raises PersonError where a login exists and is not a centre's."""
    for person in people:
        await connection.execute(
            "select cc.add_person($1, $2, $3, $4, $5, true)",
            person.login,
            person.name,
            person.role,
            person.unit_id,
            person.verifier,
        )
        if person.post:
            await connection.execute("select cc.set_person_post($1, $2)", person.login, person.post)


async def archive_older(connection: asyncpg.Connection, days: int) -> int:
    """Move what ended more than `days` days ago out of the hot table; returns how many cases."""
    moved: int = await connection.fetchval("select cc.move_to_archive($1)", days)
    return moved
