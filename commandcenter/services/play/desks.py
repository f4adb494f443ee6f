"""The demo's people as players have them: who is who, and each one's own connection, opened when needed."""

import asyncio
from collections import Counter, OrderedDict, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commandcenter.clock import SHANGHAI
from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Role
from commandcenter.domain.moment import micros
from commandcenter.services.play.demo import PASSWORD
from commandcenter.services.reference import Reference, Unit

UrlOf = Callable[[str, str], str]
"""(login, password) → address."""
MOST_DESKS = 12
"""Logins that stay connected; of the others the one used longest ago is let go."""


class Desks:
    """The players' connections, one a login. At most `at_once` are at work at the same time."""

    def __init__(self, url_of: UrlOf, *, most: int = MOST_DESKS, at_once: int = 1) -> None:
        self._url_of = url_of
        self._most = most
        self._open: OrderedDict[str, Database] = OrderedDict()
        self._busy: Counter[str] = Counter()
        self._room = asyncio.Semaphore(at_once)
        self._opening: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @asynccontextmanager
    async def of(self, login: str) -> AsyncIterator[Database]:
        """The connection of a login for the length of a block. Raises PersonError."""
        async with self._room:
            self._busy[login] += 1
            try:
                async with self._opening[login]:
                    if login not in self._open:
                        await self._make_room()
                        self._open[login] = await Database.connect(
                            self._url_of(login, PASSWORD),
                            kept=1,
                            more=2,  # many logins on one server
                        )
                    self._open.move_to_end(login)
                    db = self._open[login]
                yield db
            finally:
                self._busy[login] -= 1

    async def ask(self, login: str, question: str, **facts: Any) -> list[Any]:
        """Rows of a question, as that login sees them."""
        async with self.of(login) as db, db.begin() as connection:
            return await reads.rows(connection, question, **facts)

    async def close(self) -> None:
        """Let go of all."""
        while self._open:
            await self._open.popitem()[1].close()

    async def _make_room(self) -> None:
        while len(self._open) >= self._most:
            idle = next((login for login in self._open if not self._busy[login]), None)
            if idle is None:
                return
            await self._open.pop(idle).close()


@dataclass(frozen=True)
class Cast:
    """Who plays what, from the reference data of a demo centre."""

    reference: Reference
    responders: dict[int, str]
    """Unit → the login that works for it."""
    callers: dict[int, str]
    """Unit of a town or community → the login that blows its whistles."""
    heads: dict[int, str]
    """Unit of a town → its head."""
    posts: dict[str, str]
    """Post at the centre → login."""
    staff: dict[Role, tuple[str, ...]]
    """The centre's own, by role."""

    @classmethod
    def of(cls, reference: Reference) -> "Cast":
        """Sort the people out."""
        people = [each for each in reference.people.values() if each.active and each.demo]
        centre = next(unit.id for unit in reference.units.values() if unit.kind == "centre")
        callers = {each.unit_id: each.login for each in people if each.role is Role.CALLER and not each.post}
        return cls(
            reference=reference,
            responders=callers | {each.unit_id: each.login for each in people if each.role is Role.RESPONDER},
            callers=callers,
            heads={each.unit_id: each.login for each in people if each.post == "town_head"},
            posts={each.post: each.login for each in people if each.post and each.unit_id == centre},
            staff={
                role: tuple(sorted(each.login for each in people if each.role is role and each.unit_id == centre))
                for role in Role
            },
        )

    def name(self, login: str) -> str:
        """What a person is called."""
        return self.reference.people[login].name

    def town_of(self, path: str) -> Unit | None:
        """The town's unit that a place belongs to."""
        return next(
            (unit for unit in self.reference.units.values() if unit.kind == "town" and path.startswith(unit.path)), None
        )

    def in_office(self, now: datetime, *, any_day: bool = False) -> bool:
        """Whether the centre's offices are open: half past eight to half past five of a working day, or of any."""
        minute = now.astimezone(SHANGHAI).hour * 60 + now.astimezone(SHANGHAI).minute
        return 510 <= minute < 1050 and (any_day or self.works_on(now))

    def works_on(self, moment: datetime) -> bool:
        """Whether its day is a working day."""
        return self.reference.calendar.day_of(micros(moment)).working
