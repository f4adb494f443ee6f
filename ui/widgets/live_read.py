"""Reads something again when the feed says that it changed: one read at a time, and once more if it changed meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from commandcenter.errors import PersonError

if TYPE_CHECKING:
    from ui.session import Session

EVERYTHING = "everything"


class LiveRead(QObject):
    """Calls `read` while `page` is looked at; what changes meanwhile is read when it is shown.

    `failed` gets the error meant for people; the next time the database answers it is read again.
    """

    def __init__(
        self,
        session: Session,
        kinds: frozenset[str],
        read: Callable[[], Awaitable[None]],
        failed: Callable[[PersonError], None],
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self._kinds = kinds | {EVERYTHING}
        self._read, self._failed = read, failed
        self._busy = self._again = self._broken = False
        self._dirty = True
        session.entities_changed.connect(self._on_changed)
        session.bridge.health_changed.connect(self._on_health)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._busy

    def ask(self) -> None:
        """Read now, or after the read that is under way; nothing without a database."""
        if self._session.db is None:
            return
        if self._busy:
            self._again = True
            return
        self._busy, self._dirty = True, False
        self._session.spawn(self._run(), "read live")

    def ask_soon(self) -> bool:
        """Ask, and say whether an answer will come: not without a database."""
        self.ask()
        return self._session.db is not None

    def ask_when_shown(self) -> None:
        """Ask now where the page is looked at, else as soon as it is."""
        if self._page.isVisible():
            self.ask()
        else:
            self._dirty = True

    def shown(self) -> None:
        """The page is looked at again: read what changed meanwhile."""
        if self._dirty:
            self.ask()

    async def _run(self) -> None:
        try:
            while True:
                self._again = False
                try:
                    await self._read()
                except PersonError as error:
                    self._broken = True
                    self._failed(error)
                else:
                    self._broken = False
                if not self._again:
                    return
        finally:
            self._busy = False

    def _on_changed(self, entities: frozenset[str]) -> None:
        if entities & self._kinds:
            self.ask_when_shown()

    def _on_health(self) -> None:
        if self._broken and getattr(self._session.health, "state", "") == "live":
            self.ask()
