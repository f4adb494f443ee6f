"""A report that may be a repeat, what was found for it, and the case that is told of: facts, and nothing that decides."""

from dataclasses import dataclass, field
from datetime import datetime
from math import log
from typing import Any

from commandcenter.db import repeats as questions
from commandcenter.domain.case import Grade, State
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.intake.repeats.seen import Seen
from commandcenter.intake.repeats.weighing import Weighed
from commandcenter.intake.repeats.whole import Group, Tie

Row = questions.Row | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """A report that may be a repeat; ``case_id`` is its own case where it has one, ``report_id`` says whose citizen is meant."""

    content: str
    at: datetime
    title: str = ""
    category_id: int | None = None
    area_id: int | None = None
    place: str = ""
    lon: float | None = None
    lat: float | None = None
    phone: str = ""
    case_id: int | None = None
    report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A case that may be the same matter, by the report of it that fits best; ``metres`` None where one has no point."""

    report_id: int
    case_id: int
    case_number: str
    case_version: int
    state: State
    grade: Grade
    unit_id: int | None
    channel_id: int
    title: str
    content: str
    place: str
    received_at: datetime
    metres: float | None
    photos: int
    reports: int
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(slots=True)
class Look:
    """One report beside what was found for it; ``repeats`` best first, ``groups`` the cases as they speak as a whole."""

    seen: Seen
    rows: dict[int, Row] = field(default_factory=dict)
    """Of each report weighed: its number on the shelf, and what is known of it."""
    cases: dict[int, Row] = field(default_factory=dict)
    """Of each case a row that tells about it."""
    weighed: Weighed | None = None
    first: list[int] = field(default_factory=list)
    groups: dict[int, Group] = field(default_factory=dict)
    repeats: tuple[Repeat, ...] = ()


def asked_of(row: questions.Row) -> Asked:
    """A case that waits to be compared, by what its first report says."""
    return Asked(
        row["content"],
        row["received_at"],
        title=row["title"],
        category_id=row["category_id"],
        area_id=row["area_id"],
        place=row["place"],
        lon=row["lon"],
        lat=row["lat"],
        case_id=row["case_id"],
        report_id=row["report_id"],
    )


def tie_reasons(number: str, score: float, found: Tie) -> tuple[Reason, ...]:
    """Why two cases may be one, by a report that belongs to both."""
    words = "其余诉求用词也相近" if found.words > 0 else "其余诉求用词相差较大"
    ties = Reason(
        Signal.CASE, f"诉求 {number} 与两件工单都相近", round(log(score / (1.0 - score)) if score < 1.0 else 40.0, 2)
    )
    return (ties, *([Reason(Signal.WORDS, words, round(found.words, 2))] if abs(found.words) >= 0.05 else []))
