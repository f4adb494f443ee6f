"""One login on one server: everyday transactions through SQLAlchemy, COPY and LISTEN on the driver itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import unquote, urlsplit

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from commandcenter.db.errors import translated
from commandcenter.errors import PersonError

CONNECT_SECONDS = 10


def driver_url(url: str) -> str:
    """The URL as asyncpg wants it. Raises PersonError where it is no Postgres URL."""
    scheme, _, rest = url.partition("://")
    if scheme.partition("+")[0] not in {"postgresql", "postgres"} or not rest:
        raise PersonError(
            "数据库地址应形如 postgresql://用户:密码@主机:5432/库名。", "请改正 --db 或 CC_DATABASE_URL。"
        )
    return f"postgresql://{rest}"


class Database:
    """A person's connections to the centre's database. Identity is the login: one `Database` per person."""

    def __init__(self, url: str) -> None:
        self.url = driver_url(url)
        self.login = unquote(urlsplit(self.url).username or "")
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self.connect_raw,
            pool_size=3,
            max_overflow=3,
            pool_pre_ping=False,
        )

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
        with translated():
            return await asyncpg.connect(self.url, timeout=CONNECT_SECONDS, server_settings={"timezone": "UTC"})

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: committed when the block ends, rolled back when it raises. Errors leave translated."""
        with translated():
            async with self._engine.begin() as connection:
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

    async def forget_connections(self) -> None:
        """Drop pooled connections, after the server went away."""
        await self._engine.dispose()

    async def close(self) -> None:
        """Give back every pooled connection."""
        await self._engine.dispose()
