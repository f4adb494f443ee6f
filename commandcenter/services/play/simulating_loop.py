"""The live traffic's share of the command loop: whistles blown and answered, slips signed and replied to, calls checked."""

import random
from datetime import timedelta
from typing import Any

from commandcenter.clock import Clock
from commandcenter.domain.case import Grade
from commandcenter.services import slips, whistles
from commandcenter.services.play.calls import CallPlay
from commandcenter.services.play.desks import Cast, Desks
from commandcenter.services.play.slips import SlipPlay
from commandcenter.services.play.whistles import Spot, WhistlePlay

MOST_LIVE = 40
"""Whistles under way at once; beyond it nobody blows another."""
MOST_LOOKED_AT = 60
"""Whistles, or slips, looked at for something that is due, in one step."""


class LoopPlayer:
    """Does one thing at a time; what is due follows from the whistle or slip itself."""

    def __init__(self, desks: Desks, cast: Cast, chance: random.Random, clock: Clock) -> None:
        self._desks = desks
        self._cast = cast
        self._chance = chance
        self._clock = clock
        self._whistles = WhistlePlay(desks, cast)
        self._slips = SlipPlay(desks, cast, any_day=True)
        self._calls = CallPlay(desks, cast)

    async def step(self) -> str:
        """Something that is due; '' where nothing is. Raises PersonError."""
        match self._chance.choices(("whistle", "slip", "call"), (70, 20, 10))[0]:
            case "whistle":
                return await self._about_a_whistle()
            case "slip":
                return await self._about_a_slip()
            case _:
                return await self._about_calls()

    async def blow(self, row: Any) -> str:
        """A whistle for a case in work. Raises PersonError."""
        async with self._desks.of(self._slips.director) as db:
            if len(await whistles.read_live(db)) >= MOST_LIVE:
                return ""
        return await self._whistles.blow(Spot(row.id, row.version, row.path, row.category_id), self._clock.now())

    async def _about_a_whistle(self) -> str:
        async with self._desks.of(self._slips.director) as db:
            live = list(await whistles.read_live(db))
        self._chance.shuffle(live)
        for whistle in live[:MOST_LOOKED_AT]:
            verb = await self._whistles.step(whistle, self._clock.now())
            if verb:
                return verb
        return ""

    async def _about_a_slip(self) -> str:
        async with self._desks.of(self._slips.director) as db:
            found = list(await slips.read_open(db))
        self._chance.shuffle(found)
        for slip in found[:MOST_LOOKED_AT]:
            verb = await self._slips.step(slip, self._clock.now())
            if verb:
                return f"slip_{verb}"
        return ""

    async def _about_calls(self) -> str:
        now = self._clock.now()
        done = await self._calls.second_calls(now, most=1)
        done = done or await self._calls.appeals(now, since=now - timedelta(days=2), most=1)
        return done[0] if done else ""

    def rests(self, grade: int) -> bool:
        """On a day off ordinary matters are seldom finished: their units are not at work."""
        return grade >= Grade.YELLOW and not self._cast.works_on(self._clock.now()) and self._chance.random() < 0.8
