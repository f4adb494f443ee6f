"""What texts are about beyond their letters: directions in which grams go together (LSA), and nearness in them.

A linear rule on grams sees 路灯 and 照明 as strangers. Along the directions of the largest common variation they are
neighbours, and a Gaussian of the distance lets a category be several such neighbourhoods.
"""

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse as sp
from numpy.typing import NDArray

_GRAMS = 20_000
_DIRECTIONS = 300
_LANDMARKS = 3_000
_SHARPNESS = 1.5
_SHARE = 1.5
"""How much nearness counts beside the grams themselves."""
_ITERATIONS = 3
Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """``grams`` (numbers) → ``directions`` (grams × directions); nearness is measured to ``landmarks``."""

    grams: NDArray[np.int32]
    directions: Matrix
    landmarks: Matrix

    def near(self, vectors: sp.csr_matrix) -> Matrix:
        """Nearness of each text to each landmark, above 0 and at most the share."""
        where = _unit(vectors[:, self.grams] @ self.directions)
        near = product(where, self.landmarks.T)
        near -= 1
        near *= _SHARPNESS
        np.exp(near, out=near)
        near *= _SHARE
        return near

    def features(self) -> Matrix:
        """The matrix that makes nearness into features whose products are nearness again (Nyström)."""
        among = _SHARE * np.exp(_SHARPNESS * (self.landmarks @ self.landmarks.T - 1)).astype(np.float64)
        among[np.diag_indices(len(among))] += 1e-4
        root = scipy.linalg.cholesky(among, lower=True)
        inverse = scipy.linalg.solve_triangular(root, np.eye(len(root)), lower=True)
        return np.asarray(inverse.T, dtype=np.float32)


def find_meaning(vectors: sp.csr_matrix, *, seed: int) -> Meaning:
    """Learn the directions of `vectors` and choose landmarks among them, by chance."""
    from sklearn.utils.extmath import randomized_svd

    spread = np.bincount(vectors.indices, minlength=vectors.shape[1])
    grams = np.sort(np.argsort(-spread, kind="stable")[:_GRAMS]).astype(np.int32)
    chosen = vectors[:, grams]
    wanted = min(_DIRECTIONS, min(chosen.shape) // 3)
    _, sizes, found = randomized_svd(chosen, n_components=wanted, n_iter=_ITERATIONS, random_state=seed)
    # The first direction is what all texts have in common. Halving the others' differences in size (the square root)
    # keeps the small ones heard.
    directions = (64 * found[1:] / np.sqrt(sizes[1:, None])).T  # 64: far from the smallest that half precision holds
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.permutation(vectors.shape[0])[:_LANDMARKS])
    directions = rounded(directions)
    return Meaning(grams, directions, rounded(_unit(chosen[rows] @ directions)))


def product(rows: Matrix, columns: Matrix) -> Matrix:
    """The matrix product. Of a single row without the library's threads: waking them takes longer than the row."""
    found: Matrix = np.einsum("ij,jk->ik", rows, columns) if len(rows) == 1 else rows @ columns
    return found


def rounded(values: NDArray[np.floating]) -> Matrix:
    """What half precision keeps, so that a model read back says exactly what the one written said."""
    return values.astype(np.float16).astype(np.float32)


def _unit(rows: NDArray[np.floating]) -> Matrix:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return (rows / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
