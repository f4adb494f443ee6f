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
    terms: Counter[str] = Counter(_terms(text))
    distinct = len(terms)
    heading = Counter(_terms(title))
    for term, count in heading.items():
        terms[term] += int(rules.title_weight * count)
    whole = f"{title}\n{text}"
    return Features(
        terms={term: float(count) for term, count in terms.items()},
        title=frozenset(heading),
        names=frozenset(_names(whole, rules)),
        codes=frozenset(_CODE.findall(whole)),
        numbers=frozenset(_NUMBER.findall(whole)),
        stances=stances(whole, rules),
        form=_FORM.sub("", text) if distinct >= rules.exact_terms else "",
    )


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


def _names(text: str, rules: Rules) -> Iterator[str]:
    for found in _name_pattern(rules.endings).finditer(_CODE.sub(" ", text)):
        if not rules.not_in_names.intersection(found[1][:2]):
            yield found[1]
