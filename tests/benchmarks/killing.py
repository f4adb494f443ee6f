"""Four times ``kill -9`` on the server while quick and slow transactions commit: what does a reader lose or get twice?

The control reads what one would write first, ``seq >`` the last one seen: it misses what commits late.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import asyncpg

from commandcenter.db.engine import Database
from commandcenter.db.feed import Batch
from commandcenter.live.desk import Desk
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import Place, connected, server

KILLS = 4
QUICK_WRITERS, SLOW_WRITERS = 4, 4
AWAY = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class CountingDesk(Desk):
    """A desk that writes down every event it is given."""

    def __init__(self, database: Database, revive: Callable[[], object] | None = None) -> None:
        super().__init__(database, revive)
        self.seqs: Counter[int] = Counter()

    async def _apply(self, batch: Batch) -> None:
        self.seqs.update(batch.seqs)
        await super()._apply(batch)


async def _write(url: str, cases: list[int], stop: asyncio.Event, slow: random.Random | None) -> None:
    """Note after note on one's own cases; a slow writer dwells before it commits, or takes it back."""
    turn = 0
    while not stop.is_set():
        with suppress(*AWAY, TimeoutError):
            async with asyncio.timeout(5), connected(url) as connection:
                while not stop.is_set():
                    case = cases[turn % len(cases)]
                    turn += 1
                    version = await connection.fetchval("select version from cc.cases where id = $1", case)
                    transaction = connection.transaction()
                    await transaction.start()
                    await connection.fetchval("select cc.note($1, $2, $3, $4)", case, version, "补充", uuid4())
                    if slow is not None:
                        await asyncio.sleep(slow.uniform(0.02, 0.3))
                    if slow is not None and slow.random() < 0.3:
                        await transaction.rollback()
                    else:
                        await transaction.commit()
                        await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


async def _read_naively(url: str, last: int, got: set[int], stop: asyncio.Event) -> None:
    while not stop.is_set():
        with suppress(*AWAY, TimeoutError):
            async with asyncio.timeout(5), connected(url) as connection:
                while not stop.is_set():
                    for row in await connection.fetch("select seq from cc.journal where seq > $1 order by seq", last):
                        last = row["seq"]
                        got.add(last)
                    await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)


async def _kill_and_revive() -> None:
    embedded = server().embedded
    pid = embedded.status().pid
    if pid is None:
        raise AssertionError("the server of the benchmark is not there")
    os.kill(pid, signal.SIGKILL)
    await asyncio.to_thread(embedded.start)


async def _measure(place: Place, dwell: float) -> tuple[int, int, int, int]:
    """Events, lost by the desk, doubled by it, lost by the naive reader."""
    rng = random.Random(4)
    desk = await CountingDesk.open(place.url("duty1"))
    async with connected(place.admin_url) as root:
        before = await root.fetchval("select coalesce(max(seq), 0) from cc.journal")
        found = [
            row["id"] for row in await root.fetch("select id from cc.cases where state = 3 order by id desc limit 400")
        ]
    stop = asyncio.Event()
    naive: set[int] = set()
    writers = [
        asyncio.create_task(
            _write(place.url(f"duty{10 + part}"), found[part:: QUICK_WRITERS + SLOW_WRITERS], stop,
                   random.Random(part) if part >= QUICK_WRITERS else None)
        )
        for part in range(QUICK_WRITERS + SLOW_WRITERS)
    ]  # fmt: skip
    reader = asyncio.create_task(_read_naively(place.url("duty2"), before, naive, stop))
    for _ in range(KILLS):
        await asyncio.sleep(dwell * rng.uniform(0.8, 1.2))
        await _kill_and_revive()
    await asyncio.sleep(dwell)
    stop.set()
    await asyncio.gather(*writers, reader)
    async with connected(place.admin_url) as root:
        truth = {row["seq"] for row in await root.fetch("select seq from cc.journal where seq > $1", before)}
    for _ in range(40):  # three heartbeats are enough for whatever is still to come
        if truth <= desk.seqs.keys():
            break
        await asyncio.sleep(0.2)
    await desk.close()
    doubled = sum(times - 1 for seq, times in desk.seqs.items() if seq in truth)
    return len(truth), len(truth.difference(desk.seqs)), doubled, len(truth.difference(naive))


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Kill, and count."""
    events, lost, doubled, naive = asyncio.run(_measure(place, 0.5 if quick else 2.0))
    return [
        figure("feed.kill.lost", lost, f"of {events} events", "a reader of seq >", naive),
        figure("feed.kill.doubled", doubled, f"of {events} events"),
        figure("feed.kill.naive", 100 * naive / max(events, 1), "% lost"),
    ]
