"""Letters and pairs of letters as weighted, sparse vectors of length 1."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from commandcenter.intake.category.letters import Letters

_RARITY = 1.5
"""Power of the inverse document frequency."""
_REPEAT = 0.7
"""Power of a gram's count: a word said four times counts for 2.6."""


@dataclass(frozen=True)
class Vocabulary:
    """The grams that count: ``keys`` ascending, ``rarity`` their weights."""

    keys: NDArray[np.uint32]
    rarity: NDArray[np.float32]

    @cached_property
    def slots(self) -> NDArray[np.int32]:
        """Where each gram's number is found: by its hash, or in the next slots; -1 is free."""
        slots = np.full(1 << max(8, int(4 * len(self.keys)).bit_length()), -1, dtype=np.int32)
        waiting = np.arange(len(self.keys), dtype=np.int32)
        at = _hash(self.keys, len(slots))
        while len(waiting):
            free = slots[at] < 0
            slots[at[free]] = waiting[free]  # of several that want a slot one gets it
            left = slots[at] != waiting
            waiting, at = waiting[left], (at[left] + 1) % len(slots)
        return slots

    def places(self, keys: NDArray[np.uint32]) -> NDArray[np.int32]:
        """The number of each gram, -1 for those that do not count; several times as fast as a search by halves."""
        known = np.append(self.keys, np.uint32(0))  # 0 is no gram: what a free slot holds
        at = _hash(keys, len(self.slots))
        found = self.slots[at]
        missed = np.flatnonzero((known[found] != keys) & (found >= 0))
        while len(missed):
            at[missed] = (at[missed] + 1) % len(self.slots)
            found[missed] = self.slots[at[missed]]
            missed = missed[(known[found[missed]] != keys[missed]) & (found[missed] >= 0)]
        return found

    def vectors(self, texts: Letters) -> tuple[sp.csr_matrix, NDArray[np.int32]]:
        """One row of length 1 a text (of zeros where nothing counts), and the number of the pair at each place."""
        singles, pairs = (self.places(keys) for keys in texts.grams())
        columns = np.concatenate([singles, pairs])
        rows = np.concatenate([texts.owner, texts.owner])
        known = columns >= 0
        counts = sp.coo_matrix(
            (np.ones(int(known.sum()), dtype=np.float32), (rows[known], columns[known])),
            shape=(texts.texts, len(self.keys)),
        ).tocsr()
        counts.sum_duplicates()
        counts.data = counts.data**_REPEAT * self.rarity[counts.indices]
        return of_length_one(counts), pairs


def vocabulary(texts: Letters, *, rarest: int, most: int) -> Vocabulary:
    """The grams found in at least `rarest` texts, at most `most` of them, the frequent first."""
    found = []
    for keys in texts.grams():
        owned = np.sort((keys.astype(np.uint64) << np.uint64(32) | texts.owner.astype(np.uint64))[keys != 0])
        once = (owned[np.append(True, owned[1:] != owned[:-1])] >> np.uint64(32)).astype(np.uint32)
        found.append(np.unique(once, return_counts=True))
    keys = np.concatenate([each[0] for each in found])
    spread = np.concatenate([each[1] for each in found])
    kept = np.flatnonzero(spread >= rarest)
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-spread[kept], kind="stable")[:most]])
    rarity = (np.log((1 + texts.texts) / (1 + spread[kept])) + 1) ** _RARITY
    return Vocabulary(keys[kept], rarity.astype(np.float32))


def of_length_one(rows: sp.csr_matrix) -> sp.csr_matrix:
    """Scale each row to length 1 in place."""
    squares = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    lengths = np.sqrt(np.where(squares > 0, squares, 1.0)).astype(np.float32)
    rows.data /= np.repeat(lengths, np.diff(rows.indptr))
    return rows


def _hash(keys: NDArray[np.uint32], slots: int) -> NDArray[np.int64]:
    mixed = keys * np.uint32(0x9E3779B1)
    return (mixed >> np.uint32(33 - slots.bit_length())).astype(np.int64)
