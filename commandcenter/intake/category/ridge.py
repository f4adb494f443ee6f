"""Weighted ridge regression for many answers at once, by conjugate gradients: nothing larger than the data is built."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_MOST_STEPS = 150
_EXACT = 1e-3
Matrix = NDArray[np.float32]


def solve(kernel: Callable[[Matrix], Matrix], answers: Matrix, weights: Matrix, penalty: float) -> Matrix:
    """The dual coefficients (samples × answers) of least weighted squares + `penalty` × squared size.

    `kernel` multiplies the samples' products with one another by a block of columns.
    """
    root = np.sqrt(weights)[:, None]
    rest = root * answers
    found = np.zeros_like(rest)
    step = rest.copy()
    size = np.einsum("ij,ij->j", rest, rest)
    enough = size * _EXACT**2
    for _ in range(_MOST_STEPS):
        if np.all(size <= enough):
            break
        moved = root * kernel(root * step) + penalty * step
        along = np.einsum("ij,ij->j", step, moved)
        far = np.where(along > 0, size / np.where(along > 0, along, 1), 0).astype(np.float32)
        found += far * step
        rest -= far * moved
        before, size = size, np.einsum("ij,ij->j", rest, rest)
        step = rest + (size / np.where(before > 0, before, 1)).astype(np.float32) * step
    return root * found
