"""What officers put right since the last training: the next text of the same family is told the right category at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from commandcenter.intake.category.letters import letters

ALIKE = 0.6
"""Share of pairs of letters in common (Dice) from which on two texts are of one family: said again in other words [D]."""


@dataclass(frozen=True, slots=True)
class Nudge:
    """Corrected texts, the newest first: ``pairs`` of letters one text after the other, ``sizes`` how many each has."""

    labels: tuple[str, ...]
    pairs: NDArray[np.uint32]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, corrected: Sequence[tuple[str, str]]) -> "Nudge":
        """Take (text, right label), the newest first."""
        pairs = [_pairs(text) for text, _ in corrected]
        kept = [at for at, each in enumerate(pairs) if len(each)]
        return cls(
            tuple(corrected[at][1] for at in kept),
            np.concatenate([pairs[at] for at in kept]) if kept else np.zeros(0, dtype=np.uint32),
            np.array([len(pairs[at]) for at in kept], dtype=np.int64),
        )

    def find(self, text: str) -> tuple[str, float] | None:
        """The label of the most similar family and how alike it is (`ALIKE` to 1), of equals the newest; None for none."""
        asked = _pairs(text)
        if not len(asked) or not self.labels:
            return None
        starts = np.cumsum(self.sizes) - self.sizes
        shared = np.add.reduceat(np.isin(self.pairs, asked).astype(np.int64), starts)
        alike = 2 * shared / (self.sizes + len(asked))
        best = int(np.argmax(alike))
        return (self.labels[best], float(alike[best])) if alike[best] >= ALIKE else None


def _pairs(text: str) -> NDArray[np.uint32]:
    _, pairs = letters([text]).grams()
    return np.unique(pairs[pairs != 0])
