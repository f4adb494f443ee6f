"""A backup back into a database: all of it or nothing, in one transaction of the server."""

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from commandcenter.db.backup import ABOUT, DUMP, FORMAT, LOGINS, environment, failed, program, superuser, where
from commandcenter.db.engine import Database
from commandcenter.db.schema import CATALOG
from commandcenter.errors import PersonError


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    cases: int
    people: int


async def restore(url: str, file: Path, *, force: bool) -> Restored:
    """Put a backup into the database at `url`, which exists and is empty (`force`: or is emptied).

    Logins that are missing are made with their passwords; all may sign in, or may not, as their people might. The feed gets
    a new epoch, and the journal's transaction numbers, which belong to the old server, are set to the oldest. All of it, the
    journal's check included, is one transaction of the server: whatever fails or is killed meanwhile, everything is as it
    was. Raises PersonError.
    """
    db = await Database.connect(url)
    try:
        async with db.raw() as connection:
            server = await superuser(connection)
            if not force and await _holds_data(connection):
                raise PersonError("这个数据库里已有数据，没有恢复。", "请用空的数据库；确实要覆盖时加 --force。")
            known = {name for (name,) in await connection.fetch("select name from pg_settings")}
            with tempfile.TemporaryDirectory(prefix="restore-") as folder:
                logins = _unpack(file, Path(folder))
                script = Restoring(
                    reader=program("pg_restore", server, newest=True),
                    writer=program("psql", server, newest=True),
                    url=db.url,
                    settings=known,
                    ending="".join(
                        [
                            *await _make_logins(connection, logins),
                            CATALOG.read_text(encoding="utf-8"),  # of the database itself a backup holds nothing
                            FORGET_OLD_SERVER,
                            CHECK,
                        ]
                    ),
                )
                await asyncio.to_thread(script.run, Path(folder, DUMP))
            cases = await connection.fetchval(
                "select (select count(*) from cc.cases) + (select count(*) from cc.cases_archive)"
            )
            return Restored(cases, len(logins))
    finally:
        await db.close()


@dataclass(frozen=True, slots=True)
class Restoring:
    """pg_restore's script, led into psql between our own first and last words."""

    reader: str
    writer: str
    url: str
    settings: set[str]
    """What can be set on this server: pg_restore sets things that an older one does not know."""
    ending: str
    """What is still to be done before the commit."""

    def run(self, dump: Path) -> None:
        """Do it: committed, or raises PersonError and nothing has happened."""
        database, settings = where(self.url)
        with (
            tempfile.TemporaryFile() as read_said,
            tempfile.TemporaryFile() as write_said,
            subprocess.Popen(
                [self.reader, "--file=-", dump],
                env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=read_said,
            ) as reading,
            subprocess.Popen(
                [self.writer, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", database],
                env=settings, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=write_said,
            ) as writing,
        ):  # fmt: skip
            try:
                read, written = self._lead(reading, writing)
            finally:  # a writer that is not told to commit must not take the end of its input for the end of a table
                for process in (writing, reading):
                    process.kill()  # does nothing to one that has ended
                _close(writing)
            if read and written:
                return
            stopped, file = (self.writer, write_said) if read else (self.reader, read_said)
            file.seek(0)
            raise _refusal(stopped, file.read().decode("utf-8", "replace"))

    def _lead(self, reading: "subprocess.Popen[bytes]", writing: "subprocess.Popen[bytes]") -> tuple[bool, bool]:
        """Whether all could be read, and all was written. Without the last word, ``commit``, the server undoes it."""
        assert reading.stdout is not None  # noqa: S101 - for the type checker
        assert writing.stdin is not None  # noqa: S101
        try:
            writing.stdin.write(BEGINNING.encode())
            for line in reading.stdout:
                setting = _SETTING.match(line)
                if setting is None or setting[1].decode() in self.settings:
                    writing.stdin.write(line)
                if line.startswith(b"CREATE "):  # settings come first; what follows may be a citizen's own words
                    break
            shutil.copyfileobj(reading.stdout, writing.stdin, 1 << 20)
            if reading.wait():
                return False, False
            writing.stdin.write(f"{self.ending}\ncommit;\n".encode())
            writing.stdin.close()
        except OSError:  # it stopped at an error, and says which
            _close(writing)
            writing.wait()
            return True, False
        return True, writing.wait() == 0


def _close(writing: "subprocess.Popen[bytes]") -> None:
    """Close its input; where it has ended, what is still to be sent has nobody to go to."""
    if writing.stdin is not None:
        with suppress(OSError):
            writing.stdin.close()


_SETTING = re.compile(rb"SET (\w+) = ")
BEGINNING = """
set client_min_messages = warning;
set lock_timeout = '20s';
begin;
drop schema if exists cc cascade;
"""
FORGET_OLD_SERVER = """
reset row_security;  -- which the archive has turned off, and which our functions count on
set local session_replication_role = replica;  -- the guards of the journal stand aside for this only
update cc.journal set xid = '3';  -- old transaction numbers could lie ahead of this server's
update cc.access_log set xid = '3';
set local session_replication_role = origin;
update cc.centre set feed_epoch = gen_random_uuid();
"""
CHECK = """
do $$
declare
    damaged integer := (select count(*) from cc.check_journal());
begin
    if damaged > 0 then
        raise exception 'damaged journal: %', damaged;
    end if;
end $$;
"""


def _refusal(stopped: str, said: str) -> PersonError:
    damaged = re.search(r"damaged journal: (\d+)", said)
    if damaged is not None:
        return PersonError(
            f"备份的数据中有 {damaged[1]} 处流水不符，没有恢复。", "备份文件可能被改动过，请换一个备份。"
        )
    return failed(stopped, said)


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


async def _make_logins(connection: asyncpg.Connection, logins: Sequence[dict[str, Any]]) -> list[str]:
    """Statements that make them, and let those that exist sign in, or no more, as the backup says of its people.

    Passwords of those that exist stay: a login may serve several databases of a server.
    """
    kept, made = [], []
    for each in logins:
        login, state = each["login"], "login" if each["active"] else "nologin"
        there = await connection.fetchrow("select rolcanlogin, rolsuper from pg_roles where rolname = $1", login)
        if there is None:
            make = "select format('create role %I ' || $3 || ' password %L;', $1::text, $2::text)"
            made.append(await connection.fetchval(make, login, each["verifier"], state))
        elif there["rolcanlogin"] != each["active"] and not there["rolsuper"]:
            change = "select format('alter role %I ' || $2 || ';', $1::text)"
            kept.append(await connection.fetchval(change, login, state))
        grant = "select format('grant %I to %I;', $1::text, $2::text)"
        made.append(await connection.fetchval(grant, each["role"], login))
    # made by the owner, so that it may grant and change them afterwards
    return [*kept, "set local role cc_owner;\n", *made, "\nreset role;\n"]
