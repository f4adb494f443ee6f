"""A server killed at will, and its users' ways back."""

import asyncio
import os
import signal
from dataclasses import dataclass

from commandcenter.db.server import EmbeddedServer


@dataclass(frozen=True)
class Mortal:
    """An embedded server of the test's own."""

    user: EmbeddedServer

    def kill(self) -> None:
        """``kill -9`` of the postmaster."""
        pid = self.user.status().pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    async def restart(self) -> None:
        """Bring it up again, recovery included, while the loop goes on."""
        await asyncio.to_thread(self.user.start)
