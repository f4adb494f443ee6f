"""A day of calls: how many citizens were reached and how content they are, and who is missing and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from commandcenter.db import call_reads, reads
from commandcenter.db.engine import Database
from commandcenter.domain.call_plan import day_bounds
from commandcenter.domain.outcome import Share, Why, double_no, double_yes, why_missing
from commandcenter.services.call_rounds import Round, read_rounds, read_rules


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


async def day_progress(db: Database, *, day: date) -> DayProgress:
    """How the calls of a day in Shanghai stand, and who is missing and why, as of now."""
    since, until = day_bounds(day)
    async with db.begin() as connection:
        rules = await read_rules(connection)
        [moment] = await reads.rows(connection, call_reads.NOW)
        made = await reads.rows(connection, call_reads.CALLS_OF_DAY, since=since, until=until)
        waiting = await read_rounds(connection, rules, moment.now)
    last = {row.report_id: row for row in made if row.reached}
    missing = tuple(found for each in waiting if each.case.finished_at < until for found in _missing(each))
    due = len(last) + sum(1 for each in missing if each.why is not Why.NOT_DUE)
    yes = sum(1 for row in last.values() if double_yes(row.solved, row.satisfied))
    no = sum(1 for row in last.values() if double_no(row.solved, row.satisfied))
    return DayProgress(due, len(made), len(last), yes, len(last) - yes, no, Share(Decimal(len(last)), due), missing)


def _missing(of: Round) -> Iterator[Missing]:
    """Who has no answer, and why."""
    answers = of.answers()
    for report in of.reports:
        if (report_id := report.report_id) not in answers:
            why = why_missing(of.tries(report_id), of.due_at, of.rules.attempts, of.now)
            at = None if why is Why.UNREACHABLE else of.next_at(report_id) if why is Why.RETRY else of.due_at
            yield Missing(of.case.case_id, of.case.number, report_id, why, at, of.case.title)
