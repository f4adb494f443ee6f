"""Live traffic of the demo: its people at work, each on their own login, by the same verbs as everybody's."""

import asyncio
import logging
import random
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from commandcenter.clock import Clock
from commandcenter.db import playing, reads
from commandcenter.db.engine import Database
from commandcenter.demo.county import county
from commandcenter.demo.traffic import TrafficEvent, traffic
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services import cases
from commandcenter.services.demo import PASSWORD, SEED

log = logging.getLogger(__name__)

UrlOf = Callable[[str, str], str]
"""(login, password) → address."""
DUTY = ("demo_duty2", "demo_duty3", "demo_duty4")
SUPERVISOR, FOLLOW_UP = "demo_supervisor", ("demo_followup", "demo_followup2")
MOST_DESKS = 12
"""Logins that stay connected; the one used longest ago is let go."""
PATIENCE = 1.0
"""Seconds before the server is asked again after it went away."""

STEPS = {
    None: 30,
    State.NEW: 8,
    State.TO_DISPATCH: 25,
    State.TO_ACCEPT: 22,
    State.WORKING: 14,
    State.RETURNED: 4,
    State.PAUSED: 1,
    State.TO_FOLLOW_UP: 14,
}
"""How often something is done about a case in a state, and about none: a new report comes in."""
WORK = (
    "已到现场核实并当场处理完毕。",
    "已安排人员整改，现已完成。",
    "已与诉求人沟通并解决，现场已恢复。",
    "已按规定办结并告知结果。",
)


@dataclass
class Played:
    """What was done: verbs and how often."""

    deeds: Counter[str] = field(default_factory=Counter)
    refused: int = 0
    reconnects: int = 0


async def play(
    url_of: UrlOf,
    *,
    rate: float,
    seconds: float | None,
    seed: int | None,
    clock: Clock,
    stop: asyncio.Event | None = None,
) -> Played:
    """Act on average `rate` times a second, for `seconds` or until `stop`. A server that goes away is waited for.

    Raises PersonError where the database is no demo.
    """
    stop = stop or asyncio.Event()
    chance = random.Random(seed)  # noqa: S311 - a play, not a secret
    desks = Desks(url_of)
    try:
        land = await asyncio.to_thread(county, await _seed_of(desks))
        events = traffic(land, chance.getrandbits(31), rate, now=clock.now())
        player = Player(desks, events, chance, clock)
        loop = asyncio.get_running_loop()
        end = None if seconds is None else loop.time() + seconds
        due = loop.time()
        while not stop.is_set() and (end is None or due < end):
            await _until(stop, due - loop.time())
            if not stop.is_set():
                await player.step(stop)
            # after an outage or on a slow machine, what was missed is not made up for
            due = max(due, loop.time() - 1.0) + chance.expovariate(rate)
        return player.played
    finally:
        await desks.close()


async def _seed_of(desks: "Desks") -> int:
    try:
        found = await desks.ask(SUPERVISOR, playing.SEED)
    except Unreachable:
        raise
    except PersonError as error:
        raise PersonError("只有演示数据库才能模拟。", "请先运行 python main.py demo load。") from error
    return int(found[0].seed) if found else SEED


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(max(0.0, seconds)):
            await stop.wait()


class Desks:
    """The players' connections, one a login, opened when needed."""

    def __init__(self, url_of: UrlOf) -> None:
        self._url_of = url_of
        self._open: OrderedDict[str, Database] = OrderedDict()

    async def of(self, login: str) -> Database:
        """The connection of a login. Raises PersonError."""
        if login not in self._open:
            while len(self._open) >= MOST_DESKS:
                await self._open.popitem(last=False)[1].close()
            self._open[login] = await Database.connect(self._url_of(login, PASSWORD))
        self._open.move_to_end(login)
        return self._open[login]

    async def ask(self, login: str, question: str, **facts: Any) -> list[Any]:
        """Rows of a question, as that login sees them."""
        async with (await self.of(login)).begin() as connection:
            return await reads.rows(connection, question, **facts)

    async def close(self) -> None:
        """Let go of all."""
        while self._open:
            await self._open.popitem()[1].close()


