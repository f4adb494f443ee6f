"""Generated cases and reports, one array or list per column. Times are int64 µs since 1970 UTC, NEVER where not set."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int8]


@dataclass(frozen=True)
class ReportColumns:
    """Reports (诉求), those of one case together and in the order of time, cases ascending."""

    case: Ints
    """Index of the case in `CaseColumns`."""
    received_at: Ints
    channel: Ints
    foreign_number: list[str]
    content: list[str]
    place: list[str]
    name: list[str]
    phone: list[str]
    address: list[str]
    confidential: NDArray[np.bool_]
    reached: Small
    """Follow-up call: 1 reached, 0 not, -1 not called yet; so are contacted and solved, -1 where not reached."""
    contacted: Small
    solved: Small
    satisfied: Small
    """2 满意, 1 基本满意, 0 不满意, -1 not known."""
    followed_at: Ints

    def __len__(self) -> int:
        return len(self.case)


@dataclass(frozen=True)
class CaseColumns:
    """Cases (工单) in the order in which they were received."""

    received_at: Ints
    dispatched_at: Ints
    accepted_at: Ints
    paused_at: Ints
    """Set while the case is paused."""
    finished_at: Ints
    archived_at: Ints
    grade: Small
    """domain.case.Grade."""
    state: Small
    """domain.case.State: archived, or one of the open states."""
    kind: list[str]
    category: Ints
    channel: Ints
    """Of the first report."""
    area: Ints
    """Finest area id: estate or grid."""
    grid: Ints
    """Area id of the grid, `town` of the town."""
    town: Ints
    unit: Ints
    """Lead unit's id, 0 before dispatch."""
    lead: Ints
    """The unit whose matter it is, also before dispatch (what a duty officer should choose)."""
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    title: list[str]
    place: list[str]
    returns: Small
    redos: Small
    late: NDArray[np.bool_]
    """Meant to be over its limit: finished late, or open and overdue."""
    opposes: Ints
    """Index of the case with the opposite demand at the same place, -1 for nearly all."""
    repeats: Ints
    """Index of an earlier open case about the very same, which nobody has noticed; -1 for nearly all."""
    first_report: Ints
    """Index of the case's first report; the number of reports is `report_count`."""
    report_count: Ints
    reports: ReportColumns

    def __len__(self) -> int:
        return len(self.received_at)
