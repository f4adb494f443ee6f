"""A month of the demo county in minutes: its people at work through the services, on a clock that is set from outside.

In a database of its own; at its end the audit looks at everything that has come about.
"""

import asyncio
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from commandcenter.clock import SHANGHAI
from commandcenter.db import duties, playing, reads
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.demo.county import county
from commandcenter.demo.luck import luck
from commandcenter.demo.rhythm import HOURS_OF_DAY
from commandcenter.demo.traffic import TrafficEvent, traffic
from commandcenter.domain.call_plan import bands_of
from commandcenter.domain.whistle import WhistleState
from commandcenter.errors import PersonError
from commandcenter.services import audit, slips, whistles
from commandcenter.services.audit import Finding
from commandcenter.services.play import demo
from commandcenter.services.play.calls import CallPlay
from commandcenter.services.play.desks import Cast, Desks, UrlOf
from commandcenter.services.play.month_lives import Lives
from commandcenter.services.play.month_time import SimulatedTime
from commandcenter.services.play.questions import Questions
from commandcenter.services.play.slips import SlipPlay
from commandcenter.services.play.whistles import WhistlePlay
from commandcenter.services.reference import load_reference

DAYS = 30
STEP = timedelta(minutes=15)
"""The clock's; nobody's limit is shorter."""
CONNECTED, AT_ONCE = 120, 8
"""Logins that stay connected, and how many are at work at the same time; a server here takes 200 connections."""
SUNDAY, SATURDAY = 0.55, 0.63
"""Reports of such a day against a working day's, as in demo/rhythm.py."""
EVERY: Mapping[str, int] = {
    "whistles": 1,
    "slips": 3,
    "drafts": 6,
    "second_calls": 36,
    "seal": 12,
    "archive": 144,
    "prune": 144,
}
"""The timekeeper's rhythm, in steps."""
PASSES = 3
"""Deeds about one whistle in one step."""

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MonthReport:
    """What came about. `tally`: kind of thing → state or sort (as in db/playing.py) → how many."""

    start: datetime
    end: datetime
    cases: int
    seconds: float
    """Real time of the simulation alone, without making the county and without the audit."""
    deeds: Mapping[str, int]
    kept: Mapping[str, int]
    """What the timekeeper changed, by deed."""
    refused: Mapping[str, int]
    """What was refused, by its sentence; a life ends there, in whatever state it is."""
    tally: Mapping[str, Mapping[str, int]]
    findings: Sequence[Finding] = field(default_factory=tuple)

    def of(self, what: str) -> Mapping[str, int]:
        """How many there are of each kind, of cases, whistles, slips and so on."""
        return self.tally.get(what, {})


async def simulate(
    url: str, url_of: UrlOf, *, cases: int, seed: int, start: datetime, days: int = DAYS, progress: Progress
) -> MonthReport:
    """Load the county into the empty centre at `url` (the system's address), and let `cases` cases come in `days` days.

    `start` is the first moment. Raises PersonError where the centre is not empty.
    """
    db = await Database.connect(url)
    desks = Desks(url_of, most=CONNECTED, at_once=AT_ONCE)
    try:
        async with db.raw() as clock:
            await clock.execute(playing.QUICK_COMMITS)
            await clock.execute(playing.STOP_CLOCK, start)  # before anything is journalled
            await demo.load(db, cases=0, open_cases=0, seed=seed, now=start, progress=progress)
            await clock.execute("analyze")
            async with desks.of("demo_supervisor") as supervisor:
                reference = await load_reference(supervisor)
                asked = await Questions.of(supervisor, reference)
            cast = Cast.of(reference)
            month = _Month(desks, cast, clock, SimulatedTime(start), asked, await _rules(db))
            progress("正在生成诉求")
            events = await asyncio.to_thread(_arrivals, seed, cases, start, days, cast)
            began = time.perf_counter()
            async with desks.of("demo_duty6") as keeper, duties.holding_lock(keeper, "month") as connection:
                if connection is None:
                    raise PersonError("另一个程序正在执行定时任务。", "请先结束它。")
                await month.run(connection, events, start + timedelta(days=days), progress)
            took = time.perf_counter() - began
        progress("正在核查")
        findings = await audit.check(db)
        return MonthReport(
            start, month.time.now, cases, took, dict(month.lives.deeds + month.deeds), dict(month.kept),
            dict(month.lives.refused + month.refused), await _tally(db), findings,
        )  # fmt: skip
    finally:
        await desks.close()
        await db.close()


