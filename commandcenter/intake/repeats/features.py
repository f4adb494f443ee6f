"""What a text says, as comparable terms: bigrams, names of places and organisations, codes, numbers, stances."""

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.naming import names_in
from commandcenter.intake.repeats.plain import plain, points_of
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.spelling import CODE, Ids, is_chinese, pair_ids, term_ids, with_latin
from commandcenter.intake.repeats.stance import stances

Counts = npt.NDArray[np.float64]
_ZERO = np.zeros(1, np.int64)
_NUMBER = re.compile(r"(?<!\d)\d{2,6}(?!\d)")
_SENTENCE = re.compile(r"[^。！？!?;；：:\n]{8,}")
_LONGEST_OPENING = 40
_FORM = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Features:
    """Terms by number, ascending, with how often (title terms more often), and what is compared apart from them."""

    terms: Ids
    counts: Counts
    title: Ids
    names: frozenset[str]
    codes: frozenset[str]
    numbers: frozenset[str]
    stances: dict[str, int]
    form: str
    """The text without spaces and marks, or ``""`` where it is too short to prove anything."""


def features_of(report: Report, rules: Rules) -> Features:
    """Read a report's title and text; nothing written gives empty features."""
    title, text = plain(report.title), plain(report.text)
    whole = f"{title}\n{text}"
    points = points_of(whole)
    codes = CODE.findall(whole) if (points - np.uint32(0x61) < 26).any() else []
    clear_title, clear_text = (CODE.sub(" ", title), CODE.sub(" ", text)) if codes else (title, text)
    clear = f"{clear_title}\n{clear_text}" if codes else whole
    points = points_of(clear) if codes else points
    chinese = is_chinese(points)
    pairs, are = pair_ids(points, chinese)
    begin = len(clear_title) + 1
    said = with_latin(pairs[begin:][are[begin:]], clear_text)
    if title:
        heading = with_latin(pairs[:begin][are[:begin]], clear_title)
    elif codes:
        heading = term_ids(_opening(text))
    else:
        start, end = _opening_span(text)
        of_opening = slice(begin + start, max(begin + start, begin + end - 1))
        heading = with_latin(pairs[of_opening][are[of_opening]], text[start:end])
    terms, counts, distinct, heading = _counted(said, heading, rules.title_weight)
    named = names_in(clear, rules)
    if named.spans:  # the place is compared apart, and the same place is not yet the same matter
        at_place = terms.searchsorted(np.concatenate([pairs[start : end - 1] for start, end in named.spans]))
        counts[at_place] = (rules.place_weight * counts)[at_place]
    kind = _kind_terms(report.category)
    if len(kind):  # the kind is compared apart; a text that only repeats it says nothing more
        kept = _others(terms, kind)
        terms, counts, heading = terms[kept], counts[kept], heading[_others(heading, kind)]
    return Features(
        terms=terms,
        counts=counts,
        title=heading,
        names=named.names,
        codes=frozenset(codes),
        numbers=frozenset(_NUMBER.findall(whole)),
        stances=stances(whole, rules),
        form=_FORM.sub("", text) if distinct >= rules.exact_terms else "",
    )


def opening_of(report: Report) -> str:
    """What a report's title says, or what stands for it, plain."""
    return plain(report.title) or _opening(plain(report.text))


def _opening(text: str) -> str:
    """What stands for a title where there is none: the first sentence that says something, cut where it runs on."""
    start, end = _opening_span(text)
    return text[start:end]


def _opening_span(text: str) -> tuple[int, int]:
    found = _SENTENCE.search(text)
    return (found.start(), min(found.end(), found.start() + _LONGEST_OPENING)) if found else (0, 0)


def _counted(said: Ids, heading: Ids, title_weight: float) -> tuple[Ids, Counts, int, Ids]:
    """Terms ascending, how often they stand there, how many of them are in the text itself; and those of the title."""
    both: Ids = np.concatenate(
        (said << 1, heading << 1 | 1)
    )  # of equal terms, those of the text before those of the title
    if not len(both):
        return both, np.zeros(0), 0, both
    both.sort()
    of_title, both = both & 1, np.asarray(both >> 1, np.uint32)
    new = both[1:] != both[:-1]
    starts = np.concatenate((_ZERO, np.flatnonzero(new) + 1))
    counts = np.add.reduceat(np.where(of_title, title_weight, 1.0), starts)
    ends = np.append(starts[1:] - 1, len(both) - 1)
    terms = both[starts]
    return terms, counts, len(starts) - int(of_title[starts].sum()), terms[of_title[ends] == 1]


def _others(terms: Ids, some: Ids) -> npt.NDArray[np.bool_]:
    """Which of the ascending terms are not among some others."""
    kept = np.ones(len(terms), np.bool_)
    if len(terms):
        at = terms.searchsorted(some)
        at[at == len(terms)] = 0
        kept[at[terms[at] == some]] = False
    return kept


@lru_cache(maxsize=4096)
def _kind_terms(category: str) -> Ids:
    return np.unique(term_ids(plain(category)))
