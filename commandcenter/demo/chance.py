"""Sources of chance, one per noun, so that a change in one part of the county leaves the others as they were."""

import hashlib

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray


def source(seed: int, noun: str) -> Generator:
    """A generator that depends on `seed` and `noun` only: the same on every machine and in every process."""
    digest = hashlib.sha256(f"{seed}:{noun}".encode()).digest()
    return Generator(PCG64(int.from_bytes(digest[:16], "big")))


def shares(total: int, weights: NDArray[np.float64]) -> list[int]:
    """`total` split by `weights` into whole numbers that add up to it exactly (largest remainder)."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    for index in np.argsort(whole - exact, kind="stable")[: total - int(whole.sum())]:
        whole[index] += 1
    return [int(value) for value in whole]
