"""A case weighed as a whole: by the reports that speak for it, and by what any report of it wants or does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.bridging import alike, together
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Floats, Numbers, Shelf
from commandcenter.intake.repeats.spelling import BITS
from commandcenter.intake.repeats.weighing import Weighed, joined, score_of, verdict_of, weigh

CASES = 12
"""Cases that are weighed as a whole for one report."""
_MASK = (1 << BITS) - 1


@dataclass(slots=True)
class Group:
    """A case of several reports: those that speak for it, in order of time, how alike they are, and what all its reports want."""

    speakers: list[int]
    alike: Floats
    demands: set[int]


@dataclass(frozen=True, slots=True)
class Match:
    """A case weighed as a whole; ``speaker`` is the position of the report that speaks best, ``gain`` what the others add."""

    case: int
    speaker: int
    odds: float
    gain: float
    verdict: Verdict

    @property
    def score(self) -> float:
        """The odds as a number between 0 and 1."""
        return float(score_of(np.array(self.odds)))


@dataclass(frozen=True, slots=True)
class Tie:
    """Two cases that a report belongs to both of: what the words of all the others weigh, and whether they say the same."""

    words: float
    agree: bool


def group_of(shelf: Shelf, speakers: Sequence[int], demands: set[int]) -> Group:
    """A case by its speakers, in order of time, and what is wanted or not in it."""
    return Group(list(speakers), alike(shelf, np.array(speakers, np.int64)), demands)


def speak(rules: Rules, numbers: Sequence[int]) -> list[int]:
    """Of a case's reports in order of time those that speak for it: the first ones and the newest."""
    if len(numbers) <= rules.case_kept:
        return list(numbers)
    return [*numbers[: rules.case_first], *numbers[rules.case_first - rules.case_kept :]]


def demands_in(marks: npt.NDArray[np.integer]) -> set[int]:
    """Of a report's marks those that say what it wants, or does not."""
    return {int(mark) for mark in marks if mark >> BITS >= Mark.WANTED}


def foremost(order: Numbers, of: Numbers) -> list[int]:
    """The cases of the best reports, best first: those that are worth weighing as a whole. ``of``: the case of each report."""
    return list(dict.fromkeys(int(of[at]) for at in order[: 4 * CASES]))[:CASES]


def with_speakers(shelf: Shelf, seen: Seen, weighed: Weighed, groups: Sequence[Group]) -> Weighed:
    """The weighed reports, and all that speak for some cases."""
    speakers = np.array([number for group in groups for number in group.speakers], np.int64)
    missing = np.setdiff1d(speakers, weighed.numbers)
    if not len(missing):
        return weighed
    return joined(weighed, weigh(shelf, seen, missing))


def matches_of(
    shelf: Shelf, seen: Seen, weighed: Weighed, order: Numbers, of: Numbers, groups: Mapping[int, Group]
) -> list[Match]:
    """The best cases, each weighed as a whole, best first; of two that fit alike, the one that more reports speak for."""
    cases = list(dict.fromkeys(int(of[at]) for at in order))[:CASES]
    found = [_match(shelf, seen, weighed, case, order[of[order] == case], groups.get(case)) for case in cases]

    def standing(case: int) -> float:
        return log(len(groups[case].speakers)) if case in groups else 0.0

    return sorted(found, key=lambda match: (-match.odds - standing(match.case), match.case))


def _match(shelf: Shelf, seen: Seen, weighed: Weighed, case: int, at: Numbers, group: Group | None) -> Match:
    rules, best = shelf.rules, int(at[0])
    gain, speaking, opposite = 0.0, bool(weighed.speaking[at].any()), bool(weighed.opposite[at].any())
    if group is not None:
        places = np.searchsorted(weighed.numbers, group.speakers)
        cosine = float(weighed.cosine[places].sum() / np.sqrt(group.alike.sum()))
        words = float(rules.curves["words"](cosine))
        gain = max(0.0, words - float(weighed.parts[Signal.WORDS][best]))
        speaking |= words >= rules.weights["auto_words"] and len(seen.terms) >= rules.exact_terms
        opposite |= _against(shelf, seen, group.demands)
    odds = float(weighed.total[best]) + gain
    score = float(score_of(np.array(odds)))
    return Match(case, best, odds, gain, verdict_of(rules, score, speaking=speaking, opposite=opposite))


def explained(match: Match, group: Group | None, said: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """What is said of a case's best report, and what the others add to it: that they are like it too, or want the opposite."""
    if match.verdict is Verdict.RELATED and not any(reason.kind is Signal.OPPOSITE for reason in said):
        said = (Reason(Signal.OPPOSITE, "该工单另有诉求要求相反", 0.0), *said)
    if group is None or match.gain < 0.05:
        return said
    return (*said, Reason(Signal.CASE, f"与该工单的 {len(group.speakers)} 件诉求都相近", round(match.gain, 2)))


def grown(shelf: Shelf, group: Group, weighed: Weighed, number: int, marks: npt.NDArray[np.integer]) -> Group:
    """The case with one more report, its newest, that was weighed against all its speakers."""
    beside = weighed.cosine[np.searchsorted(weighed.numbers, group.speakers)]
    like = np.block([[group.alike, beside[:, None]], [beside[None, :], np.ones((1, 1))]])
    speakers, rules = [*group.speakers, number], shelf.rules
    if len(speakers) > rules.case_kept:  # the first ones stay, of the others the newest
        del speakers[rules.case_first]
        like = np.delete(np.delete(like, rules.case_first, 0), rules.case_first, 1)
    return Group(speakers, like, group.demands | demands_in(marks))


def tie(shelf: Shelf, one: Group, other: Group, by: int = -1) -> Tie:
    """Whether all that speak for two cases, but the report that belongs to both, say the same and want nothing opposite."""
    mine = [number for number in one.speakers if number != by]
    theirs = [number for number in other.speakers if number != by]
    cosine = together(alike(shelf, np.array(mine + theirs, np.int64)), len(mine))
    words = float(shelf.rules.curves["words"](cosine))
    opposite = any(turned(mark) in other.demands for mark in one.demands)
    return Tie(words, words >= shelf.rules.weights["auto_words"] and not opposite)


def tied(shelf: Shelf, one: Group, other: Group) -> Group:
    """Two cases as one."""
    every = np.array(one.speakers + other.speakers, np.int64)
    every = every[np.lexsort((every, shelf.days.values[every]))]
    return group_of(shelf, speak(shelf.rules, every.tolist()), one.demands | other.demands)


def turned(mark: int) -> int:
    """The opposite demand about the same thing; any other mark gives one that no report has."""
    kind = {Mark.WANTED: Mark.UNWANTED, Mark.UNWANTED: Mark.WANTED}.get(Mark(mark >> BITS))
    return -1 if kind is None else int(kind) << BITS | mark & _MASK


def _against(shelf: Shelf, seen: Seen, demands: set[int]) -> bool:
    against = [turn for mark in map(int, seen.marks) if (turn := turned(mark)) in demands]
    return bool(against) and bool((shelf.rarity(np.array(against) & _MASK) / shelf.rarest() > 0.3).any())