def _arrivals(seed: int, number: int, start: datetime, days: int, cast: Cast) -> list[tuple[datetime, TrafficEvent]]:
    """When what comes in: fewer on days off, most in the morning and the afternoon."""
    chance = random.Random(seed)  # noqa: S311 - a play, not a secret
    first = start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    dates = [first + timedelta(days=day) for day in range(days)]
    noon = [date + timedelta(hours=12) for date in dates]
    weights = [1.0 if cast.works_on(each) else SUNDAY if each.weekday() == 6 else SATURDAY for each in noon]
    hours = HOURS_OF_DAY["白天"]
    moments = sorted(
        max(
            start,
            date + timedelta(hours=chance.choices(range(24), hours)[0], seconds=chance.uniform(0, 3600)),
        )
        for date in chance.choices(dates, weights, k=number)
    )
    events = traffic(county(seed), seed, 1.0, now=start)
    return list(zip(moments, (next(events) for _ in moments), strict=True))


class _Month:
    def __init__(
        self,
        desks: Desks,
        cast: Cast,
        clock: Connection,
        time: SimulatedTime,
        asked: Questions,
        rules: tuple[int, list[list[int]]],
    ) -> None:
        self.time = time
        self.deeds: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._desks = desks
        self._clock = clock
        self._whistles = WhistlePlay(desks, cast)
        self._slips = SlipPlay(desks, cast)
        self._calls = CallPlay(desks, cast)
        self.lives = Lives(time, desks, cast, self._whistles, asked, rules[0], bands_of(rules[1]))

    async def run(
        self, keeper: Connection, events: list[tuple[datetime, TrafficEvent]], end: datetime, progress: Progress
    ) -> None:
        """Step by step: the clock, the lives, whistles, slips and calls, then the timekeeper."""
        coming = iter([*events, None])
        following = next(coming)
        step = 0
        try:
            while self.time.now < end:
                step += 1
                now = self.time.now + STEP
                await self._clock.execute(playing.STOP_CLOCK, now)
                while following is not None and following[0] <= now:
                    at, event = following
                    self.time.begin(self.lives.live(event, at, step))
                    following = next(coming)
                await self.time.advance(now)
                await self._play_whistles(now)
                local = now.astimezone(SHANGHAI)
                if local.minute == 0:
                    await self._play_slips(now)
                if local.minute == 0 and local.hour in {10, 15, 18}:
                    self.deeds.update(await self._calls.second_calls(now))
                    self.deeds.update(await self._calls.appeals(now, since=now - timedelta(days=4)))
                for deed, every in EVERY.items():
                    if step % every == 0:
                        self.kept[deed] += await duties.keep(keeper, deed) or 0
                if local.hour == 0 and local.minute == 0:
                    progress(
                        f"{local:%m月%d日}：{self.lives.deeds['register']} 件工单，{self.lives.deeds['blow']} 次吹哨"
                    )
            for deed in EVERY:
                self.kept[deed] += await duties.keep(keeper, deed) or 0
        finally:
            await self.time.end()

    async def _play_whistles(self, now: datetime) -> None:
        for _ in range(PASSES):
            async with self._desks.of(self._slips.director) as db:
                live = await whistles.read_live(db)
            for cases, ended in (
                (self.lives.whistled, WhistleState.TO_CONFIRM),
                (self.lives.unconfirmed, WhistleState.TO_SCORE),
            ):
                cases.clear()
                cases.update(each.case_id for each in live if each.state < ended)
            if not any(await asyncio.gather(*(self._try(self._whistles.step(each, now)) for each in live))):
                return

    async def _play_slips(self, now: datetime) -> None:
        async with self._desks.of(self._slips.director) as db:
            found = await slips.read_open(db)
        local = now.astimezone(SHANGHAI)
        if local.hour == 11 and self._noted(now):
            self.deeds[await self._slips.note(*self._noted(now)[0], now)] += 1
        while found and any(await asyncio.gather(*(self._try(self._slips.step(each, now), "slip ") for each in found))):
            async with self._desks.of(self._slips.director) as db:
                found = await slips.read_open(db)

    def _noted(self, now: datetime) -> list[tuple[int, int]]:
        """On some days a leader writes a note on a case: the case and its unit."""
        return self.lives.noticed[-1:] if luck("note", now.date()) < 0.4 else []

    async def _try(self, deed: Awaitable[str], what: str = "") -> str:
        """A deed that may be refused: counted, either way."""
        try:
            verb = await deed
        except PersonError as error:
            self.refused[error.sentence] += 1
            return ""
        if verb:
            self.deeds[f"{what}{verb}"] += 1
        return verb


async def _rules(db: Database) -> tuple[int, list[list[int]]]:
    async with db.begin() as connection:
        found = {row.name: row.value for row in await reads.rows(connection, reads.SETTINGS)}
    return int(found["call_gap_minutes"]), json.loads(found["call_bands"])


async def _tally(db: Database) -> dict[str, dict[str, int]]:
    tally: defaultdict[str, dict[str, int]] = defaultdict(dict)
    async with db.begin() as connection:
        for row in await reads.rows(connection, playing.TALLY):
            tally[row.what][row.kind] = row.number
    return dict(tally)
