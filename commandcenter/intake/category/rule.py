"""The learned rule: grams and meaning in, one score a category out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from commandcenter.intake.category.letters import Letters
from commandcenter.intake.category.meaning import Matrix, Meaning, find_meaning, product, rounded
from commandcenter.intake.category.ridge import solve
from commandcenter.intake.category.vectors import Vocabulary, vocabulary

_PENALTY = 0.35
_FEW = 200
"""Fewer texts have no directions in common worth learning."""
_RARE_FROM = 2_000
"""From so many texts on, a gram of one text only is left out."""
_MOST_GRAMS = 250_000
_MOST_WEIGHTS = 24_000_000
"""Grams × categories: 48 MB written down."""
_STEEPEST = 8.0
"""A rare category's samples count at most so many times those of an average one."""
_BATCH = 2_048


@dataclass(frozen=True)
class Rule:
    """Scores are ``grams`` (vocabulary × categories) + nearness × ``landmarks`` (landmarks × categories) + ``bias``."""

    vocabulary: Vocabulary
    grams: Matrix
    bias: Matrix
    meaning: Meaning | None
    landmarks: Matrix

    @cached_property
    def usual(self) -> Matrix:
        """The mean weight of each gram over all categories."""
        mean: Matrix = self.grams.mean(axis=1)
        return mean

    def scores(self, vectors: sp.csr_matrix) -> Matrix:
        """Texts × categories; about +1 for what it is and −1 for what it is not."""
        scores: Matrix = vectors @ self.grams + self.bias
        if self.meaning is not None:
            for start in range(0, vectors.shape[0], _BATCH):
                part = slice(start, start + _BATCH)
                scores[part] += product(self.meaning.near(vectors[part]), self.landmarks)
        return scores


def _go_on() -> None:
    """Nobody asks to stop."""


def learn(
    texts: Letters,
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    categories: int,
    seed: int,
    *,
    meaning: bool = True,
    breathe: Callable[[], None] = _go_on,
) -> Rule:
    """The rule of texts with known labels (0 to categories - 1); every category weighs the same, within limits.

    `meaning` False: by the letters alone, which takes a tenth of the time. `breathe` is called every now and then; what
    it raises ends the learning.
    """
    most = max(1, min(_MOST_GRAMS, _MOST_WEIGHTS // categories))
    words = vocabulary(texts, rarest=2 if texts.texts >= _RARE_FROM else 1, most=most)
    vectors, _ = words.vectors(texts)
    breathe()
    found = find_meaning(vectors, seed=seed) if meaning and texts.texts >= _FEW else None
    breathe()
    back = None if found is None else found.features()
    near = None if found is None or back is None else found.near(vectors) @ back
    turned = vectors.T.tocsr()

    def kernel(block: Matrix) -> Matrix:
        breathe()
        product: Matrix = vectors @ (turned @ block) + block.sum(axis=0)
        if near is not None:
            product += near @ (near.T @ block)
        return product

    answers = np.full((texts.texts, categories), -1, dtype=np.float32)
    answers[np.arange(texts.texts), labels] = 1
    size = np.bincount(labels, weights=weights, minlength=categories)
    share = weights.sum() / (np.count_nonzero(size) * np.maximum(size, 1e-9))
    balanced = (weights * np.minimum(share, _STEEPEST)[labels]).astype(np.float32)
    dual = solve(kernel, answers, balanced, _PENALTY)
    landmarks: Matrix = np.zeros((0, categories), dtype=np.float32)
    if near is not None and back is not None:
        landmarks = np.asarray(back @ (near.T @ dual), dtype=np.float32)
    return Rule(words, rounded(turned @ dual), dual.sum(axis=0), found, landmarks)
