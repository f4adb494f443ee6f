"""A report as it was typed, with everything that was chosen for it, as one line of JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from commandcenter.domain.case import Grade
from commandcenter.intake.repeats.report import Reason, Signal


@dataclass(frozen=True, slots=True)
class DispatchTo:
    """Where a report goes as soon as it is a case; with the key of that deed."""

    unit_id: int
    assist_ids: tuple[int, ...]
    key: UUID


@dataclass(frozen=True, slots=True)
class MergeInto:
    """The case a report is registered into, as it was suggested: with the score and the reasons that were shown."""

    case_id: int
    number: str
    score: float | None = None
    reasons: tuple[Reason, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Answered:
    """直办: what was answered on the spot, and what the citizen says of it; None and '' while that is still to be asked."""

    text: str = field(repr=False)
    solved: bool | None = None
    satisfied: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One report as it was typed. ``draft``: still being typed; ``waiting``: to be sent; ``refused``: see `problem`."""

    key: UUID
    begun_at: datetime
    state: Literal["draft", "waiting", "refused"] = "draft"
    channel_id: int | None = None
    kind: str = ""
    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    confidential: bool = False
    content: str = field(default="", repr=False)
    title: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    area_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    category_id: int | None = None
    grade: Grade | None = None
    by_hand: tuple[str, ...] = ()
    """Fields that a person set; suggestions leave them alone."""
    proposed_category_id: int | None = None
    """What the machine proposed; where a person chose another one, that is learned from."""
    dispatch: DispatchTo | None = None
    merge: MergeInto | None = None
    answer: Answered | None = None
    problem: str = ""

    def line(self) -> str:
        """The entry as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False, default=_plain)

    @classmethod
    def of(cls, line: str) -> Self:
        """Read a line. Raises ValueError, TypeError or KeyError where it is none of ours."""
        facts: dict[str, Any] = json.loads(line)
        dispatch, merge, answer = facts["dispatch"], facts.get("merge"), facts.get("answer")
        facts |= {
            "key": UUID(facts["key"]),
            "begun_at": datetime.fromisoformat(facts["begun_at"]),
            "grade": None if facts["grade"] is None else Grade(facts["grade"]),
            "dispatch": dispatch
            and DispatchTo(dispatch["unit_id"], tuple(dispatch["assist_ids"]), UUID(dispatch["key"])),
            "by_hand": tuple(facts.get("by_hand", ())),
            "merge": merge and MergeInto(**(merge | {"reasons": tuple(map(_reason, merge["reasons"]))})),
            "answer": answer and Answered(**answer),
        }
        return cls(**facts)


def _reason(facts: Mapping[str, Any]) -> Reason:
    return Reason(Signal(facts["kind"]), facts["words"], facts["weight"])


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
