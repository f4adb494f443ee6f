"""A desk with every page in a process of its own, led by its words: ``python -m tests.e2e.loop_desk URL FOLDER``."""

import logging
import re
import sys
from datetime import datetime
from functools import partial
from typing import Any

from commandcenter.clock import FixedClock
from tests.e2e.driven_desk import serve
from tests.e2e.loop_hands import Hands
from ui.app import run
from ui.session import Session
from ui.widgets import words

OFFSCREEN = re.compile("This plugin (does not support|supports)|OpenType support missing")
"""What Qt says in any program without a screen."""


class Wrongs(logging.Handler):
    """Keeps what should not have been logged: warnings and worse, and whatever Qt says."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.kept: list[str] = []
        logging.getLogger().addHandler(self)
        logging.getLogger("qt").setLevel(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if (record.levelno >= logging.WARNING or record.name == "qt") and not OFFSCREEN.search(said):
            self.kept.append(f"{record.name}: {said} {record.exc_text or record.exc_info or ''}")


class LoopDesk(Hands):
    """`Hands`, what the mirror has, and what was logged; its computer's clock goes as it is told."""

    def __init__(self, session: Session) -> None:
        self._wrongs = Wrongs()
        self.time = FixedClock(session.clock.now())
        session.clock = session.bridge.clock = self.time
        super().__init__(session)

    def do_it(self, word: str, given: list[str], named: dict[str, Any]) -> Any:
        """Any of the words, those of `Hands` too."""
        return getattr(self, word)(*given, **named)

    def clock(self, moment: str) -> None:
        self.time.moment = datetime.fromisoformat(moment)

    def wrongs(self) -> list[str]:
        return self._wrongs.kept

    def state_of(self, case: int) -> str | None:
        """The case's state as the mirror has it; None where it is over, or out of sight."""
        slot = self.session.mirror.slot_of(case)
        return None if slot is None else words.state_word(int(self.session.mirror.state[slot]))

    async def until_case(self, case: int, state: str | None) -> None:
        """Wait until the mirror has the case in that state."""
        await self._until(lambda: self.state_of(case) == state, lambda: f"have {state}, but {self.state_of(case)}")


if __name__ == "__main__":
    sys.exit(run(partial(serve, made=LoopDesk)))
