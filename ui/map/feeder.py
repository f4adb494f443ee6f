"""What changes in the mirror goes to the canvas: at once when it was quiet, else gathered, and never more than it can paint."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from commandcenter.clock import Clock
from commandcenter.domain.moment import micros
from commandcenter.live.mirror import Changed
from ui.map.canvas import Canvas
from ui.map.points import Points

COALESCE_MS = 80
"""Changes are sent at once when it was quiet for so long, otherwise so often."""
LAMP_MS = 30_000
IN_FLIGHT = 2
"""Pictures sent and not yet reported as painted; more would only queue up in the page."""
PENDING_MOST = 3_000
"""Lists of changed slots kept before they are merged into one."""


class Feeder(QObject):
    """Feeds one canvas at a time, while `is_seen`: what nobody looks at is sent when it is looked at again (`flush`).

    ``sent()`` after each picture, ``emptied()`` when the mirror has begun anew.
    """

    sent = Signal()
    emptied = Signal()

    def __init__(self, points: Points, clock: Clock, is_seen: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._points, self._clock, self._is_seen = points, clock, is_seen
        self._canvas: Canvas | None = None
        self.sequence = self.painted = 0
        """Numbers of the last picture sent, and of the last one painted."""
        self.whole_is_due = True
        """Whether the next picture sent is of everything."""
        self._pending: list[NDArray[np.int64]] = []
        self._quiet = QElapsedTimer()
        self._flush_timer = QTimer(self, interval=COALESCE_MS, singleShot=True)
        self._flush_timer.timeout.connect(self.flush)
        self._lamp_timer = QTimer(self, interval=LAMP_MS)
        self._lamp_timer.timeout.connect(self.refresh_lamps)
        self._unsubscribe: Callable[[], None] | None = points.mirror.subscribe(self._changed)

    def begin(self, canvas: Canvas) -> None:
        """Feed this canvas from now on, everything first."""
        self._canvas = canvas
        self._lamp_timer.start()
        self.send_whole()
        self.flush()

    def send_whole(self) -> None:
        """The next picture is of everything."""
        self.whole_is_due = True
        self.painted = self.sequence

    def rest(self) -> None:
        """The canvas has gone."""
        self._canvas = None

    def close(self) -> None:
        """Stop following the mirror; again does nothing."""
        if self._unsubscribe:
            self._unsubscribe()
            self._unsubscribe = None
        self._flush_timer.stop()
        self._lamp_timer.stop()
        self.rest()

    def change(self, slots: NDArray[np.int64]) -> None:
        """These are to be drawn anew."""
        if not self.whole_is_due and len(slots):
            self._pending.append(slots)
            self.soon()

    def refresh_lamps(self) -> None:
        """Send the cases whose lamp has moved by time alone."""
        if self._canvas is not None and not self.whole_is_due:
            self.change(self._points.moved_lamps(micros(self._clock.now())))

    def has_painted(self, sequence: int) -> None:
        """The canvas says so; what came meanwhile goes next."""
        self.painted = max(self.painted, sequence)
        if self.whole_is_due or self._pending:
            self.soon()

    def soon(self) -> None:
        """Flush, but not too often."""
        if not self._flush_timer.isActive():
            idle = not self._quiet.isValid() or self._quiet.elapsed() >= COALESCE_MS
            self._flush_timer.start(0 if idle else COALESCE_MS)

    def flush(self) -> None:
        """Send what changed, unless nobody looks or the canvas is still busy: then it is sent when that ends."""
        if self._canvas is None or not self._is_seen() or self.sequence - self.painted >= IN_FLIGHT:
            return
        now = micros(self._clock.now())
        self._quiet.start()
        if self.whole_is_due:
            self.whole_is_due = False
            self._pending.clear()
            self.sequence += 1
            self._canvas.load(self.sequence, self._points.snapshot(now))
        elif self._pending:
            slots = np.unique(np.concatenate(self._pending))
            self._pending.clear()
            self.sequence += 1
            self._canvas.change(self.sequence, self._points.delta(slots, now))
        else:
            return
        self.sent.emit()

    def _changed(self, changed: Changed) -> None:
        if changed.reset:
            self.whole_is_due = True
            self.emptied.emit()
        else:
            self._pending += [changed.inserted, changed.updated, changed.removed]
            if len(self._pending) > PENDING_MOST:  # nobody looks, perhaps for days
                self._pending = [np.unique(np.concatenate(self._pending))]
        self.soon()
