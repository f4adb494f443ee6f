"""What the fresh demo county saw in its last days: questions, whistles, slips, second calls, appeals; what was merged in it.

Brought about by its people through the services, on a clock that goes on from then to now.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from commandcenter.clock import SHANGHAI
from commandcenter.db import duties, playing, reads
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.demo.luck import between, luck
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import slips, whistles
from commandcenter.services.play import questions
from commandcenter.services.play.calls import CallPlay
from commandcenter.services.play.desks import Cast, Desks, UrlOf
from commandcenter.services.play.merges import MergePlay
from commandcenter.services.play.questions import Questions
from commandcenter.services.play.slips import SlipPlay
from commandcenter.services.play.whistles import Spot, WhistlePlay
from commandcenter.services.reference import load_reference

SPAN = timedelta(hours=42)
STEP = timedelta(minutes=30)
MOST_WHISTLES = 28
"""Blown in that time; of a smaller county, one for twenty open cases."""
CONNECTED, AT_ONCE = 120, 8
SLIPS_PLAYED = 0.35
"""Of the slips drafted; the others are drafts still."""
SECOND_CALLS = 40
"""Made at a time; the others wait."""
PASSES = 2
"""Deeds about one whistle or slip at a time."""
QUESTIONS = 4
"""Answered on the spot in half an hour of the day; of a smaller county fewer, as of whistles."""
EVERY = 8
"""Steps between two looks at slips and calls."""


async def play(db: Database, url_of: UrlOf, now: datetime, progress: Callable[[str], None]) -> None:
    """Bring it about in a county just loaded, as the system at `db` and as its people; the clock runs free afterwards.

    Raises PersonError where somebody else keeps the time of this centre already.
    """
    progress("正在生成近两天的吹哨、三单和抽查")
    desks = Desks(url_of, most=CONNECTED, at_once=AT_ONCE)
    try:
        async with desks.of("demo_supervisor") as supervisor:
            reference = await load_reference(supervisor)
            asked = await Questions.of(supervisor, reference)
        async with duties.holding_lock(db, "demo load") as keeper, db.raw() as clock:
            if keeper is None:
                raise PersonError("另一个程序正在执行定时任务。", "请先结束它。")
            try:
                await clock.execute("analyze")  # the tables were empty when their statistics were taken
                await _Past(desks, Cast.of(reference), asked, keeper, clock).run(now - SPAN, now)
                await MergePlay(db, desks, keeper).run()
            finally:
                await clock.execute(playing.STOP_CLOCK, None)
    finally:
        await desks.close()


async def set_clock_free(db: Database) -> None:
    """Let the clock of a centre run that was left standing: a load was broken off in the middle."""
    async with db.raw() as clock:
        if await clock.fetchval(playing.STOPPED):
            await clock.execute(playing.STOP_CLOCK, None)


class _Past:
    def __init__(self, desks: Desks, cast: Cast, asked: Questions, keeper: Connection, clock: Connection) -> None:
        self._desks = desks
        self._cast = cast
        self._keeper = keeper
        self._clock = clock
        self._whistles = WhistlePlay(desks, cast)
        self._slips = SlipPlay(desks, cast, any_day=True)
        self._calls = CallPlay(desks, cast)
        self._asked = asked
        self._duty = cast.staff[Role.DUTY]

    async def run(self, since: datetime, until: datetime) -> None:
        spots = await self._spots(since)
        number = len(spots)
        steps = int((until - since) / STEP)
        for step in range(steps + 1):
            now = until if step == steps else since + step * STEP
            await self._clock.execute(playing.STOP_CLOCK, now)
            while spots and 1 - len(spots) / number <= (step / steps) ** 0.7:
                await self._try(self._whistles.blow(spots.pop(), now))
            if 8 <= now.astimezone(SHANGHAI).hour < 20:
                await self._answer(step, QUESTIONS * number / MOST_WHISTLES, now)
            await self._step_whistles(now)
            await duties.keep(self._keeper, "whistles")
            if step % EVERY == 0:
                for deed in ("drafts", "slips", "second_calls"):
                    await duties.keep(self._keeper, deed)
                await self._step_slips(now)
            if step % EVERY == EVERY // 2:
                await self._calls.second_calls(now, most=SECOND_CALLS)
                await self._calls.appeals(now, since=now - timedelta(days=2), most=12)

    async def _answer(self, step: int, mean: float, now: datetime) -> None:
        """So many questions in a step, one more or less."""
        for number in range(round(between(0.5, 1.5, "questions", step) * mean)):
            question = self._asked.somebody(step * 1000 + number, now.astimezone(SHANGHAI).date())
            if question is not None:
                async with self._desks.of(self._duty[(step + number) % len(self._duty)]) as desk:
                    await questions.answer(desk, question)

    async def _spots(self, since: datetime) -> list[Spot]:
        """Cases in work that had been dispatched by then, the fewest of one town."""
        async with self._desks.of(self._slips.director) as db, db.begin() as connection:
            rows = await reads.rows(connection, playing.TO_BLOW_FOR, since=since, most=MOST_WHISTLES)
        return [Spot(row.id, row.version, row.path, row.category_id) for row in rows]

    async def _step_whistles(self, now: datetime) -> None:
        for _ in range(PASSES):
            async with self._desks.of(self._slips.director) as db:
                live = await whistles.read_live(db)
            if not any(await asyncio.gather(*(self._try(self._whistles.step(each, now)) for each in live))):
                return

    async def _step_slips(self, now: datetime) -> None:
        for _ in range(PASSES):
            async with self._desks.of(self._slips.director) as db:
                found = [slip for slip in await slips.read_open(db) if luck("played", slip.id) < SLIPS_PLAYED]
            if not any(await asyncio.gather(*(self._try(self._slips.step(each, now)) for each in found))):
                return

    async def _try(self, deed: Awaitable[str]) -> str:
        try:
            return await deed
        except PersonError:  # a person may be refused; the county goes on
            return ""
