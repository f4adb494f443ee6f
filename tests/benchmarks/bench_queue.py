"""How fast the queue is: sort, filter and updates in the real view, each with the repaint that shows it.

The reference, measured in the same run, is what one would write first: a QSortFilterProxyModel over a Python table
model. It is far too slow for 300,000 rows, so it is measured on 5,000 and scaled: sorting by n log n, filtering by n,
updates only by their number and not by the rows they move among, which flatters the reference.
"""

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Grade, Lamp, State
from commandcenter.live.mirror import Mirror, Rows
from tests.ui.desk_county import NOW, reference, rows, some
from ui.models.queue_order import Filter, Sort
from ui.queue.panel import QueuePanel
from ui.session import Session
from ui.theme.palette import dress
from ui.theme.tokens import DAY

ROWS, QUICK_ROWS, NAIVE_ROWS = 300_000, 30_000, 5_000
CHANGES, NAIVE_CHANGES = 1_000, 100
Index = QModelIndex | QPersistentModelIndex


class NaiveTable(QAbstractTableModel):
    """Grade, state and deadline of each case as Python rows."""

    def __init__(self, source: Rows) -> None:
        super().__init__()
        names = ("grade", "state", "due_at")
        self.lines = [list(line) for line in zip(*(source.numbers[name].tolist() for name in names), strict=True)]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's signature
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        value = self.lines[index.row()][index.column()]
        return (
            str(value) if role == Qt.ItemDataRole.DisplayRole else value if role == Qt.ItemDataRole.UserRole else None
        )


class NaiveProxy(QSortFilterProxyModel):
    """Filters in Python, row by row."""

    wanted: Callable[[list[int]], bool] = staticmethod(lambda _: True)

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:  # noqa: N802 - Qt's name
        return self.wanted(self.sourceModel().lines[row])  # type: ignore[attr-defined]

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802 - Qt's name
        role = Qt.ItemDataRole.UserRole
        return bool(self.sourceModel().data(left, role) < self.sourceModel().data(right, role))


def run(quick: bool = False) -> list[dict[str, Any]]:
    """Measure; ``quick`` with a tenth of the rows and few rounds. Values are 95th percentiles in milliseconds."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    dress(app, DAY)
    count = QUICK_ROWS if quick else ROWS
    rounds = 5 if quick else 30
    ours, naive = _ours(count, rounds), _naive(count)
    said = {
        "queue.sort": f"QSortFilterProxyModel over Python, {NAIVE_ROWS} rows, scaled by n log n to {count}",
        "queue.filter": f"the same with filterAcceptsRow, scaled by n to {count}",
        "queue.update": f"the same, {NAIVE_CHANGES} changes among {NAIVE_ROWS} rows, scaled to {CHANGES} changes",
    }
    return [
        {
            "id": name,
            "value": round(ours[name], 1),
            "unit": "ms p95",
            "reference": said[name],
            "reference_value": round(naive[name], 1),
            "ratio": round(ours[name] / naive[name], 4),
        }
        for name in said
    ]


def _ours(count: int, rounds: int) -> dict[str, float]:
    mirror = Mirror()
    mirror.reset(rows(count))
    session = Session(mirror=mirror, reference=reference(), clock=FixedClock(NOW))
    panel = QueuePanel(session)
    _show(panel)
    session.selection.select(panel.model.id_at(count // 2))
    filters = [
        Filter(grades=frozenset({grade}), lamps=frozenset({Lamp.OVERDUE, Lamp.SOON}), states=frozenset({State.WORKING}))
        for grade in (Grade.YELLOW, Grade.BLUE, Grade.GREEN)
    ]
    rng = np.random.default_rng(3)
    batches = [
        some(rows(count, version=number + 2), rng.choice(count, CHANGES, replace=False).tolist()) for number in range(2)
    ]

    def sort(_: int) -> None:
        panel.model.set_sort(Sort.REMAINING)
        panel.view.viewport().repaint()

    def other(_: int) -> None:
        panel.model.set_sort(Sort.NEWEST)

    def wanted(number: int) -> None:
        panel.filters.set_filter(filters[number % len(filters)])
        panel.view.viewport().repaint()

    def every(_: int) -> None:
        panel.filters.set_filter(Filter())

    def update(number: int) -> None:
        batch = batches[number % 2]
        batch.numbers["version"][:] = number + 10
        batch.numbers["due_at"][:] += np.int64(60_000_000) * (number + 1)
        mirror.apply(batch)
        session.bridge.flush()
        panel.view.viewport().repaint()

    found = {
        "queue.sort": _p95(sort, rounds, between=other),
        "queue.filter": _p95(wanted, rounds, between=every),
        "queue.update": _p95(update, rounds),
    }
    assert panel.view.currentIndex().row() == panel.model.row_of(session.selection.case_id)
    panel.close()
    session.close()
    panel.deleteLater()
    return found


def _naive(count: int) -> dict[str, float]:
    table = NaiveTable(rows(NAIVE_ROWS))
    proxy = NaiveProxy()
    proxy.setSourceModel(table)
    proxy.setDynamicSortFilter(True)
    view = QTableView()
    view.setModel(proxy)
    _show(view)

    def sort(number: int) -> None:
        proxy.sort(2, Qt.SortOrder.AscendingOrder if number % 2 else Qt.SortOrder.DescendingOrder)
        view.viewport().repaint()

    def wanted(number: int) -> None:
        grade = (Grade.YELLOW, Grade.BLUE, Grade.GREEN)[number % 3]
        proxy.wanted = lambda line: line[0] == grade and line[1] == State.WORKING and line[2] > 0
        proxy.invalidate()
        view.viewport().repaint()

    def update(number: int) -> None:
        for row in range(0, NAIVE_ROWS, NAIVE_ROWS // NAIVE_CHANGES):
            table.lines[row][2] += number + 1
            table.dataChanged.emit(table.index(row, 2), table.index(row, 2))
        view.viewport().repaint()

    times = count / NAIVE_ROWS
    sorting = times * math.log(count) / math.log(NAIVE_ROWS)
    found = {"queue.sort": _p95(sort, 3) * sorting, "queue.filter": _p95(wanted, 3) * times}
    proxy.wanted = lambda _: True
    proxy.invalidate()
    found["queue.update"] = _p95(update, 3) * CHANGES / NAIVE_CHANGES
    view.close()
    view.deleteLater()
    return found


def _show(widget: QWidget) -> None:
    widget.resize(470, 1000)
    widget.show()
    QApplication.processEvents()


def _p95(act: Callable[[int], None], rounds: int, between: Callable[[int], None] = lambda _: None) -> float:
    """The 95th percentile of `act`'s time in ms (the longest of few rounds); `between` is not timed."""
    taken = []
    act(0)
    for number in range(1, rounds + 1):
        between(number)
        QApplication.processEvents()
        began = time.perf_counter()
        act(number)
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(taken, n=20, method="inclusive")[-1] if len(taken) >= 2 else taken[0]


if __name__ == "__main__":
    for line in run():
        print(line)
