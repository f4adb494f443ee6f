"""Where every delivery goes through: into the database, or, while that is away and if so wished, onto the shelf."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from commandcenter.clock import Clock
from commandcenter.db.engine import Database
from commandcenter.errors import NotNow, NotVisible, PersonError, TooMany, Unreachable, UsedBefore
from commandcenter.gateway.recent import Recent
from commandcenter.gateway.shelf import Shelf
from commandcenter.services import delivering, gateway_reference
from commandcenter.services.delivering import Delivered, Delivery, Progress
from commandcenter.services.gateway_reference import GatewayReference

log = logging.getLogger(__name__)

AWAY = (Unreachable, NotNow)
"""Nobody can say now what becomes of a report. That a login is refused is the centre's trouble and not the sender's."""
RETRY_SECONDS = 10
"""When a sender may come again while the database is away; as often the shelf is tried."""
REFERENCE_SECONDS = 60.0
"""How old the services, places and limits may be that are offered."""
TOO_LATE = timedelta(hours=23)
"""What waited longer is registered as of now: the database takes no moment that far back (setting ``late_hours``)."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """A report that is safe on this machine's disk and not yet in the database: no number, but a token."""

    token: str = field(repr=False)


class Reception:
    """One for a process. Everything it answers is either committed or on disk."""

    def __init__(self, db: Database, clock: Clock, shelf: Shelf | None = None) -> None:
        self._db = db
        self._clock = clock
        self._shelf = shelf
        self._secret = b""
        self._reference: GatewayReference | None = None
        self._read_at = 0.0
        self._reading = asyncio.Lock()
        self._known_keys: set[bytes] = set()
        self._recent = Recent()
        self._waiting_of: defaultdict[str, set[UUID]] = defaultdict(set)
        """What waits of each address on the shelf: the database cannot count it now."""

    async def open(self) -> None:
        """Read what is needed. Raises Refused where the login is not of role cc_intake, Unreachable, PersonError."""
        await gateway_reference.need_gateway_login(self._db)
        self._secret = await delivering.read_secret(self._db)
        same = (await self.reference()).same
        if self._shelf is not None:
            for delivery in await asyncio.to_thread(lambda shelf: list(shelf.waiting()), self._shelf):
                self._waiting_of[delivery.source].add(delivery.key)
                if not delivery.named:
                    self._recent.key_of(delivery, delivery.received_at or self.now(), same)

    async def reference(self) -> GatewayReference:
        """Services, places and limits, a minute old at most; older only while the database is away."""
        async with self._reading:
            now = asyncio.get_running_loop().time()
            if self._reference is None or now - self._read_at > REFERENCE_SECONDS:
                try:
                    self._reference = await gateway_reference.read(self._db, self._reference)
                except AWAY:
                    if self._reference is None:
                        raise
                self._read_at = now
            return self._reference

    def now(self) -> datetime:
        """This moment."""
        return self._clock.now()

    async def take(self, delivery: Delivery) -> Delivered | Shelved:
        """Take a report in. Raises PersonError: Refused, TooMany, UsedBefore, Unreachable where nothing is kept."""
        as_it_came = delivery
        if not delivery.named:
            same = (await self.reference()).same
            delivery = replace(delivery, key=self._recent.key_of(delivery, self.now(), same))
        try:
            found = await delivering.deliver(self._db, self._secret, delivery)
        except AWAY:
            await self._db.forget_connections()
            proved = delivery.api_key is None or delivery.api_key in self._known_keys
            if self._shelf is None or not proved:
                raise
            return await self._put(self._shelf, delivery)
        except PersonError:
            self._recent.forget(as_it_came)
            raise
        if delivery.api_key is not None:
            self._known_keys.add(delivery.api_key)
        if found.key != delivery.key:
            self._recent.correct(delivery, found.key)
        return found

    async def _put(self, shelf: Shelf, delivery: Delivery) -> Shelved:
        lying = await asyncio.to_thread(shelf.find, delivery.key)
        if lying is not None and lying.digest() != delivery.digest():
            raise UsedBefore("这次提交的标识已用于别的内容。", "请换一个标识再提交。")
        if lying is None:
            waiting = len(self._waiting_of[delivery.source])
            if delivery.api_key is None and waiting >= (await self.reference()).page_hour:
                raise TooMany("提交得太频繁。", "请过一会儿再试，急事请拨打 12345。", seconds=3600)
            if not await asyncio.to_thread(shelf.put, replace(delivery, received_at=self._clock.now())):
                raise Unreachable("暂时收不下更多的诉求。", "请稍后再试，急事请拨打 12345。")
            self._waiting_of[delivery.source].add(delivery.key)
        log.info("the database is away: a delivery waits on the shelf")
        return Shelved(delivering.token_of(self._secret, delivery.key))

    async def progress(self, token: str) -> Progress | None:
        """How a report stands; None while it waits on the shelf. Raises NotVisible, Unreachable."""
        try:
            return await delivering.read_progress(self._db, token)
        except (NotVisible, *AWAY):
            if self._shelf is not None and token in await asyncio.to_thread(self._tokens, self._shelf):
                return None
            raise

    def _tokens(self, shelf: Shelf) -> set[str]:
        return {delivering.token_of(self._secret, key) for key in shelf.waiting_keys()}

    async def delivered(self, **asked: object) -> list[Progress]:
        """Reports delivered here; see `delivering.read_delivered`."""
        return await delivering.read_delivered(self._db, **asked)  # type: ignore[arg-type]  # the same names

    async def rate(self, token: str, *, solved: bool, satisfied: str, words: str) -> None:
        """The citizen's word on the result; see `delivering.rate`."""
        await delivering.rate(self._db, token, solved=solved, satisfied=satisfied, words=words)

    async def healthy(self) -> bool:
        """Whether the database answers."""
        try:
            async with self._db.at_once() as connection:
                await connection.exec_driver_sql("select 1")
        except AWAY:
            await self._db.forget_connections()
            return False
        return True

    async def clear_shelf(self) -> int:
        """Bring into the database what lies on the shelf; returns how many, 0 where it is still away."""
        if self._shelf is None:
            return 0
        brought = 0
        for delivery in await asyncio.to_thread(lambda shelf: list(shelf.waiting()), self._shelf):
            came = delivery.received_at
            if came is not None and self._clock.now() - came > TOO_LATE:
                came = None
            try:
                # named: its own token was given out, and has to stay its own whatever else was said meanwhile
                await delivering.deliver(self._db, self._secret, replace(delivery, named=True, received_at=came))
            except AWAY:
                await self._db.forget_connections()
                break
            except TooMany:  # for this hour: it was acknowledged and goes on waiting
                continue
            except PersonError as error:
                log.warning("a delivery from the shelf was refused: %s", type(error).__name__)
                await asyncio.to_thread(self._shelf.refuse, delivery.key)
            else:
                await asyncio.to_thread(self._shelf.done, delivery.key)
                brought += 1
                self._waiting_of[delivery.source].discard(delivery.key)
        return brought

    async def keep_clearing(self, stop: asyncio.Event, said: Callable[[str], None]) -> None:
        """Try the shelf every some seconds until `stop`."""
        while self._shelf is not None and not stop.is_set():
            brought = await self.clear_shelf()
            if brought:
                said(f"暂存的 {brought} 件诉求已登记。")
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS):
                    await stop.wait()


def named_key(whose: bytes | None, name: str) -> UUID:
    """The key of a delivery that its sender named: names of one app mean nothing to another, nor to the page."""
    return uuid5(UUID(bytes=(whose or bytes(16))[:16]), name)