class Player:
    """Does one thing at a time as whoever's turn it is."""

    def __init__(self, desks: Desks, events: Iterator[TrafficEvent], chance: random.Random, clock: Clock) -> None:
        self.played = Played()
        self._desks = desks
        self._events = events
        self._chance = chance
        self._clock = clock
        self._known: OrderedDict[int, TrafficEvent] = OrderedDict()
        self._responders: dict[int, str] = {}
        self._turns: dict[State, Callable[[Any], Awaitable[str]]] = {
            State.NEW: self._grade,
            State.TO_DISPATCH: self._dispatch,
            State.TO_ACCEPT: self._answer,
            State.WORKING: self._work,
            State.RETURNED: self._review,
            State.PAUSED: self._resume,
            State.TO_FOLLOW_UP: self._call_back,
        }

    async def step(self, stop: asyncio.Event) -> None:
        """Do something; what is refused is counted, and a server that is away is waited for."""
        state = self._chance.choices(list(STEPS), list(STEPS.values()))[0]
        while not stop.is_set():
            try:
                verb = await (self._register() if state is None else self._about(state))
            except Unreachable:
                log.info("the players wait for the database")
                self.played.reconnects += 1
                await self._desks.close()
                await _until(stop, PATIENCE)
            except PersonError:
                self.played.refused += 1
                return
            else:
                if verb:
                    self.played.deeds[verb] += 1
                return

    def _key(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    async def _duty(self) -> Database:
        return await self._desks.of(self._chance.choice(DUTY))

    async def _responder(self, unit_id: int) -> Database | None:
        if not self._responders:
            found = await self._desks.ask(SUPERVISOR, playing.RESPONDERS)
            self._responders = {row.unit_id: row.login for row in found}
        login = self._responders.get(unit_id)
        return None if login is None else await self._desks.of(login)

    async def _about(self, state: State) -> str:
        found = await self._desks.ask(SUPERVISOR, playing.RECENT, state=state)
        return await self._turns[state](self._chance.choice(found)) if found else await self._register()

    async def _register(self) -> str:
        event = next(self._events)
        done = await cases.register(
            await self._duty(),
            channel_id=event.channel_id,
            content=event.content,
            title=event.title,
            kind=event.kind,
            category_id=event.category_id,
            grade=Grade(event.grade) if self._chance.random() < 0.8 else None,
            area_id=event.area_id,
            lon=event.lon,
            lat=event.lat,
            place=event.place,
            foreign_number=event.foreign_number,
            citizen=cases.Citizen(event.name, event.phone, event.address, event.confidential),
            key=event.key,
        )
        self._known[done.case_id] = event
        if len(self._known) > 5_000:
            self._known.popitem(last=False)
        return "register"

    async def _grade(self, row: Any) -> str:
        event = self._known.get(row.id)
        grade = Grade(row.grade if event is None else event.grade)
        await cases.grade(await self._duty(), case_id=row.id, version=row.version, grade=grade, key=self._key())
        return "grade"

    async def _dispatch(self, row: Any) -> str:
        event = self._known.get(row.id)
        unit = row.lead if event is None else event.unit_id
        if unit is None:
            return ""
        await cases.dispatch(await self._duty(), case_id=row.id, version=row.version, unit_id=unit, key=self._key())
        return "dispatch"

    async def _answer(self, row: Any) -> str:
        desk = await self._responder(row.unit_id)
        if desk is None:
            return ""
        if self._chance.random() < 0.08:
            await cases.return_case(
                desk, case_id=row.id, version=row.version, reason="该事项不在本单位职责范围内。", key=self._key()
            )
            return "return"
        await cases.accept(desk, case_id=row.id, version=row.version, key=self._key())
        return "accept"

    async def _work(self, row: Any) -> str:
        desk = await self._responder(row.unit_id)
        if desk is None:
            return ""
        this = {"case_id": row.id, "version": row.version, "key": self._key()}
        luck = self._chance.random()
        if luck < 0.03:
            await cases.pause(await self._duty(), reason="等待诉求人补充材料。", **this)
            return "pause"
        if luck < 0.06 and row.grade == Grade.BLUE and not row.flags & (Flag.EXTENDED | Flag.EXTENSION_ASKED):
            await cases.apply_extension(desk, days=1, reason="涉及多方，需要更多时间协调。", **this)
            return "apply_extension"
        if row.flags & Flag.EXTENSION_ASKED:
            await cases.review_extension(await self._desks.of(SUPERVISOR), approved=True, **this)
            return "review_extension"
        if luck < 0.14:
            await cases.note(desk, text="已联系诉求人，约定时间上门。", **this)
            return "note"
        now = self._clock.now()
        await cases.finish(
            desk,
            discussed_with="诉求人",
            discussed_at=now - timedelta(hours=1),
            done=self._chance.choice(WORK),
            done_by=now,
            **this,
        )
        return "finish"

    async def _review(self, row: Any) -> str:
        others = [unit for unit in self._responders if unit != row.unit_id]
        approved = bool(others) and self._chance.random() < 0.6
        await cases.review_return(
            await self._duty(),
            case_id=row.id,
            version=row.version,
            approved=approved,
            unit_id=self._chance.choice(others) if approved else None,
            reason="" if approved else "按事项清单由贵单位主办。",
            key=self._key(),
        )
        return "review_return"

    async def _resume(self, row: Any) -> str:
        await cases.resume(await self._duty(), case_id=row.id, version=row.version, key=self._key())
        return "resume"

    async def _call_back(self, row: Any) -> str:
        desk = await self._desks.of(self._chance.choice(FOLLOW_UP))
        this = {"case_id": row.id, "version": row.version, "key": self._key()}
        if row.uncalled:
            reached = self._chance.random() < 0.85
            solved = self._chance.random() < 0.93
            await cases.follow_up(
                desk,
                report_id=row.uncalled[0],
                reached=reached,
                contacted=True if reached else None,
                solved=solved if reached else None,
                satisfied=self._chance.choices(("满意", "基本满意"), (8, 2))[0] if solved else "不满意",
                **this,
            )
            return "follow_up"
        try:
            await cases.archive(desk, **this)
        except PersonError:  # somebody is not content
            await cases.redo(desk, reason="回访中诉求人反映未解决。", **(this | {"key": self._key()}))
            return "redo"
        return "archive"
