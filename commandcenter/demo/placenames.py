"""Invented names of communities, villages and estates, plausible and without repetition."""

from numpy.random import Generator

from commandcenter.demo.resources import tree

NAMES = tree("names.toml")


def villages(rng: Generator, count: int, taken: set[str]) -> list[str]:
    """`count` village names ('前岛村', '王家庄村') that are not in `taken`, which is added to."""
    heads = [*NAMES["village_heads"], *(f"{family}家" for family in NAMES["village_surnames"])]
    return _pick(rng, [f"{head}{tail}村" for head in heads for tail in NAMES["village_names"]], count, taken)


def communities(rng: Generator, count: int, taken: set[str]) -> list[str]:
    """`count` urban community names ('学府社区')."""
    return _pick(rng, [f"{name}社区" for name in NAMES["urban_communities"]], count, taken)


def estates(rng: Generator, count: int, taken: set[str]) -> list[str]:
    """`count` housing estate names ('学府小区')."""
    every = [f"{first}{second}" for second in NAMES["estates_b"] for first in NAMES["estates_a"]]
    return _pick(rng, every, count, taken)


def _pick(rng: Generator, every: list[str], count: int, taken: set[str]) -> list[str]:
    free = [name for name in every if name not in taken]
    chosen = [free[int(index)] for index in rng.permutation(len(free))[:count]]
    taken.update(chosen)
    return chosen
