"""What a text says, as comparable terms: bigrams, names of places and organisations, codes, numbers, stances."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from zlib import crc32

from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.stance import stances

BITS = 22
MASK = (1 << BITS) - 1
"""Terms are hashed to 22 bits: a county's texts use a tenth of them."""
_CODE = re.compile(r"(?<![a-z])[a-z]\d*(?:省|市|区|县|镇|乡|街道|州)")
_PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")
_NUMBER = re.compile(r"(?<!\d)\d{2,6}(?!\d)")
_SENTENCE = re.compile(r"[。！？!?;；：:\n]")
_SHORTEST_OPENING, _LONGEST_OPENING = 8, 40
_FORM = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Features:
    """Term → how often (title terms more often), and what is compared apart from it."""

    terms: dict[str, float]
    title: frozenset[str]
    names: frozenset[str]
    codes: frozenset[str]
    numbers: frozenset[str]
    stances: dict[str, int]
    form: str
    """The text without spaces and marks, or ``""`` where it is too short to prove anything."""


def term_id(text: str) -> int:
    """A 22-bit number for a term; the same in every process."""
    return crc32(text.encode()) & MASK


def features_of(report: Report, rules: Rules) -> Features:
    """Read a report's title and text; nothing written gives empty features."""
    title, text = plain(report.title), plain(report.text)
    opening = title or _opening(text)
    terms: Counter[str] = Counter(_terms(text))
    distinct = len(terms)
    heading = Counter(_terms(opening))
    for term, count in heading.items():
        terms[term] += int(rules.title_weight * count)
    for term in _terms(plain(report.category)):
        heading.pop(term, None)
        terms.pop(term, None)  # the kind is compared apart; a text that only repeats it says nothing more
    whole = f"{title}\n{text}"
    places = _place_terms(whole, rules)
    return Features(
        terms={term: count * (rules.place_weight if term in places else 1.0) for term, count in terms.items()},
        title=frozenset(heading),
        names=frozenset(_names(whole, rules)),
        codes=frozenset(_CODE.findall(whole)),
        numbers=frozenset(_NUMBER.findall(whole)),
        stances=stances(whole, rules),
        form=_FORM.sub("", text) if distinct >= rules.exact_terms else "",
    )


def _opening(text: str) -> str:
    """What stands for a title where there is none: the first sentence, cut where it runs on."""
    return next((part for part in _SENTENCE.split(text) if len(part) >= _SHORTEST_OPENING), "")[:_LONGEST_OPENING]


def plain(text: str) -> str:
    """The text with full-width letters and digits made narrow and small."""
    return unicodedata.normalize("NFKC", text).lower()


def _terms(text: str) -> Iterator[str]:
    """Bigrams of Chinese, whole words and numbers of Latin, and the seam between the two (58车, 7号)."""
    before, end = "", -1
    for found in _PIECE.finditer(_CODE.sub(" ", text)):
        piece = found[0]
        if found.start() == end:
            yield f"{before if before.isascii() else before[-1]}{piece if piece.isascii() else piece[0]}"
        if not piece.isascii():
            for start in range(len(piece) - 1):
                yield piece[start : start + 2]
        elif len(piece) > 1:
            yield piece
        before, end = piece, found.end()


@cache
def _name_pattern(endings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?=([\u3400-\u9fff0-9]{{2}}(?:{'|'.join(endings)})))")


@cache
def _place_pattern(endings: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"[\u3400-\u9fff]{{2,4}}(?:{'|'.join(endings)})")


def _place_terms(text: str, rules: Rules) -> set[str]:
    """Bigrams that belong to the name of a place: it is compared apart, and the same place is not yet the same matter."""
    found = _place_pattern(rules.endings).finditer(_CODE.sub(" ", text))
    return {term for name in found for term in _terms(name[0])}


def _names(text: str, rules: Rules) -> Iterator[str]:
    for found in _name_pattern(rules.endings).finditer(_CODE.sub(" ", text)):
        if not rules.not_in_names.intersection(found[1][:2]):
            yield found[1]
