"""A month of the demo county through the services, on a stopped clock: cases a second, and that the audit finds nothing.

The floor is what the same machine can do at all: a commit of one small row each, one after the other.
"""

import asyncio
import time
from datetime import datetime

from commandcenter import address
from commandcenter.clock import SHANGHAI
from commandcenter.db import schema
from commandcenter.services.play import month
from commandcenter.services.play.month import MonthReport
from tests.benchmarks.figure import Figure, figure
from tests.benchmarks.server import connected, server

NAME = "bench_month"
START = datetime(2026, 11, 1, tzinfo=SHANGHAI)
COMMITS = 2_000


async def _floor(url: str) -> float:
    """Commits a second."""
    async with connected(url) as root:
        await root.execute("create table public.floor (id bigint generated always as identity primary key)")
        began = time.perf_counter()
        for _ in range(COMMITS):
            await root.execute("insert into public.floor default values")
        return COMMITS / (time.perf_counter() - began)


async def _measure(admin: str, cases: int, days: int) -> tuple[MonthReport, float]:
    await schema.create_database(admin, NAME)
    url = schema.with_database(admin, NAME)
    await schema.upgrade(url)
    report = await month.simulate(
        url, lambda login, password: address.with_login(url, login, password), cases=cases, seed=7, start=START,
        days=days, progress=lambda _: None,
    )  # fmt: skip
    return report, await _floor(url)


def run(quick: bool = False) -> list[Figure]:
    """Measure; cases a second, and the whole in seconds."""
    report, floor = asyncio.run(_measure(server().admin_url, *((600, 4) if quick else (15_000, 30))))
    deeds = sum(report.deeds.values())
    refused = sum(report.refused.values())
    print(
        f"    {report.cases} cases, {deeds} deeds, {refused} refused, {sum(report.of('whistles').values())} whistles, "
        f"{report.seconds:.0f} s"
    )
    for sentence, times in sorted(report.refused.items(), key=lambda each: -each[1])[:5]:
        print(f"      {times} × {sentence}")
    return [
        figure("month.sim", report.cases / report.seconds, "cases/s", "small commits/s, one by one", floor),
        figure("month.deeds", deeds / report.seconds, "deeds/s", "small commits/s, one by one", floor),
        figure("month.whole", report.seconds, "s"),
        figure("month.findings", len(report.findings), "findings"),
    ]
