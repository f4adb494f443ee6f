"""The sound of an alarm: beeps of the system, one, two or three by what happened; never two alarms at a time."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from commandcenter.domain.alarm import Kind

BEEPS = {
    Kind.UNSENT: 3, Kind.UNSIGNED: 3, Kind.OVERDUE: 3,
    Kind.UNANSWERED: 2, Kind.UNRULED: 2, Kind.OBJECTION: 2,
    Kind.UNRECEIVED: 1, Kind.UNREPLIED: 1,
}  # fmt: skip
"""Cases three, whistles two, slips one."""
PAUSE_MS = 350


class AlarmSound(QObject):
    """Plays through the system's own beep: no audio device is asked for, and where there is none it is silent."""

    def __init__(self, parent: QObject | None = None, *, muted: bool = False) -> None:
        super().__init__(parent)
        self.muted = muted
        self.beep: Callable[[], object] = QApplication.beep
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._next)

    def play(self, kind: Kind) -> None:
        """Sound for that kind, unless muted or another one sounds already: that one has called the person."""
        if self.muted or self._timer.isActive():
            return
        self._left = BEEPS[kind]
        self._timer.start()
        self._next()

    def _next(self) -> None:
        if self._left == 0 or self.muted:
            self._timer.stop()
            return
        self._left -= 1
        self.beep()
