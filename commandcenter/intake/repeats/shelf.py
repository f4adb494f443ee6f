"""What is kept of every report, column by column; a report's number is its place, from 0."""

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.growing import Growing, Ragged
from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.seen import Seen, see
from commandcenter.intake.repeats.spelling import BITS, MASK

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]
_FORGOTTEN = 14.0
"""Days in which a crowd at one spot halves."""


class Crowds:
    """How many reports of one kind came of late from each spot; spots may share a place among 2^bits."""

    def __init__(self, bits: int = BITS) -> None:
        self._mask = (1 << bits) - 1
        self._many = np.zeros(1 << bits, np.float32)
        self._day = np.zeros(1 << bits, np.float32)

    def of(self, spots: Numbers, days: Floats) -> Floats:
        """How many from each spot (0: none known), as seen on a day."""
        at = spots & self._mask
        faded = np.exp2(-np.abs(days - self._day[at]) / _FORGOTTEN)
        return np.where(spots != 0, self._many[at] * faded, 0.0)

    def add(self, spot: int, day: float, many: float = 1.0) -> None:
        """Count one more report, or as many as were counted elsewhere as seen on that day."""
        if spot:
            at = spot & self._mask
            faded = 2.0 ** (-abs(day - float(self._day[at])) / _FORGOTTEN)
            self._many[at] = self._many[at] * faded + many
            self._day[at] = day


class Shelf:
    """The columns; adding is at the end only."""

    def __init__(self, rules: Rules, rarity: Rarity | None = None) -> None:
        """With `rarity`, what was learned elsewhere holds, and nothing is counted here; else by what is kept."""
        self.rules = rules
        self.crowds = Crowds()
        self.known = Rarity(rules.common) if rarity is None else rarity
        self._counts = rarity is None
        self.ids: list[str] = []
        self.number: dict[str, int] = {}
        self.terms, self.counts = Ragged(np.uint32), Ragged(np.float16)
        self.title, self.marks = Ragged(np.uint32), Ragged(np.uint32)
        self.form, self.citizen, self.category = Growing(np.int64), Growing(np.int64), Growing(np.int64)
        self.spot, self.days = Growing(np.int64), Growing(np.float64)
        self.lon, self.lat = Growing(np.float64), Growing(np.float64)

    def __len__(self) -> int:
        return len(self.ids)

    def rarity(self, terms: npt.NDArray[np.integer]) -> Floats:
        """How much it tells that a report holds each term: the logarithm of how few others do."""
        return self.known.of(terms)

    def rarest(self) -> float:
        """The rarity of a term that nobody has used."""
        return self.known.rarest()

    def same_form(self, form: int) -> int:
        """How many reports have this very text (form 0: none)."""
        return self.known.held(form & MASK) if form else 0

    def see(self, report: Report) -> Seen:
        """Make a report comparable; nothing is kept."""
        return see(report, self.rules, self.known)

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
        if self._counts:
            self.known.count(seen.terms, seen.marks, seen.form)
            self.crowds.add(seen.spot, seen.days)
        return number
