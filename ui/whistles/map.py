"""The county with the live whistles on it: lines from the units to the place, check-ins as they arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.map.county import bring_outlines
from ui.map.lines import whistle_lines
from ui.map.shading import Shade
from ui.map.view import MapView
from ui.session import Session
from ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle


class WhistleMap(QWidget):
    """Painted without the web engine: a page that is one of many keeps light. Comes up at its first showing."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._whistles: Sequence[Whistle] = ()
        self.view: MapView | None = MapView(session.mirror, self, native=True, clock=session.clock)
        self.view.bar.hide()
        self.view.set_shade(Shade.NONE)  # the ground says nothing here: lines and cases do
        self.view.set_filter(np.zeros(0, np.int64))
        self.view.with_legend = False
        self._outlined = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        self.setAccessibleName(self.tr("哨的地图"))
        session.bridge.ticked.connect(self._draw)
        self.set_tokens(session.tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        if self.view is not None:
            self.view.set_theme(tokens)

    def show_whistles(self, whistles: Sequence[Whistle]) -> None:
        """Show the cases of these whistles and the ways to them."""
        self._whistles = whistles
        if self.view is not None:
            slots = [self._session.mirror.slot_of(each.case_id) for each in whistles]
            self.view.set_filter(np.array([slot for slot in slots if slot is not None], np.int64))
        self._draw()

    def select(self, whistle: Whistle | None) -> None:
        """Ring around a whistle's case."""
        if self.view is not None:
            self.view.select(whistle.case_id if whistle is not None else None, pan=True)

    def close_map(self) -> None:
        """Let go of the mirror before the window goes."""
        if self.view is not None:
            self.view.close_map()
            self.view = None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.view is not None and not self._outlined:
            self._outlined = True
            QTimer.singleShot(0, self, self._open)

    def _open(self) -> None:
        if self.view is None:
            return
        self.view.start()
        if self._session.db is not None:
            self._session.spawn(bring_outlines(self._session, self.view), "outlines")

    def _draw(self) -> None:
        if self.view is not None and self.isVisible():
            self.view.set_lines(whistle_lines(self._whistles, self._session.reference, self._session.clock.now()))
