"""One live registration with everything that is suggested for it: advice, repeats among 100,000 reports, and the commit.

The floor is a bare commit of one small row on the same connections, between any two of them. The texts are those of
``suggest``; half of them tell an earlier one's matter. A clerk's typing is not measured, nor the pause before the page asks,
nor what it asked on the way: as on the page there was a question about two thirds of the text, and the clock starts at the
last key, with the question about the whole of it.
"""

import asyncio
import gc
import time
from datetime import datetime, timedelta
from uuid import uuid4

from commandcenter.db.engine import Database
from commandcenter.services.advising import Advisor
from commandcenter.services.cases import register
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.reference import load_reference
from commandcenter.services.repeats import Asked, Finder
from tests.benchmarks.bench_suggest import Words, _fill, _learn
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

FIRST = 10
"""Registrations before the first that is measured: they plan the functions, which a desk at work has done long ago."""


async def _measure(place: Place, times: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each whole registration, and of each bare commit between them."""
    words = Words()
    async with connected(place.admin_url) as root:
        known, texts = await _fill(root, words)
        await _learn(root, texts)
        await root.execute("create table public.floor (id bigint generated always as identity primary key)")
        await root.execute("grant insert on public.floor to public")
        newest: datetime = await root.fetchval("select max(received_at) from cc.reports")
    database = await Database.connect(place.url("duty1"))
    advisor = await Advisor.open(database, await load_reference(database))
    finder = await Finder.open(database)
    del texts
    gc.collect()
    gc.freeze()  # what was made up here is nothing a desk's collector would look through (ui/garbage.py)
    whole, bare = [], []
    for number in range(-FIRST, times):
        matter, case = known[words.rng.randrange(len(known))]
        content = words.told(matter if number % 2 else words.matter())
        phone = f"138{words.rng.randint(0, 299_999):08}"
        now = newest + timedelta(minutes=1)
        await finder.suggest(Asked(content[: len(content) * 2 // 3], now, phone=phone, lon=case[1], lat=case[2]))
        began = time.perf_counter()
        advice = await asyncio.to_thread(advisor.advise, content=content, now=now)
        category_id = advice.categories[0][0] if advice.categories else None
        asked = Asked(content, now, phone=phone, category_id=category_id, lon=case[1], lat=case[2])
        found = await finder.suggest(asked)
        if found:
            advice = await asyncio.to_thread(advisor.advise, content=content, repeats=len(found), now=now)
        report = NewReport(
            1, content, category_id=category_id, grade=advice.grade.grade, lon=case[1], lat=case[2],
            citizen=Citizen("王某某", phone), proposed_category_id=category_id,
        )  # fmt: skip
        await register(database, report, key=uuid4())
        ended = time.perf_counter()
        async with database.begin() as connection:
            await connection.exec_driver_sql("insert into public.floor default values")
        if number >= 0:
            whole.append((ended - began) * 1000)
            bare.append((time.perf_counter() - ended) * 1000)
    await database.close()
    return whole, bare


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds."""
    place = server().place("register")
    place.load(10_000 if quick else 100_000)
    whole, bare = asyncio.run(_measure(place, 40 if quick else 300))
    return [
        figure("register.p50", quantile(whole, 0.5), "ms", "a bare commit, p50", quantile(bare, 0.5)),
        figure("register.p95", quantile(whole, 0.95), "ms", "a bare commit, p95", quantile(bare, 0.95)),
    ]
