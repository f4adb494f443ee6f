"""Weighing pairs: every signal in log-odds, for one report against many at once; the same both ways round."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.report import Signal, Verdict
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.seen import Mark, Seen
from commandcenter.intake.repeats.shelf import Floats, Numbers, Shelf
from commandcenter.intake.repeats.spelling import BITS

Flags = npt.NDArray[np.bool_]
METRES = 111_195.0
"""Metres in a degree of latitude."""
_LONG_FORM = 40
"""A text of this many terms says enough to be no form, however often it is sent."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Log-odds by signal and in sum (all of the length of ``numbers``), and what they rest on."""

    numbers: Numbers
    parts: dict[Signal, Floats]
    total: Floats
    cosine: Floats
    metres: Floats
    days: Floats
    speaking: Flags
    """Words or the citizen speak for it: without that, no machine merges."""
    opposite: Flags

    @property
    def score(self) -> Floats:
        """The sums as scores, 0 to 1."""
        return score_of(self.total)


def score_of(odds: Floats) -> Floats:
    """Log-odds as a number between 0 and 1."""
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


def weigh(shelf: Shelf, seen: Seen, numbers: Numbers, same_citizen: Flags | None = None) -> Weighed:
    """Weigh a report against kept ones; `same_citizen` where somebody else knows which are of the same one."""
    rules, parts = shelf.rules, dict[Signal, Floats]()
    weights, curves = rules.weights, rules.curves
    none = np.zeros(len(numbers))
    cosine, mass, contained, terms = _words(shelf, seen, numbers)
    same_form = (shelf.form.values[numbers] == seen.form) & (seen.form != 0)
    copies = max(shelf.same_form(seen.form), int(same_form.sum()))
    form_only = same_form & (len(seen.terms) < _LONG_FORM) & (copies > rules.template)
    words = np.minimum(curves["words"](cosine), curves["mass"](mass))
    words = np.where(cosine >= weights["alike"], np.maximum(words, 0.0), words)
    words = np.where(form_only, np.minimum(words, 0.0), words)
    parts[Signal.WORDS] = np.where((terms > 0) & (len(seen.terms) > 0), words, none)
    much = np.minimum(curves["contained"](contained), np.maximum(curves["mass"](mass), 0.0))
    exact = np.where(same_form, weights["exact"], much)
    parts[Signal.EXACT] = np.where(form_only, none, exact)
    parts[Signal.TITLE] = np.where(form_only, none, _title(shelf, seen, numbers))
    named, codes, counted, opposite = _marks(shelf, seen, numbers)
    parts[Signal.NAMES], parts[Signal.CODES], parts[Signal.NUMBERS] = named, codes, counted
    if same_citizen is None:
        same_citizen = (shelf.citizen.values[numbers] == seen.citizen) & (seen.citizen != 0)
    parts[Signal.CITIZEN] = np.where(same_citizen, weights["citizen"], none)
    category = shelf.category.values[numbers]
    both = (category != 0) & (seen.category != 0)
    alike = np.where(category == seen.category, weights["category_same"], weights["category_other"])
    parts[Signal.CATEGORY] = np.where(both, alike, none)
    metres = metres_to(shelf, seen, numbers)
    placed = ~np.isnan(metres)
    parts[Signal.DISTANCE] = np.where(placed, curves["distance"](np.nan_to_num(metres)), none)
    parts[Signal.CROWD] = _crowd(shelf, seen, numbers)
    days = np.abs(shelf.days.values[numbers] - seen.days)
    parts[Signal.TIME] = curves["days"](days)
    near = placed & (metres < 50.0)  # the same address, however it was geocoded
    telling = (
        np.minimum(terms, len(seen.terms)) >= rules.exact_terms
    ) & ~form_only  # shorter is a label: a kind, an address
    speaking = telling & ((parts[Signal.WORDS] >= weights["auto_words"]) | (parts[Signal.EXACT] > 0))
    speaking |= same_citizen & ((parts[Signal.WORDS] > 0) | near)
    total = rules.prior + np.sum(list(parts.values()), axis=0)
    return Weighed(numbers, parts, total, cosine, metres, days, speaking, opposite)


def verdict_of(rules: Rules, score: float, *, speaking: bool, opposite: bool) -> Verdict:
    """What may be done: opposite demands are at most related; without words or citizen a person decides."""
    if score < rules.suggest:
        return Verdict.WEAK
    if opposite:
        return Verdict.RELATED
    return Verdict.SAME if score >= rules.auto and speaking else Verdict.LIKELY


