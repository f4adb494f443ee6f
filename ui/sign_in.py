"""From a URL to a running session, and back."""

from collections.abc import Callable

from commandcenter.clock import SystemClock
from commandcenter.live.desk import Desk
from ui import tasks
from ui.session import Session

PATIENCE_S = 2.0
"""For what was sent just before leaving; where the server is silent, nobody waits longer."""

Revive = Callable[[], object]


async def sign_in(url: str, revive: Revive | None = None) -> Session:
    """Open a desk at `url` and a session on it; `revive` brings this computer's own server up again. Raises PersonError."""
    desk = await Desk.open(url, revive)
    return Session(mirror=desk.mirror, reference=desk.reference, clock=SystemClock(), db=desk.database, desk=desk)


async def sign_out(session: Session) -> None:
    """End a session, what it was about to do, and its desk. Only then may its windows go: what it reads it shows there."""
    session.close()
    await tasks.stop(session.running, PATIENCE_S)
    if session.desk is not None:
        await session.desk.close()
