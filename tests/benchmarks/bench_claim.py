"""Fifty duty officers take five thousand waiting cases: does anybody get another's, and how long does each wait?

The reference is what the same fifty connections can do at all: a commit of one small row each, answered when it is safe
on disk.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from multiprocessing.connection import Connection
from uuid import uuid4

from commandcenter.db.engine import Database
from commandcenter.services.cases import take_next
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import DUTIES, connected, server
from tests.benchmarks.workers import told, worker

PROCESSES = 2


async def _clients(pipe: Connection, urls: list[str]) -> None:
    """Take until nothing is left; answers (case id, seconds) of every take."""
    databases = [await Database.connect(url) for url in urls]
    taken: list[tuple[int, float]] = []

    async def client(database: Database) -> None:
        while True:
            began = time.perf_counter()
            change = await take_next(database, key=uuid4())
            if change is None:
                return
            taken.append((change.case_id, time.perf_counter() - began))

    # The first call of a connection plans the functions; a desk at work has done that long ago.
    first = [await take_next(database, key=uuid4()) for database in databases]
    taken += [(change.case_id, 0.0) for change in first if change is not None]
    pipe.send("ready")
    await told(pipe)
    await asyncio.gather(*(client(database) for database in databases))
    pipe.send(taken)
    for database in databases:
        await database.close()


async def _committers(pipe: Connection, urls: list[str], each: int) -> None:
    """The floor: the same connections commit one small row `each` times."""
    databases = [await Database.connect(url) for url in urls]
    waits: list[tuple[int, float]] = []

    async def client(database: Database) -> None:
        for _ in range(each):
            began = time.perf_counter()
            async with database.begin() as connection:
                await connection.exec_driver_sql("insert into public.floor default values")
            waits.append((0, time.perf_counter() - began))

    pipe.send("ready")
    await told(pipe)
    await asyncio.gather(*(client(database) for database in databases))
    pipe.send(waits)
    for database in databases:
        await database.close()


def _fifty(
    work: Callable[..., Awaitable[None]], urls: list[str], *arguments: object
) -> tuple[list[tuple[int, float]], float]:
    with ExitStack() as stack:
        pipes = [stack.enter_context(worker(work, urls[part::PROCESSES], *arguments)) for part in range(PROCESSES)]
        for pipe in pipes:
            pipe.recv()
        began = time.perf_counter()
        for pipe in pipes:
            pipe.send("go")
        answers = [answer for pipe in pipes for answer in pipe.recv()]
        return answers, time.perf_counter() - began


async def _make_floor(url: str) -> None:
    async with connected(url) as root:
        await root.execute(
            "create table if not exists public.floor (id bigint generated always as identity primary key)"
        )
        await root.execute("grant insert on public.floor to public")


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds."""
    cases = 500 if quick else 5_000
    place = server().place("claims")
    place.load(3 * cases, ended=True)
    place.load(cases, waiting=True)
    asyncio.run(_make_floor(place.admin_url))
    urls = [place.url(f"duty{n}") for n in range(1, DUTIES + 1)]
    floor, floor_took = _fifty(_committers, urls, cases // 50)
    taken, took = _fifty(_clients, urls)
    waits = [seconds * 1000 for _, seconds in taken if seconds]
    bare = [seconds * 1000 for _, seconds in floor]
    doubles = sum(times - 1 for times in Counter(case for case, _ in taken).values())
    return [
        figure("claim.50", quantile(waits, 0.99), "ms p99", "one small row committed, p99", quantile(bare, 0.99)),
        figure("claim.p50", quantile(waits, 0.5), "ms", "one small row committed, p50", quantile(bare, 0.5)),
        figure("claim.rate", len(waits) / took, "takes/s", "small commits/s", len(floor) / floor_took),
        figure("claim.doubles", doubles, "cases"),
        figure("claim.missed", cases - len({case for case, _ in taken}), "cases"),
    ]
