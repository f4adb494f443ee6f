"""All open cases the person may see, in memory: one numpy array per column, a case in a slot that stays its own.

Slots are stable: a case keeps its slot until it leaves, a freed slot is reused. Views hold slots, never positions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain import moment

NEVER = moment.NEVER
"""A moment that does not exist (no deadline yet), in the mirror's time unit."""

COLUMNS: dict[str, str] = {
    "id": "i8",
    "version": "i4",
    "grade": "u1",  # domain.case.Grade
    "state": "u1",  # domain.case.State
    "flags": "i4",  # domain.case.Flag
    "town": "i4",  # area id of the town, 0 where unknown
    "area": "i4",  # finest known area id, 0 where unplaced
    "unit": "i4",  # lead unit id, 0 before dispatch
    "category": "i4",  # 0 where unknown
    "channel": "i4",
    "reports": "i4",  # number of reports (诉求) in the case
    "returns": "i4",
    "redos": "i4",
    "lon": "f8",  # WGS-84 degrees; NaN where unplaced
    "lat": "f8",
    "received_at": "i8",  # microseconds since 1970-01-01 UTC, NEVER where not set; so are all *_at
    "dispatched_at": "i8",
    "accept_due_at": "i8",
    "soon_at": "i8",
    "due_at": "i8",
    "paused_at": "i8",
    "changed_at": "i8",
}
"""Column name -> numpy type. The order is that of the snapshot's and the feed's rows."""

TEXTS = ("number", "title", "place", "holder")
"""Text columns, kept as Python lists: 编号, 标题, 地点, who is working on it (login or '')."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some cases, column by column: what a snapshot or a feed batch brings. All arrays and lists have one length."""

    numbers: dict[str, NDArray[Any]]
    texts: dict[str, list[str]]

    def __len__(self) -> int:
        return len(self.numbers["id"])


@dataclass(frozen=True, slots=True)
class Changed:
    """What one application changed, as slots. ``reset`` means everything: throw away what you derived."""

    inserted: NDArray[np.int64]
    updated: NDArray[np.int64]
    removed: NDArray[np.int64]
    reset: bool = False


Listener = Callable[[Changed], None]


class Mirror:
    """Columns of open cases. Read ``mirror.due_at[slot]`` and so on; change only by `reset` and `apply`."""

    def __init__(self) -> None:
        self.size = 0
        """Slots in use or freed: valid slots are ``0..size-1`` where `alive` is true."""
        self.alive: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self.texts: dict[str, list[str]] = {name: [] for name in TEXTS}
        self._columns = {name: np.zeros(0, kind) for name, kind in COLUMNS.items()}
        self._slot_of: dict[int, int] = {}
        self._free: list[int] = []
        self._listeners: list[Listener] = []

    def __len__(self) -> int:
        return len(self._slot_of)

    def __getattr__(self, name: str) -> NDArray[Any]:
        """The column of that name, cut to `size` (a view: do not write into it)."""
        try:
            return self._columns[name][: self.size]
        except KeyError:
            raise AttributeError(name) from None

    def slot_of(self, case_id: int) -> int | None:
        """The case's slot, or None where it is not in the mirror."""
        return self._slot_of.get(case_id)

    def slots(self) -> NDArray[np.int64]:
        """All living slots, ascending."""
        return np.flatnonzero(self.alive[: self.size])

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change, in the caller's thread; returns the way to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def reset(self, rows: Rows) -> Changed:
        """Replace everything by a snapshot."""
        count = len(rows)
        self.size = count
        self._columns = {name: np.ascontiguousarray(rows.numbers[name], dtype=kind) for name, kind in COLUMNS.items()}
        self.texts = {name: list(rows.texts[name]) for name in TEXTS}
        self.alive = np.ones(count, np.bool_)
        self._free = []
        self._slot_of = dict(zip(self._columns["id"].tolist(), range(count), strict=True))
        none = np.zeros(0, np.int64)
        return self._tell(Changed(np.arange(count), none, none, reset=True))

    def apply(self, rows: Rows, gone: Sequence[int] = ()) -> Changed:
        """Insert or update `rows`, remove the cases with the ids `gone`. Applying the same twice changes nothing more.

        A row older than the one held (smaller version) is ignored.
        """
        removed = [slot for case_id in gone if (slot := self._remove(case_id)) is not None]
        inserted: list[int] = []
        updated: list[int] = []
        take: list[int] = []
        ids = rows.numbers["id"].tolist()
        versions = rows.numbers["version"].tolist()
        held = self._columns["version"]
        for position, case_id in enumerate(ids):
            slot = self._slot_of.get(case_id)
            if slot is None:
                slot = self._new_slot(case_id)
                held = self._columns["version"]
                inserted.append(slot)
            elif versions[position] < held[slot]:
                continue
            else:
                updated.append(slot)
            take.append(position)
            for name in TEXTS:
                self.texts[name][slot] = rows.texts[name][position]
        slots = np.array([self._slot_of[ids[position]] for position in take], np.int64)
        for name, column in self._columns.items():
            column[slots] = rows.numbers[name][take]
        self.alive[slots] = True
        return self._tell(
            Changed(np.array(inserted, np.int64), np.array(updated, np.int64), np.array(removed, np.int64))
        )

    def _new_slot(self, case_id: int) -> int:
        if self._free:
            slot = self._free.pop()
        else:
            slot = self.size
            if slot == len(self.alive):
                self._grow(max(1024, 2 * slot))
            self.size += 1
            for column in self.texts.values():
                column.append("")
        self._slot_of[case_id] = slot
        return slot

    def _grow(self, capacity: int) -> None:
        for name, column in self._columns.items():
            self._columns[name] = np.concatenate([column, np.zeros(capacity - len(column), column.dtype)])
        self.alive = np.concatenate([self.alive, np.zeros(capacity - len(self.alive), np.bool_)])

    def _remove(self, case_id: int) -> int | None:
        slot = self._slot_of.pop(case_id, None)
        if slot is not None:
            self.alive[slot] = False
            self._free.append(slot)
        return slot

    def _tell(self, changed: Changed) -> Changed:
        for listener in tuple(self._listeners):
            listener(changed)
        return changed
