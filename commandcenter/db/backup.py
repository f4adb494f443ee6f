"""A whole database in one file, and back: pg_dump's archive with the verifiers of the people's logins, zipped."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from commandcenter.db.embedded.account import Account
from commandcenter.db.embedded.programs import find_programs
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError

DUMP, LOGINS, ABOUT = "database.dump", "logins.json", "about.json"
FORMAT = 1

_LOGINS = """
    select p.login, p.role, p.active, a.rolpassword as verifier
    from cc.people p join pg_authid a on a.rolname = p.login order by p.login
"""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    cases: int
    people: int


def _program(name: str, server: int) -> str:
    """The path of a program that understands a server of that major version: packaged, or else on the PATH."""
    with suppress(PersonError):
        packaged = find_programs(Account())
        if packaged.major >= server:
            return os.fspath(packaged.path(name))
    found = shutil.which(name)
    if found is not None:
        said = subprocess.run(
            [found, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
        if int(said.stdout.split()[-1 if "(" not in said.stdout else 2].partition(".")[0]) >= server:
            return found
    raise PersonError(f"没有能用于 PostgreSQL {server} 的 {name}。", "请安装同一版本的 PostgreSQL 客户端程序。")


def _run(program: str, url: str, arguments: Sequence[str | Path]) -> None:
    """Run it on the database; the password goes by the environment, which other users cannot see."""
    parts = urlsplit(url)
    where = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    done = subprocess.run(
        [program, *arguments, f"--dbname={where}", "--no-password"],
        env=kept | {"LC_ALL": "C", "PGPASSWORD": unquote(parts.password or "")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise PersonError(f"{Path(program).stem} 没有完成。", f"它的回答：{said[0][:200] if said else '没有说明'}")


async def _superuser(connection: asyncpg.Connection) -> int:
    """The server's major version; raises PersonError where the login is not a superuser."""
    if await connection.fetchval("select current_setting('is_superuser')") != "on":
        raise PersonError("备份和恢复需要数据库超级用户。", "请用超级用户的数据库地址。")
    return int(await connection.fetchval("select current_setting('server_version_num')")) // 10_000


async def backup(url: str, out: Path, about: dict[str, Any]) -> int:
    """Write the whole database to `out`, readable by its owner only; it appears whole or not at all. Returns bytes."""
    db = await Database.connect(url)
    try:
        async with db.raw() as connection:
            program = _program("pg_dump", await _superuser(connection))
            logins = [dict(row) for row in await connection.fetch(_LOGINS)]
    finally:
        await db.close()
    return await asyncio.to_thread(_pack, program, db.url, out, logins, about)


def _pack(program: str, url: str, out: Path, logins: list[dict[str, Any]], about: dict[str, Any]) -> int:
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.absolute().parent) as folder:
            dump, whole = Path(folder, DUMP), Path(folder, "backup")
            _run(program, url, ["--format=custom", "--schema=cc", f"--file={dump}"])
            whole.touch(mode=0o600)
            with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
                archive.write(dump, DUMP)
                archive.writestr(LOGINS, json.dumps(logins, ensure_ascii=False))
                archive.writestr(ABOUT, json.dumps(about | {"format": FORMAT}, ensure_ascii=False))
            with whole.open("rb") as file:
                os.fsync(file.fileno())
            size = whole.stat().st_size
            whole.replace(out)
    except OSError as error:
        raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写、是否还有空间。") from error
    return size


