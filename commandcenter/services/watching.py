"""Watched folders: a file that lies there complete is taken in, once, and put away with a word on what became of it.

A folder is on one machine. Who watches it holds a lock of the database, so that of several programs one does; a program that
dies between taking a file in and putting it away leaves it to be taken in again, which adds nothing.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commandcenter.db import importing as imports
from commandcenter.db import reads
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.errors import PersonError, Refused, Unreachable
from commandcenter.intake.profile import Profile
from commandcenter.services.import_known import need_channel
from commandcenter.services.import_profiles import find_profile
from commandcenter.services.importing import Imported, NoSuchChannel, import_file

log = logging.getLogger(__name__)

EVERY = 3.0
"""Seconds between two looks; a file that did not change between them is complete."""
TAKEN, SENT_BACK = "已导入", "被退回"
_KINDS = {".xlsx", ".xlsm", ".xlsb", ".xls", ".csv", ".tsv", ".txt"}

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Folder:
    """Where files come, and from which channel; profile '' is the one that their header is known by."""

    path: Path
    channel: str
    profile: str = ""
    crs: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A line of cc.watched_folders."""

    id: int
    machine: str
    folder: str
    channel_id: int
    channel: str
    profile: str
    crs: str
    active: bool


class Watcher:
    """Looks into one folder again and again."""

    def __init__(self, db: Database, folder: Folder, profiles: Path, said: Said) -> None:
        self.taken = 0
        """Files that were taken in or sent back."""
        self._db = db
        self._folder = folder
        self._profiles = profiles
        self._said = said
        self._seen: dict[Path, tuple[int, int]] = {}
        self._told = ""
        self._lock: Connection | None = None

    async def look(self) -> int:
        """Take in what is complete; how many files. Keeps the folder's lock until `close`. Raises Unreachable."""
        try:
            if not await self._holds():
                self._tell(f"{self._folder.path}：另一个程序正盯着，本程序待命。")
                return 0
            complete = await asyncio.to_thread(self._complete)
            wanted = self._folder.profile if complete else ""
            profile = await find_profile(self._db, wanted, self._profiles) if wanted else None
            for path in complete:
                await self._take(path, profile)
        except Unreachable:
            raise
        except PersonError as error:  # not a file's fault: the files wait until it is put right
            self._tell(f"{self._folder.path}：{error}")
            return 0
        except OSError as error:
            self._tell(f"{self._folder.path}：{error.strerror or type(error).__name__}，过一会儿再看。")
            return 0
        return len(complete)

    async def close(self) -> None:
        """Let go of the folder."""
        if self._lock is not None:
            await self._lock.close(timeout=5)
            self._lock = None

    async def _holds(self) -> bool:
        if self._lock is None or self._lock.is_closed():
            self._lock = await imports.hold_folder(self._db, f"{socket.gethostname()}\n{self._folder.path.absolute()}")
        return self._lock is not None

    def _complete(self) -> list[Path]:
        """The files that were as large and as old at the last look."""
        now: dict[Path, tuple[int, int]] = {}
        for path in sorted(self._folder.path.iterdir()):
            if path.suffix.lower() in _KINDS and not path.name.startswith((".", "~$")) and path.is_file():
                found = path.stat()
                now[path] = (found.st_size, found.st_mtime_ns)
        ready = [path for path, mark in now.items() if self._seen.get(path) == mark]
        self._seen = now
        return ready

    async def _take(self, path: Path, profile: Profile | None) -> None:
        folder = self._folder
        back = folder.path / SENT_BACK
        await asyncio.to_thread(back.mkdir, exist_ok=True)
        try:
            done = await import_file(
                self._db,
                path,
                profile=profile,
                channel=folder.channel,
                crs=folder.crs or None,
                reject_file=_free(back / f"{path.stem}.rejects.xlsx"),
                spare_folder=back,
                progress=lambda _: None,
            )
        except (Unreachable, Refused, NoSuchChannel):
            raise
        except PersonError as error:
            words = f"没有导入：{error}"
            await asyncio.to_thread(_put_away, path, back, words)
        else:
            words = _words(done)
            await asyncio.to_thread(_put_away, path, folder.path / TAKEN, words)
        self.taken += 1
        self._told = ""
        self._said(f"{path.name}：{words}")

    def _tell(self, words: str) -> None:
        """Say it once, not at every look."""
        if words != self._told:
            self._told = words
            self._said(words)


