"""One login on one server: everyday transactions through SQLAlchemy, COPY and LISTEN on the driver itself.

Pooled connections hint at changes by themselves, after their commit (``cc.hints``, sql/30_journal.sql): a NOTIFY within the
transaction would have commits flushed one by one. Whether there is something to hint at, the server says by their
``application_name``: another one after each transaction that wrote to the journal.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import greenlet_spawn

from commandcenter import address
from commandcenter.db.errors import UNREACHABLE, translated

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10
CHANNEL = "cc_feed"
"""Where hints are given that something has changed."""


def _name(connection: asyncpg.Connection) -> str:
    return str(connection.get_settings().application_name)


class Database:
    """A person's connections to the centre's database. Identity is the login: one `Database` per person."""

    def __init__(self, url: str, *, kept: int = 3, more: int = 3) -> None:
        """Use `kept` connections for good and up to `more` for a moment; a new one has to plan every function anew."""
        self._pooled: WeakKeyDictionary[asyncpg.Connection, str] = WeakKeyDictionary()
        """Connections, with the name each had when it last hinted."""
        self._hinting = asyncio.Lock()
        self._hint_awaited = False
        self.url = address.plain(url)
        self.login = address.login_of(url)
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect_pooled,
            pool_size=kept,
            max_overflow=more,
            pool_pre_ping=False,
            hide_parameters=True,  # names and verifiers are not for logs
        )
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    async def connect(cls, url: str, *, kept: int = 3, more: int = 3) -> "Database":
        """Open, and prove it by one round trip. Raises PersonError (wrong password, unreachable, no such database)."""
        database = cls(url, kept=kept, more=more)
        try:
            async with database.begin() as connection:
                await connection.exec_driver_sql("select 1")
        except BaseException:
            await database.close()
            raise
        return database

    async def connect_raw(self, **settings: str) -> asyncpg.Connection:
        """A driver's connection outside the pool, for COPY and LISTEN; the caller closes it."""
        with translated(connecting=True):
            return await asyncpg.connect(
                self.url, timeout=CONNECT_SECONDS, server_settings={"timezone": "UTC", **settings}
            )

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends, rolled back when it raises. Errors leave translated."""
        with translated():
            async with self._engine.connect() as connection:
                async with connection.begin():
                    yield connection
                await self._hint(connection)

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that is a transaction by itself: one round trip, and no lock held while the client thinks."""
        with translated():
            async with self._single.connect() as connection:
                yield connection
                await self._hint(connection)

    @asynccontextmanager
    async def deed(self) -> AsyncIterator[asyncpg.Connection]:
        """As `at_once`, on the driver itself: a fifth of the work here, which counts when many are at it."""
        with translated():
            pooled = await self._engine.raw_connection()
            driver: Any = pooled.driver_connection
            try:
                yield driver
                await self._hint_on(driver)
            finally:
                if driver.is_closed():
                    pooled.invalidate()
                await greenlet_spawn(pooled.close)

    @asynccontextmanager
    async def raw(self) -> AsyncIterator[asyncpg.Connection]:
        """A driver's connection for the length of a block, closed afterwards. Errors leave translated."""
        with translated():
            connection = await self.connect_raw()
            try:
                yield connection
            finally:
                await connection.close()

    async def _connect_pooled(self) -> asyncpg.Connection:
        connection = await self.connect_raw(**{"cc.hints": "self"})
        self._pooled[connection] = _name(connection)
        return connection

    async def _hint(self, connection: AsyncConnection) -> None:
        below = connection.sync_connection
        if below is not None and not below.invalidated:
            await self._hint_on(below.connection.driver_connection)

    async def _hint_on(self, driver: Any) -> None:
        """Say that something has changed, if what this connection has committed says so."""
        try:
            name = _name(driver)
            if name != self._pooled[driver] and not self._hint_awaited:
                await self._give_hint(driver)
            self._pooled[driver] = (
                name  # else somebody's is awaited that is not given yet: it comes after this commit too
            )
        except UNREACHABLE as error:  # the deed is done and stays done; others see it at their next heartbeat
            log.info("no hint given: %s", type(error).__name__)

    async def _give_hint(self, driver: Any) -> None:
        self._hint_awaited = True
        try:
            async with self._hinting:
                self._hint_awaited = False
                await driver.execute(f"notify {CHANNEL}", timeout=CONNECT_SECONDS)
        finally:
            self._hint_awaited = False

    async def forget_connections(self) -> None:
        """Drop pooled connections without a word, after the server went away: it would not hear a farewell."""
        for connection in tuple(self._pooled):
            connection.terminate()
        await self._engine.dispose(close=False)

    async def close(self) -> None:
        """Give back every pooled connection."""
        await self._engine.dispose()
