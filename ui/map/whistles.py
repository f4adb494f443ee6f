"""Keeps a map's lines current: from the units that are called to the places they are called to."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from commandcenter.services.whistle_reads import read_live
from ui.map.lines import whistle_lines
from ui.map.view import MapView
from ui.session import Session
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle

KINDS = frozenset({"whistle", "party"})


class MapWhistles(QObject):
    """Reads the live whistles while the map is looked at; colours follow the clock."""

    def __init__(self, session: Session, view: MapView) -> None:
        super().__init__(view)
        self._session, self._view = session, view
        self._whistles: tuple[Whistle, ...] = ()
        self.reader = LiveRead(session, KINDS, self._read, lambda _: None, view)
        session.bridge.ticked.connect(self._draw)

    def start(self) -> None:
        """Read for the first time."""
        self.reader.ask()

    async def _read(self) -> None:
        self._whistles = await read_live(self._session.database())
        self._draw()

    def _draw(self) -> None:
        if not self._view.isVisible():
            return
        self.reader.shown()
        self._view.set_lines(whistle_lines(self._whistles, self._session.reference, self._session.clock.now()))