async def watch_one(
    url: str, folder: Folder, *, profiles: Path, stop: asyncio.Event, said: Said, every: float = EVERY
) -> int:
    """Watch one folder until `stop`; how many files were taken in or sent back. A server that goes away is waited for.

    Raises PersonError where the folder, the channel or the profile is none, or the server cannot be reached at first.
    """
    if not folder.path.is_dir():
        raise PersonError(f"没有文件夹“{folder.path}”。", "请检查路径。")
    db = await Database.connect(url)
    try:
        await need_current(db)
        await need_channel(db, folder.channel)
        if folder.profile:
            await find_profile(db, folder.profile, profiles)
        watcher = Watcher(db, folder, profiles, said)
        said(f"正盯着 {folder.path}，渠道“{folder.channel}”。")
        await _rounds(lambda: asyncio.sleep(0, [watcher]), [watcher], stop, every)
        return watcher.taken
    finally:
        await db.close()


async def watch_machine(
    db: Database, *, profiles: Path, stop: asyncio.Event, said: Said, every: float = EVERY, machine: str = ""
) -> None:
    """Watch the folders of this machine that the administrator named, until `stop`. Folders may come and go meanwhile."""
    watchers: dict[Folder, Watcher] = {}
    name = machine or socket.gethostname()

    async def wanted() -> list[Watcher]:
        here = [each for each in await read_watched(db) if each.machine == name and each.active]
        folders = [Folder(Path(each.folder), each.channel, each.profile, each.crs) for each in here]
        for folder in folders:
            watchers.setdefault(folder, Watcher(db, folder, profiles, said))
        return [watchers[folder] for folder in folders]

    await _rounds(wanted, watchers.values(), stop, every)


async def read_watched(db: Database) -> tuple[Watched, ...]:
    """All folders that are watched, on whatever machine."""
    async with db.begin() as connection:
        return tuple(Watched(**row._mapping) for row in await reads.rows(connection, imports.WATCHED))  # noqa: SLF001


async def add_watched(db: Database, *, machine: str, folder: str, channel_id: int, profile: str, crs: str) -> int:
    """Have a folder watched from now on; its id. Raises PersonError."""
    async with db.begin() as connection:
        found = await reads.rows(
            connection,
            imports.ADD_WATCHED,
            machine=machine.strip(),
            folder=folder.strip(),
            channel=channel_id,
            profile=profile.strip(),
            crs=crs,
        )
    return int(found[0].id)


async def drop_watched(db: Database, *, watched_id: int) -> None:
    """Watch it no more. Raises PersonError."""
    async with db.begin() as connection:
        if not await reads.rows(connection, imports.DROP_WATCHED, id=watched_id):
            raise PersonError("没有这个监视文件夹。", "请刷新后再看。")


async def _rounds(
    wanted: Callable[[], Awaitable[list[Watcher]]], watchers: Collection[Watcher], stop: asyncio.Event, every: float
) -> None:
    try:
        while not stop.is_set():
            try:
                looked = await wanted()
                for watcher in looked:
                    if not stop.is_set():
                        await watcher.look()
                for watcher in set(watchers).difference(looked):
                    await watcher.close()
            except Unreachable:
                log.info("watched folders wait for the database")
            except Exception:  # one folder's trouble must not end the watch over the others
                log.exception("watched folders")
            with suppress(TimeoutError):
                async with asyncio.timeout(every):
                    await stop.wait()
    finally:
        for watcher in watchers:
            await watcher.close()


def _put_away(path: Path, folder: Path, words: str) -> None:
    folder.mkdir(exist_ok=True)
    target = _free(folder / path.name)
    path.rename(target)
    target.with_name(f"{target.name}.结果.txt").write_text(words + "\n", encoding="utf-8-sig")


def _free(path: Path) -> Path:
    """The path, or with the next number behind its name where it is taken."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found


def _words(done: Imported) -> str:
    words = f"共读 {done.rows} 行：受理 {done.accepted}，重复 {done.duplicates}（更新 {done.updated}），未导入 {done.rejected}。"
    if done.unplaced:
        words += f"待定位 {done.unplaced} 件。"
    for each in done.notes[:3]:
        words += f"请留意：{each.reason}，{each.rows} 行，例如第 {'、'.join(map(str, each.examples))} 行。"
    if done.reject_file is not None:
        words += f"未导入的行及原因见 {SENT_BACK}/{done.reject_file.name}。"
    return words
