"""Links between cases, relations, themes and hints as their reader may see them."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from commandcenter.db import merging_reads, reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.domain.merge import Cause
from commandcenter.intake.repeats.report import Reason, Signal, Verdict


@dataclass(frozen=True, slots=True)
class Link:
    """One case merged into another, standing or undone; moments are aware UTC."""

    id: int
    kept_id: int
    kept_number: str
    source_id: int
    source_number: str
    source_title: str
    at: datetime
    by: str
    """A login; ``cc_system`` where the machine did it."""
    cause: Cause
    score: float | None
    """How sure the machine was, 0 to 1; None where nobody asked it."""
    reasons: tuple[Reason, ...]
    words: str
    undone_at: datetime | None
    undone_by: str
    undo_reason: str

    @property
    def standing(self) -> bool:
        """Not undone."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True)
class Related:
    """Another case that belongs to this one without being the same matter."""

    id: int
    """The relation's, to end it by."""
    case_id: int
    number: str
    """Empty where the reader may not see the other case."""
    title: str
    state: State | None
    kind: str
    """``opposite`` or ``related``."""
    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Cases under one title 聚合, each handled by itself; only those that the reader may see."""

    id: int
    title: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    case_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """Two cases that may be one matter 疑似重复, found by the machine."""

    case_id: int
    number: str
    title: str
    case_state: State | None
    other_id: int
    other_number: str
    other_title: str
    other_state: State | None
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    found_at: datetime
    state: str
    """``open``, ``merged`` or ``dismissed``."""
    at: datetime | None
    """When it was decided."""
    by: str
    words: str


@dataclass(frozen=True, slots=True)
class Dismissed:
    """A pair that a person said is none."""

    hint: Hint
    relation_id: int | None
    """Of the relation that stands between the two, said along with it or otherwise."""
    relation_kind: str
    """``opposite`` or ``related``, '' where there is none."""


@dataclass(frozen=True, slots=True)
class ShareOfChannel:
    """Reports received on a channel, and how many of them are handled together with another one."""

    channel_id: int
    received: int
    merged: int
    by_machine: int

    @property
    def share(self) -> Fraction | None:
        """Merged among received; None where none was received (荣成 [S]: 合并率 50.3 %)."""
        return Fraction(self.merged, self.received) if self.received else None


def reasons_in(text: str) -> tuple[Reason, ...]:
    """Reasons as `reasons_out` wrote them."""
    return tuple(Reason(Signal(one["kind"]), one["words"], float(one["weight"])) for one in json.loads(text))


def reasons_out(reasons: tuple[Reason, ...]) -> str:
    """Reasons as JSON, for the database."""
    said = [{"kind": str(one.kind), "words": one.words, "weight": one.weight} for one in reasons]
    return json.dumps(said, ensure_ascii=False)


def _state(value: int | None) -> State | None:
    return None if value is None else State(value)


def _link(row: Any) -> Link:
    return Link(
        row.id, row.kept_id, row.kept_number, row.source_id, row.source_number, row.source_title, row.at, row.actor,
        Cause(row.cause), row.score, reasons_in(row.reasons), row.words, row.undone_at, row.undone_by, row.undo_reason,
    )  # fmt: skip


def _theme(row: Any) -> Theme:
    return Theme(
        row.id, row.title, row.opened_at, row.opened_by, row.closed_at, row.closed_by, tuple(row.case_ids)
    )  # fmt: skip


def _hint(row: Any) -> Hint:
    return Hint(
        row.case_id, row.number, row.title, _state(row.case_state), row.other_id, row.other_number, row.other_title,
        _state(row.other_state), row.score, Verdict(row.verdict), reasons_in(row.reasons), row.found_at, row.state, row.at,
        row.actor, row.words,
    )  # fmt: skip


async def _rows(db: Database, query: str, **arguments: Any) -> list[Any]:
    async with db.begin() as connection:
        return list(await reads.rows(connection, query, **arguments))


async def read_links(db: Database, case_id: int) -> tuple[Link, ...]:
    """All links of the case's whole family, standing and undone, oldest first. Raises PersonError."""
    return tuple(map(_link, await _rows(db, merging_reads.LINKS, case_id=case_id)))


async def read_family(db: Database, case_id: int) -> tuple[int, ...]:
    """The case and all that was merged into it, as far as the reader may see them; itself first. Raises PersonError."""
    return tuple(row.case_id for row in await _rows(db, merging_reads.FAMILY, case_id=case_id))


async def case_now(db: Database, case_id: int) -> int:
    """Where a case is handled now: itself, or what it was merged into at last. Raises PersonError."""
    (row,) = await _rows(db, merging_reads.NOW, case_id=case_id)
    return int(row.case_id)


async def read_related(db: Database, case_id: int) -> tuple[Related, ...]:
    """What belongs to the case, or to one merged with it, oldest first. Raises PersonError."""
    return tuple(
        Related(row.id, row.case_id, row.number, row.title, _state(row.state), row.kind, row.words, row.at, row.actor)
        for row in await _rows(db, merging_reads.RELATED, case_id=case_id)
    )


async def read_themes(db: Database, *, open_only: bool = True) -> tuple[Theme, ...]:
    """All themes, the newest first. Raises PersonError."""
    return tuple(map(_theme, await _rows(db, merging_reads.THEMES, open_only=open_only)))


async def read_themes_of(db: Database, case_id: int) -> tuple[Theme, ...]:
    """The themes that the case, or one merged with it, is under; closed ones among them. Raises PersonError."""
    return tuple(map(_theme, await _rows(db, merging_reads.THEMES_OF, case_id=case_id)))


async def read_hints(db: Database, case_id: int) -> tuple[Hint, ...]:
    """All hints of one case, open ones first. For the centre. Raises PersonError."""
    return tuple(map(_hint, await _rows(db, merging_reads.HINTS_OF, case_id=case_id)))


async def read_open_hints(db: Database, most: int = 200) -> tuple[Hint, ...]:
    """The queue 疑似重复: open hints of which both cases can still be merged, the surest first. Raises PersonError."""
    return tuple(map(_hint, await _rows(db, merging_reads.OPEN_HINTS, most=most)))


async def read_dismissed(db: Database, *, since: datetime, until: datetime, most: int = 500) -> tuple[Dismissed, ...]:
    """Pairs dismissed from `since` on and before `until`, the last first. Raises PersonError."""
    found = await _rows(db, merging_reads.DISMISSED, since=since, until=until, most=most)
    return tuple(Dismissed(_hint(row), row.relation_id, row.relation_kind) for row in found)


async def merged_share(db: Database, *, since: datetime, until: datetime) -> tuple[ShareOfChannel, ...]:
    """Reports received from `since` on and before `until` within the reader's place, by channel. Raises PersonError."""
    return tuple(
        ShareOfChannel(row.channel_id, row.received, row.merged, row.by_machine)
        for row in await _rows(db, merging_reads.SHARE, since=since, until=until)
    )
