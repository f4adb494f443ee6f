"""A copy of the template database, and the open connections of people who sign in with their own logins."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from commandcenter.db import schema
from tests.db.county import PASSWORD, Logins
from tests.patience import PATIENCE_S

CONNECT = (
    "grant connect on database {0} to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, cc_analyst, cc_wall, "
    "cc_intake, cc_admin"
)


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
    try:
        yield connection
    finally:
        await connection.close()


@dataclass(frozen=True)
class Template:
    """A migrated database with the small county in it, to be copied."""

    server: str
    name: str
    logins: Logins
    numbers: Iterator[int] = field(default_factory=count)

    async def copy(self) -> str:
        """Copy the template; returns the copy's name."""
        name = f"{self.name}_{next(self.numbers)}"
        async with connected(self.server) as root:
            await root.execute(f"create database {name} template {self.name} owner cc_owner strategy file_copy")
            await root.execute(f"revoke all on database {name} from public")
            await root.execute(f"alter database {name} set jit = off")  # as schema.create_database does
            await root.execute(CONNECT.format(name))
        return name

    async def drop(self, name: str) -> None:
        async with connected(self.server) as root:
            await root.execute(f"drop database {name} with (force)")


@dataclass(frozen=True)
class Change:
    """What a verb answered."""

    case_id: int
    number: str
    state: int
    version: int
    due_at: datetime | None
    replayed: bool


class Centre:
    """One database and the open connections to it."""

    def __init__(self, template: Template, name: str) -> None:
        self.logins = template.logins
        self.name = name
        self.admin_url = schema.with_database(template.server, name)
        self._open: list[asyncpg.Connection] = []
        self._people: dict[str, asyncpg.Connection] = {}

    def url(self, who: str) -> str:
        """The URL of a person of the county: a real login with a password."""
        parts = urlsplit(self.admin_url)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{self.logins.of(who)}:{quote(PASSWORD, safe='')}@{place}"))

    async def open(self, who: str) -> asyncpg.Connection:
        """Another connection of a person, or of the superuser ``root``."""
        url = self.admin_url if who == "root" else self.url(who)
        connection = await asyncpg.connect(url, server_settings={"timezone": "UTC"})
        self._open.append(connection)
        return connection

    async def __call__(self, who: str) -> asyncpg.Connection:
        """The person's one connection, opened at its first use."""
        if who not in self._people:
            self._people[who] = await self.open(who)
        return self._people[who]

    async def root(self) -> asyncpg.Connection:
        return await self("root")

    async def clock(self, moment: datetime | None) -> None:
        """Stop the centre's clock at a moment; None lets it run."""
        await (await self.root()).execute("update cc.centre set fixed_now = $1", moment)

    async def do(self, who: str, function: str, **arguments: object) -> Change:
        """Call a verb as a person."""
        return await do(await self(who), function, **arguments)

    async def case(self, case_id: int) -> asyncpg.Record:
        """The case as it is, seen by the superuser."""
        row = await (await self.root()).fetchrow("select * from cc.cases where id = $1", case_id)
        assert row is not None
        return row

    async def value(self, query: str, *arguments: object) -> object:
        return await (await self.root()).fetchval(query, *arguments)

    async def close(self) -> None:
        for connection in self._open:
            await connection.close(timeout=PATIENCE_S)


async def do(connection: asyncpg.Connection, function: str, **arguments: object) -> Change:
    """Call ``cc.<function>(p_name => …)`` with a fresh key where none is given."""
    arguments.setdefault("key", uuid4())
    named = ", ".join(f"p_{name} => ${number}" for number, name in enumerate(arguments, 1))
    row = await connection.fetchrow(f"select * from cc.{function}({named})", *arguments.values())
    assert row is not None
    return Change(*row.values())


@asynccontextmanager
async def refused(code: str) -> AsyncIterator[list[asyncpg.PostgresError]]:
    """Expect the block to be refused by the database with this SQLSTATE; yields a list that then holds the error."""
    caught: list[asyncpg.PostgresError] = []
    with pytest.raises(asyncpg.PostgresError) as info:
        yield caught
    caught.append(info.value)
    assert info.value.sqlstate == code, f"{info.value.sqlstate}: {info.value}"
