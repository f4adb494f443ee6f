"""One login on one server: everyday transactions through SQLAlchemy, COPY and LISTEN on the driver itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakSet

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from commandcenter import address
from commandcenter.db.errors import translated

CONNECT_SECONDS = 10


class Database:
    """A person's connections to the centre's database. Identity is the login: one `Database` per person."""

    def __init__(self, url: str) -> None:
        self._pooled: WeakSet[asyncpg.Connection] = WeakSet()
        self.url = address.plain(url)
        self.login = address.login_of(url)
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect_pooled,
            pool_size=3,
            max_overflow=3,
            pool_pre_ping=False,
            hide_parameters=True,  # names and verifiers are not for logs
        )
        self._single = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @classmethod
    async def connect(cls, url: str) -> "Database":
        """Open, and prove it by one round trip. Raises PersonError (wrong password, unreachable, no such database)."""
        database = cls(url)
        try:
            async with database.begin() as connection:
                await connection.exec_driver_sql("select 1")
        except BaseException:
            await database.close()
            raise
        return database

    async def connect_raw(self) -> asyncpg.Connection:
        """A driver's connection outside the pool, for COPY and LISTEN; the caller closes it."""
        with translated(connecting=True):
            return await asyncpg.connect(self.url, timeout=CONNECT_SECONDS, server_settings={"timezone": "UTC"})

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends, rolled back when it raises. Errors leave translated."""
        with translated():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncConnection]:
        """For one statement that is a transaction by itself: one round trip, and no lock held while the client thinks."""
        with translated():
            async with self._single.connect() as connection:
                yield connection

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
        connection = await self.connect_raw()
        self._pooled.add(connection)
        return connection

    async def forget_connections(self) -> None:
        """Drop pooled connections without a word, after the server went away: it would not hear a farewell."""
        for connection in tuple(self._pooled):
            connection.terminate()
        await self._engine.dispose(close=False)

    async def close(self) -> None:
        """Give back every pooled connection."""
        await self._engine.dispose()
