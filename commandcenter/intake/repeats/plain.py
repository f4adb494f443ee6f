"""Text made comparable: full-width letters and digits narrow, all small; by a table where every character stands alone."""

import unicodedata
from functools import cache

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.uint32]
_ALONE = ((0x01, 0x7F), (0x3000, 0x3099), (0x309B, 0x30FF), (0x3400, 0xA000), (0xFF01, 0xFF5F), (0x2010, 0x2028))
"""Characters that never join the one before them, in ranges: what Chinese texts are made of."""


def plain(text: str) -> str:
    """The text in NFKC and lower case."""
    narrow = np.take(_table(), points_of(text), mode="clip")
    if narrow.all():
        return narrow.tobytes().decode("utf-32-le")
    return unicodedata.normalize("NFKC", text).lower()


def points_of(text: str) -> Points:
    """The characters as numbers."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


@cache
def _table() -> Points:
    """Character → what it becomes; 0 where that is not one character by itself, as at the end, beyond which is all else."""
    table = np.zeros(0x1_0000, "<u4")
    for begin, end in _ALONE:
        for point in range(begin, end):
            narrow = unicodedata.normalize("NFKC", chr(point)).lower()
            table[point] = ord(narrow) if len(narrow) == 1 else 0
    return table
