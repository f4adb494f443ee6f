"""What is being typed, kept where a crash cannot reach it: a moment after each change, and when the page goes out of sight."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.errors import PersonError
from commandcenter.services.spool import Entry, Spool

SAVE_AFTER_MS = 600


class Draft(QObject):
    """`read` gives what is typed now, None where nothing is. ``failed(sentence)`` where the disk refuses."""

    failed = Signal(str)

    def __init__(self, spool: Spool, read: Callable[[], Entry | None], parent: QObject) -> None:
        super().__init__(parent)
        self._spool, self._read = spool, read
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save)

    def soon(self) -> None:
        """Something has changed."""
        self._timer.start()

    def save(self) -> None:
        """Keep what is typed, and chosen, now."""
        self._timer.stop()
        entry = self._read()
        if entry is not None:
            try:
                self._spool.put(entry)
            except PersonError as error:
                self.failed.emit(str(error))

    def leave(self) -> None:
        """It goes its own way now."""
        self._timer.stop()

    def left_behind(self) -> Entry | None:
        """The newest draft of a window that was closed, or crashed."""
        drafts = [entry for entry in self._spool.entries if entry.state == "draft"]
        return drafts[-1] if drafts else None
