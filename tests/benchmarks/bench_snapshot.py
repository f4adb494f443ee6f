"""The first load of the mirror, columns by COPY against rows by fetch, both up to a filled mirror."""

import asyncio
import gc
import statistics
import time

import asyncpg
import numpy as np

from commandcenter.db.snapshot import EXPRESSIONS, TEXT_EXPRESSIONS, read_snapshot
from commandcenter.domain.moment import micros
from commandcenter.live.mirror import COLUMNS, TEXTS, Mirror, Rows
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import connected, server


async def _by_columns(connection: asyncpg.Connection) -> int:
    mirror = Mirror()
    mirror.reset((await read_snapshot(connection)).rows)
    return len(mirror)


async def _by_rows(connection: asyncpg.Connection) -> int:
    """What one would write first: fetch, then take the rows apart."""
    numbers = [name if name.endswith("_at") else EXPRESSIONS[name][0] for name in COLUMNS]
    columns = ", ".join([*numbers, *(TEXT_EXPRESSIONS[name] for name in TEXTS)])
    fetched = await connection.fetch(f"select {columns} from cc.cases where state < 7 order by id")
    *values, number, title, place, holder = zip(*fetched, strict=True)
    arrays = {}
    for (name, kind), column in zip(COLUMNS.items(), values, strict=True):
        if name.endswith("_at"):
            arrays[name] = np.array([micros(value) for value in column], kind)
        else:
            arrays[name] = np.array(column, kind)
    mirror = Mirror()
    mirror.reset(
        Rows(arrays, {"number": list(number), "title": list(title), "place": list(place), "holder": list(holder)})
    )
    return len(mirror)


async def _measure(url: str, rounds: int) -> tuple[int, float, float]:
    async with connected(url) as connection:
        count = await _by_columns(connection)
        columns, rows = [], []
        for _ in range(rounds):
            for way, took in ((_by_columns, columns), (_by_rows, rows)):
                gc.collect()
                began = time.perf_counter()
                assert await way(connection) == count
                took.append(time.perf_counter() - began)
        return count, statistics.median(columns), statistics.median(rows)


def run(quick: bool = False) -> list[Figure]:
    """Measure; seconds."""
    place = server().large(quick=quick)
    _, columns, rows = asyncio.run(_measure(place.url("duty1"), 3))
    return [figure("snapshot.300k", columns, "s", "rows by fetch", rows)]
