"""What row-level security costs: on a scan of every open case, and on one page of a queue among a million cases.

The reference for both is the same question asked by a superuser, for whom there is no row-level security.
"""

import asyncio
import statistics
import time

import asyncpg

from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

SCAN = "select grade, count(*) from cc.cases where district_id = cc.home_district() and state < 7 group by grade"
PAGE = """
select id, number, version, grade, state, flags, title, place, town_id, unit_id, lon, lat, received_at, due_at, holder
from cc.cases where district_id = cc.home_district() and id in (
    select id from cc.cases where district_id = cc.home_district() and state < 7 order by grade, due_at, id limit 50)
order by grade, due_at, id
"""
"""The fifty are found in the index alone, which holds the path for the policy, before any row is fetched."""
WHO = {"county": "duty1", "town": "town", "department": "department"}


async def _times(connection: asyncpg.Connection, query: str, rounds: int) -> list[float]:
    await connection.fetch(query)
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        await connection.fetch(query)
        took.append((time.perf_counter() - began) * 1000)
    return took


async def _scan(place: Place, rounds: int) -> tuple[float, float]:
    """Median ms with and without, in turns."""
    async with connected(place.url("duty1")) as duty, connected(place.admin_url) as root:
        ours, bare = [], []
        for _ in range(rounds):
            ours += await _times(duty, SCAN, 1)
            bare += await _times(root, SCAN, 1)
        return statistics.median(ours), statistics.median(bare)


async def _pages(place: Place, rounds: int) -> dict[str, float]:
    """The p95 in ms of a page, for each kind of login and, as ``bare``, for the superuser."""
    found = {}
    urls = {name: place.url(login) for name, login in WHO.items()} | {"bare": place.admin_url}
    for name, url in urls.items():
        async with connected(url) as connection:
            found[name] = quantile(await _times(connection, PAGE, rounds), 0.95)
    return found


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds."""
    place = server().large(quick=quick)
    ours, bare = asyncio.run(_scan(place, 7))
    open_cases = 30_000 if quick else 300_000
    if place.loaded == open_cases:
        place.load(open_cases * 7 // 3, ended=True)
    pages = asyncio.run(_pages(place, 40 if quick else 200))
    floor = pages.pop("bare")
    return [
        figure("rls.scan", ours, "ms", "without row-level security", bare),
        figure("rls.queue", max(pages.values()), "ms p95", "a superuser's page, p95", floor),
        *(
            figure(f"rls.queue.{name}", took, "ms p95", "a superuser's page, p95", floor)
            for name, took in pages.items()
        ),
    ]
