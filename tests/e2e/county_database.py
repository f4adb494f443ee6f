"""A migrated database with the small county of tests/db in it, for tests that bring processes and servers of their own."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import asyncpg

from commandcenter import address
from commandcenter.db import schema
from tests.db.county import PASSWORD, Logins, build

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, whether a loop is running here or not."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Database:
    """One database. Its methods wait, so that tests without a loop can use it."""

    server: str
    name: str
    logins: Logins

    @property
    def admin_url(self) -> str:
        return schema.with_database(self.server, self.name)

    def url(self, who: str) -> str:
        """The address of a person of the county, by the name in tests/db/county.py."""
        return address.with_login(self.admin_url, self.logins.of(who), PASSWORD)

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Run a statement as the superuser and return its rows."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return list(await connection.fetch(statement, *arguments))
        finally:
            await connection.close()

    async def value(self, statement: str, *arguments: object) -> Any:
        """Run a statement as the superuser and return the first value of its first row."""
        found = await self.fetch(statement, *arguments)
        return found[0][0] if found else None

    def value_now(self, statement: str, *arguments: object) -> Any:
        """The same, waiting for it."""
        return run(self.value(statement, *arguments))

    def drop(self) -> None:
        """Remove the database and its logins."""
        run(self._drop())

    async def _drop(self) -> None:
        connection = await asyncpg.connect(self.server)
        try:
            await connection.execute(f"drop database {self.name} with (force)")
            for login in self.logins.all():
                await connection.execute(f"drop role {login}")
        finally:
            await connection.close()


def made_on(server: str, name: str) -> Database:
    """Make, migrate and fill a database on a server, given by its superuser's address."""
    made = Database(server, name, Logins(name.removeprefix("cc_")))

    async def make() -> None:
        await schema.create_database(server, name)
        await schema.upgrade(made.admin_url)
        connection = await asyncpg.connect(made.admin_url)
        try:
            await build(connection, made.logins)
        finally:
            await connection.close()

    run(make())
    return made
