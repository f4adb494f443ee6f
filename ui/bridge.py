"""The single crossing from the core's callbacks into Qt: many changes in, one signal per interval out."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.clock import Clock
from commandcenter.domain.moment import micros
from commandcenter.live.counters import Counts, count
from commandcenter.live.mirror import Changed, Mirror

INTERVAL_MS = 80
COUNT_EVERY_MS = 400


class Bridge(QObject):
    """Qt signals for a mirror and a clock.

    ``mirror_changed(Changed)``: all changes of the last 80 ms together (a slot may be in several parts when it was freed
    and taken again: the mirror itself says what holds now). ``counted(Counts)``: at most every 0.4 s and each second.
    ``ticked(datetime)``: each second, aware UTC.
    """

    mirror_changed = Signal(object)
    counted = Signal(object)
    ticked = Signal(object)
    health_changed = Signal(object)

    def __init__(self, mirror: Mirror, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.mirror = mirror
        self.clock = clock
        self.counts: Counts = count(mirror, self.now_us())
        self._pending: list[Changed] = []
        self._flush_timer = _single_shot(self, INTERVAL_MS, self.flush)
        self._count_timer = _single_shot(self, COUNT_EVERY_MS, self.recount)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self.tick)
        self._leave = mirror.subscribe(self._on_changed)

    def start(self) -> None:
        """Begin to tick."""
        self._second.start()

    def stop(self) -> None:
        """Let go of the mirror and the clock."""
        self._second.stop()
        self._flush_timer.stop()
        self._count_timer.stop()
        self._leave()

    def now_us(self) -> int:
        """The clock in the mirror's unit: µs since 1970 UTC."""
        return micros(self.clock.now())

    def tick(self) -> None:
        """One second has passed."""
        self.ticked.emit(self.clock.now())
        if not self._count_timer.isActive():
            self.recount()

    def recount(self) -> None:
        """Count the mirror anew and say so if anything differs."""
        counts = count(self.mirror, self.now_us())
        if counts != self.counts:
            self.counts = counts
            self.counted.emit(counts)

    def flush(self) -> None:
        """Hand over what has gathered, now."""
        self._flush_timer.stop()
        pending, self._pending = self._pending, []
        if pending:
            self.mirror_changed.emit(_merged(pending))
            if not self._count_timer.isActive():
                self._count_timer.start()

    def _on_changed(self, changed: Changed) -> None:
        self._pending.append(changed)
        if not self._flush_timer.isActive():
            self._flush_timer.start()


def _single_shot(parent: QObject, milliseconds: int, call: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(call)
    return timer


def _merged(changes: list[Changed]) -> Changed:
    """Several changes as one; after a reset earlier ones mean nothing."""
    if len(changes) == 1:
        return changes[0]
    return Changed(
        _union([changed.inserted for changed in changes]),
        _union([changed.updated for changed in changes]),
        _union([changed.removed for changed in changes]),
        reset=any(changed.reset for changed in changes),
    )


def _union(parts: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.unique(np.concatenate(parts))
