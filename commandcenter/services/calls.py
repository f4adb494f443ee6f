"""Follow-up 回访: whom to call and when, what a call leads to in one deed, and how the day stands (domain.md §6).

Every citizen of a case is called in every round. All verbs are safe to retry with the same `key` and raise `PersonError`.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import call_reads, reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.call_plan import Band, bands_of, day_bounds, next_call_at
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.domain.outcome import Risk, Share, Why, double_no, double_yes, risk, why_missing
from commandcenter.services.call_review import (
    apply_appeal,
    figures,
    read_appeals,
    read_second_calls,
    record_second_call,
    review_appeal,
)
from commandcenter.services.cases import CaseChange, follow_up

__all__ = [
    "Beside", "Call", "DayProgress", "Missing", "Todo", "apply_appeal", "archive_in_one", "day_progress", "figures", "read_appeals",
    "read_beside", "read_call_list", "read_second_calls", "record", "record_second_call", "redo_in_one", "review_appeal",
]  # fmt: skip

MOST = 2000
"""Cases read for the list at most, those that wait longest first; more than a centre calls in a day."""
LATELY_DAYS = 90
"""Days within which other reports of the same citizen make them a repeat caller [D]."""


class Todo(StrEnum):
    """What a line of the list waits for."""

    CALL = "call"
    REDO = "redo"  # all called, somebody is not content: sent back, or a supervisor's word
    ARCHIVE = "archive"  # all called, all content or not to be reached


@dataclass(frozen=True, slots=True)
class Rules:
    """What settings say about calls."""

    due_minutes: int
    gap_minutes: int
    bands: tuple[Band, ...]
    attempts: int
    hold_minutes: int


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


@dataclass(frozen=True, slots=True)
class Missing:
    """A citizen who has no answer yet; `at` is the next try, or until when there was or is time; None where neither."""

    case_id: int
    case_number: str
    report_id: int
    why: Why
    at: datetime | None
    title: str


@dataclass(frozen=True, slots=True)
class DayProgress:
    """How a day's calls stand. Citizens are counted, but for `called`, which counts calls."""

    due: int
    """Reached that day, or still to be reached by now."""
    called: int
    reached: int
    double_yes: int
    not_double_yes: int
    double_no: int
    """Among those not 双是."""
    coverage: Share
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A whistle (`what`: its level) or a numbered slip (`what`: its kind) of a case."""

    kind: str
    what: int
    number: str
    state: int


async def read_rules(connection: AsyncConnection) -> Rules:
    """The settings of calls. Raises PersonError where an administrator left nonsense."""
    value = {row.name: json.loads(row.value) for row in await reads.rows(connection, call_reads.RULES)}
    return Rules(
        value["call_due_minutes"],
        value["call_gap_minutes"],
        bands_of(value["call_bands"]),
        value["call_attempts"],
        value["hold_minutes"],
    )


async def read_call_list(db: Database, *, now: datetime) -> tuple[Call, ...]:
    """Whom to call, in order: overdue ones, then those who may be called now by risk, then cases to be ended, then later ones."""
    async with db.begin() as connection:
        rules = await read_rules(connection)
        lines = [line for each in await _waiting(connection, rules, now) for line in each.lines()]
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
class _Round:
    """A case that waits for calls, and what its citizens said in its present round, as of `now`."""

    now: datetime
    first_at: datetime
    """When somebody who was not tried yet may be called, from now on."""
    case: Any
    reports: Sequence[Any]
    calls: Sequence[Any]
    rules: Rules

    @property
    def due_at(self) -> datetime:
        due: datetime = self.case.finished_at + timedelta(minutes=self.rules.due_minutes)
        return due

    def answers(self) -> dict[int, Any]:
        """The last call that reached somebody, by report."""
        return {each.report_id: each for each in self.calls if each.reached}

    def tries(self, report_id: int) -> tuple[datetime, ...]:
        return tuple(each.at for each in self.calls if each.report_id == report_id and not each.reached)

    def next_at(self, report_id: int) -> datetime:
        tries = self.tries(report_id)
        if not tries:  # most of them: worked out once for all
            return self.first_at
        return next_call_at(tries, self.case.finished_at, self.rules.gap_minutes, self.rules.bands, self.now)

    def lines(self) -> list["_Line"]:
        """The citizens still to be called; where there are none, one line for the case."""
        answers = self.answers()
        to_call = [
            report
            for report in self.reports
            if report.report_id not in answers and len(self.tries(report.report_id)) < self.rules.attempts
        ]
        unhappy = [each.report_id for each in answers.values() if not double_yes(each.solved, each.satisfied)]
        if to_call:
            return [_Line(self, report, len(to_call), len(unhappy), Todo.CALL) for report in to_call]
        shown = next((report for report in self.reports if report.report_id in unhappy), self.reports[0])
        return [_Line(self, shown, 0, len(unhappy), Todo.REDO if unhappy else Todo.ARCHIVE)]

    def missing(self) -> Iterable[Missing]:
        """Who has no answer, and why."""
        answers = self.answers()
        for report in self.reports:
            if (report_id := report.report_id) not in answers:
                why = why_missing(self.tries(report_id), self.due_at, self.rules.attempts, self.now)
                at = None if why is Why.UNREACHABLE else self.next_at(report_id) if why is Why.RETRY else self.due_at
                yield Missing(self.case.case_id, self.case.number, report_id, why, at, self.case.title)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the list before its place in it is known."""

    of: _Round
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


