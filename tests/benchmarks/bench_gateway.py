"""Twenty apps deliver at once through the gateway's own process: how many are committed a second, how long each waits.

Two floors of the same run for the same twenty: one small row committed each on a connection of its own, which is what the
disk allows; and cc.register alone, without HTTP, tokens or limits. The clients speak HTTP by hand: a library's own work would
take from the gateway what is to be measured.
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
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import asyncpg

from commandcenter.address import with_login
from commandcenter.db.engine import Database
from commandcenter.db.scram import verifier
from commandcenter.gateway.serve import CONNECTIONS
from commandcenter.services import api_keys
from commandcenter.services.cases import register
from commandcenter.services.new_report import NewReport
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


def _request(key: str, words: str) -> bytes:
    said = {
        "service_code": "0",
        "lat": "37.1",
        "long": "122.4",
        "description": words,
        "address_string": "人民路",
        "api_key": key,
    }
    body = urlencode(said).encode()
    head = (
        "POST /open311/v2/requests.json HTTP/1.1", "Host: gateway", f"Idempotency-Key: {uuid4().hex}",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", "",
    )  # fmt: skip
    return "\r\n".join(head).encode() + body


async def _over_http(url: str, keys: list[str], each: int) -> tuple[list[float], float]:
    there = urlsplit(url)
    lines = [await asyncio.open_connection(there.hostname, there.port) for _ in range(CLIENTS)]

    async def one(who: int, turn: int) -> None:
        reader, writer = lines[who]
        writer.write(_request(keys[who], f"路灯不亮 {who} {turn}"))
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None, head
        body = await reader.readexactly(int(length[1]))
        assert head.startswith(b"HTTP/1.1 201 "), body.decode()

    await _all(one, 10)  # connections, plans
    measured = await _all(one, each)
    for _, writer in lines:
        writer.close()
        await writer.wait_closed()
    return measured


async def _bare(url: str, each: int) -> tuple[list[float], float]:
    async with connected(url) as root:
        await root.execute("create table public.floor (id bigint generated always as identity primary key)")
    lines = [await asyncpg.connect(url) for _ in range(CLIENTS)]

    async def one(who: int, _: int) -> None:
        await lines[who].execute("insert into public.floor default values")

    await _all(one, 3)
    measured = await _all(one, each)
    for line in lines:
        await line.close()
    return measured


async def _floor(url: str, each: int) -> tuple[list[float], float]:
    db = await Database.connect(url, kept=CONNECTIONS, more=0)

    async def one(who: int, turn: int) -> None:
        report = NewReport(2, f"路灯不亮 {who} {turn}", lon=122.4, lat=37.1, place="人民路")
        await register(db, report, key=uuid4())

    await _all(one, 10)
    measured = await _all(one, each)
    await db.close()
    return measured


def run(quick: bool = False) -> list[Figure]:
    """Measure; deliveries a second, milliseconds."""
    each = 10 if quick else 100
    place = server().place("gateway")
    url, keys = asyncio.run(_prepare(place))
    bare, bare_took = asyncio.run(_bare(place.admin_url, each))
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
    rate, commits = len(waits) / took, len(bare) / bare_took
    return [
        figure("gateway.rate", rate, "POSTs/s", "small commits/s", commits),
        figure("gateway.p95", quantile(waits, 0.95), "ms", "one small row committed, p95", quantile(bare, 0.95)),
        figure("gateway.p50", quantile(waits, 0.5), "ms", "one small row committed, p50", quantile(bare, 0.5)),
        figure("gateway.register", len(floor) / floor_took, "registrations/s", "small commits/s", commits),
    ]
