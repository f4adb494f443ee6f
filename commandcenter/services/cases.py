"""The verbs on a case: one transaction each, refused by the database where unlawful, safe to retry with the same key.

Common arguments: `version` is the version the person saw (StaleVersion when somebody changed the case since), `key`
identifies the deed (the same key again returns the first result, with ``replayed``). All raise `PersonError`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from commandcenter.db.engine import Database
from commandcenter.db.verbs import Answer, call
from commandcenter.domain.case import Grade, State
from commandcenter.services.corrections import call_and_correct
from commandcenter.services.new_report import NewReport


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What a verb left behind."""

    case_id: int
    number: str
    state: State
    version: int
    due_at: datetime | None
    replayed: bool
    """The deed had been done before under the same key; nothing was done now."""

    @classmethod
    def of(cls, row: Answer) -> Self:
        """What the row of a verb says."""
        return cls(row.case_id, row.number, State(row.state), row.version, row.due_at, row.replayed)


async def _do(db: Database, function: str, *, proposed_id: int | None = None, **arguments: Any) -> CaseChange:
    return CaseChange.of(await call_and_correct(db, function, proposed_id=proposed_id, **arguments))


async def register(db: Database, report: NewReport, *, key: UUID) -> CaseChange:
    """Take in one report as a new case: to be dispatched where a grade is given by the centre, otherwise to be graded."""
    return await _do(db, "register", proposed_id=report.proposed_category_id, **report.arguments(), key=key)


async def grade(
    db: Database,
    *,
    case_id: int,
    version: int,
    grade: Grade,
    category_id: int | None = None,
    reason: str = "",
    proposed_category_id: int | None = None,
    key: UUID,
) -> CaseChange:
    """Grade a case (红橙黄蓝绿); a dispatched case's limits follow from its dispatch. Lowering needs a reason.

    `proposed_category_id` as in `NewReport`.
    """
    return await _do(
        db,
        "grade",
        proposed_id=proposed_category_id,
        case=case_id,
        version=version,
        grade=grade,
        category=category_id,
        reason=reason,
        key=key,
    )


async def dispatch(
    db: Database,
    *,
    case_id: int,
    version: int,
    unit_id: int,
    assist_ids: Sequence[int] = (),
    note: str = "",
    key: UUID,
) -> CaseChange:
    """Send a case to its lead unit and those assisting; every clock starts now (domain.md §3)."""
    return await _do(
        db, "dispatch", case=case_id, version=version, unit=unit_id, assist=list(assist_ids), note=note, key=key
    )


async def accept(db: Database, *, case_id: int, version: int, key: UUID) -> CaseChange:
    """Sign for a case: as its lead unit, which sets it to work, or as one that assists, which changes no state."""
    return await _do(db, "accept", case=case_id, version=version, key=key)


async def return_case(
    db: Database, *, case_id: int, version: int, reason: str, suggested_unit_id: int | None = None, key: UUID
) -> CaseChange:
    """Give a case back to the centre for review, within the return limit."""
    return await _do(
        db, "return_case", case=case_id, version=version, reason=reason, suggested=suggested_unit_id, key=key
    )


async def review_return(
    db: Database,
    *,
    case_id: int,
    version: int,
    approved: bool,
    unit_id: int | None = None,
    reason: str = "",
    key: UUID,
) -> CaseChange:
    """Rule on a return: approved, it goes to another unit; refused, back to the same one, with a reason.

    A refused one's limits for signing and returning run on as they were.
    """
    return await _do(
        db, "review_return", case=case_id, version=version, approved=approved, unit=unit_id, reason=reason, key=key
    )


async def reassign(db: Database, *, case_id: int, version: int, unit_id: int, reason: str, key: UUID) -> CaseChange:
    """Give a case to another lead unit; the citizen's clock goes on from the first dispatch."""
    return await _do(db, "reassign", case=case_id, version=version, unit=unit_id, reason=reason, key=key)


