"""With which pairs of characters the database looks for reports like a text: the rarest, and sets of them that few texts share."""

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.spelling import term_id

ROWS = 1_500
"""How many reports single pairs may find in all, as far as one knows; as many again by two pairs together."""
_SINGLES = 80
"""Of a long text most pairs are in no other: with forty, 0.745 of the pairs of one matter were found, with these 0.842 (merge.live)."""
_TOGETHER = 6
_ALL = 8
_CLOSE = 0.15
"""How much of the rarer of two pairs comes with the other one, about: words are more than two characters."""
_UNKNOWN = 0.02
"""The part of all texts that holds a pair with a digit or a letter, which the rarity does not count."""
_SIGNS = dict.fromkeys(b" \t\n\r\f\v") | {code: code + 32 for code in range(65, 91)}
_MARKS = frozenset("，。、；：！？（）“”《》,.;:!?()-")


@dataclass(frozen=True, slots=True)
class Probes:
    """Sets of pairs, one after the other: where each one ends, and what a report that holds all of it is worth."""

    grams: tuple[int, ...]
    ends: tuple[int, ...]
    weights: tuple[float, ...]


def probes_of(text: str, rarity: Rarity, reports: int) -> Probes:
    """Choose them for a text, so that some thousands of `reports` are found at most; ``cc.grams`` has the same pairs."""
    pairs = sorted({one + two for one, two in pairwise(text.translate(_SIGNS)) if not _MARKS & {one, two}})
    if not pairs:
        return Probes((), (), ())
    shares = rarity.shares(np.array([term_id(pair) for pair in pairs]))
    shares = np.where([all(map(_is_chinese, pair)) for pair in pairs], shares, np.maximum(shares, _UNKNOWN))
    order = np.argsort(shares, kind="stable").tolist()
    rare = np.maximum(-np.log(shares), 0.0)
    found: list[tuple[tuple[int, ...], float]] = []
    left = float(ROWS)
    while order and len(found) < _SINGLES and (many := float(shares[order[0]]) * reports) <= left:
        at = order.pop(0)
        found.append(((at,), float(rare[at]) ** 2))
        left -= many
    left = float(ROWS)
    for one, two in combinations(order[:_TOGETHER], 2):
        many = float(min(shares[one], shares[two])) * reports * _CLOSE
        if many <= left:
            found.append(((one, two), float(rare[one] + rare[two]) ** 2 / 4))
            left -= many
    if len(found) < _TOGETHER and len(order) > 2:  # nothing rare in it: at least who says the very same is found
        found.append((tuple(order[:_ALL]), float(rare[order[:_ALL]].sum())))
    grams = [tuple(_gram(pairs[at]) for at in which) for which, _ in found]
    return Probes(
        tuple(gram for which in grams for gram in which),
        tuple(np.cumsum([len(which) for which in grams]).tolist()),
        tuple(weight for _, weight in found),
    )


def _gram(pair: str) -> int:
    return (ord(pair[0]) & 0x7FFF) << 16 | (ord(pair[1]) & 0xFFFF)


def _is_chinese(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff"
