"""From a URL to a running session, and back."""

from collections.abc import Callable

from commandcenter.clock import SystemClock
from commandcenter.live.desk import Desk
from ui.session import Session

Revive = Callable[[], object]


async def sign_in(url: str, revive: Revive | None = None) -> Session:
    """Open a desk at `url` and a session on it; `revive` brings this computer's own server up again. Raises PersonError."""
    desk = await Desk.open(url, revive)
    return Session(mirror=desk.mirror, reference=desk.reference, clock=SystemClock(), db=desk.database, desk=desk)


async def sign_out(session: Session) -> None:
    """End a session and its desk."""
    session.close()
    if session.desk is not None:
        await session.desk.close()
