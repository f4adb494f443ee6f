"""From a URL to a running session, and back."""

from commandcenter.clock import SystemClock
from commandcenter.live.desk import Desk
from ui.session import Session


async def sign_in(url: str) -> Session:
    """Open a desk at `url` and a session on it. Raises PersonError."""
    desk = await Desk.open(url)
    return Session(mirror=desk.mirror, reference=desk.reference, clock=SystemClock(), db=desk.database, desk=desk)


async def sign_out(session: Session) -> None:
    """End a session and its desk."""
    session.close()
    if session.desk is not None:
        await session.desk.close()
