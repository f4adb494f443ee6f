"""Repeats while somebody types: how long the search among a million reports takes at every few characters, and what it finds.

The reports are made up: an estate, a house, one of three hundred matters and some eighteen words, all as uneven as in real
texts (a few in every third report, most in hardly any). Half of those typed tell an earlier one's matter in other words, which
``suggest.found`` asks for among the first three.

The floor is the read of one report by its key. The rival is what Postgres offers by itself: any report of the last ninety days
that shares a pair of characters with the text (``&&``), a hundred of them, in no order, asked by a superuser.
"""

import asyncio
import random
import time
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import accumulate

import asyncpg

from commandcenter.db.bulk import all_grams, grams
from commandcenter.db.engine import Database
from commandcenter.intake.repeats import rarity
from commandcenter.services.repeats import Asked, Finder
from tests.benchmarks.figure import Figure, figure, quantile
from tests.benchmarks.server import Place, connected, server

LEARNED = 20_000
TYPED = 80
GROUP = 6
"""Characters that come at a time: a word or two of an input method."""
_LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
_ENDINGS = (
    "请尽快派人处理",
    "多次反映没有结果",
    "希望相关部门答复",
    "老人小孩多比较着急",
    "已拍照留存",
    "要求给予书面答复",
)
_KINDS = ("小区", "花园", "家园", "新村", "公寓", "市场", "大厦", "苑", "里", "庭")
INDEXES = """
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made from pg_index i
    where indrelid in ('cc.reports'::regclass, 'cc.citizens'::regclass)
      and not exists (select from pg_constraint where conindid = indexrelid)
"""
COLUMNS = (
    "id", "case_id", "home_id", "channel_id", "fingerprint", "kind", "content", "place", "lon", "lat", "received_at",
    "registered_at", "registered_by", "grams",
)  # fmt: skip
CITIZENS = """
    insert into cc.citizens (report_id, phone, phone_hash)
    select p.report_id, p.phone, cc.keyed_digest(k.value, p.phone)
    from (select r.id as report_id, '138' || lpad((abs(hashint8(r.id)) % 300000)::text, 8, '0') as phone from cc.reports r) p,
         (select value from cc.secrets where name = 'phone') k
"""
TITLES = """
    update cc.cases c set title = r.place, reports = 1 from cc.reports r where r.district_id = c.district_id and r.case_id = c.id
"""
RIVAL = """
    select id, content from cc.reports where district_id = cc.home_district() and grams && $1::integer[] and received_at > $2 limit 100
"""
ONE = "select content from cc.reports where district_id = cc.home_district() and id = $1"

Case = tuple[int, float, float, datetime, int]


class Words:
    """The county's language: made once, the same in every run."""

    def __init__(self) -> None:
        self.rng = random.Random(371082)
        rng = self.rng
        self._words = ["".join(rng.choices(_LETTERS, k=rng.choice((2, 2, 2, 3)))) for _ in range(20_000)]
        self._uneven = list(accumulate(1.0 / (rank + 5) for rank in range(len(self._words))))
        self._matters = ["".join(self.some(3)) for _ in range(300)]
        self._often = list(accumulate(1.0 / (rank + 10) for rank in range(len(self._matters))))
        self._estates = ["".join(rng.choices(_LETTERS, k=2)) + rng.choice(_KINDS) for _ in range(2_000)]

    def some(self, count: int) -> list[str]:
        """Words, the usual ones mostly."""
        return self.rng.choices(self._words, cum_weights=self._uneven, k=count)

    def matter(self) -> str:
        """Where, and what: two people who complain of it both say so."""
        rng = self.rng
        what = rng.choices(self._matters, cum_weights=self._often)[0]
        return f"{rng.choice(self._estates)}{rng.randint(1, 40)}号楼{what}"

    def told(self, matter: str) -> str:
        """The matter in somebody's words, some ninety characters."""
        words = self.some(18)
        return f"{''.join(words[:6])}，{matter}，{''.join(words[6:12])}，{''.join(words[12:])}，{self.rng.choice(_ENDINGS)}"