async def apply_extension(db: Database, *, case_id: int, version: int, days: int, reason: str, key: UUID) -> CaseChange:
    """Apply for more days, at most what the grade allows, once."""
    return await _do(db, "apply_extension", case=case_id, version=version, days=days, reason=reason, key=key)


async def review_extension(
    db: Database, *, case_id: int, version: int, approved: bool, reason: str = "", key: UUID
) -> CaseChange:
    """Grant or refuse (with a reason) the extension applied for."""
    return await _do(db, "review_extension", case=case_id, version=version, approved=approved, reason=reason, key=key)


async def pause(db: Database, *, case_id: int, version: int, reason: str, key: UUID) -> CaseChange:
    """Stop the clock, with a reason."""
    return await _do(db, "pause", case=case_id, version=version, reason=reason, key=key)


async def resume(db: Database, *, case_id: int, version: int, key: UUID) -> CaseChange:
    """Let the clock run on; the deadline moves by exactly the natural or working time that was paused."""
    return await _do(db, "resume", case=case_id, version=version, key=key)


async def finish(
    db: Database,
    *,
    case_id: int,
    version: int,
    discussed_with: str,
    discussed_at: datetime,
    done: str,
    done_by: datetime,
    key: UUID,
) -> CaseChange:
    """Report the work as done, with the four elements 四要素: with whom discussed, when, what was done, by when."""
    return await _do(
        db,
        "finish",
        case=case_id,
        version=version,
        discussed_with=discussed_with,
        discussed_at=discussed_at,
        done=done,
        done_by=done_by,
        key=key,
    )


async def follow_up(
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
    """Write down a call back to the citizen of one report; `satisfied` is 满意, 基本满意 or 不满意, where reached."""
    return await _do(
        db,
        "follow_up",
        case=case_id,
        version=version,
        report=report_id,
        reached=reached,
        contacted=contacted,
        solved=solved,
        satisfied=satisfied,
        words=words,
        key=key,
    )


async def redo(db: Database, *, case_id: int, version: int, reason: str, key: UUID) -> CaseChange:
    """Send a case back to its unit (二次办理), counted, with a new limit from now."""
    return await _do(db, "redo", case=case_id, version=version, reason=reason, key=key)


async def archive(db: Database, *, case_id: int, version: int, key: UUID) -> CaseChange:
    """Close a case for good, once every citizen of it was reached, or called often enough (setting ``call_attempts``)."""
    return await _do(db, "archive", case=case_id, version=version, key=key)


async def void(db: Database, *, case_id: int, version: int, reason: str, key: UUID) -> CaseChange:
    """Declare a case invalid, with a reason."""
    return await _do(db, "void", case=case_id, version=version, reason=reason, key=key)


async def note(db: Database, *, case_id: int, version: int, text: str, key: UUID) -> CaseChange:
    """Add words to a case's timeline."""
    return await _do(db, "note", case=case_id, version=version, text=text, key=key)


async def attach(
    db: Database,
    *,
    case_id: int,
    version: int,
    name: str,
    media_type: str,
    content: bytes,
    report_id: int | None = None,
    key: UUID,
) -> CaseChange:
    """Add a file of at most 20 MB to a case, or to one of its reports."""
    return await _do(
        db,
        "attach",
        case=case_id,
        version=version,
        report=report_id,
        name=name,
        media_type=media_type,
        content=content,
        key=key,
    )


async def take(db: Database, *, case_id: int, version: int, key: UUID) -> CaseChange:
    """Take a waiting case to one's own desk, so that nobody else works on it."""
    return await _do(db, "take", case=case_id, version=version, key=key)


async def take_next(db: Database, *, key: UUID) -> CaseChange | None:
    """Take the most urgent waiting case that nobody holds; None where there is none. Two desks never get the same."""
    row = await call(db, "take_next", key=key)
    return None if row.case_id is None else CaseChange.of(row)


async def release(db: Database, *, case_id: int, version: int, key: UUID) -> CaseChange:
    """Put a taken case back."""
    return await _do(db, "release", case=case_id, version=version, key=key)
