"""Deeds on one case of a simulated month: each by whoever's turn it is, one at a time, and the waiting between them."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from commandcenter.domain.case import Role, State
from commandcenter.services.cases import CaseChange

if TYPE_CHECKING:
    from commandcenter.services.play.month_lives import Lives


class CaseDeeds:
    """`case` is as its last deed left it; all luck is drawn from `chance`."""

    def __init__(self, lives: Lives, unit: int, chance: Random) -> None:
        self._all, self._unit, self._chance = lives, unit, chance
        self.case = CaseChange(0, "", State.NEW, 0, None, replayed=False)
        self.lock = asyncio.Lock()
        """One deed at a time: what is merged into the case changes it as well."""

    async def _do(self, deed: str, role: Role, verb: Any, **arguments: Any) -> None:
        """One deed of the centre's."""
        await self._as(self._someone(role), deed, verb, **arguments)

    async def _unit_does(self, deed: str, verb: Any, **arguments: Any) -> None:
        """One deed of the unit that leads the case."""
        await self._as(self._all.cast.responders[self._unit], deed, verb, **arguments)

    async def _as(self, login: str, deed: str, verb: Any, **arguments: Any) -> None:
        key = self._key()
        async with self.lock, self._all.desks.of(login) as db:
            self.case = await verb(db, case_id=self.case.case_id, version=self.case.version, key=key, **arguments)
        self._all.deeds[deed] += 1

    def _someone(self, role: Role) -> str:
        """A login of the centre's."""
        return self._chance.choice(self._all.cast.staff[role])

    def _key(self) -> UUID:
        return UUID(int=self._chance.getrandbits(128), version=4)

    async def _wait(self, moment: datetime) -> None:
        await self._all.time.until(moment)

    async def _after(self, *, minutes: tuple[float, float]) -> None:
        await self._wait(self._all.time.now + timedelta(minutes=self._chance.uniform(*minutes)))

    def _office(self, moment: datetime) -> datetime:
        """That moment, or some minutes into the next office hour."""
        shifted = moment
        while not self._all.cast.in_office(shifted):
            shifted += timedelta(minutes=30)
        return shifted if shifted == moment else shifted + timedelta(minutes=self._chance.uniform(0, 25))
