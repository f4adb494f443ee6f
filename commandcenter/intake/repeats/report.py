"""A report as far as finding its repeats needs, and what is answered about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    """What the machine may do with a candidate: merge, ask a person, only show it beside."""

    SAME = "same"
    LIKELY = "likely"
    RELATED = "related"
    WEAK = "weak"


class Signal(StrEnum):
    """What speaks for or against two reports being one matter."""

    EXACT = "exact"
    WORDS = "words"
    TITLE = "title"
    NAMES = "names"
    NUMBERS = "numbers"
    CODES = "codes"
    CITIZEN = "citizen"
    DISTANCE = "distance"
    CROWD = "crowd"
    CATEGORY = "category"
    TIME = "time"
    CASE = "case"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True)
class Report:
    """What one citizen said once. ``citizen`` is a keyed hash; lon and lat are WGS-84 degrees, both or neither."""

    id: str
    at: datetime
    text: str = ""
    title: str = ""
    category: str = ""
    lon: float | None = None
    lat: float | None = None
    citizen: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """One signal in words for people; ``weight`` in log-odds, above zero speaks for the same matter."""

    kind: Signal
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """An earlier report that may be the same matter: ``score`` 0 to 1, reasons by the size of their weight."""

    report_id: str
    case_id: str
    score: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