async def _waiting(connection: AsyncConnection, rules: Rules, now: datetime) -> list[_Round]:
    cases = await reads.rows(connection, call_reads.WAITING, hold_minutes=rules.hold_minutes, most=MOST)
    case_ids = [case.case_id for case in cases]
    first_at = next_call_at((), now, rules.gap_minutes, rules.bands, now)
    reports, calls = defaultdict(list), defaultdict(list)
    for row in await reads.rows(connection, call_reads.WAITING_REPORTS, case_ids=case_ids):
        reports[row.case_id].append(row)
    for row in await reads.rows(connection, call_reads.CALLS_MADE, case_ids=case_ids):
        calls[row.case_id].append(row)
    return [
        _Round(
            now,
            first_at,
            case,
            reports[case.case_id],
            [each for each in calls[case.case_id] if each.round == case.redos],
            rules,
        )
        for case in cases
        if reports[case.case_id]
    ]


async def record(
    db: Database,
    *,
    case_id: int,
    version: int,
    report_id: int,
    reached: bool,
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfied: str | None = None,
    words: str = "",
    key: UUID,
) -> CaseChange:
    """Write down a call, and nothing else."""
    return await follow_up(
        db, case_id=case_id, version=version, report_id=report_id, reached=reached, contacted=contacted, solved=solved,
        satisfied=satisfied, words=words, key=key,
    )  # fmt: skip


async def redo_in_one(
    db: Database,
    *,
    case_id: int,
    version: int,
    report_id: int,
    contacted: bool | None = None,
    solved: bool,
    satisfied: str,
    words: str = "",
    reason: str,
    key: UUID,
) -> CaseChange:
    """Write down an answer that is not 双是 and send the case back to its unit (二次办理), both or neither."""
    return await _then(
        db, "redo", reason=reason, case=case_id, version=version, report=report_id, reached=True, contacted=contacted,
        solved=solved, satisfied=satisfied, words=words, key=key,
    )  # fmt: skip


async def archive_in_one(
    db: Database,
    *,
    case_id: int,
    version: int,
    report_id: int,
    reached: bool,
    contacted: bool | None = None,
    solved: bool | None = None,
    satisfied: str | None = None,
    words: str = "",
    key: UUID,
) -> CaseChange:
    """Write down the last call of a case and archive it, both or neither."""
    return await _then(
        db, "archive", reason="", case=case_id, version=version, report=report_id, reached=reached, contacted=contacted,
        solved=solved, satisfied=satisfied, words=words, key=key,
    )  # fmt: skip


async def _then(db: Database, then: str, **arguments: Any) -> CaseChange:
    row = await call(db, "follow_up_then", then=then, **arguments)
    return CaseChange(row.case_id, row.number, State(row.state), row.version, row.due_at, row.replayed)


async def day_progress(db: Database, *, day: date) -> DayProgress:
    """How the calls of a day in Shanghai stand, and who is missing and why, as of now."""
    since, until = day_bounds(day)
    async with db.begin() as connection:
        rules = await read_rules(connection)
        [moment] = await reads.rows(connection, call_reads.NOW)
        made = await reads.rows(connection, call_reads.CALLS_OF_DAY, since=since, until=until)
        waiting = await _waiting(connection, rules, moment.now)
    last = {row.report_id: row for row in made if row.reached}
    missing = tuple(found for each in waiting if each.case.finished_at < until for found in each.missing())
    due = len(last) + sum(1 for each in missing if each.why is not Why.NOT_DUE)
    yes = sum(1 for row in last.values() if double_yes(row.solved, row.satisfied))
    no = sum(1 for row in last.values() if double_no(row.solved, row.satisfied))
    return DayProgress(due, len(made), len(last), yes, len(last) - yes, no, Share(Decimal(len(last)), due), missing)


async def read_beside(db: Database, case_id: int) -> tuple[Beside, ...]:
    """The case's whistles and numbered slips."""
    async with db.begin() as connection:
        return tuple(
            Beside(row.kind, row.what, row.number, row.state)
            for row in await reads.rows(connection, call_reads.BESIDE, case_id=case_id)
        )
