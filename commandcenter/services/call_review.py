"""What is checked of the calls: second calls 抽查, exclusions 剔除 and appeals 申诉, and figures with and without them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from commandcenter.db import call_reads, reads
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call
from commandcenter.domain.case import Grade
from commandcenter.domain.outcome import Answer, Satisfied, Tally, tally
from commandcenter.errors import PersonError

LATELY_DAYS = 30
"""How long what was reviewed stays in view."""
MOST = 300

Kind = Literal["exclusion", "appeal"]


@dataclass(frozen=True, slots=True)
class SecondCall:
    """A citizen drawn to be called once more by somebody else; `called_at` is None until that is done."""

    follow_up_id: int
    case_id: int
    report_id: int
    day: date
    drawn_at: datetime
    first_caller: str
    tries: int
    tried_at: datetime | None
    called_at: datetime | None
    called_by: str | None
    reached: bool | None
    solved: bool | None
    satisfied: str | None
    agrees: bool | None
    words: str
    case_number: str
    title: str
    grade: Grade
    unit_id: int | None
    first_at: datetime
    first_solved: bool
    first_satisfied: str


@dataclass(frozen=True, slots=True)
class Appeal:
    """An application to leave an answer out (exclusion) or against it (appeal); `granted` is None until reviewed.

    Without `follow_up_id` it is about the whole case, and `solved` and `satisfied` are None.
    """

    id: int
    kind: Kind
    case_id: int
    follow_up_id: int | None
    unit_id: int
    reason: str
    applied_at: datetime
    applied_by: str
    granted: bool | None
    reviewed_at: datetime | None
    reviewed_by: str | None
    words: str
    case_number: str
    title: str
    grade: Grade
    solved: bool | None
    satisfied: str | None


@dataclass(frozen=True, slots=True)
class Unhappy:
    """A citizen's last answer, where that is not 双是: it may be applied against. With what was applied for last."""

    follow_up_id: int
    case_id: int
    at: datetime
    solved: bool
    satisfied: str
    words: str
    case_number: str
    title: str
    grade: Grade
    unit_id: int
    appeal_kind: Kind | None
    appeal_granted: bool | None


@dataclass(frozen=True, slots=True)
class UnitCalls:
    """A unit's answers, all of them and without what was left out by a granted application."""

    unit_id: int
    counted: Tally
    without: Tally
    left_out: int


async def read_second_calls(db: Database) -> tuple[SecondCall, ...]:
    """Those to be made, then those made lately; never of the person's own calls, but for analysts and administrators."""
    async with db.begin() as connection:
        rows = await reads.rows(connection, call_reads.SECOND_CALLS, days=LATELY_DAYS)
    return tuple(SecondCall(**_graded(row)) for row in rows)


async def record_second_call(
    db: Database,
    *,
    follow_up_id: int,
    reached: bool,
    solved: bool | None = None,
    satisfied: str | None = None,
    words: str = "",
    key: UUID,
) -> None:
    """Write down a second call. Who is not reached stays on the list until tried ``call_attempts`` times."""
    await call(
        db,
        "second_call",
        follow_up=follow_up_id,
        reached=reached,
        solved=solved,
        satisfied=satisfied,
        words=words,
        key=key,
    )


async def apply_appeal(
    db: Database, *, kind: Kind, case_id: int, follow_up_id: int | None = None, unit_id: int, reason: str, key: UUID
) -> int:
    """Apply to leave an answer, or a whole case, out of a unit's figures; returns the application's id."""
    row = await call(
        db, "apply_appeal", kind=kind, case=case_id, follow_up=follow_up_id, unit=unit_id, reason=reason, key=key
    )
    return int(row.case_id)


async def review_appeal(db: Database, *, appeal_id: int, granted: bool, words: str, key: UUID) -> None:
    """Grant or refuse, with words; never by who applied."""
    await call(db, "review_appeal", appeal=appeal_id, granted=granted, words=words, key=key)


async def read_appeals(db: Database, *, open_only: bool = True) -> tuple[Appeal, ...]:
    """Applications that wait for a review, oldest first; then, unless `open_only`, those reviewed, newest first."""
    async with db.begin() as connection:
        rows = await reads.rows(connection, call_reads.APPEALS, open_only=open_only, most=MOST)
    return tuple(Appeal(**_graded(row)) for row in rows)


async def read_unhappy(db: Database, *, since: datetime) -> tuple[Unhappy, ...]:
    """Last answers since then that are not 双是, newest first, of cases the person may see."""
    async with db.begin() as connection:
        rows = await reads.rows(connection, call_reads.UNHAPPY, since=since, most=MOST)
    return tuple(Unhappy(**_graded(row)) for row in rows)


async def figures(db: Database, *, since: datetime, until: datetime, scheme: str | None = None) -> dict[int, UnitCalls]:
    """Each unit's solved, satisfied and 双是 by the citizens' last answers in [since, until), both ways.

    By the active scheme where none is named; raises PersonError where there is no such.
    """
    async with db.begin() as connection:
        schemes = await reads.rows(connection, call_reads.SCHEMES, code=scheme or "")
        if not schemes:
            raise PersonError("没有这个考核方案。", "请在“管理”中启用一个方案。")
        rows = await reads.rows(connection, call_reads.ANSWERS, since=since, until=until)
    each, weight = schemes[0].citizen == "each", Decimal(schemes[0].basic_weight)
    of_unit: dict[int, list[Answer]] = defaultdict(list)
    for row in rows:
        answer = Answer(row.case_id, row.report_id, row.unit_id, row.solved, Satisfied(row.satisfied), row.excluded)
        of_unit[answer.unit_id].append(answer)
    return {
        unit_id: UnitCalls(
            unit_id,
            tally(answers, each=each, basic_weight=weight),
            tally((answer for answer in answers if not answer.excluded), each=each, basic_weight=weight),
            sum(answer.excluded for answer in answers),
        )
        for unit_id, answers in of_unit.items()
    }


def _graded(row: Any) -> dict[str, Any]:
    facts = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
    return facts | {"grade": Grade(facts["grade"])}