async def restore(url: str, file: Path, *, force: bool) -> Restored:
    """Put a backup into the database at `url`, which exists and is empty (`force`: or is emptied).

    Logins that are missing are made with their passwords. The feed gets a new epoch, and the journal's transaction
    numbers, which belong to the old server, are set to the oldest. Raises PersonError; then everything is as it was.
    """
    db = await Database.connect(url)
    try:
        async with db.raw() as connection:
            program = _program("pg_restore", await _superuser(connection))
            if not force and await _holds_data(connection):
                raise PersonError("这个数据库里已有数据，没有恢复。", "请用空的数据库；确实要覆盖时加 --force。")
            await connection.execute("set lock_timeout = '20s'; set client_min_messages = warning")
            async with _set_aside(connection):
                logins = await asyncio.to_thread(_unpack_into, program, db.url, file)
                async with connection.transaction():
                    await _make_logins(connection, logins)
                    await _forget_old_server(connection)
                damaged = await connection.fetch("select kind, seq from cc.check_journal()")
                if damaged:
                    raise PersonError(
                        f"备份的数据中有 {len(damaged)} 处流水不符，没有恢复。", "备份文件可能被改动过，请换一个备份。"
                    )
            cases = await connection.fetchval(
                "select (select count(*) from cc.cases) + (select count(*) from cc.cases_archive)"
            )
            return Restored(cases, len(logins))
    finally:
        await db.close()


@asynccontextmanager
async def _set_aside(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Keep what is there under another name until the block has ended well; otherwise bring it back."""
    await connection.execute("drop schema if exists cc_set_aside cascade")
    was_there = await connection.fetchval("select to_regnamespace('cc') is not null")
    if was_there:
        await connection.execute("alter schema cc rename to cc_set_aside")
    try:
        yield
    except BaseException:
        await connection.execute("drop schema if exists cc cascade")
        if was_there:
            await connection.execute("alter schema cc_set_aside rename to cc")
        raise
    await connection.execute("drop schema if exists cc_set_aside cascade")


def _unpack_into(program: str, url: str, file: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="restore-") as folder:
        logins = _unpack(file, Path(folder))
        _run(program, url, ["--exit-on-error", "--single-transaction", os.fspath(Path(folder, DUMP))])
    return logins


async def _holds_data(connection: asyncpg.Connection) -> bool:
    if await connection.fetchval("select to_regclass('cc.cases')") is None:
        return False
    return bool(
        await connection.fetchval(
            "select exists (select from cc.cases) or exists (select from cc.cases_archive) or exists (select from cc.people)"
        )
    )


def need_backup(file: Path) -> None:
    """Raise PersonError unless the file looks like a backup."""
    if not file.is_file():
        raise PersonError(f"找不到文件“{file}”。", "请核对文件名。")
    if not zipfile.is_zipfile(file):
        raise PersonError(f"“{file.name}”不是本程序的备份文件，或已损坏。", "请换一个备份文件。")


def _unpack(file: Path, folder: Path) -> list[dict[str, Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            about = json.loads(archive.read(ABOUT))
            if about["format"] > FORMAT:
                raise PersonError("这个备份由更新版本的程序写成。", "请升级本程序后再恢复。")
            archive.extract(DUMP, folder)
            logins: list[dict[str, Any]] = json.loads(archive.read(LOGINS))
            return logins
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise PersonError(f"“{file.name}”不是本程序的备份文件，或已损坏。", "请换一个备份文件。") from error


async def _make_logins(connection: asyncpg.Connection, logins: Sequence[dict[str, Any]]) -> None:
    """Those that exist keep their passwords: a login may serve several databases of a server."""
    await connection.execute("set local role cc_owner")  # so that it may grant and change them afterwards
    for each in logins:
        known = await connection.fetchval("select true from pg_roles where rolname = $1", each["login"])
        if not known:
            make = "select format('create role %I ' || $3 || ' password %L', $1::text, $2::text)"
            state = "login" if each["active"] else "nologin"
            await connection.execute(await connection.fetchval(make, each["login"], each["verifier"], state))
        grant = "select format('grant %I to %I', $1::text, $2::text)"
        await connection.execute(await connection.fetchval(grant, each["role"], each["login"]))
    await connection.execute("reset role")


async def _forget_old_server(connection: asyncpg.Connection) -> None:
    """Old transaction numbers could lie ahead of this server's; the guards of the journal stand aside for this only."""
    await connection.execute("set local session_replication_role = replica")
    await connection.execute("update cc.journal set xid = '3'")
    await connection.execute("update cc.access_log set xid = '3'")
    await connection.execute("set local session_replication_role = origin")
    await connection.execute("update cc.centre set feed_epoch = gen_random_uuid()")
