"""Generated cases as rows of the bulk intake: each report a row, the first of a case with the case's own facts."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from commandcenter.db.bulk import grams, or_none
from commandcenter.demo.columns import CaseColumns
from commandcenter.domain.case import Flag, Grade
from commandcenter.domain.limit import Limit
from commandcenter.domain.many_deadlines import ManyDeadlines, many_deadlines
from commandcenter.domain.moment import NEVER
from commandcenter.domain.worktime import WorkCalendar, WorkHours

CHUNK = 5_000
"""Cases a batch: large enough that the statements' fixed costs vanish, small enough to bound memory."""

_SATISFIED = ("不满意", "基本满意", "满意")


def deadlines_of(
    cases: CaseColumns,
    unit_hours: Mapping[int, int],
    limits: Mapping[Grade, Limit],
    calendar: WorkCalendar,
    hours: Mapping[int, WorkHours],
) -> ManyDeadlines:
    """The deadlines of all cases; `unit_hours`: unit id → its hours' id."""
    units, inverse = np.unique(cases.unit, return_inverse=True)
    of_unit = np.array([unit_hours.get(int(unit), 0) for unit in units])[inverse]
    dispatched = np.where(cases.unit > 0, cases.dispatched_at, NEVER)
    return many_deadlines(dispatched, cases.grade, of_unit, limits, calendar, hours)


def chunks(cases: CaseColumns, due: ManyDeadlines, seed: int) -> Iterator[list[tuple[Any, ...]]]:
    """Rows for ``bulk.take_in`` with history, CHUNK whole cases at a time."""
    flags = _flags(cases, due)
    for begin in range(0, len(cases), CHUNK):
        end = min(begin + CHUNK, len(cases))
        yield _rows(cases, due, flags, seed, begin, end)


def _flags(cases: CaseColumns, due: ManyDeadlines) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.asarray(
        np.where(due.working, Flag.WORKING_CLOCK, 0)
        | np.where(due.provisional, Flag.PROVISIONAL, 0)
        | np.where(cases.accepted_at != NEVER, Flag.ACCEPTED, 0)
        | np.where((cases.returns >= 3) | (cases.redos >= 3), Flag.PROBLEM, 0),
        np.int64,
    )


def _rows(cases: CaseColumns, due: ManyDeadlines, flags: Any, seed: int, begin: int, end: int) -> list[tuple[Any, ...]]:
    part = slice(begin, end)
    moments = [
        [or_none(us) for us in column[part].tolist()]
        for column in (
            cases.dispatched_at,
            cases.accepted_at,
            due.accept_due_at,
            due.return_until,
            due.soon_at,
            due.due_at,
            cases.paused_at,
            cases.finished_at,
            cases.archived_at,
        )
    ]
    facts = zip(
        cases.first_report[part].tolist(),
        cases.report_count[part].tolist(),
        cases.grade[part].tolist(),
        cases.state[part].tolist(),
        cases.kind[part],
        cases.category[part].tolist(),
        cases.area[part].tolist(),
        cases.unit[part].tolist(),
        cases.lon[part].tolist(),
        cases.lat[part].tolist(),
        cases.title[part],
        zip(*moments, strict=True),
        flags[part].tolist(),
        cases.returns[part].tolist(),
        cases.redos[part].tolist(),
        strict=True,
    )
    rows: list[tuple[Any, ...]] = []
    for case, (first, count, grade, state, kind, category, area, unit, lon, lat, title, times, flag, back, again) in (
        enumerate(facts, begin)
    ):  # fmt: skip
        own = (state, unit or None, *times, flag, back, again)
        rows += [
            _row(cases, report, case, seed, (kind, category, grade, title, area, lon, lat), own)
            for report in range(first, first + count)
        ]
    return rows


def _row(
    cases: CaseColumns, report: int, case: int, seed: int, shared: tuple[Any, ...], own: tuple[Any, ...]
) -> tuple[Any, ...]:
    kind, category, grade, title, area, lon, lat = shared
    said = cases.reports
    number = said.foreign_number[report]
    channel = int(said.channel[report])
    reached = int(said.reached[report])
    content = said.content[report]
    answer: tuple[Any, ...] = (None, None, None)
    if reached == 0:
        answer = (False, None, None)
    elif reached == 1:
        answer = (True, bool(said.solved[report] == 1), _SATISFIED[max(0, int(said.satisfied[report]))])
    return (
        report,
        case,
        channel,
        number or None,
        hashlib.sha256(f"{seed}:{report}:{channel}:{number}".encode()).digest(),
        kind,
        category,
        grade,
        title,
        content,
        said.place[report],
        area,
        lon,
        lat,
        int(said.received_at[report]),
        said.name[report],
        said.phone[report],
        said.address[report],
        bool(said.confidential[report]),
        grams(content),
        None,
        *own,
        *answer,
    )
