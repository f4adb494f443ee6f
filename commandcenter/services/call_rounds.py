"""Rounds of follow-up 回访: how far each finished case is with the calls to its citizens, and what settings say of calls.

Every citizen of a case is called in every round; a redo begins the next one.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import call_reads, reads
from commandcenter.domain.call_plan import Band, bands_of, next_call_at
from commandcenter.domain.outcome import double_yes

MOST = 2000
"""Cases read at most, those that wait longest first; more than a centre calls in a day."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What settings say about calls."""

    due_minutes: int
    gap_minutes: int
    bands: tuple[Band, ...]
    attempts: int
    hold_minutes: int


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


@dataclass(frozen=True, slots=True)
class Round:
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
        """Until when the first calls should be made."""
        due: datetime = self.case.finished_at + timedelta(minutes=self.rules.due_minutes)
        return due

    def answers(self) -> dict[int, Any]:
        """The last call that reached somebody, by report."""
        return {each.report_id: each for each in self.calls if each.reached}

    def tries(self, report_id: int) -> tuple[datetime, ...]:
        """The calls that reached nobody."""
        return tuple(each.at for each in self.calls if each.report_id == report_id and not each.reached)

    def next_at(self, report_id: int) -> datetime:
        """When to call, from now on."""
        tries = self.tries(report_id)
        if not tries:  # most of them: worked out once for all
            return self.first_at
        return next_call_at(tries, self.case.finished_at, self.rules.gap_minutes, self.rules.bands, self.now)

    def to_call(self) -> list[Any]:
        """The reports whose citizens are still to be called."""
        answers = self.answers()
        return [
            report
            for report in self.reports
            if report.report_id not in answers and len(self.tries(report.report_id)) < self.rules.attempts
        ]

    def unhappy(self) -> list[int]:
        """The reports whose citizens were reached and are not 双是."""
        return [each.report_id for each in self.answers().values() if not double_yes(each.solved, each.satisfied)]


async def read_rounds(connection: AsyncConnection, rules: Rules, now: datetime) -> list[Round]:
    """The cases that wait for calls, or for what follows from them."""
    cases = await reads.rows(connection, call_reads.WAITING, hold_minutes=rules.hold_minutes, most=MOST)
    case_ids = [case.case_id for case in cases]
    first_at = next_call_at((), now, rules.gap_minutes, rules.bands, now)
    reports, calls = defaultdict(list), defaultdict(list)
    for row in await reads.rows(connection, call_reads.WAITING_REPORTS, case_ids=case_ids):
        reports[row.case_id].append(row)
    for row in await reads.rows(connection, call_reads.CALLS_MADE, case_ids=case_ids):
        calls[row.case_id].append(row)
    return [
        Round(
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
