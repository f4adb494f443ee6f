"""Texts as runs of letters: what is compared is neither punctuation nor width, case or the value of a digit."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

LONGEST = 20_000
"""Characters of a text that are looked at."""
_PLANE = 1 << 16


@dataclass(frozen=True, slots=True)
class Letters:
    """Several texts one after the other: ``codes`` are folded letters (0: none), ``owner`` the text of each."""

    codes: NDArray[np.uint32]
    owner: NDArray[np.int32]
    texts: int

    def grams(self) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Keys of the single letter and of the pair that begin at each place, 0 where there is none.

        A pair never goes across anything that is no letter: pairs across clauses say nothing and cost a tenth of the
        errors of what is learned from them.
        """
        pairs = np.zeros_like(self.codes)
        first, second = self.codes[:-1], self.codes[1:]
        pairs[:-1] = np.where((first != 0) & (second != 0), (first << np.uint32(16)) | second, np.uint32(0))
        return self.codes, pairs

    def words(self, start: int, end: int) -> str:
        """The letters from `start` up to `end`."""
        return self.codes[start:end].astype("<u4").tobytes().decode("utf-32-le")


def letters(texts: Sequence[str]) -> Letters:
    """Fold `texts`; every text ends with a place that is no letter."""
    cut = [text[:LONGEST] for text in texts]
    raw = np.frombuffer(("\0".join(cut) + "\0").encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = _folding()[np.minimum(raw, _PLANE)]
    ends = np.fromiter(accumulate(len(text) + 1 for text in cut), dtype=np.int64, count=len(cut))
    lengths = np.diff(ends, prepend=0)
    return Letters(codes, np.repeat(np.arange(len(cut), dtype=np.int32), lengths), len(cut))


@cache
def _folding() -> NDArray[np.uint32]:
    """Letter by code point: full width to half, capitals to small, every digit to 0, the rest to none."""
    table = np.zeros(_PLANE + 1, dtype=np.uint32)
    for code in range(1, _PLANE):
        folded = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(folded) == 1 and folded.isalnum() and ord(folded) < _PLANE:
            table[code] = ord("0") if folded.isdigit() else ord(folded)
    return table
