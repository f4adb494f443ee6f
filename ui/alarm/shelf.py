"""搁置: why an alarm is put aside, and for how long; then it comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from commandcenter.domain.alarm import Alarm

MINUTES = (15, 60, 240)
"""What one may choose from, as far as the setting ``shelve_minutes`` goes."""


class AlarmShelf(QWidget):
    """Hidden until it asks. ``wanted(Alarm, minutes, reason)``; ``refused(sentence)`` without a reason."""

    wanted = Signal(object, int, str)
    refused = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._alarm: Alarm | None = None
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("为什么搁置（必填），到时会再提醒"))
        self.reason.setAccessibleName(self.tr("搁置的理由"))
        self.reason.returnPressed.connect(lambda: self.shelve(MINUTES[0]))
        self.buttons = {minutes: self._button(minutes) for minutes in MINUTES}
        times = QHBoxLayout()
        for button in self.buttons.values():
            times.addWidget(button)
        times.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.reason)
        column.addLayout(times)
        self.hide()

    def ask(self, alarm: Alarm, most: int) -> None:
        """Ask for how long, at most `most` minutes, and why."""
        self._alarm = alarm
        self.reason.clear()
        for minutes, button in self.buttons.items():
            button.setVisible(minutes <= most)
        self.show()
        self.reason.setFocus()

    def shelve(self, minutes: int) -> None:
        """Put aside the one that was asked about."""
        if self._alarm is None:
            return
        if reason := self.reason.text().strip():
            self.wanted.emit(self._alarm, minutes, reason)
        else:
            self.refused.emit(self.tr("请写明为什么搁置。"))
            self.reason.setFocus()

    def end(self) -> None:
        """Ask nothing any more."""
        self._alarm = None
        self.hide()

    def _button(self, minutes: int) -> QPushButton:
        text = self.tr("%d 分钟") % minutes if minutes < 60 else self.tr("%d 小时") % (minutes // 60)
        button = QPushButton(text, self)
        button.clicked.connect(lambda _=False: self.shelve(minutes))
        return button
