"""Live traffic of the demo: its people at work, each on their own login, by the same verbs as everybody's."""

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from commandcenter.clock import Clock
from commandcenter.db import playing
from commandcenter.demo.county import county
from commandcenter.demo.traffic import TrafficEvent, traffic
from commandcenter.domain.case import State
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services.play.demo import SEED
from commandcenter.services.play.desks import Cast, Desks, UrlOf
from commandcenter.services.play.questions import Questions
from commandcenter.services.play.simulating_cases import SUPERVISOR, CasePlayer
from commandcenter.services.play.simulating_loop import LoopPlayer
from commandcenter.services.reference import load_reference

log = logging.getLogger(__name__)

LOOP_SHARE = 0.22
"""Of the deeds, those about whistles, slips, second calls and appeals, where something is due there."""
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


async def _seed_of(desks: Desks) -> int:
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


class Player:
    """Does one thing at a time as whoever's turn it is."""

    def __init__(self, desks: Desks, events: Iterator[TrafficEvent], chance: random.Random, clock: Clock) -> None:
        self.played = Played()
        self._desks = desks
        self._events = events
        self._chance = chance
        self._clock = clock
        self._parts: tuple[CasePlayer, LoopPlayer] | None = None

    async def step(self, stop: asyncio.Event) -> None:
        """Do something; what is refused is counted, and a server that is away is waited for."""
        state = self._chance.choices(list(STEPS), list(STEPS.values()))[0]
        while not stop.is_set():
            try:
                verb = await self._once(state)
            except Unreachable:
                log.info("the players wait for the database")
                self.played.reconnects += 1
                await self._desks.close()
                await _until(stop, PATIENCE)
            except PersonError as error:
                log.info("refused: %s", error.sentence)
                self.played.refused += 1
                return
            else:
                if verb:
                    self.played.deeds[verb] += 1
                return

    async def _once(self, state: State | None) -> str:
        about_cases, loop = self._parts = self._parts or await self._meet()
        verb = await loop.step() if self._chance.random() < LOOP_SHARE else ""
        return verb or await about_cases.about(state)

    async def _meet(self) -> tuple[CasePlayer, LoopPlayer]:
        async with self._desks.of(SUPERVISOR) as desk:
            reference = await load_reference(desk)
            asked = await Questions.of(desk, reference)
        cast = Cast.of(reference)
        loop = LoopPlayer(self._desks, cast, self._chance, self._clock)
        return CasePlayer(self._desks, cast, self._events, self._chance, self._clock, loop, asked), loop
