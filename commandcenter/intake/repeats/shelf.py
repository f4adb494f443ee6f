"""What is kept of every report, column by column; a report's number is its place, from 0."""

from dataclasses import dataclass
from datetime import UTC
from enum import IntEnum
from hashlib import blake2b
from math import log

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.features import BITS, Features, features_of, term_id
from commandcenter.intake.repeats.growing import Growing, Ragged
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules

Terms = npt.NDArray[np.uint32]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
_FIRST = 100.0
"""The index behaves as if it had seen this many reports before the first, so that early words are not all rare."""
_USUAL = 40.0
"""In how many of those the usual phrases of a petition stood."""
_FORGOTTEN = 14.0
"""Days in which a crowd at one spot halves."""


class Mark(IntEnum):
    """Kinds of small sets, in the upper bits of a mark."""

    NAME = 1
    CODE = 2
    NUMBER = 3
    WANTED = 4
    UNWANTED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A report made comparable. Numbers of terms are sorted; ``words`` gives each its words again."""

    report: Report
    terms: Terms
    counts: npt.NDArray[np.float32]
    title: Terms
    marks: Terms
    form: int
    citizen: int
    category: int
    spot: int
    days: float
    words: dict[int, str]


class Shelf:
    """The columns; adding is at the end only."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.ids: list[str] = []
        self.number: dict[str, int] = {}
        self.terms, self.counts = Ragged(np.uint32), Ragged(np.float16)
        self.title, self.marks = Ragged(np.uint32), Ragged(np.uint32)
        self.form, self.citizen, self.category = Growing(np.int64), Growing(np.int64), Growing(np.int64)
        self.spot, self.days = Growing(np.int64), Growing(np.float64)
        self.lon, self.lat = Growing(np.float64), Growing(np.float64)
        self._held = np.zeros(1 << BITS, np.float32)
        self._crowd = np.zeros(1 << BITS, np.float32)
        self._crowd_day = np.zeros(1 << BITS, np.float32)
        self._held[[term_id(rules.common[at : at + 2]) for at in range(len(rules.common) - 1)]] = _USUAL

    def __len__(self) -> int:
        return len(self.ids)

    def rarity(self, terms: npt.NDArray[np.integer]) -> Floats:
        """How much it tells that a report holds each term: the logarithm of how few others do."""
        others: Floats = self._held[terms].astype(np.float64) + 1.0
        return np.maximum(np.log((len(self) + _FIRST) / others), 0.0)

    def rarest(self) -> float:
        """The rarity of a term that nobody has used."""
        return log(len(self) + _FIRST)

    def same_form(self, form: int) -> int:
        """How many reports have this very text (form 0: none)."""
        return int(self._held[form & ((1 << BITS) - 1)]) if form else 0

    def crowd(self, spots: Numbers, days: Floats) -> Floats:
        """How many reports of one kind came of late from each spot (0: none known), as seen on a day."""
        at = spots & ((1 << BITS) - 1)
        faded = np.exp2(-np.abs(days - self._crowd_day[at]) / _FORGOTTEN)
        return np.where(spots != 0, self._crowd[at] * faded, 0.0)

    def see(self, report: Report) -> Seen:
        """Make a report comparable; nothing is kept."""
        features = features_of(report, self.rules)
        words = {term_id(term): term for term in features.terms}
        terms = np.fromiter(words, np.uint32, len(words))
        counts = np.fromiter((features.terms[term] for term in words.values()), np.float32, len(words))
        counts = (np.log1p(counts) / log(2.0)).astype(np.float32)
        if len(terms) > self.rules.kept_terms:
            weight = self.rarity(terms) * counts
            best = np.argpartition(-weight, self.rules.kept_terms)[: self.rules.kept_terms]
            terms, counts = terms[best], counts[best]
        order = np.argsort(terms)
        marks = _marks(features)
        words.update({mark: name for mark, (_, name) in marks.items()})
        located = report.lon is not None and report.lat is not None
        spot = f"{report.category}\n{report.lon:.4f}\n{report.lat:.4f}" if located else ""
        return Seen(
            report=report,
            terms=terms[order],
            counts=counts[order],
            title=np.array(sorted({term_id(term) for term in features.title}), np.uint32),
            marks=np.array(sorted(marks), np.uint32),
            form=_hash(features.form),
            citizen=_hash(report.citizen),
            category=_hash(report.category),
            spot=_hash(spot),
            days=report.at.astimezone(UTC).timestamp() / 86400.0,
            words=words,
        )

    def add(self, seen: Seen) -> int:
        """Keep it; returns its number. A report of the same id is a bug of the caller."""
        report, number = seen.report, len(self.ids)
        if report.id in self.number:
            raise ValueError("a report was added twice")
        self.ids.append(report.id)
        self.number[report.id] = number
        self.terms.append(seen.terms)
        self.counts.append(seen.counts)
        self.title.append(seen.title)
        self.marks.append(seen.marks)
        for column, value in (
            (self.form, seen.form), (self.citizen, seen.citizen), (self.category, seen.category), (self.spot, seen.spot),
            (self.days, seen.days), (self.lon, np.nan if report.lon is None else report.lon),
            (self.lat, np.nan if report.lat is None else report.lat),
        ):  # fmt: skip
            column.append(value)
        self._held[seen.terms] += 1.0
        self._held[seen.marks & ((1 << BITS) - 1)] += 1.0
        if seen.form:
            self._held[seen.form & ((1 << BITS) - 1)] += 1.0
        if seen.spot:
            at = seen.spot & ((1 << BITS) - 1)
            faded = 2.0 ** (-abs(seen.days - float(self._crowd_day[at])) / _FORGOTTEN)
            self._crowd[at] = self._crowd[at] * faded + 1.0
            self._crowd_day[at] = seen.days
        return number


def mark_of(kind: Mark, name: str) -> int:
    """A number for a name, code or number; kinds never collide in their upper bits."""
    return int(kind) << BITS | term_id(f"{kind.value}{name}" if kind is not Mark.UNWANTED else f"{Mark.WANTED}{name}")


def _marks(features: Features) -> dict[int, tuple[Mark, str]]:
    found: dict[int, tuple[Mark, str]] = {}
    for kind, names in (
        (Mark.NAME, features.names),
        (Mark.CODE, features.codes),
        (Mark.NUMBER, features.numbers),
        (Mark.WANTED, [thing for thing, sign in features.stances.items() if sign > 0]),
        (Mark.UNWANTED, [thing for thing, sign in features.stances.items() if sign < 0]),
    ):
        found |= {mark_of(kind, name): (kind, name) for name in names}
    return found


def _hash(text: str) -> int:
    """A number above zero for a text, 0 for none."""
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest()) | 1 << 55 if text else 0
