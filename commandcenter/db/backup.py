"""A whole database in one file: pg_dump's archive with the verifiers of the people's logins, zipped."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

from commandcenter.db.embedded.account import Account
from commandcenter.db.embedded.programs import find_programs, packaged_majors
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError

DUMP, LOGINS, ABOUT = "database.dump", "logins.json", "about.json"
FORMAT = 1

_LOGINS = """
    select p.login, p.role, p.active, a.rolpassword as verifier
    from cc.people p join pg_authid a on a.rolname = p.login order by p.login
"""


def program(name: str, server: int, *, newest: bool = False) -> str:
    """The path of a program that understands a server of that major version: packaged, or else on the PATH.

    Of the packaged ones the oldest that does, because a newer one may write what an older server does not know; or the
    `newest`, which reads every archive.
    """
    fitting = [major for major in packaged_majors() if major >= server]
    if fitting:
        chosen = max(fitting) if newest else min(fitting)
        return os.fspath(find_programs(Account(), chosen).path(name))
    found = shutil.which(name)
    if found is not None:
        said = subprocess.run(
            [found, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
        )
        if int(said.stdout.split()[-1 if "(" not in said.stdout else 2].partition(".")[0]) >= server:
            return found
    raise PersonError(f"没有能用于 PostgreSQL {server} 的 {name}。", "请安装同一版本的 PostgreSQL 客户端程序。")


def where(url: str) -> tuple[str, dict[str, str]]:
    """The database as an argument, and the environment: the password goes by it, where other users cannot see it."""
    parts = urlsplit(url)
    plain = urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{parts.password}@", "@", 1)))
    return f"--dbname={plain}", environment() | {"PGPASSWORD": unquote(parts.password or "")}


def environment() -> dict[str, str]:
    """Ours, without what would lead a program elsewhere; its messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def failed(program: str, said: str) -> PersonError:
    """The sentence for a program that did not do its work."""
    lines = said.strip().splitlines()
    return PersonError(f"{Path(program).stem} 没有完成。", f"它的回答：{lines[0][:200] if lines else '没有说明'}")


def _run(program: str, url: str, arguments: Sequence[str | Path]) -> None:
    database, settings = where(url)
    done = subprocess.run(
        [program, *arguments, database, "--no-password"],
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise failed(program, done.stderr)


async def superuser(connection: asyncpg.Connection) -> int:
    """The server's major version; raises PersonError where the login is not a superuser."""
    if await connection.fetchval("select current_setting('is_superuser')") != "on":
        raise PersonError("备份和恢复需要数据库超级用户。", "请用超级用户的数据库地址。")
    return int(await connection.fetchval("select current_setting('server_version_num')")) // 10_000


async def backup(url: str, out: Path, about: dict[str, Any]) -> int:
    """Write the whole database to `out`, readable by its owner only; it appears whole or not at all. Returns bytes."""
    db = await Database.connect(url)
    try:
        async with db.raw() as connection:
            dumper = program("pg_dump", await superuser(connection))
            logins = [dict(row) for row in await connection.fetch(_LOGINS)]
    finally:
        await db.close()
    return await asyncio.to_thread(_pack, dumper, db.url, out, logins, about)


def _pack(dumper: str, url: str, out: Path, logins: list[dict[str, Any]], about: dict[str, Any]) -> int:
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=out.absolute().parent) as folder:
            dump, whole = Path(folder, DUMP), Path(folder, "backup")
            _run(dumper, url, ["--format=custom", "--schema=cc", f"--file={dump}"])
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
