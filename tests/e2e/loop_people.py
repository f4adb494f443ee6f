"""Everybody who has a part in a journey: each signed in at a window of their own, all under the centre's one clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg

from commandcenter.clock import FixedClock
from commandcenter.live.desk import Desk
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database
from tests.e2e.desk_process import DeskProcess
from tests.e2e.loop_hands import Hands
from tests.patience import PATIENCE_S
from ui.session import Session
from ui.sign_in import sign_out

UNHEARD = {"session_replication_role": "replica"}
"""Moving the centre's clock is no change of the centre that desks would have to hear of."""


class Elsewhere:
    """The same hands in another process: ``await desk.see("已归档")``."""

    def __init__(self, url: str, folder: Path) -> None:
        self.process = DeskProcess(url, folder, "tests.e2e.loop_desk")

    def __getattr__(self, word: str) -> Any:
        async def asked(*given: Any, **named: Any) -> Any:
            return await asyncio.to_thread(self.process.ask, "do_it", word=word, given=given, named=named)

        return asked


class People:
    """Whoever is asked for signs in; the clock is the database's, every window's, and the other process's."""

    def __init__(self, county: Database, duty: Elsewhere, cli: CommandLine) -> None:
        self.county = county
        self.duty = duty
        self.cli = cli
        self.clock: FixedClock | None = None
        self._hands: dict[str, Hands] = {}

    async def at(self, moment: datetime) -> None:
        """Have it be that time for everybody."""
        self.clock = self.clock or FixedClock(moment)
        self.clock.moment = moment
        connection = await asyncpg.connect(self.county.admin_url, server_settings=UNHEARD)
        try:
            await connection.execute("update cc.centre set fixed_now = $1", moment)
        finally:
            await connection.close()
        await self.duty.clock(moment.isoformat())

    async def of(self, who: str) -> Hands:
        """The hands of somebody, by the name in tests/db/county.py."""
        if who not in self._hands:
            assert self.clock is not None
            desk = await Desk.open(self.county.url(who))
            session = Session(
                mirror=desk.mirror, reference=desk.reference, clock=self.clock, db=desk.database, desk=desk
            )
            self._hands[who] = Hands(session)
        return self._hands[who]

    async def leave(self, *who: str) -> None:
        """They go home, as the program lets them: the window first."""
        left = [self._hands.pop(each) for each in who]
        for hands in left:
            hands.window.close()
        for hands in left:
            await sign_out(hands.session)
            hands.window.deleteLater()

    async def time_passes(self, *says: str) -> None:
        """Have a worker of its own do what time does, until it has said all of this, and end it."""
        worker = self.cli.start("worker")
        try:
            assert worker.stdout is not None
            said = ""
            async with asyncio.timeout(PATIENCE_S):
                while not all(words in said for words in says):
                    line = await asyncio.to_thread(worker.stdout.readline)
                    assert line, said + worker.communicate()[1].decode()
                    said += line.decode()
            worker.terminate()
            _, err = await asyncio.to_thread(worker.communicate, None, PATIENCE_S)
            assert (worker.returncode, err) == (0, b""), said
        finally:
            if worker.poll() is None:
                worker.kill()
                worker.communicate()

    async def close(self) -> None:
        """Everybody goes home."""
        await self.leave(*self._hands)


@asynccontextmanager
async def people(county: Database, folder: Path) -> AsyncIterator[People]:
    """The windows are closed and the other process has ended well when the block is left."""
    duty = Elsewhere(county.url("duty"), folder / "duty")
    made = People(county, duty, CommandLine(folder / "worker", county.admin_url))
    try:
        assert await asyncio.to_thread(duty.process.end) == "ready"
        yield made
        assert await asyncio.to_thread(duty.process.close) == 0
    finally:
        if duty.process.process.poll() is None:
            duty.process.kill()
        await made.close()
