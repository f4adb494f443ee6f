"""The index of reports: added one by one, found again by words, names, place and citizen, weighed and explained."""

from math import floor

import numpy as np

from commandcenter.intake.repeats.postings import Postings
from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.report import Candidate, Report, Verdict
from commandcenter.intake.repeats.rules import Rules, default_rules
from commandcenter.intake.repeats.saying import reasons
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Floats, Numbers, Shelf
from commandcenter.intake.repeats.spelling import BITS, Ids
from commandcenter.intake.repeats.weighing import Weighed, metres_to, verdict_of, weigh

_WORD, _NAME, _FORM, _CITIZEN, _CELL, _KIND_CELL = (kind << 58 for kind in range(1, 7))
"""Kinds of keys, in the upper bits."""
_OF_NAMES = int(Mark.NAME)
_LOW = (1 << 56) - 1
_FARTHEST = 1000.0


class Index:
    """Reports in memory. One thread at a time."""

    def __init__(self, rules: Rules | None = None, rarity: Rarity | None = None) -> None:
        """With `rarity`, what was learned elsewhere holds, as it does for what is stored; else by what is kept."""
        self.rules = default_rules() if rules is None else rules
        self.shelf = Shelf(self.rules, rarity)
        self._postings = Postings()

    def __len__(self) -> int:
        return len(self.shelf)

    def add(self, report: Report | Seen) -> int:
        """Keep a report; returns its number (0 first). Each id may come once."""
        seen = report if isinstance(report, Seen) else self.shelf.see(report)
        number = self.shelf.add(seen)
        self._postings.add(number, self._keys(seen))
        return number

    def see(self, report: Report) -> Seen:
        """Make a report comparable without keeping it."""
        return self.shelf.see(report)

    def candidates(self, report: Report, top: int = 3) -> tuple[Candidate, ...]:
        """The kept reports that are most likely the same matter, best first; the report itself need not be kept."""
        seen = self.see(report)
        weighed = self.weigh(seen)
        own = self.shelf.number.get(report.id, -1)
        order = [at for at in best_first(weighed) if weighed.numbers[at] != own][:top]
        return tuple(self.candidate(seen, weighed, at) for at in order)

    def weigh(self, seen: Seen) -> Weighed:
        """Weigh a report against all kept ones that share something with it."""
        return weigh(self.shelf, seen, self._pool(seen))

    def score(self, one: Report, other: Report) -> float:
        """The score of two reports, the second of which is kept."""
        return float(weigh(self.shelf, self.see(one), np.array([self.shelf.number[other.id]])).score[0])

    def candidate(self, seen: Seen, weighed: Weighed, at: int) -> Candidate:
        """One of the weighed reports with its reasons."""
        score = float(weighed.score[at])
        return Candidate(
            report_id=self.shelf.ids[weighed.numbers[at]],
            case_id="",
            score=score,
            verdict=self.verdict(score, speaking=bool(weighed.speaking[at]), opposite=bool(weighed.opposite[at])),
            reasons=reasons(self.shelf, seen, weighed, at),
        )

    def verdict(self, score: float, *, speaking: bool, opposite: bool) -> Verdict:
        """What may be done: opposite demands are at most related; without words or citizen a person decides."""
        return verdict_of(self.rules, score, speaking=speaking, opposite=opposite)

    def _keys(self, seen: Seen) -> list[int]:
        terms = seen.terms
        if len(terms) > self.rules.indexed_terms:
            weight = self.shelf.rarity(terms) * seen.counts
            terms = terms[np.argpartition(-weight, self.rules.indexed_terms)[: self.rules.indexed_terms]]
        keys: list[int] = (terms.astype(np.uint64) | _WORD).tolist()
        keys += (_names_of(seen).astype(np.uint64) | _NAME).tolist()
        keys += [_FORM | seen.form & _LOW] if seen.form else []
        keys += [_CITIZEN | seen.citizen & _LOW] if seen.citizen else []
        return keys + self._cells(seen, 0)

    def _cells(self, seen: Seen, around: int) -> list[int]:
        lon, lat = seen.report.lon, seen.report.lat
        if lon is None or lat is None:
            return []
        column, row = floor(lon / self.rules.cell), floor(lat / self.rules.cell)
        steps = range(-around, around + 1)
        cells = [(column + east + 200_000) << 20 | (row + north + 100_000) for east in steps for north in steps]
        kind = seen.category * 0x9E3779B97F4A7C15
        return [_CELL | cell for cell in cells] + [_KIND_CELL | (cell ^ kind) & _LOW for cell in cells if seen.category]

    def _pool(self, seen: Seen) -> Numbers:
        most = self.rules.pool
        pools = [self._by_words(seen)[:most]]
        for key, value in ((_FORM, seen.form), (_CITIZEN, seen.citizen)):
            if value:
                pools.append(self._postings.newest(key | value & _LOW, most).astype(np.int64))
        if cells := self._cells(seen, 1):
            latest = self.rules.latest
            found, _ = self._postings.newest_of(np.array(cells, np.uint64), latest * len(cells), latest)
            near = np.unique(found).astype(np.int64)
            metres = metres_to(self.shelf, seen, near)
            order = np.argsort(metres, kind="stable")
            pools.append(near[order[metres[order] < _FARTHEST]][:most])
        return np.unique(np.concatenate(pools))

    def _by_words(self, seen: Seen) -> Numbers:
        """Reports that share rare words and names, those that share the most rarity first."""
        names = _names_of(seen)
        keys = np.concatenate([seen.terms.astype(np.uint64) | _WORD, names.astype(np.uint64) | _NAME])
        if not len(keys):
            return np.zeros(0, np.int64)
        rarity = np.concatenate([self.shelf.rarity(seen.terms), self.shelf.rarity(names & ((1 << BITS) - 1))])
        counts = np.concatenate([seen.counts, np.full(len(names), 2.0)])
        rarest = np.argsort(-rarity, kind="stable")
        docs, owner = self._postings.newest_of(keys[rarest], self.rules.postings)
        weight = (rarity**2 * counts)[rarest]
        return _heaviest(docs.astype(np.int64), weight[owner], self.rules.pool)


def _names_of(seen: Seen) -> Ids:
    names: Ids = seen.marks[seen.marks >> BITS == _OF_NAMES]
    return names


def best_first(weighed: Weighed) -> Numbers:
    """Positions by score; of equals the earlier report first: a repeat's parent is the older one."""
    return np.lexsort((weighed.numbers, -weighed.total.round(6)))


def _heaviest(docs: Numbers, weights: Floats, most: int) -> Numbers:
    order = np.argsort(docs, kind="stable")
    docs = docs[order]
    if not len(docs):
        return docs
    first = np.flatnonzero(np.concatenate(([True], docs[1:] != docs[:-1])))
    sums = np.add.reduceat(weights[order], first)
    return docs[first[np.argsort(-sums, kind="stable")[:most]]]
