"""Merging 并单, undoing it 撤销并单, taking one report out 拆单; relations 关联, themes 聚合 and hints 疑似重复.

One transaction each, refused by the database where unlawful, safe to retry with the same key. All raise `PersonError`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID, uuid5

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database
from commandcenter.db.verbs import call, call_then
from commandcenter.domain.case import State
from commandcenter.domain.merge import Cause as Cause  # noqa: PLC0414 - part of this room's words
from commandcenter.intake.repeats.report import Reason, Verdict
from commandcenter.services.cases import CaseChange
from commandcenter.services.corrections import call_and_correct
from commandcenter.services.merge_reads import (
    Dismissed,
    Hint,
    Link,
    Related,
    ShareOfChannel,
    Theme,
    case_now,
    merged_share,
    read_dismissed,
    read_family,
    read_hints,
    read_links,
    read_open_hints,
    read_related,
    read_themes,
    read_themes_of,
    reasons_out,
)
from commandcenter.services.new_report import NewReport

__all__ = [
    "Cause", "Dismissed", "Found", "Hint", "Link", "MergeChange", "PossibleRepeat", "Related", "ShareOfChannel",
    "Theme", "UndoChange", "add_to_theme", "case_now", "close_theme", "dismiss_hint", "merge", "merged_share",
    "open_theme", "read_dismissed", "read_family", "read_hints", "read_links", "read_open_hints", "read_related",
    "read_themes", "read_themes_of", "register_into", "relate", "remove_from_theme", "rename_theme", "reopen_hint",
    "save_hints", "split", "undo", "unrelate",
]  # fmt: skip

_GRADES = ("红", "橙", "黄", "蓝", "绿")


@dataclass(frozen=True, slots=True)
class MergeChange:
    """What a merge left behind."""

    merge_id: int
    kept: CaseChange
    source: CaseChange
    replayed: bool


@dataclass(frozen=True, slots=True)
class UndoChange:
    """What an undone merge left behind."""

    kept: CaseChange
    source: CaseChange
    remaining: tuple[str, ...]
    """What stays as it is, and why, a sentence each; empty where everything is as it was."""
    replayed: bool


@dataclass(frozen=True, slots=True)
class PossibleRepeat:
    """A plain `Found`."""

    case_id: int
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


class Found(Protocol):
    """What is saved of a possible repeat."""

    @property
    def case_id(self) -> int:
        """The other case."""
        ...

    @property
    def score(self) -> float:
        """How sure, 0 to 1."""
        ...

    @property
    def verdict(self) -> Verdict:
        """What may be done with it."""
        ...

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for it and against it."""
        ...


def _sides(row: Any) -> tuple[CaseChange, CaseChange]:
    return (
        CaseChange(
            row.kept_id, row.kept_number, State(row.kept_state), row.kept_version, row.kept_due_at, row.replayed
        ),
        CaseChange(
            row.source_id,
            row.source_number,
            State(row.source_state),
            row.source_version,
            row.source_due_at,
            row.replayed,
        ),
    )


def _remains(said: dict[str, Any]) -> str:
    number = said["number"]
    match said["what"]:
        case "grade":
            return f"工单 {number} 在并单后已由人定为{_GRADES[said['grade']]}色，等级保持不变。"
        case "clock":
            due = f"{datetime.fromisoformat(said['due_at']).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
            return f"工单 {number} 的期限在并单后有过变动，已按它自己的经过重新计算，办结期限为 {due}。"
        case "unit":
            return f"{said['unit']}已在工单 {number} 上签收或办理，这条配合记录保留。"
        case "calls":
            return f"并单期间的 {said['calls']} 次回访记在工单 {number} 上，予以保留。"
        case other:
            msg = f"nothing that stays: {other}"
            raise ValueError(msg)


async def merge(
    db: Database,
    *,
    kept_id: int,
    kept_version: int | None,
    source_id: int,
    source_version: int | None,
    score: float | None = None,
    reasons: tuple[Reason, ...] = (),
    words: str = "",
    cause: Cause = Cause.PERSON,
    key: UUID,
) -> MergeChange:
    """Merge one case into another: its reports go along, the highest grade and the earliest limits hold for both.

    Versions are those the person saw; None where nobody looked. By the machine only while this login keeps the time and
    setting ``auto_merge`` is 1, and never where a person has undone or dismissed the pair.
    """
    row = await call(
        db,
        "merge",
        kept=kept_id,
        kept_version=kept_version,
        source=source_id,
        source_version=source_version,
        cause=str(cause),
        score=score,
        reasons=reasons_out(reasons),
        words=words,
        key=key,
    )
    return MergeChange(row.merge_id, *_sides(row), row.replayed)


