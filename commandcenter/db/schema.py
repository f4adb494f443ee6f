"""Building and upgrading the database: roles of the cluster, revisions by Alembic, functions and policies from .sql files."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from commandcenter.address import with_database as with_database  # noqa: PLC0414 - part of this room's words
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError

HERE = Path(__file__).parent
SQL = HERE / "sql"
ROLES = SQL / "roles.sql"
CATALOG = SQL / "catalog.sql"
"""What a superuser changes in the database before ours is built."""
HEAD = "0010"
"""The newest revision in migrations/versions; revisions are numbered, so that newer sorts behind."""

if TYPE_CHECKING:
    from alembic.config import Config

SchemaState = Literal["empty", "current", "older", "newer"]


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """How the database stands to this program."""

    state: SchemaState
    revision: str
    """The database's revision; empty where it has none."""
    head: str
    """The newest revision this program knows."""
    code_current: bool
    """Whether its functions and policies are this program's to the letter; desks of both kinds can work."""


def _code_files() -> list[Path]:
    """Functions, triggers and policies in the order in which they are applied; the numbered files."""
    return sorted(SQL.glob("[0-9]*.sql"))


def code_mark() -> str:
    """A hash of what is not a revision, kept in the database to know whether it must be applied again."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in (ROLES, CATALOG, *_code_files()))).hexdigest()[:16]


def alembic_config(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without a file."""
    from alembic.config import Config  # only upgrades need Alembic, and desks start without it

    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def run_script(connection: Connection, script: str) -> None:
    """Run many statements at once, as the driver's simple protocol allows."""
    driver = connection.connection.driver_connection
    await_only(driver.execute(script))  # type: ignore[union-attr]  # asyncpg's, behind SQLAlchemy's adapter


async def create_database(admin_url: str, name: str, template: str = "template0") -> bool:
    """Make the cluster's roles and, where it is missing, the database `name`. Returns whether it was made.

    `admin_url` is a superuser's. Raises PersonError where the server refuses.
    """
    server = await Database.connect(admin_url)
    try:
        async with server.raw() as connection:
            # several installations may start on one cluster at once
            await connection.execute("select pg_advisory_lock(371082)")
            await connection.execute("set client_min_messages = warning")
            await connection.execute(ROLES.read_text(encoding="utf-8"))
            if await connection.fetchval("select true from pg_database where datname = $1", name):
                return False
            quoted = '"' + name.replace('"', '""') + '"'
            await connection.execute(f"create database {quoted} owner cc_owner encoding 'UTF8' template {template}")
            await connection.execute(f"revoke all on database {quoted} from public")
            # many small queries, some with costs guessed high: compiling them takes longer than running them
            await connection.execute(f"alter database {quoted} set jit = off")
            await connection.execute(
                f"grant connect on database {quoted} to cc_duty, cc_caller, cc_responder, cc_supervisor, cc_followup, "
                "cc_analyst, cc_wall, cc_intake, cc_admin"
            )
            return True
    finally:
        await server.close()


async def drop_database(admin_url: str, name: str) -> None:
    """Remove a database of ours where there is one, with whoever is connected to it.

    Raises PersonError where it is no centre's simulation: one whose clock never stood still.
    """
    server = await Database.connect(admin_url)
    try:
        async with server.raw() as connection:
            if not await connection.fetchval("select true from pg_database where datname = $1", name):
                return
        inside = await Database.connect(with_database(admin_url, name))
        try:
            async with inside.raw() as connection:
                simulated = await connection.fetchval(
                    "select to_regclass('cc.centre') is null"
                ) or await connection.fetchval("select fixed_now is not null from cc.centre")
        finally:
            await inside.close()
        if not simulated:
            raise PersonError(f"数据库 {name} 不是模拟用的，不会删去。", "请换一个库名。")
        async with server.raw() as connection:
            quoted = '"' + name.replace('"', '""') + '"'
            await connection.execute(f"drop database {quoted} with (force)")
    finally:
        await server.close()


async def upgrade(admin_url: str) -> SchemaStatus:
    """Bring the database to this program's revision, in one transaction, and apply functions and policies.

    Raises PersonError where the database is newer than the program.
    """
    database = await Database.connect(admin_url)
    try:
        async with database.begin() as connection:
            await connection.exec_driver_sql("select pg_advisory_xact_lock(371082)")
            await connection.run_sync(_upgrade)
            return await connection.run_sync(_status)
    finally:
        await database.close()


async def status(database: Database) -> SchemaStatus:
    """How the database stands to this program; any login may ask."""
    async with database.begin() as connection:
        return await connection.run_sync(_status)


async def need_current(database: Database) -> None:
    """Raise PersonError unless the database is at this program's revision."""
    match (await status(database)).state:
        case "empty":
            raise PersonError("这个数据库还没有建好。", "请先运行 python main.py db init。")
        case "older":
            raise PersonError("这个数据库的版本较旧。", "请先运行 python main.py db upgrade。")
        case "newer":
            raise _newer()
        case "current":
            return


def _newer() -> PersonError:
    return PersonError("这个数据库由更新版本的程序建立。", "请升级本程序后再连接。")


def _status(connection: Connection) -> SchemaStatus:
    if connection.scalar(text("select to_regclass('cc.alembic_version')")) is None:
        return SchemaStatus("empty", "", HEAD, code_current=False)
    revision = connection.scalar(text("select version_num from cc.alembic_version")) or ""
    mark = connection.scalar(text("select obj_description('cc'::regnamespace, 'pg_namespace')"))
    state: SchemaState = "current"
    if not revision:
        state = "empty"
    elif revision > HEAD:
        state = "newer"
    elif revision != HEAD:
        state = "older"
    return SchemaStatus(state, revision, HEAD, mark == code_mark())


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if _status(connection).state == "newer":
        raise _newer()
    for file in (ROLES, CATALOG):  # of a server that an older program made, too
        run_script(connection, file.read_text(encoding="utf-8"))
    run_script(
        connection, "set local client_min_messages = warning; set local role cc_owner; create schema if not exists cc"
    )
    command.upgrade(alembic_config(connection), "head")
    for file in _code_files():
        run_script(connection, file.read_text(encoding="utf-8"))
    run_script(connection, f"comment on schema cc is '{code_mark()}'")
