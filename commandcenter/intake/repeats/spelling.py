"""Terms of a text as numbers: pairs of Chinese characters, whole words of Latin, and the seam between the two (58车, 7号)."""

import re
from collections.abc import Iterator
from functools import cache
from zlib import crc32

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.plain import Points, points_of

BITS = 22
MASK = (1 << BITS) - 1
"""Terms are hashed to 22 bits: a county's texts use a tenth of them."""
FIRST, LAST = 0x3400, 0x9FFF
"""What counts as Chinese; each is three bytes long in UTF-8."""
CODE = re.compile(r"(?<![a-z])[a-z]\d*(?:省|市|区|县|镇|乡|街道|州)")
Ids = npt.NDArray[np.uint32]
_LATIN = re.compile(r"[a-z0-9]+")


def term_id(text: str) -> int:
    """A 22-bit number for a term; the same in every process."""
    return crc32(text.encode()) & MASK


def is_chinese(points: Points) -> npt.NDArray[np.bool_]:
    """Which characters are Chinese."""
    return (points - np.uint32(FIRST)) <= LAST - FIRST  # below the first one, the difference wraps round and is large


def pair_ids(points: Points, chinese: npt.NDArray[np.bool_]) -> tuple[Ids, npt.NDArray[np.bool_]]:
    """The number of every two neighbours, and which of them are a pair of Chinese characters (the others mean nothing)."""
    first, second = _tables()
    places = points - np.uint32(FIRST)
    left, right = np.take(first, places[:-1], mode="clip"), np.take(second, places[1:], mode="clip")
    return left ^ right, chinese[:-1] & chinese[1:]


def latin_terms(text: str) -> Iterator[str]:
    """Words and numbers of more than one sign, and each one together with its Chinese neighbours; none in a place's code."""
    for found in _LATIN.finditer(text):
        start, end = found.span()
        if start and "\u3400" <= text[start - 1] <= "\u9fff":
            yield text[start - 1 : end]
        if end - start > 1:
            yield found[0]
        if end < len(text) and "\u3400" <= text[end] <= "\u9fff":
            yield text[start : end + 1]


def term_ids(text: str) -> Ids:
    """The numbers of all terms of a plain text, one for each time it stands there."""
    text = CODE.sub(" ", text)
    points = points_of(text)
    pairs, are = pair_ids(points, is_chinese(points))
    return with_latin(pairs[are], text)


def with_latin(pairs: Ids, text: str) -> Ids:
    """The pairs, and the numbers of the text's Latin terms."""
    latin = [term_id(term) for term in latin_terms(text)]
    return np.concatenate((pairs, np.array(latin, np.uint32))) if latin else pairs


def spelled(text: str) -> dict[int, str]:
    """Number → term, of a plain text, for people to read."""
    text = CODE.sub(" ", text)
    pairs = (text[at : at + 2] for at in range(len(text) - 1))
    found = {term_id(pair): pair for pair in pairs if all("\u3400" <= sign <= "\u9fff" for sign in pair)}
    return found | {term_id(term): term for term in latin_terms(text)}


@cache
def _tables() -> tuple[Ids, Ids]:
    """What a character adds to the number of a pair, as its first and as its second one.

    A checksum of six bytes is the sum (by exclusive or) of what its halves give alone, less what no bytes give.
    """
    nothing = b"\0\0\0"
    none = crc32(nothing + nothing)
    signs = [chr(point).encode() for point in range(FIRST, LAST + 1)]
    first = np.array([crc32(sign + nothing) & MASK for sign in signs], np.uint32)
    second = np.array([(crc32(nothing + sign) ^ none) & MASK for sign in signs], np.uint32)
    return first, second
