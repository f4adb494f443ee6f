"""How rare a term is: learned from texts, kept as bytes, loaded again; without any it knows the usual phrases of petitions."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from math import log

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules, default_rules
from commandcenter.intake.repeats.spelling import BITS, MASK, Ids, term_id

Floats = npt.NDArray[np.float64]
_FIRST = 100.0
"""It behaves as if this many reports had been seen before the first, so that early words are not all rare."""
_USUAL = 40.0
"""In how many of those the usual phrases of a petition stood."""
_MAKE = 1
"""What `learn` writes; another make is not read."""


class Rarity:
    """In how many reports each term stood; terms, names and whole texts by their 22-bit numbers."""

    def __init__(self, common: str) -> None:
        """Know nothing but the pairs in `common`."""
        self.reports = 0
        self._held = np.zeros(1 << BITS, np.float32)
        self._held[[term_id(common[at : at + 2]) for at in range(len(common) - 1)]] = _USUAL

    def of(self, terms: npt.NDArray[np.integer]) -> Floats:
        """How much it tells that a report holds each term: the logarithm of how few others do."""
        others = self._held[terms].astype(np.float64) + 1.0
        return np.asarray(np.maximum(np.log((self.reports + _FIRST) / others), 0.0))

    def rarest(self) -> float:
        """The rarity of a term that nobody has used."""
        return log(self.reports + _FIRST)

    def held(self, term: int) -> int:
        """How many reports hold it."""
        return int(self._held[term])

    def shares(self, terms: npt.NDArray[np.integer]) -> Floats:
        """The part of all reports that holds each term, 0 to 1, guessed where few were seen."""
        return np.asarray(np.minimum((self._held[terms].astype(np.float64) + 1.0) / (self.reports + _FIRST), 1.0))

    def count(self, terms: Ids, marks: Ids, form: int) -> None:
        """One more report, by what was seen in it."""
        self.reports += 1
        self._held[terms] += 1.0
        self._held[marks & MASK] += 1.0
        if form:
            self._held[form & MASK] += 1.0

    def to_bytes(self) -> bytes:
        """All of it, packed."""
        terms = np.flatnonzero(self._held).astype(np.uint32)
        file = io.BytesIO()
        np.savez_compressed(
            file, make=np.array([_MAKE]), reports=np.array([self.reports]), terms=terms, held=self._held[terms]
        )
        return file.getvalue()


def learn(texts: Iterable[str], rules: Rules | None = None) -> bytes:
    """Count the terms of texts of reports; the same texts in the same order give the same bytes."""
    return rarity_of(texts, rules).to_bytes()


def rarity_of(texts: Iterable[str], rules: Rules | None = None) -> Rarity:
    """Count the terms of texts of reports."""
    from commandcenter.intake.repeats.seen import see  # which itself asks how rare a term is

    rules = default_rules() if rules is None else rules
    rarity = Rarity(rules.common)
    for text in texts:
        seen = see(Report("", _NO_TIME, text), rules, rarity)
        rarity.count(seen.terms, seen.marks, seen.form)
    return rarity


def load(content: bytes) -> Rarity:
    """What `learn` wrote. Raises ValueError where it is something else, or damaged."""
    packed = io.BytesIO(content)
    if not zipfile.is_zipfile(packed):
        raise ValueError("no rarity of terms")
    try:
        with np.load(packed, allow_pickle=False) as file:
            make, reports, terms, held = (file[name] for name in ("make", "reports", "terms", "held"))
    except (KeyError, OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError("no rarity of terms") from error
    if make.tolist() != [_MAKE] or terms.shape != held.shape or terms.max(initial=0) > MASK or held.min(initial=0) < 0:
        raise ValueError("no rarity of terms")
    rarity = Rarity("")
    rarity.reports = int(reports[0])
    rarity._held[terms] = held  # noqa: SLF001 - its own maker
    return rarity


_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
