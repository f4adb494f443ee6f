"""What a round of everything time does costs where 300,000 cases are open: one that finds what a busy minute brought, one that
finds nothing to do, and the very first of a centre, which finds everything that ever happened (once, so it has no goal).

The floor is a look at all open cases whose limit has passed, counted by the index of limits.
"""

import asyncio
import time

import asyncpg

from commandcenter.services.timekeeper import DEEDS
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import Place, connected, server

ROUNDS = 5
MINUTE = """
    update cc.cases set due_at = now() - interval '1 second' where id in (
        select id from cc.cases where state in (2, 3, 4) and due_at > now() order by due_at limit 300)
"""
"""Three hundred cases pass their limit within a minute: at 70,000 cases a day, of which a tenth were late, five would."""
LATE = """
    update cc.cases set due_at = now() + (10 + id % 60) * interval '1 hour', soon_at = now() + (4 + id % 60) * interval '1 hour'
    where state < 7 and id % 40 <> 0
"""
"""Every fortieth is over its limit, as in the demo county: a county where most are late has other worries."""


async def _round(keeper: asyncpg.Connection) -> tuple[float, dict[str, float]]:
    """Seconds of a round, and of each deed."""
    took = {}
    for deed in DEEDS:
        began = time.perf_counter()
        await keeper.fetchval("select cc.keep($1)", deed.name)
        took[deed.name] = time.perf_counter() - began
    return sum(took.values()), took


async def _measure(place: Place) -> tuple[float, list[float], list[float], float, dict[str, float], int]:
    async with connected(place.admin_url) as root:
        await root.execute("set session_replication_role = replica")
        await root.execute(LATE)
        await root.execute("vacuum analyze")
        began = time.perf_counter()
        await root.fetchval(
            "select count(*) from cc.cases where district_id = cc.home_district() and state < 7 and due_at < now()"
        )
        floor = time.perf_counter() - began
    async with connected(place.url("duty1")) as keeper:
        await keeper.execute("select cc.try_keeping()")
        first, deeds = await _round(keeper)
        idle = [(await _round(keeper))[0] for _ in range(ROUNDS)]
        busy = []
        for _ in range(ROUNDS):
            async with connected(place.admin_url) as root:
                await root.execute("set session_replication_role = replica")
                await root.execute(MINUTE)
            busy.append((await _round(keeper))[0])
    async with connected(place.admin_url) as root:
        slips: int = await root.fetchval("select count(*) from cc.slips")
    return first, idle, busy, floor, deeds, slips


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds."""
    place = server().place("timekeeper")
    place.load(30_000 if quick else 300_000)
    first, idle, busy, floor, deeds, slips = asyncio.run(_measure(place))
    worst = max(deeds, key=lambda name: deeds[name])
    counted = "counting what is over its limit"
    return [
        figure("timekeeper.sweep", sorted(busy)[ROUNDS // 2] * 1000, "ms", counted, floor * 1000),
        figure("timekeeper.idle", sorted(idle)[ROUNDS // 2] * 1000, "ms", counted, floor * 1000),
        figure("timekeeper.first", first * 1000, "ms", counted, floor * 1000),
        figure(f"timekeeper.first.{worst}", deeds[worst] * 1000, "ms"),
        figure("timekeeper.drafted", slips, "slips"),
    ]
