"""Twenty apps deliver at once through the gateway's own process: how many are committed a second, how long each waits.

The floor is what the same database can do at all for the same clients, through one pool as the gateway has it: cc.register,
committed, without HTTP, tokens or limits.
"""

import asyncio
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import httpx

from commandcenter.address import with_login
from commandcenter.db.engine import Database
from commandcenter.db.scram import verifier
from commandcenter.services import api_keys
from commandcenter.services.cases import register
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

CLIENTS = 20
MAIN = Path(__file__).parents[2] / "main.py"
PASSWORD = "bench-gateway-37"


async def _prepare(place: Place) -> tuple[str, list[str]]:
    """A login for the gateway, a key for each app; (the login's address, the keys)."""
    async with connected(place.admin_url) as root:
        await root.execute(
            "select cc.add_person('bench_gateway', '网关', 'cc_intake', 1, $1, false)",
            verifier(PASSWORD, b"0123456789abcdef"),
        )
    db = await Database.connect(place.admin_url)
    keys = [
        (await api_keys.add(db, label=f"app {n}", channel="app", hour_limit=1_000_000)).secret for n in range(CLIENTS)
    ]
    await db.close()
    return with_login(place.admin_url, "bench_gateway", PASSWORD), keys


async def _all(one: Callable[[int, int], Awaitable[None]], each: int) -> tuple[list[float], float]:
    """Every client's turns, one after the other; (waits in ms, seconds of the whole)."""
    waits: list[float] = []

    async def client(who: int) -> None:
        for turn in range(each):
            began = time.perf_counter()
            await one(who, turn)
            waits.append((time.perf_counter() - began) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(client(who) for who in range(CLIENTS)))
    return waits, time.perf_counter() - began


async def _over_http(url: str, keys: list[str], each: int) -> tuple[list[float], float]:
    limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
    async with httpx.AsyncClient(base_url=url, limits=limits, timeout=60) as client:

        async def one(who: int, turn: int) -> None:
            answer = await client.post(
                "/open311/v2/requests.json",
                data={"service_code": "0", "lat": "37.1", "long": "122.4", "description": f"路灯不亮 {who} {turn}",
                      "address_string": "人民路", "api_key": keys[who]},
                headers={"Idempotency-Key": uuid4().hex},
            )  # fmt: skip
            assert answer.status_code == 201, answer.text

        await _all(one, 3)  # connections, plans
        return await _all(one, each)


async def _floor(url: str, each: int) -> tuple[list[float], float]:
    db = await Database.connect(url)

    async def one(who: int, turn: int) -> None:
        await register(
            db, channel_id=2, content=f"路灯不亮 {who} {turn}", lon=122.4, lat=37.1, place="人民路", key=uuid4()
        )

    await _all(one, 3)
    measured = await _all(one, each)
    await db.close()
    return measured


def run(quick: bool = False) -> list[Figure]:
    """Measure; deliveries a second, milliseconds."""
    each = 10 if quick else 100
    place = server().place("gateway")
    url, keys = asyncio.run(_prepare(place))
    floor, floor_took = asyncio.run(_floor(url, each))
    with tempfile.TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("CC_")}
        process = subprocess.Popen(
            [sys.executable, MAIN, "gateway", "--port", "0"],
            env=environment | {"CC_DATA_DIR": folder, "CC_DATABASE_URL": url},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline().decode())
        assert found is not None
        waits, took = asyncio.run(_over_http(found[0], keys, each))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    return [
        figure("gateway.rate", len(waits) / took, "POSTs/s", "cc.register alone, commits/s", len(floor) / floor_took),
        figure("gateway.p95", quantile(waits, 0.95), "ms", "cc.register alone, p95", quantile(floor, 0.95)),
        figure("gateway.p50", quantile(waits, 0.5), "ms", "cc.register alone, p50", quantile(floor, 0.5)),
    ]