async def register_into(
    db: Database,
    report: NewReport,
    *,
    kept_id: int,
    score: float | None = None,
    reasons: tuple[Reason, ...] = (),
    words: str = "",
    key: UUID,
) -> MergeChange:
    """Take in one report and merge it at once: the citizen gets a number of their own, which follows the kept case.

    `kept_id` may be a case that is itself merged: the report is handled where that one is, and goes back with it.
    """
    row = await call_and_correct(
        db,
        "register_into",
        proposed_id=report.proposed_category_id,
        case_of=lambda row: _sides(row)[1].case_id,
        **report.arguments(),
        kept=kept_id,
        score=score,
        reasons=reasons_out(reasons),
        words=words,
        key=key,
    )
    return MergeChange(row.merge_id, *_sides(row), row.replayed)


async def undo(db: Database, *, merge_id: int, reason: str = "", key: UUID) -> UndoChange:
    """Take a merge apart: both cases are as if it had never been; what stays as it is, is said."""
    row = await call(db, "undo_merge", merge=merge_id, reason=reason, key=key)
    return UndoChange(*_sides(row), tuple(map(_remains, row.remaining)), row.replayed)


async def split(db: Database, *, case_id: int, version: int, report_id: int, reason: str, key: UUID) -> CaseChange:
    """Take one report out of a case, into a case of its own, which is returned; a reason is needed.

    A report that came alone with a merged case goes back there: that merge is undone.
    """
    row = await call(db, "split", case=case_id, version=version, report=report_id, reason=reason, key=key)
    return CaseChange.of(row)


async def _id(db: Database, function: str, **arguments: Any) -> int:
    return int((await call(db, function, **arguments))[0])


async def relate(db: Database, *, case_id: int, other_id: int, kind: str, words: str = "", key: UUID) -> int:
    """Say that two cases belong together without being one matter; `kind` is ``opposite`` or ``related``. Returns its id."""
    return await _id(db, "relate", case=case_id, other=other_id, kind=kind, words=words, key=key)


async def unrelate(db: Database, *, relation_id: int, key: UUID) -> None:
    """Take that back."""
    await _id(db, "unrelate", relation=relation_id, key=key)


async def open_theme(db: Database, *, title: str, case_ids: Sequence[int] = (), key: UUID) -> int:
    """Open a theme 聚合 of at most 60 characters over some cases; returns its id."""
    return await _id(db, "open_theme", title=title, cases=list(case_ids), key=key)


async def add_to_theme(db: Database, *, theme_id: int, case_ids: Sequence[int], key: UUID) -> int:
    """Put cases under a theme; how many of them were not there yet."""
    return await _id(db, "add_to_theme", theme=theme_id, cases=list(case_ids), key=key)


async def remove_from_theme(db: Database, *, theme_id: int, case_id: int, key: UUID) -> None:
    """Take a case out of a theme."""
    await _id(db, "remove_from_theme", theme=theme_id, case=case_id, key=key)


async def rename_theme(db: Database, *, theme_id: int, title: str, key: UUID) -> None:
    """Give a theme another title."""
    await _id(db, "rename_theme", theme=theme_id, title=title, key=key)


async def close_theme(db: Database, *, theme_id: int, key: UUID) -> None:
    """Close a theme; its cases go on as they are."""
    await _id(db, "close_theme", theme=theme_id, key=key)


async def save_hints(db: Database, *, case_id: int, hints: Sequence[Found]) -> int:
    """Keep what may be repeats of a case, to be looked at; how many are open for it now.

    A pair that a person has decided on is left alone; done twice, it changes nothing. For the centre and the timekeeper.
    """
    said = [
        {
            "other": one.case_id,
            "score": one.score,
            "verdict": str(one.verdict),
            "reasons": json.loads(reasons_out(one.reasons)),
        }
        for one in hints
    ]
    return await _id(db, "save_hints", case=case_id, hints=json.dumps(said, ensure_ascii=False))


async def dismiss_hint(db: Database, *, case_id: int, other_id: int, reason: str, key: UUID) -> None:
    """Say that two cases are no repeats, with a reason: never shown again, never merged by the machine."""
    await _id(db, "dismiss_hint", case=case_id, other=other_id, reason=reason, key=key)


async def reopen_hint(db: Database, *, case_id: int, other_id: int, relation_id: int | None = None, key: UUID) -> None:
    """Take that back: the pair may be one again, as it was before. `relation_id`: said along with it, and ended as well."""
    pair = {"case": case_id, "other": other_id, "key": key}
    if relation_id is None:
        await call(db, "reopen_hint", **pair)
    else:
        ends = {"relation": relation_id, "key": uuid5(key, "unrelate")}
        await call_then(db, "reopen_hint", lambda _: ("unrelate", ends), **pair)
