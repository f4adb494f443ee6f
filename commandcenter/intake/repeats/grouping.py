"""Putting reports into cases as they come: a case speaks with several of its reports; machines merge only what agrees."""

from dataclasses import dataclass, replace

import numpy as np

from commandcenter.intake.repeats.growing import Growing
from commandcenter.intake.repeats.index import Index, best_first
from commandcenter.intake.repeats.report import Candidate, Report, Verdict
from commandcenter.intake.repeats.seen import Seen
from commandcenter.intake.repeats.weighing import Weighed
from commandcenter.intake.repeats.whole import (
    Group,
    Match,
    demands_in,
    explained,
    foremost,
    grown,
    matches_of,
    tie,
    tied,
    with_speakers,
)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a report went: ``merged`` by machine into a case that was there, or into one of its own.

    A case may become part of an earlier one when a later report belongs to both: `Grouping.case_of` says where it is then.
    """

    report_id: str
    case_id: str
    merged: bool
    candidates: tuple[Candidate, ...]


class Grouping:
    """Cases over an index. Put reports in the order of time; a case is named after its first report."""

    def __init__(self, index: Index | None = None) -> None:
        """Take an index that is still empty, or one of its own with the usual rules."""
        self.index = Index() if index is None else index
        if len(self.index):
            raise ValueError("a grouping begins with an empty index")
        self._case = Growing(np.int64)
        self._thread = Growing(np.int64)
        self._groups: dict[int, Group] = {}

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
        cases = foremost(best_first(weighed), self._case.values[weighed.numbers])
        groups = [self._groups[case] for case in cases if case in self._groups]
        return with_speakers(self.index.shelf, seen, weighed, groups)

    def _matches(self, seen: Seen, weighed: Weighed) -> list[Match]:
        of = self._case.values[weighed.numbers]
        return matches_of(self.index.shelf, seen, weighed, best_first(weighed), of, self._groups)

    def _join(self, case: int, seen: Seen, number: int, weighed: Weighed) -> None:
        self._groups[case] = grown(self.index.shelf, self._group(case), weighed, number, seen.marks)

    def _bridge(self, one: int, other: int, by: int) -> None:
        """Make one case of two that a report belongs to both of, where all others that speak for them say the same."""
        if one == other:
            return
        shelf, (first, second) = self.index.shelf, sorted((one, other))
        mine, theirs = self._group(first), self._group(second)
        if not tie(shelf, mine, theirs, by).agree:
            return
        self._case.values[self._case.values == second] = first
        self._groups.pop(second, None)
        self._groups[first] = tied(shelf, mine, theirs)

    def _group(self, case: int) -> Group:
        """A case as a whole; of one report, what that says."""
        known = self._groups.get(case)
        if known is not None:
            return known
        return Group([case], np.ones((1, 1)), demands_in(self.index.shelf.marks.row(case)))

    def _candidates(self, seen: Seen, weighed: Weighed, matches: list[Match], top: int) -> tuple[Candidate, ...]:
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

    def _candidate(self, seen: Seen, weighed: Weighed, at: int, match: Match | None) -> Candidate:
        found = self.index.candidate(seen, weighed, at)
        found = replace(found, case_id=self.case_of(found.report_id))
        if match is None:
            return found
        said = explained(match, self._groups.get(match.case), found.reasons)
        return replace(found, score=match.score, verdict=match.verdict, reasons=said)
