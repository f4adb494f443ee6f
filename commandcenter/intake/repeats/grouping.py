"""Putting reports into cases as they come: a case speaks with several of its reports; machines merge only what agrees."""

from dataclasses import dataclass, field, replace
from math import log

import numpy as np

from commandcenter.intake.repeats.bridging import alike, together
from commandcenter.intake.repeats.growing import Growing
from commandcenter.intake.repeats.index import Index, best_first
from commandcenter.intake.repeats.report import Candidate, Reason, Report, Signal, Verdict
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Floats, Numbers
from commandcenter.intake.repeats.spelling import BITS
from commandcenter.intake.repeats.weighing import Weighed, joined, score_of, weigh

_CASES = 12
"""Cases that are weighed as a whole for one report."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a report went: ``merged`` by machine into a case that was there, or into one of its own.

    A case may become part of an earlier one when a later report belongs to both: `Grouping.case_of` says where it is then.
    """

    report_id: str
    case_id: str
    merged: bool
    candidates: tuple[Candidate, ...]


@dataclass(slots=True)
class _Group:
    """A case of several reports: those that speak for it, how alike they are, and what its reports want or not."""

    speakers: list[int]
    alike: Floats
    demands: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Match:
    """A case weighed as a whole; ``speaker`` is the position of the report that speaks best."""

    case: int
    speaker: int
    odds: float
    verdict: Verdict


