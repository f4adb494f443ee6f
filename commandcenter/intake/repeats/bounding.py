"""The most that a report may weigh, from what costs hardly anything to read: whether it is worth being made comparable.

Making a text comparable takes a third of a millisecond; asking which terms of another text stand in it, a fiftieth of that.
What is shared must stand in both; so the bound holds, but for two terms that happen to have one number.
"""

from bisect import bisect_right
from math import cos, hypot, inf, log, radians

from commandcenter.intake.repeats.features import opening_of
from commandcenter.intake.repeats.plain import plain
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Curve, Rules
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Shelf
from commandcenter.intake.repeats.spelling import BITS, MASK, spelled
from commandcenter.intake.repeats.weighing import METRES

_SAYS = 20
"""A text of so many characters has terms; of a shorter one it is not taken for granted."""


def worth(rules: Rules) -> float:
    """From which log-odds on a report is shown to anybody."""
    return log(rules.suggest / (1.0 - rules.suggest)) if 0.0 < rules.suggest < 1.0 else -inf


class Bound:
    """The most that any other report may weigh beside one."""

    def __init__(self, shelf: Shelf, seen: Seen) -> None:
        rules, rarity = shelf.rules, shelf.known
        self._rules, self._seen = rules, seen
        words = spelled(f"{plain(seen.report.text)}\n{opening_of(seen.report)}")
        self._terms = [words.get(term, "") for term in seen.terms.tolist()]
        self._rare = rarity.of(seen.terms).tolist()
        # no text is more like this one than its own terms that stand in both
        self._heavy = ((rarity.of(seen.terms) * seen.counts) ** 2).tolist()
        self._alike = rules.weights["alike"] ** 2 * sum(self._heavy) * (1.0 - 1e-9)
        text = plain(seen.report.text)
        self._said = [at for at, term in enumerate(self._terms) if term in text]
        self._title = [words.get(term, "") for term in seen.title.tolist()]
        self._title_rare = rarity.of(seen.title).tolist()
        telling = ((rarity.of(seen.marks & MASK) / rarity.rarest() - 0.3) / 0.7).clip(0.0).tolist()
        kinds = (seen.marks >> BITS).tolist()
        marks = list(zip(kinds, (seen.names[mark] for mark in seen.marks.tolist()), telling, strict=True))
        self._names = [(name, tells) for kind, name, tells in marks if kind == Mark.NAME]
        self._numbers = [name for kind, name, _ in marks if kind == Mark.NUMBER]
        self._codes = max(0.0, rules.weights["codes_same"]) if any(kind == Mark.CODE for kind, _, _ in marks) else 0.0

    def of(self, report: Report, whole: str, *, same_citizen: bool) -> float:
        """The most log-odds of a report, `whole` its `whole_of`; infinite where the weights are such that nothing can be said."""
        rules, weights, curves = self._rules, self._rules.weights, self._rules.curves
        if weights["crowd"] > 0:
            return inf
        there = [term in whole for term in self._terms]
        mass = sum(rare for rare, is_there in zip(self._rare, there, strict=True) if is_there)
        much = _highest(curves["mass"], mass)
        words = min(_highest(curves["words"], 1.0), much)
        if sum(heavy for heavy, is_there in zip(self._heavy, there, strict=True) if is_there) >= self._alike:
            words = max(words, 0.0)
        exact = max(0.0, min(much, _highest(curves["contained"], 1.0)))
        if all(there[at] for at in self._said):  # as in the very same text
            exact = max(exact, weights["exact"])
        return (
            rules.prior
            + (words if len(whole) >= _SAYS and self._terms else max(0.0, words))
            + exact
            + self._title_at_most(whole)
            + max(0.0, _highest(curves["names"], sum(tells for name, tells in self._names if name in whole)))
            + self._codes
            + max(0.0, weights["number"]) * min(4, sum(name in whole for name in self._numbers))
            + (weights["citizen"] if same_citizen else 0.0)
            + self._of_facts(report)
        )

    def _title_at_most(self, whole: str) -> float:
        mine = sum(self._title_rare)
        if not mine:
            return 0.0
        shared = sum(rare for term, rare in zip(self._title, self._title_rare, strict=True) if term in whole)
        return max(0.0, _highest(self._rules.curves["title"], (shared / mine) ** 0.5))

    def _of_facts(self, report: Report) -> float:
        """What kind, place and time weigh."""
        rules, mine = self._rules, self._seen.report
        odds = _at(rules.curves["days"], abs(report.at.timestamp() / 86400.0 - self._seen.days))
        if report.category and mine.category:
            odds += rules.weights["category_same" if report.category == mine.category else "category_other"]
        if report.lon is not None and report.lat is not None and mine.lon is not None and mine.lat is not None:
            east = (report.lon - mine.lon) * cos(radians((report.lat + mine.lat) / 2.0))
            odds += _at(rules.curves["distance"], hypot(east, report.lat - mine.lat) * METRES)
        return odds


def whole_of(report: Report) -> str:
    """All that a report says, in plain text."""
    return plain(f"{report.title}\n{report.text}")


def _at(curve: Curve, value: float) -> float:
    """What a curve says; of one value, it is quicker than an array of one."""
    right = bisect_right(curve.at, value)
    if right in {0, len(curve.at)}:
        return curve.weight[max(0, right - 1)]
    (start, end), (low, high) = curve.at[right - 1 : right + 1], curve.weight[right - 1 : right + 1]
    return low + (value - start) / (end - start) * (high - low)


def _highest(curve: Curve, upto: float) -> float:
    """The most that a curve says of any value up to this one."""
    return max(_at(curve, upto), *curve.weight[: max(1, bisect_right(curve.at, upto))])
