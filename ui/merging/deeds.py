"""Doing something to cases or themes once, under a key of its own, and saying what became of it where it was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import PersonError, StaleVersion
from ui.keys import Keys
from ui.merging.ask import MergeAsk
from ui.session import Session


class Deeds(QObject):
    """``done(sentence)``; ``refused(sentence)`` where `ask` is not open to say it; ``stale()``: the case has changed."""

    done = Signal(str)
    refused = Signal(str)
    stale = Signal()

    def __init__(self, session: Session, ask: MergeAsk) -> None:
        super().__init__(ask)
        self._session, self._ask = session, ask
        self._keys = Keys()

    def begin(self, deed: tuple[object, ...], act: Callable[[UUID], Awaitable[str]]) -> None:
        """Do it: `act` gets the deed's key, the same one at another try, and gives what there is to say."""
        self._session.spawn(self._act(deed, act), str(deed[0]))

    async def _act(self, deed: tuple[object, ...], act: Callable[[UUID], Awaitable[str]]) -> None:
        try:
            said = await act(self._keys.of(deed))
        except PersonError as error:
            if self._ask.isHidden():
                self.refused.emit(str(error))
            else:
                self._ask.say(str(error))
            if isinstance(error, StaleVersion):
                self.stale.emit()
            return
        self._keys.done(deed)
        self._ask.close_ask()
        self.done.emit(said)
