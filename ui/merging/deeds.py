"""Doing something to cases or themes once, under a key of its own, and saying what became of it where it was asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from commandcenter.errors import PersonError, StaleVersion
from ui.keys import Keys
from ui.session import Session

if TYPE_CHECKING:
    from ui.merging.ask import MergeAsk
    from ui.merging.buttons import MergeButtons

Act = Callable[[UUID], Awaitable[str]]


class Deeds(QObject):
    """``done(sentence)``; ``refused(sentence)`` where no open `ask` says it; ``stale()``: the case has changed.

    With `buttons` one deed at a time: they are grey meanwhile.
    """

    done = Signal(str)
    refused = Signal(str)
    stale = Signal()
    outdated: tuple[type[PersonError], ...] = (StaleVersion,)
    """Refusals after which what is shown is to be read anew."""

    def __init__(
        self,
        session: Session,
        parent: QObject,
        *,
        ask: MergeAsk | None = None,
        buttons: MergeButtons | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._asked_in, self._buttons = session, ask, buttons
        self._keys = Keys()

    def begin(self, deed: tuple[object, ...], act: Act) -> None:
        """Do it: `act` gets the deed's key, the same one at another try, and gives what there is to say."""
        if self._buttons is not None:
            if self._buttons.busy:
                return
            self._buttons.set_busy(busy=True)
        self._session.spawn(self._act(deed, act), str(deed[0]))

    async def _act(self, deed: tuple[object, ...], act: Act) -> None:
        try:
            said = await act(self._keys.of(deed))
        except PersonError as error:
            self._refuse(error)
        else:
            self._keys.done(deed)
            if self._asked_in is not None:
                self._asked_in.close_ask()
            self.done.emit(said)
        finally:
            if self._buttons is not None:
                self._buttons.set_busy(busy=False)

    def _refuse(self, error: PersonError) -> None:
        """Said where it was asked; what was typed stays."""
        if self._asked_in is None or self._asked_in.isHidden():
            self.refused.emit(str(error))
        else:
            self._asked_in.say(str(error))
        if isinstance(error, self.outdated):
            self.stale.emit()
