"""The timekeeper: does what time does, once for all desks. A worker or any desk of the centre; who holds the lock, does it."""

import asyncio
import logging
import os
import random
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from commandcenter.clock import SHANGHAI, Clock
from commandcenter.db import duties
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services.repeat_keeping import RepeatKeeping

log = logging.getLogger(__name__)

PATIENCE = 3.0
"""Seconds, on average, before somebody who stands by looks again; the same for a server that went away."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something time does, by its name in cc.keep (sql/92_timekeeper.sql), at least every so many seconds."""

    name: str
    every: float
    words: str
    """What is said of it where it changed something; ``{}`` is how many."""


DEEDS = (
    Deed("whistles", 10.0, "哨：记逾时、升级 {} 项"),
    Deed("drafts", 60.0, "起草三单 {} 份"),
    Deed("slips", 30.0, "三单：记逾期 {} 项"),
    Deed("second_calls", 300.0, "抽查回访 {} 件"),
    Deed("seal", 60.0, "封存流水 {} 条"),
    Deed("archive", 600.0, "归档移库 {} 件"),
    Deed("prune", 3600.0, "清除过期写入标识 {} 个"),
    Deed("idle", 30.0, "断开占着不放的连接 {} 个"),
)
"""Each is one transaction. A hold left lying needs none: who comes next sees that it has run out (cc.take_next)."""

REPEATS = Deed("find_repeats", 2.0, "比对疑似重复 {} 件")
"""Not one transaction and not in cc.keep: the database finds, Python weighs (services/repeat_keeping.py)."""


class Told(Protocol):
    """Whom the timekeeper tells what it does; a worker prints it, a desk says nothing."""

    def __call__(self, words: str, /) -> None:
        """Take one line."""
        ...


def _silent(_: str, /) -> None:
    pass


class Timekeeper:
    """Stands by, holds the lock, does the deeds; one for a process. Time is the centre's (cc.now), the rhythm this process's."""

    def __init__(
        self, db: Database, name: str, clock: Clock, *, said: Told = _silent, deeds: Sequence[Deed] = (*DEEDS, REPEATS)
    ) -> None:
        self.holds = False
        """Whether it keeps the time just now."""
        self._db = db
        self._name = name
        self._clock = clock
        self._said = said
        self._deeds = deeds
        self._failing: set[str] = set()
        self._repeats = RepeatKeeping(db)
        self._untold = 0
        """Cases compared and not yet spoken of."""

    async def run(self, stop: asyncio.Event) -> None:
        """Keep the time, or stand by, until `stop`. A server that goes away is waited for.

        Raises PersonError where the login may not.
        """
        told_standby = False
        while not stop.is_set():
            try:
                if await duties.is_free(self._db):
                    async with duties.holding_lock(self._db, self._name) as connection:
                        if connection is not None:
                            self._said("定时任务已开始。")
                            told_standby = False
                            self.holds = True
                            await self._rounds(connection, stop)
                            return
                if not told_standby:
                    self._said("另一个程序正在执行，本程序待命。")
                    told_standby = True
            except Unreachable:
                log.info("the timekeeper waits for the database")
            finally:
                self.holds = False
            await until(stop, PATIENCE * random.uniform(0.5, 1.5))  # noqa: S311 - so that not all look at once

    async def _rounds(self, connection: Connection, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        at = dict.fromkeys((deed.name for deed in self._deeds), loop.time())
        while not stop.is_set():
            await duties.beat(connection)
            for deed in self._deeds:
                if at[deed.name] <= loop.time() and not stop.is_set():
                    await self.do(connection, deed)
                    at[deed.name] = loop.time() + (0.0 if self._goes_on(deed) else deed.every)
            await until(stop, min(at.values()) - loop.time())

    async def do(self, connection: Connection, deed: Deed) -> int:
        """Do one deed; how many things it changed. One that fails is logged once, and tried again in its rhythm.

        Raises Unreachable.
        """
        try:
            if deed is REPEATS:
                done: int | None = await self._repeats.round(connection)
            else:
                done = await duties.keep(connection, deed.name)
        except Unreachable:
            raise
        except Exception as error:  # noqa: BLE001 - the other deeds are still to be done
            if deed.name not in self._failing:
                self._failing.add(deed.name)
                log.warning("deed %s fails: %s", deed.name, _named(error))
            return 0
        if deed.name in self._failing:
            self._failing.remove(deed.name)
            log.info("deed %s is done again", deed.name)
        done = done or 0
        number = done
        if deed is REPEATS:
            self._untold += done
            number = 0 if self._goes_on(deed) else self._untold
            self._untold -= number
        if number:
            log.info("%s: %d", deed.name, number)
            self._said(f"{self._clock.now().astimezone(SHANGHAI):%H:%M:%S} {deed.words.format(number)}")
        return done

    def _goes_on(self, deed: Deed) -> bool:
        """Whether a deed has a backlog: it is done again at once, after whatever else is due, and told when all is done."""
        return deed is REPEATS and self._repeats.waits and deed.name not in self._failing


def _named(error: Exception) -> str:
    """What went wrong, without the server's words, which may quote a row."""
    return (
        error.sentence if isinstance(error, PersonError) else f"{type(error).__name__} {getattr(error, 'sqlstate', '')}"
    )


async def all_deeds(db: Database, name: str, deeds: Sequence[Deed] = DEEDS) -> dict[str, int]:
    """Every deed once, now; how many things each changed. For simulations, where the centre's clock is set from outside.

    Raises PersonError where somebody else keeps the time, or a deed fails.
    """
    async with duties.holding_lock(db, name) as connection:
        if connection is None:
            raise PersonError("另一个程序正在执行定时任务。", "请先结束它。")
        return {deed.name: await duties.keep(connection, deed.name) or 0 for deed in deeds}


def holder_name(what: str) -> str:
    """What ``status`` shows of this process: ``worker 主机:进程号``."""
    return f"{what} {socket.gethostname()}:{os.getpid()}"


async def until(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await stop.wait()
