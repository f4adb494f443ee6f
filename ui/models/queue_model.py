"""The queue as Qt sees it: a thin shell over an order of slots."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from commandcenter.live.mirror import NEVER, Changed
from ui.models.queue_order import Filter, Sort, next_crossing, order, refresh
from ui.models.row_facts import RowFacts, row_facts
from ui.session import Session

_RANGES = 24
"""More separate changed ranges than this are announced as one."""

Index = QModelIndex | QPersistentModelIndex


class QueueModel(QAbstractListModel):
    """Cases of the mirror that pass a filter, sorted. Rows carry case ids, so a view can find its case again.

    ``arrived(list of case ids)``: new to the mirror and shown here. ``rearranged()``: count or order is different.
    """

    arrived = Signal(list)
    rearranged = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._mirror = session.mirror
        self._bridge = session.bridge
        self.filter = Filter()
        self.sort_by = Sort.GRADE_DUE
        self._crossing = NEVER
        self._slots, self._key = order(self._mirror, self.filter, self.sort_by, self._bridge.now_us())
        self.ids: NDArray[np.int64] = self._mirror.id[self._slots]
        """Case ids in the order shown."""
        self._bridge.mirror_changed.connect(self._on_changed)
        self._bridge.ticked.connect(self._on_tick)

    @property
    def slots(self) -> NDArray[np.int64]:
        """Mirror slots in the order shown."""
        return self._slots

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Cases shown."""
        return 0 if parent.isValid() else len(self._slots)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The title, and for screen readers the whole row as a sentence; painting asks `facts`."""
        if role == Qt.ItemDataRole.DisplayRole:
            facts = self.facts(index.row())
            return facts.title if facts else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            facts = self.facts(index.row())
            return facts.spoken() if facts else None
        return None

    def facts(self, row: int) -> RowFacts | None:
        """What row `row` says now; None when its case has just left."""
        slot = int(self._slots[row])
        if slot >= self._mirror.size or not self._mirror.alive[slot]:
            return None
        facts = row_facts(self._mirror, self._session.reference, slot, self._bridge.now_us())
        return replace(facts, hinted=True) if facts.case_id in self._session.work.hinted else facts

    def id_at(self, row: int) -> int | None:
        """The case in `row`, None outside the list."""
        return int(self.ids[row]) if 0 <= row < len(self.ids) else None

    def row_of(self, case_id: int | None) -> int:
        """The row of a case, -1 where it is not shown."""
        if case_id is None:
            return -1
        found = np.flatnonzero(self.ids == case_id)
        return int(found[0]) if len(found) else -1

    def set_filter(self, wanted: Filter) -> None:
        """Show what passes `wanted`."""
        if wanted != self.filter:
            self.filter = wanted
            self._rebuild()

    def set_sort(self, sort: Sort) -> None:
        """Order by `sort`."""
        if sort is not self.sort_by:
            self.sort_by = sort
            self._rebuild()

    def _rebuild(self) -> None:
        now = self._bridge.now_us()
        self._replace(*order(self._mirror, self.filter, self.sort_by, now))
        self._crossing = next_crossing(self._mirror, self._mirror.slots(), now) if self.filter.lamps else NEVER

    def _replace(self, slots: NDArray[np.int64], key: NDArray[np.int64]) -> None:
        self.beginResetModel()
        self._slots, self._key = slots, key
        self.ids = self._mirror.id[slots]
        self.endResetModel()
        self.rearranged.emit()

    def _on_tick(self) -> None:
        if self._bridge.now_us() >= self._crossing:
            self._rebuild()

    def _on_changed(self, changed: Changed) -> None:
        if changed.reset:
            self._rebuild()
            return
        touched = np.unique(np.concatenate([changed.inserted, changed.updated, changed.removed]))
        now = self._bridge.now_us()
        held = (self._slots, self._key)
        slots, key = refresh(self._mirror, held, touched, self.filter, self.sort_by, now)
        if np.array_equal(slots, self._slots) and np.array_equal(self._mirror.id[slots], self.ids):
            self._key = key
            self._announce_changes(touched)
        else:
            self._replace(slots, key)
        if self.filter.lamps:
            self._crossing = min(self._crossing, next_crossing(self._mirror, touched[self._mirror.alive[touched]], now))
        if len(changed.inserted):
            self._announce_arrivals(changed.inserted)

    def _announce_changes(self, touched: NDArray[np.int64]) -> None:
        is_touched = np.zeros(self._mirror.size, np.bool_)
        is_touched[touched] = True
        rows = np.flatnonzero(is_touched[self._slots])
        if not len(rows):
            return
        runs = np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1)
        if len(runs) > _RANGES:
            runs = [rows]
        for run in runs:
            self.dataChanged.emit(self.index(int(run[0])), self.index(int(run[-1])))

    def _announce_arrivals(self, inserted: NDArray[np.int64]) -> None:
        ids = self._mirror.id[inserted[self._mirror.alive[inserted]]]
        shown = ids[np.isin(ids, self.ids)]
        if len(shown):
            self.arrived.emit(shown.tolist())
