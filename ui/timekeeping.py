"""The timekeeper in a desk: duty officers' and supervisors' desks keep the time where no worker does, or stand by."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from commandcenter.domain.case import Role
from commandcenter.services.timekeeper import Timekeeper, holder_name

if TYPE_CHECKING:
    from ui.session import Session

PATIENCE_S = 3.0
ROLES = frozenset({Role.DUTY, Role.SUPERVISOR})


class Timekeeping:
    """Begins with its making, where the session's role may; `end` before the session is closed."""

    def __init__(self, session: Session) -> None:
        self.keeper: Timekeeper | None = None
        """None where this desk has no part in it."""
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        if session.db is not None and session.role in ROLES:
            name = holder_name(f"desk {session.reference.me.login}")
            self.keeper = Timekeeper(session.db, name, session.clock)
            self._task = session.spawn(self.keeper.run(self._stop), "timekeeper")

    async def end(self) -> None:
        """Finish the deed under way, give the lock back, and wait for that; where the server is silent, not for long."""
        self._stop.set()
        if self._task is not None:
            _, waiting = await asyncio.wait([self._task], timeout=PATIENCE_S)
            for task in waiting:  # the server does not answer; nobody should wait for it to close a window
                task.cancel()
            if waiting:
                await asyncio.wait(waiting)
