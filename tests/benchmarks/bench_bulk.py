"""The full way in (COPY, one case a matter, journal, row-level security, search index) and the search over what came in.

The floor is a plain COPY of the same bytes into a table without anything; each batch is one transaction
on one connection, as those of an import are.
"""

import asyncio
import random
import time
from hashlib import sha256
from typing import Any

import asyncpg

from commandcenter.db.bulk import INTAKE_COLUMNS, grams, session, take_in
from commandcenter.db.engine import Database
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

BATCH = 5_000
STREETS = (
    "青山路",
    "文化东路",
    "黎明南路",
    "石岛渔港",
    "凤凰湖",
    "成山大道",
    "海湾北街",
    "学府街",
    "龙河路",
    "崖头市场",
)
MATTERS = (
    "供暖温度不达标",
    "夜间施工噪声扰民",
    "路灯不亮",
    "垃圾清运不及时",
    "停车占道",
    "自来水压力低",
    "燃气报警",
    "树枝压线",
)
ENDINGS = ("请尽快派人处理", "多次反映没有结果", "希望相关部门答复", "老人小孩多，比较着急", "已拍照留存")
TERMS = (*STREETS[:4], *MATTERS[:4], "幢单元", "没有结果")

Record = tuple[Any, ...]


def records(count: int, seed: int) -> list[Record]:
    """Rows of INTAKE_COLUMNS as an import makes them: one matter each, about ninety characters of content."""
    rng = random.Random(seed)
    made = []
    for row in range(count):
        street, matter = rng.choice(STREETS), rng.choice(MATTERS)
        words = "".join(rng.choice("水电气暖房路桥车树灯门窗楼院墙井坑沟渠棚") for _ in range(30))
        house = rng.randint(1, 300)
        content = f"市民反映：{street}{house}号{rng.randint(1, 30)}幢单元{matter}，{words}，{rng.choice(ENDINGS)}。编号{seed}-{row}"
        made.append(
            (
                row, row, 1 + row % 15, None, sha256(content.encode()).digest(), "投诉", 1 + row % 60, None, content[:40],
                content, f"{street}{house}号", 1010 + row % 220, 122.4, 37.1, 1_790_000_000_000_000 + row * 1_000_000, "王某某",
                f"138{rng.randint(0, 99999999):08}", f"{street}{house}号", False, grams(content), None,
            )
        )  # fmt: skip
    return made


async def _floor(connection: asyncpg.Connection, batch: list[Record]) -> float:
    began = time.perf_counter()
    await connection.copy_records_to_table("floor", schema_name="public", columns=list(INTAKE_COLUMNS), records=batch)
    return time.perf_counter() - began


async def _full(connection: asyncpg.Connection, batch: list[Record]) -> float:
    began = time.perf_counter()
    async with connection.transaction():
        taken = await take_in(connection, batch)
    assert taken.rows == len(batch)
    assert not taken.repeated
    return time.perf_counter() - began


async def _measure(place: Place, batches: int) -> tuple[float, float, list[float]]:
    """Rows a second of both ways, and the milliseconds of each search."""
    async with connected(place.admin_url) as root:
        await root.execute("create table public.floor as select * from cc.staging limit 0")
        await root.set_type_codec(
            "timestamptz", schema="pg_catalog", encoder=lambda us: (us,), decoder=lambda wire: wire[0], format="tuple"
        )
        database = await Database.connect(place.url("intake"))
        full = bare = 0.0
        async with session(database) as connection:
            for number in range(batches):
                batch = await asyncio.to_thread(records, BATCH, number)
                bare += await _floor(root, batch)
                full += await _full(connection, batch)
        await database.close()
        await root.execute("analyze")
    rows = batches * BATCH
    async with connected(place.url("duty1")) as duty:
        searched = []
        for _ in range(3):
            for term in TERMS:
                began = time.perf_counter()
                await duty.fetch("select cc.search($1, 50)", term)
                searched.append((time.perf_counter() - began) * 1000)
    return rows / full, rows / bare, searched


def run(quick: bool = False) -> list[Figure]:
    """Measure; rows a second, and milliseconds for the search."""
    full, bare, searched = asyncio.run(_measure(server().place("bulk"), 2 if quick else 40))
    return [
        figure("bulk.load", full, "rows/s", "plain COPY of the same rows", bare),
        figure("search", quantile(searched, 0.95), "ms p95", "its median", quantile(searched, 0.5)),
    ]
