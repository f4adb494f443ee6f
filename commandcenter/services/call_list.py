"""The list of calls: whom to call and when, in order, and the cases whose citizens all were called (domain.md §6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from commandcenter.db import call_reads, reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Flag, Grade
from commandcenter.domain.outcome import Risk, risk
from commandcenter.services.call_rounds import Round, read_rounds, read_rules

LATELY_DAYS = 90
"""Days within which other reports of the same citizen make them a repeat caller [D]."""


class Todo(StrEnum):
    """What a line of the list waits for."""

    CALL = "call"
    REDO = "redo"  # all called, somebody is not content: sent back, or a supervisor's word
    ARCHIVE = "archive"  # all called, all content or not to be reached


@dataclass(frozen=True, slots=True)
class Call:
    """A citizen to be called, or a case whose citizens all were (`todo`). Moments are aware UTC."""

    report_id: int
    case_id: int
    case_number: str
    case_version: int
    title: str
    grade: Grade
    finished_at: datetime
    due_at: datetime
    """Until when the first call should be made."""
    unit_id: int | None
    redos: int
    returns: int
    reports: int
    name_masked: str
    phone_masked: str
    confidential: bool
    attempts: tuple[datetime, ...]
    """Calls of this round that reached nobody."""
    next_at: datetime
    """When to call, by the rule, from now on; a citizen who calls by themselves may be heard at any time."""
    risk: int
    risk_reasons: tuple[Risk, ...]
    holder: str
    """The login of who is calling just now; '' where nobody is."""
    left: int
    """How many citizens of the case are still to be called in this round, this one included."""
    unhappy: int
    """How many of them were reached in this round and are not 双是."""
    todo: Todo = Todo.CALL


async def read_call_list(db: Database, *, now: datetime) -> tuple[Call, ...]:
    """Whom to call, in order: overdue ones, then those who may be called now by risk, then cases to be ended, then later ones."""
    async with db.begin() as connection:
        rules = await read_rules(connection)
        lines = [line for each in await read_rounds(connection, rules, now) for line in _lines(each)]
        others = {
            row.report_id: row.others
            for row in await reads.rows(
                connection,
                call_reads.OTHER_REPORTS,
                report_ids=[line.report.report_id for line in lines],
                days=LATELY_DAYS,
            )
        }
    return tuple(sorted((line.call(others.get(line.report.report_id, 0)) for line in lines), key=_order(now)))


def _order(now: datetime) -> Callable[[Call], tuple[Any, ...]]:
    def key(each: Call) -> tuple[Any, ...]:
        if each.todo is not Todo.CALL:
            return (2, -each.risk, each.due_at, each.case_id, each.report_id)
        if each.next_at > now:
            return (3, each.next_at, -each.risk, each.case_id, each.report_id)
        return (int(each.due_at > now), -each.risk, each.due_at, each.case_id, each.report_id)

    return key


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list before its place in it is known."""

    of: Round
    report: Any
    left: int
    unhappy: int
    todo: Todo

    def call(self, others: int) -> Call:
        case, report = self.of.case, self.report
        points, reasons = risk(
            grade=Grade(case.grade),
            redos=case.redos,
            returns=case.returns,
            late=case.limit_at is not None and case.finished_at > case.limit_at,
            reports=case.reports,
            other_reports=others,
            had_double_no=bool(case.flags & Flag.DOUBLE_NO),
        )
        return Call(
            report.report_id, case.case_id, case.number, case.version, case.title, Grade(case.grade), case.finished_at,
            self.of.due_at, case.unit_id, case.redos, case.returns, case.reports, report.name_masked, report.phone_masked,
            report.confidential, self.of.tries(report.report_id), self.of.next_at(report.report_id), points, reasons,
            case.holder, self.left, self.unhappy, self.todo,
        )  # fmt: skip


def _lines(of: Round) -> Iterator[_Line]:
    """The citizens still to be called; where there are none, one line for the case."""
    to_call, unhappy = of.to_call(), of.unhappy()
    for report in to_call:
        yield _Line(of, report, len(to_call), len(unhappy), Todo.CALL)
    if not to_call:
        shown = next((report for report in of.reports if report.report_id in unhappy), of.reports[0])
        yield _Line(of, shown, 0, len(unhappy), Todo.REDO if unhappy else Todo.ARCHIVE)
