"""One desk's living connection: the mirror, the reference data and the feed that keeps both current.

While the database is away the mirror stays readable; the desk reconnects with growing, jittered pauses, and goes on where
it was, or from a new snapshot where it cannot.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from commandcenter.db.engine import Database
from commandcenter.db.errors import UNREACHABLE
from commandcenter.db.feed import Batch, FeedReader, listening
from commandcenter.db.schema import need_current
from commandcenter.db.snapshot import read_snapshot
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.live.mirror import Mirror
from commandcenter.services.reference import Reference, load_reference

log = logging.getLogger(__name__)

HEARTBEAT_S = 2.0
"""Without a hint the journal is read this often: hints may be lost, truth may not."""
POLL_S = 0.2
"""On a read replica, which refuses LISTEN, it is read this often instead: that is how walls and analysts scale out."""
BUSY_SHARE = 1.0
"""After a read that took t, hints are gathered for this many t, so that many desks do not drown the server."""
LONGEST_GATHERING_S = 0.1
ANSWER_S = 15.0
"""A server that takes longer to answer counts as away: half-dead connections say nothing at all."""
EVERYTHING = frozenset({"everything"})
"""In place of what changed, where it is not known: after a new snapshot."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0


@dataclass(frozen=True, slots=True)
class Health:
    """How current the picture is: ``live``, or ``away`` while the database does not answer."""

    state: Literal["live", "away"]
    as_of: datetime
    """The server's time at the last answer."""
    delay: float
    """Seconds from the oldest commit of the last batch to its being applied; what a reader lags behind."""


class Desk:
    """Start it once; then read `mirror` and `reference`, and listen."""

    def __init__(self, database: Database, revive: Callable[[], object] | None = None) -> None:
        """`revive`: brings the server up again where it is this computer's own; called in a thread, may block."""
        self.database = database
        self._revive = revive
        self.mirror = Mirror()
        self.health = Health("away", datetime.now(UTC), 0.0)
        self._reference: Reference | None = None
        self._health_listeners: list[Callable[[Health], None]] = []
        self._reference_listeners: list[Callable[[Reference], None]] = []
        self._entity_listeners: list[Callable[[frozenset[str]], None]] = []
        self._hint = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._reader: FeedReader | None = None
        self._epoch = ""
        self._heartbeat = HEARTBEAT_S

    @property
    def reference(self) -> Reference:
        """The newest reference data; there is one after `start`."""
        assert self._reference is not None  # noqa: S101 - start() sets it
        return self._reference

    def on_health(self, listener: Callable[[Health], None]) -> Callable[[], None]:
        """Call `listener` whenever health is known anew; returns the way to stop."""
        self._health_listeners.append(listener)
        return lambda: self._health_listeners.remove(listener)

    def on_reference(self, listener: Callable[[Reference], None]) -> Callable[[], None]:
        """Call `listener` with new reference data after somebody changed it; returns the way to stop."""
        self._reference_listeners.append(listener)
        return lambda: self._reference_listeners.remove(listener)

    def on_entities(self, listener: Callable[[frozenset[str]], None]) -> Callable[[], None]:
        """Call `listener` with the kinds of things that changed, batch by batch; returns the way to stop.

        ``case``, ``whistle``, ``party``, ``score``, ``slip``, ``alarm`` and so on; after a new snapshot, ``everything``.
        """
        self._entity_listeners.append(listener)
        return lambda: self._entity_listeners.remove(listener)

    @classmethod
    async def open(cls, url: str, revive: Callable[[], object] | None = None) -> "Desk":
        """Sign in at `url`, check that program and database fit, and start. Raises PersonError."""
        database = await Database.connect(url)
        try:
            await need_current(database)
            desk = cls(database, revive)
            await desk.start()
        except BaseException:
            await database.close()
            raise
        return desk

    async def close(self) -> None:
        """End the feed and give back every connection."""
        await self.stop()
        await self.database.close()

    async def start(self) -> None:
        """Load reference data and the first snapshot, then follow the feed until `stop`. Raises PersonError."""
        self._reference = await load_reference(self.database)
        loaded = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._run(loaded), name="feed")
        try:
            await loaded
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the feed; the mirror stays as it is."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self, loaded: asyncio.Future[None]) -> None:
        pause = FIRST_PAUSE_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._follow(loaded)
            except Exception as error:
                if not loaded.done():
                    loaded.set_exception(error)
                    return
                if isinstance(error, (*UNREACHABLE, PersonError)):
                    log.info("feed interrupted: %s", type(error).__name__)
                else:  # a bug; the desk says that it is not current, and tries again
                    log.exception("feed failed")
                self._tell_health(Health("away", self.health.as_of, self.health.delay))
                await self.database.forget_connections()  # or the first deed afterwards would meet a dead one
                if asyncio.get_running_loop().time() - began > LONGEST_PAUSE_S:
                    pause = FIRST_PAUSE_S  # it had been well for a while
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311 - jitter
                await self._bring_back()
                pause = min(pause * 2, LONGEST_PAUSE_S)

    async def _bring_back(self) -> None:
        if self._revive is not None:
            try:
                await asyncio.to_thread(self._revive)
            except PersonError as error:
                log.info("the server does not come back yet: %s", error.sentence)

    async def _follow(self, loaded: asyncio.Future[None]) -> None:
        """One connection's life: listen first, then load or catch up, then read after every hint. Returns to start anew."""
        async with self.database.raw() as connection:
            self._heartbeat = HEARTBEAT_S if await listening(connection, self._hint.set) else POLL_S
            reader = self._reader
            if reader is None:
                reader = await self._load(connection)
            else:
                reader.resume(connection)
            if not loaded.done():
                loaded.set_result(None)
            loop = asyncio.get_running_loop()
            while True:
                self._hint.clear()
                began = loop.time()
                async with asyncio.timeout(ANSWER_S):
                    batch = await reader.read()
                if batch.too_far or batch.epoch != self._epoch:
                    log.info("feed starts anew: too far behind, or the database was restored")
                    self._reader = None
                    return
                await self._apply(batch)
                await asyncio.sleep(min(LONGEST_GATHERING_S, BUSY_SHARE * (loop.time() - began)))
                await self._wait_for_hint(self._heartbeat)

    async def _load(self, connection: Any) -> FeedReader:
        wall = self.reference.me.role is Role.WALL
        snapshot = await read_snapshot(connection, wall=wall)
        self.mirror.reset(snapshot.rows)
        self._tell_entities(EVERYTHING)
        self._epoch = snapshot.epoch
        self._reader = FeedReader(connection, snapshot.xmin, wall=wall)
        self._tell_health(Health("live", snapshot.as_of, 0.0))
        return self._reader

    async def _wait_for_hint(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 can swallow a cancellation
                await self._hint.wait()

    async def _apply(self, batch: Batch) -> None:
        if batch.seqs:
            self.mirror.apply(batch.rows, batch.gone)
            self._tell_entities(batch.entities)
        if batch.reference_changed:
            self._reference = await load_reference(self.database)
            for listener in tuple(self._reference_listeners):
                listener(self._reference)
        delay = (batch.now - batch.oldest_at).total_seconds() if batch.oldest_at is not None else 0.0
        self._tell_health(Health("live", batch.now, max(0.0, delay)))

    def _tell_entities(self, entities: frozenset[str]) -> None:
        for listener in tuple(self._entity_listeners):
            listener(entities)

    def _tell_health(self, health: Health) -> None:
        self.health = health
        for listener in tuple(self._health_listeners):
            listener(health)