async def _fill(root: asyncpg.Connection, words: Words) -> tuple[list[tuple[str, Case]], list[str]]:
    """A report for every case that is there; of some what they are about, and the texts of the newest."""
    cases: list[Case] = [
        tuple(row)
        for row in await root.fetch("select id, lon, lat, received_at, category_id from cc.cases order by received_at")
    ]
    indexes = await root.fetch(INDEXES)
    known: list[tuple[str, Case]] = []
    texts: list[str] = []
    async with root.transaction():
        await root.execute("set local session_replication_role = replica; set local maintenance_work_mem = '512MB'")
        for index in indexes:
            await root.execute(f"drop index {index['name']}")
        for begin in range(0, len(cases), 20_000):
            some = cases[begin : begin + 20_000]
            about = [words.matter() for _ in some]
            texts = [words.told(matter) for matter in about]
            known += words.rng.sample(list(zip(about, some, strict=True)), min(len(some), 200))
            records = [
                (
                    case[0], case[0], case[0], 1, sha256(case[0].to_bytes(8)).digest(), "投诉", text, matter[:20], case[1], case[2],
                    case[3], case[3], "load", [int(pair) for pair in pairs.strip("{}").split(",")],
                )
                for case, matter, text, pairs in zip(some, about, texts, all_grams(texts), strict=True)
            ]  # fmt: skip
            await root.copy_records_to_table("reports", schema_name="cc", columns=COLUMNS, records=records)
        await root.execute(CITIZENS)
        await root.execute(TITLES)
        for index in indexes:
            await root.execute(index["made"])
    await root.execute("vacuum (analyze) cc.reports")
    await root.execute("vacuum (analyze) cc.citizens")
    await root.execute("vacuum (analyze) cc.cases")
    await root.execute("checkpoint")
    return known, texts


async def _learn(root: asyncpg.Connection, texts: list[str]) -> None:
    content = await asyncio.to_thread(rarity.learn, texts[-LEARNED:])
    await root.execute(
        "insert into cc.models (kind, version, made_at, made_by, content, sha256, figures, training, active) "
        "values ('repeats', 1, now(), 'bench', $1, sha256($1), '{}', '{}', true)",
        content,
    )


async def _measure(place: Place) -> tuple[dict[str, list[float]], float]:
    """Milliseconds of each way, and the share of repeats that were found."""
    words = Words()
    took: dict[str, list[float]] = {"ours": [], "rival": [], "floor": []}
    async with connected(place.admin_url) as root:
        known, texts = await _fill(root, words)
        await _learn(root, texts)
        newest: datetime = await root.fetchval("select max(received_at) from cc.reports")
    database = await Database.connect(place.url("duty1"))
    finder = await Finder.open(database)
    hits = asked_for = 0
    async with connected(place.url("duty1")) as duty, connected(place.admin_url) as root:
        for number in range(TYPED):
            matter, case = known[words.rng.randrange(len(known))]
            repeats = number % 2 == 0
            text = words.told(matter if repeats else words.matter())
            phone = f"138{words.rng.randint(0, 299_999):08}"
            found = ()
            for end in range(GROUP, len(text) + GROUP, GROUP):
                there = end > len(text) / 2  # the place and the kind are known when half of it is told
                asked = Asked(
                    text[:end], newest + timedelta(minutes=1), phone=phone,
                    category_id=case[4] if there else None, lon=case[1] if there else None, lat=case[2] if there else None,
                )  # fmt: skip
                began = time.perf_counter()
                found = await finder.suggest(asked)
                took["ours"].append((time.perf_counter() - began) * 1000)
            if repeats:
                asked_for += 1
                hits += case[0] in [one.case_id for one in found[:3]]
            if number % 8 == 0:
                pairs = [int(pair) for pair in grams(text).strip("{}").split(",")]
                began = time.perf_counter()
                await root.fetch(RIVAL, pairs, newest - timedelta(days=90))
                took["rival"].append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            await duty.fetchval(ONE, case[0])
            took["floor"].append((time.perf_counter() - began) * 1000)
    await database.close()
    return took, hits / asked_for


def run(quick: bool = False, size: int = 0) -> list[Figure]:
    """Measure; milliseconds."""
    place = server().place("suggest")
    place.load(size or (20_000 if quick else 1_000_000))
    took, found = asyncio.run(_measure(place))
    floor = quantile(took["floor"], 0.95)
    return [
        figure("suggest.p95", quantile(took["ours"], 0.95), "ms", "one report by its key, p95", floor),
        figure(
            "suggest.p50", quantile(took["ours"], 0.5), "ms", "one report by its key, p50", quantile(took["floor"], 0.5)
        ),
        figure("suggest.rival", quantile(took["rival"], 0.95), "ms p95", "ours, p95", quantile(took["ours"], 0.95)),
        figure("suggest.found", found, "of repeats"),
    ]
