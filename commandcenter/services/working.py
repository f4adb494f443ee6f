"""The worker: does what time does, once for all desks, and ends cleanly when told to."""

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from commandcenter.clock import SHANGHAI, Clock
from commandcenter.db import duties
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.db.schema import need_current
from commandcenter.errors import Unreachable

log = logging.getLogger(__name__)

HOT_DAYS = 60
"""Days after which an ended case leaves the hot table [D]."""
PATIENCE = 3.0
"""Seconds before the server is asked again after it went away."""

Said = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done every so many seconds; `do` returns what to say of it, empty where nothing happened."""

    name: str
    every: float
    do: Callable[[Connection], Awaitable[str]]


async def _seal(connection: Connection) -> str:
    rows = await duties.seal(connection)
    if rows is None:
        return "流水正忙，稍后再封存"
    return f"封存流水 {rows} 条" if rows else ""


async def _archive(connection: Connection) -> str:
    moved = await duties.move_to_archive(connection, HOT_DAYS)
    return f"归档移库 {moved} 件" if moved else ""


DEEDS = (Deed("seal", 60.0, _seal), Deed("archive", 3600.0, _archive))


async def work(url: str, clock: Clock, *, stop: asyncio.Event, said: Said, deeds: tuple[Deed, ...] = DEEDS) -> None:
    """Do the deeds, each at once and then in its rhythm, until `stop`.

    A server that goes away is waited for. Raises PersonError where another worker is at it, or the login may not.
    """
    db = await Database.connect(url)
    try:
        await need_current(db)
        began = False
        while not stop.is_set():
            try:
                async with duties.holding_lock(db, f"worker {socket.gethostname()}:{os.getpid()}") as connection:
                    if not began:
                        said("定时任务已开始。")
                        began = True
                    await _rounds(connection, deeds, stop, clock, said)
            except Unreachable:
                if not began:
                    raise
                log.info("the worker waits for the database")
                await _until(stop, PATIENCE)
    finally:
        await db.close()


async def _rounds(
    connection: Connection, deeds: tuple[Deed, ...], stop: asyncio.Event, clock: Clock, said: Said
) -> None:
    loop = asyncio.get_running_loop()
    at = dict.fromkeys((deed.name for deed in deeds), loop.time())
    while not stop.is_set():
        for deed in deeds:
            if at[deed.name] <= loop.time():
                words = await deed.do(connection)
                if words:
                    log.info("%s: %s", deed.name, words)
                    said(f"{clock.now().astimezone(SHANGHAI):%H:%M:%S} {words}")
                at[deed.name] = loop.time() + deed.every
        await _until(stop, min(at.values()) - loop.time())


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await stop.wait()
