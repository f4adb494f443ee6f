"""From commit to mirror: one desk and twenty, at 200 commits a second; then through four deaths of the server.

Writers, desks and the raw listener live in processes of their own and share the machine's clock. A commit's time is the
moment before COMMIT is sent, for the desks as for the raw NOTIFY listener beside them.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from uuid import uuid4

import asyncpg

from commandcenter.db.engine import CHANNEL
from commandcenter.live.desk import Desk
from commandcenter.live.mirror import Changed
from tests.benchmarks import killing
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server
from tests.benchmarks.workers import told, worker

RATE = 200
WRITERS = 5
RAW_EVERY_S = 0.1
SETTLE_S = 1.5

Seen = tuple[int, int, float]
"""Case id, version, when."""


async def _desks(pipe: Connection, urls: Sequence[str]) -> None:
    """Desks that note when a case's version reaches their mirror; answers one list of `Seen` a desk."""
    desks = [await Desk.open(url) for url in urls]
    seen: list[list[Seen]] = [[] for _ in desks]

    def watch(desk: Desk, notes: list[Seen]) -> None:
        def on_change(changed: Changed) -> None:
            now = time.time()
            ids, versions = desk.mirror.id[changed.updated].tolist(), desk.mirror.version[changed.updated].tolist()
            notes.extend((case, version, now) for case, version in zip(ids, versions, strict=True))

        desk.mirror.subscribe(on_change)

    for desk, notes in zip(desks, seen, strict=True):
        watch(desk, notes)
    pipe.send("ready")
    await told(pipe)
    pipe.send(seen)
    for desk in desks:
        await desk.close()


async def _listener(pipe: Connection, url: str) -> None:
    """The rival: nothing but LISTEN; answers when each payload came."""
    came: list[tuple[str, float]] = []
    async with connected(url) as connection:
        await connection.add_listener("raw", lambda _c, _p, _channel, payload: came.append((payload, time.time())))
        pipe.send("ready")
        await told(pipe)
        pipe.send(came)


async def _writers(pipe: Connection, url: str, admin_url: str, seconds: float, ours: bool) -> None:
    """RATE commits a second, at their appointed times; answers ([(case, version, commit time)], [(payload, time)]).

    `ours`: they hint after their commit, as a desk's connections do; otherwise the database's trigger does it within.
    """
    wrote: list[Seen] = []
    told_raw: list[tuple[str, float]] = []
    async with connected(admin_url) as root:
        await root.execute("create table if not exists public.raw (id bigint generated always as identity primary key)")
        found = await root.fetch("select id, version from cc.cases where state = 3 order by id limit 1000")
        cases = [(row["id"], row["version"]) for row in found]

        async def write(part: int) -> None:
            mine = cases[part::WRITERS]
            versions = dict(mine)
            connection = await asyncpg.connect(url, server_settings={"cc.hints": "self"} if ours else {})
            await asyncio.sleep(part / RATE)
            due = time.time()
            turn = 0
            while due < end:
                case = mine[turn % len(mine)][0]
                transaction = connection.transaction()
                await transaction.start()
                await connection.fetchval("select cc.note($1, $2, $3, $4)", case, versions[case], "补充", uuid4())
                versions[case] += 1
                at = time.time()
                await transaction.commit()
                if ours:
                    await connection.execute(f"notify {CHANNEL}")
                wrote.append((case, versions[case], at))
                turn += 1
                due += WRITERS / RATE
                await asyncio.sleep(max(0.0, due - time.time()))
            await connection.close()

        async def hint() -> None:
            while time.time() < end:
                transaction = root.transaction()
                await transaction.start()
                await root.execute("insert into public.raw default values")
                payload = str(len(told_raw))
                await root.execute(f"notify raw, '{payload}'")
                told_raw.append((payload, time.time()))
                await transaction.commit()
                await asyncio.sleep(RAW_EVERY_S)

        pipe.send("ready")
        await told(pipe)
        end = time.time() + seconds
        await asyncio.gather(hint(), *(write(part) for part in range(WRITERS)))
    pipe.send((wrote, told_raw))


def _delays(place: Place, desks: int, seconds: float, *, ours: bool = True) -> tuple[list[float], list[float], float]:
    """Milliseconds to the mirrors, milliseconds to the raw listener, and commits a second."""
    urls = [place.url(f"duty{number}") for number in range(1, desks + 1)]
    parts = [urls[part::2] for part in range(2) if urls[part::2]]
    with ExitStack() as stack:
        readers = [stack.enter_context(worker(_desks, part)) for part in parts]
        listener = stack.enter_context(worker(_listener, place.admin_url))
        writer = stack.enter_context(worker(_writers, place.url("duty50"), place.admin_url, seconds, ours))
        for pipe in (*readers, listener, writer):
            pipe.recv()
        writer.send("go")
        wrote, told_raw = writer.recv()
        time.sleep(SETTLE_S)
        for pipe in (*readers, listener):
            pipe.send("stop")
        seen = [notes for pipe in readers for notes in pipe.recv()]
        came = dict(listener.recv())
    committed = sorted(wrote)
    to_mirrors = []
    for notes in seen:
        # a mirror that went from version 3 to 5 at once has had 4 as well
        arrivals: dict[int, list[tuple[int, float]]] = {}
        for case, version, at in notes:
            arrivals.setdefault(case, []).append((version, at))
        for case, version, at in committed:
            arrived = min((when for reached, when in arrivals.get(case, ()) if reached >= version), default=None)
            if arrived is None:
                raise AssertionError("a commit never reached a mirror")
            to_mirrors.append((arrived - at) * 1000)
    raw = [(came[payload] - at) * 1000 for payload, at in told_raw if payload in came]
    return to_mirrors, raw, len(wrote) / seconds


def run(quick: bool = False) -> list[Figure]:
    """Measure; milliseconds, and events."""
    place = server().busy(quick=quick)
    seconds = 2.0 if quick else 8.0
    one, raw_one, rate_one = _delays(place, 1, seconds)
    many, raw_many, rate_many = _delays(place, 4 if quick else 20, seconds)
    foreign, raw_foreign, _ = _delays(place, 1, seconds, ours=False)
    return [
        figure("feed.p50", quantile(one, 0.5), "ms", "a raw NOTIFY listener, p50", quantile(raw_one, 0.5)),
        figure("feed.p95", quantile(many, 0.95), "ms", "a raw NOTIFY listener, p95", quantile(raw_many, 0.95)),
        figure("feed.p95.one", quantile(one, 0.95), "ms", "a raw NOTIFY listener, p95", quantile(raw_one, 0.95)),
        figure(
            "feed.p50.foreign", quantile(foreign, 0.5), "ms", "a raw NOTIFY listener, p50", quantile(raw_foreign, 0.5)
        ),
        figure("feed.p50.many", quantile(many, 0.5), "ms", "a raw NOTIFY listener, p50", quantile(raw_many, 0.5)),
        figure("feed.rate", min(rate_one, rate_many), "commits/s", "asked for", float(RATE)),
        *killing.measure(place, quick=quick),
    ]
