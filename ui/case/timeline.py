"""One list of everything that happened to a case, newest first: time, who, what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QWidget

from commandcenter.clock import SHANGHAI


@dataclass(frozen=True, slots=True)
class Moment:
    """One line: an aware time, a short head (who did what) and a quieter rest."""

    at: datetime
    head: str
    rest: str = ""


class Timeline(QWidget):
    """Lines with their time; a day's first line says the day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self._rail = QFrame(self)
        self._rail.setFixedWidth(2)
        self._rail.setProperty("surface", "card")

    def show_moments(self, moments: Sequence[Moment]) -> None:
        """Replace the lines."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item is not None and (widget := item.widget()) is not None and widget is not self._rail:
                widget.deleteLater()
        self._rail.setVisible(bool(moments))
        if moments:
            self._grid.addWidget(self._rail, 0, 0, len(moments), 1)
        day = None
        for row, moment in enumerate(sorted(moments, key=lambda moment: moment.at, reverse=True)):
            at = moment.at.astimezone(SHANGHAI)
            time = QLabel(at.strftime("%m-%d %H:%M") if at.date() != day else at.strftime("%H:%M"), self)
            day = at.date()
            time.setProperty("role", "quiet")
            time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            text = QLabel(f"{moment.head}　{moment.rest}" if moment.rest else moment.head, self)
            text.setTextFormat(Qt.TextFormat.PlainText)
            text.setWordWrap(True)
            text.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(time, row, 1)
            self._grid.addWidget(text, row, 2)
