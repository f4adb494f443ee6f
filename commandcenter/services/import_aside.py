"""Imports in a process of their own, so that a window never waits: reading a large table takes seconds of pure computing.

The process is started at the first question, answers one at a time, and ends with the program that started it. When it is
killed, what it had committed stays, and the same file goes on from there.
"""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.intake.preview import Preview, preview
from commandcenter.intake.profile import Profile
from commandcenter.intake.reader import Choices
from commandcenter.services.importing import Imported, Stopped, import_file

_SPAWN = get_context("spawn")


@dataclass(frozen=True, slots=True)
class Order:
    """A file, and what a person decided about it."""

    path: Path
    profile: Profile | None = None
    """As it is to be read, words included; None: the one its header is known by."""
    profiles: tuple[Profile, ...] = ()
    """Those that may be recognised, for a preview."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """What was changed of the columns, for a preview."""
    choices: Choices = field(default_factory=Choices)
    channel: str = ""
    crs: str = ""
    whole: bool = False
    spare_folder: Path = Path()


class Aside:
    """The process, for one login."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._turn = threading.Lock()
        self._rows = _SPAWN.Value("q", 0)
        self._stop = _SPAWN.Event()
        self._process: Any = None
        self._line: Connection | None = None
        self._closed = False

    @property
    def rows(self) -> int:
        """How many rows of the file have been read and dealt with."""
        return int(self._rows.value)

    @property
    def pid(self) -> int | None:
        """The process's number, where it has been started."""
        return None if self._process is None else self._process.pid

    async def preview(self, order: Order) -> Preview:
        """How the file is understood. Raises PersonError."""
        found: Preview = await asyncio.to_thread(self._ask, "preview", order)
        return found

    async def try_out(self, order: Order) -> Imported:
        """What would become of it. Raises PersonError."""
        found: Imported = await asyncio.to_thread(self._ask, "try_out", order)
        return found

    async def take_in(self, order: Order) -> Imported:
        """Take it in. Raises PersonError, `Stopped` among them."""
        found: Imported = await asyncio.to_thread(self._ask, "take_in", order)
        return found

    def stop(self) -> None:
        """End what is being done after its batch."""
        self._stop.set()

    def close(self) -> None:
        """End the process; what it is doing is lost, what was committed stays."""
        self._closed = True
        if self._process is not None:
            self._process.terminate()

    def _ask(self, what: str, order: Order) -> Any:
        with self._turn:
            self._rows.value = 0
            self._stop.clear()
            line = self._line
            if line is None or not self._process.is_alive():
                line = self._line = self._begin()
            try:
                line.send((what, order))
                good, answer = line.recv()
            except (EOFError, OSError):
                self._line = None
                raise PersonError(
                    "导入程序意外结束了。", "已导入的部分保留；请再试一次，会从停下的地方接着做。"
                ) from None
        if not good:
            raise answer
        return answer

    def _begin(self) -> Connection:
        if self._closed:
            raise Stopped
        ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(
            target=_serve, args=(self._url, theirs, self._rows, self._stop), name="commandcenter-import", daemon=True
        )
        self._process.start()
        theirs.close()
        return ours


def _serve(url: str, line: Connection, rows: Any, stop: Any) -> None:
    """Answer one question after the other, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells the whole group; the program at its head decides
    threading.Thread(target=_end_with_parent, daemon=True).start()
    while True:
        try:
            what, order = line.recv()
        except EOFError:
            return
        try:
            answer: tuple[bool, Any] = True, _DEEDS[what](url, order, rows, stop)
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked
            answer = False, error
        line.send(answer)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _preview(_: str, order: Order, __: Any, ___: Any) -> Preview:
    return preview(
        order.path, profiles=order.profiles, profile=order.profile, columns=order.columns, choices=order.choices
    )


def _try_out(url: str, order: Order, rows: Any, stop: Any) -> Imported:
    return asyncio.run(_import(url, order, rows, stop, dry_run=True))


def _take_in(url: str, order: Order, rows: Any, stop: Any) -> Imported:
    return asyncio.run(_import(url, order, rows, stop, dry_run=False))


async def _import(url: str, order: Order, rows: Any, stop: Any, *, dry_run: bool) -> Imported:
    def counted(count: int) -> None:
        rows.value = count
        if stop.is_set():
            raise Stopped

    db = await Database.connect(url)
    try:
        return await import_file(
            db,
            order.path,
            profile=order.profile,
            channel=order.channel,
            crs=order.crs or None,
            choices=order.choices,
            whole=order.whole,
            dry_run=dry_run,
            spare_folder=order.spare_folder,
            progress=lambda _: None,
            counted=counted,
        )
    finally:
        await db.close()


_DEEDS: Mapping[str, Callable[[str, Order, Any, Any], Any]] = {
    "preview": _preview,
    "try_out": _try_out,
    "take_in": _take_in,
}