class Grouping:
    """Cases over an index. Put reports in the order of time; a case is named after its first report."""

    def __init__(self, index: Index | None = None) -> None:
        """Take an index that is still empty, or one of its own with the usual rules."""
        self.index = Index() if index is None else index
        if len(self.index):
            raise ValueError("a grouping begins with an empty index")
        self._case = Growing(np.int64)
        self._thread = Growing(np.int64)
        self._groups: dict[int, _Group] = {}

    def case_of(self, report_id: str) -> str:
        """The case a report was put into; KeyError for a stranger."""
        shelf = self.index.shelf
        return shelf.ids[int(self._case.values[shelf.number[report_id]])]

    def put(self, report: Report, top: int = 3) -> Placement:
        """Find a report's candidates, put it into the case that agrees best, else into its own, and keep it."""
        seen = self.index.see(report)
        weighed = self._with_speakers(seen, self.index.weigh(seen))
        matches = self._matches(seen, weighed)
        candidates = self._candidates(seen, weighed, matches, top)
        joins = next((match for match in matches if match.verdict is Verdict.SAME), None)
        nearest = best_first(weighed)[:1]
        likely = len(nearest) and weighed.score[nearest[0]] >= self.index.rules.suggest
        thread = int(self._thread.values[weighed.numbers[nearest[0]]]) if likely else len(self.index)
        number = self.index.add(seen)
        self._case.append(number if joins is None else joins.case)
        self._thread.append(thread)
        if joins is not None:
            self._join(joins.case, seen, number, weighed)
            for match in matches:
                if match.verdict is Verdict.SAME:
                    self._bridge(int(self._case.values[number]), match.case, number)
        return Placement(report.id, self.case_of(report.id), joins is not None, candidates)

    def _with_speakers(self, seen: Seen, weighed: Weighed) -> Weighed:
        """The candidates, and all that speak for the best cases among them."""
        cases = dict.fromkeys(int(self._case.values[weighed.numbers[at]]) for at in best_first(weighed)[: 4 * _CASES])
        groups = [self._groups[case] for case in list(cases)[:_CASES] if case in self._groups]
        speakers = np.array([number for group in groups for number in group.speakers], np.int64)
        missing = np.setdiff1d(speakers, weighed.numbers)
        return joined(weighed, weigh(self.index.shelf, seen, missing)) if len(missing) else weighed

    def _matches(self, seen: Seen, weighed: Weighed) -> list[_Match]:
        """The best cases, each weighed as a whole, best first."""
        of = self._case.values[weighed.numbers]
        order = best_first(weighed)
        cases = dict.fromkeys(int(of[at]) for at in order)
        found = [self._match(seen, weighed, case, order[of[order] == case]) for case in list(cases)[:_CASES]]
        return sorted(found, key=lambda match: (-match.odds - self._standing(match.case), match.case))

    def _standing(self, case: int) -> float:
        """Of two cases that fit alike, the one with more reports is the matter people speak of."""
        group = self._groups.get(case)
        return log(len(group.speakers)) if group else 0.0

    def _match(self, seen: Seen, weighed: Weighed, case: int, at: Numbers) -> _Match:
        rules, best = self.index.rules, int(at[0])
        odds, speaking, opposite = float(weighed.total[best]), bool(weighed.speaking[at].any()), False
        group = self._groups.get(case)
        if group is not None:
            places = np.searchsorted(weighed.numbers, group.speakers)
            together = float(weighed.cosine[places].sum() / np.sqrt(group.alike.sum()))
            words = float(rules.curves["words"](together))
            odds += max(0.0, words - float(weighed.parts[Signal.WORDS][best]))
            speaking |= words >= rules.weights["auto_words"] and len(seen.terms) >= rules.exact_terms
            opposite = self._against(seen, group.demands)
        opposite |= bool(weighed.opposite[at].any())
        score = float(score_of(np.array(odds)))
        return _Match(case, best, odds, self.index.verdict(score, speaking=speaking, opposite=opposite))

    def _against(self, seen: Seen, demands: set[int]) -> bool:
        shelf, mask = self.index.shelf, (1 << BITS) - 1
        turned = [turn for mark in map(int, seen.marks) if (turn := _turned(mark)) in demands]
        return bool(turned) and bool((shelf.rarity(np.array(turned) & mask) / shelf.rarest() > 0.3).any())

    def _join(self, case: int, seen: Seen, number: int, weighed: Weighed) -> None:
        rules = self.index.rules
        group = self._groups[case] = self._group(case)
        group.demands.update(int(mark) for mark in seen.marks if mark >> BITS >= Mark.WANTED)
        beside = weighed.cosine[np.searchsorted(weighed.numbers, group.speakers)]
        group.alike = np.block([[group.alike, beside[:, None]], [beside[None, :], np.ones((1, 1))]])
        group.speakers.append(number)
        if len(group.speakers) > rules.case_kept:  # the first ones stay, of the others the newest
            del group.speakers[rules.case_first]
            group.alike = np.delete(np.delete(group.alike, rules.case_first, 0), rules.case_first, 1)

    def _bridge(self, one: int, other: int, by: int) -> None:
        """Make one case of two that a report belongs to both of, where all others that speak for them say the same."""
        if one == other:
            return
        shelf, rules = self.index.shelf, self.index.rules
        first, second = sorted((one, other))
        mine, theirs = self._group(first), self._group(second)
        every = np.array(mine.speakers + theirs.speakers, np.int64)
        apart = np.array([number for number in every if number != by], np.int64)
        words = float(
            rules.curves["words"](together(alike(shelf, apart), sum(number != by for number in mine.speakers)))
        )
        if words < rules.weights["auto_words"] or any(_turned(mark) in theirs.demands for mark in mine.demands):
            return
        self._case.values[self._case.values == second] = first
        self._groups.pop(second, None)
        every.sort()
        if len(every) > rules.case_kept:
            every = np.concatenate((every[: rules.case_first], every[rules.case_first - rules.case_kept :]))
        self._groups[first] = _Group(every.tolist(), alike(shelf, every), mine.demands | theirs.demands)

    def _group(self, case: int) -> _Group:
        """A case as a whole; of one report, what that says."""
        known = self._groups.get(case)
        if known is not None:
            return known
        demands = {int(mark) for mark in self.index.shelf.marks.row(case) if mark >> BITS >= Mark.WANTED}
        return _Group([case], np.ones((1, 1)), demands)

    def _candidates(self, seen: Seen, weighed: Weighed, matches: list[_Match], top: int) -> tuple[Candidate, ...]:
        """The best report, the first one of its chain of likely repeats, then the others, best first."""
        if not len(weighed.numbers):
            return ()
        whole = {match.speaker: match for match in matches}
        odds = weighed.total.copy()
        for at, match in whole.items():
            odds[at] = max(odds[at], match.odds)
        order = list(np.lexsort((weighed.numbers, -odds.round(6))))
        root = np.flatnonzero(weighed.numbers == self._thread.values[weighed.numbers[order[0]]])
        order[1:1] = [at for at in root if weighed.score[at] >= self.index.rules.suggest]
        return tuple(self._candidate(seen, weighed, at, whole.get(at)) for at in list(dict.fromkeys(order))[:top])

    def _candidate(self, seen: Seen, weighed: Weighed, at: int, match: _Match | None) -> Candidate:
        found = self.index.candidate(seen, weighed, at)
        found = replace(found, case_id=self.case_of(found.report_id))
        if match is None:
            return found
        gain = match.odds - float(weighed.total[at])
        reasons = found.reasons
        if gain >= 0.05:
            count = len(self._groups[match.case].speakers)
            reasons = (*reasons, Reason(Signal.CASE, f"与该工单的 {count} 件诉求都相近", round(gain, 2)))
        return replace(found, score=float(score_of(np.array(match.odds))), verdict=match.verdict, reasons=reasons)


def _turned(mark: int) -> int:
    """The opposite demand about the same thing; any other mark gives one that no report has."""
    kind = {Mark.WANTED: Mark.UNWANTED, Mark.UNWANTED: Mark.WANTED}.get(Mark(mark >> BITS))
    return -1 if kind is None else int(kind) << BITS | mark & ((1 << BITS) - 1)