def joined(one: Weighed, other: Weighed) -> Weighed:
    """Both, by number; no report may be in both."""
    order = np.argsort(np.concatenate((one.numbers, other.numbers)))

    def both(mine: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.concatenate((mine, theirs))[order]

    return Weighed(
        numbers=both(one.numbers, other.numbers),
        parts={kind: both(values, other.parts[kind]) for kind, values in one.parts.items()},
        total=both(one.total, other.total),
        cosine=both(one.cosine, other.cosine),
        metres=both(one.metres, other.metres),
        days=both(one.days, other.days),
        speaking=both(one.speaking, other.speaking),
        opposite=both(one.opposite, other.opposite),
    )


def metres_to(shelf: Shelf, seen: Seen, numbers: Numbers) -> Floats:
    """Distances in metres; NaN where one has no point."""
    lon, lat = shelf.lon.values[numbers], shelf.lat.values[numbers]
    if seen.report.lon is None or seen.report.lat is None:
        return np.full(len(numbers), np.nan)
    east = (lon - seen.report.lon) * np.cos(np.radians((lat + seen.report.lat) / 2.0))
    return np.asarray(np.hypot(east, lat - seen.report.lat) * METRES, dtype=np.float64)


def _words(shelf: Shelf, seen: Seen, numbers: Numbers) -> tuple[Floats, Floats, Floats, Floats]:
    """Cosine of the weighted terms, the rarity shared in sum and as a part of the shorter text, and their terms."""
    count = len(numbers)
    flat, owner = shelf.terms.rows(numbers)
    terms = summed(owner, np.ones(len(owner)), count)
    if not len(seen.terms) or not len(flat):
        return np.zeros(count), np.zeros(count), np.zeros(count), terms
    counts, _ = shelf.counts.rows(numbers)
    rarity = shelf.rarity(flat)
    weight = rarity * counts
    mine = shelf.rarity(seen.terms) * seen.counts
    at = np.searchsorted(seen.terms, flat).clip(max=len(seen.terms) - 1)
    shared = seen.terms[at] == flat
    dot = summed(owner, np.where(shared, weight * mine[at], 0.0), count)
    mass = summed(owner, np.where(shared, rarity, 0.0), count)
    norm = np.sqrt(summed(owner, weight * weight, count) * float(mine @ mine))
    shorter = np.minimum(summed(owner, rarity, count), shelf.rarity(seen.terms).sum())
    return share(dot, norm), mass, share(mass, shorter), terms


def summed(owner: Numbers, values: npt.NDArray[Any], count: int) -> Floats:
    """The values of each owner in sum; ``count`` owners."""
    return np.bincount(owner, values, count).astype(np.float64, copy=False)


def share(part: Floats, whole: Floats) -> Floats:
    """Part by whole, 0 where there is no whole."""
    return np.divide(part, whole, out=np.zeros(len(whole)), where=whole > 0)


def _title(shelf: Shelf, seen: Seen, numbers: Numbers) -> Floats:
    """The rarity that two titles share, by the smaller one's own."""
    count = len(numbers)
    flat, owner = shelf.title.rows(numbers)
    if not len(seen.title) or not len(flat):
        return np.zeros(count)
    rarity = shelf.rarity(flat)
    shared = summed(owner, np.where(np.isin(flat, seen.title), rarity, 0.0), count)
    whole = summed(owner, rarity, count)
    mine = float(shelf.rarity(seen.title).sum())
    norm = np.sqrt(whole * mine)
    return np.where(whole > 0, shelf.rules.curves["title"](share(shared, norm)), 0.0)


def _marks(shelf: Shelf, seen: Seen, numbers: Numbers) -> tuple[Floats, Floats, Floats, Flags]:
    """Weights of names, codes and numbers, and whether one wants what the other does not."""
    count, rules = len(numbers), shelf.rules
    flat, owner = shelf.marks.rows(numbers)
    kind = flat >> BITS
    shared = np.isin(flat, seen.marks)
    rarity = shelf.rarity(flat & ((1 << BITS) - 1)) / shelf.rarest()

    def held(which: Mark, weight: npt.NDArray[Any] | None = None) -> Floats:
        return summed(owner, (kind == which) * (1.0 if weight is None else weight), count)

    mine = seen.marks >> BITS
    telling = ((rarity - 0.3) / 0.7).clip(0.0) * shared  # a name that every third report holds tells nothing
    names = rules.curves["names"](held(Mark.NAME, telling))
    if not (mine == Mark.NAME).any():
        names = np.zeros(count)
    else:
        strangers = (held(Mark.NAME, shared) == 0) & (held(Mark.NAME) > 0)
        names = np.where(strangers, rules.weights["names_other"], names)
    codes = np.where(held(Mark.CODE, shared) > 0, rules.weights["codes_same"], rules.weights["codes_other"])
    codes = np.where((held(Mark.CODE) > 0) & (mine == Mark.CODE).any(), codes, 0.0)
    counted = rules.weights["number"] * held(Mark.NUMBER, shared * (rarity > 0.3)).clip(max=4.0)
    things = flat & ((1 << BITS) - 1)
    turned = np.where(kind == Mark.WANTED, Mark.UNWANTED, Mark.WANTED) << BITS | things
    against = (kind >= Mark.WANTED) & np.isin(turned, seen.marks) & (rarity > 0.3)
    return names, codes, counted, summed(owner, against, count) > 0


def _crowd(shelf: Shelf, seen: Seen, numbers: Numbers) -> Floats:
    """A spot from which many reports of one kind come proves little."""
    rules = shelf.rules
    spots = shelf.spot.values[numbers]
    late = np.maximum(shelf.days.values[numbers], seen.days)
    mine = shelf.crowds.of(np.full(len(numbers), seen.spot), late)
    crowd = np.maximum(mine, shelf.crowds.of(spots, late)) / rules.weights["crowd_free"]
    return np.where(spots != 0, rules.weights["crowd"] * np.log2(crowd.clip(1.0)), 0.0)
