"""The words of a text that spoke for a category."""

import numpy as np
from numpy.typing import NDArray

from commandcenter.intake.category.letters import Letters
from commandcenter.intake.category.rule import Rule

_MOST = 3
"""Words for a category."""
_LOUD = 0.35
"""A pair of letters is heard from this share of the loudest one's voice on."""
_BESIDE = 0.2
"""And from this share of what speaks loudest for any of the suggested categories: a faint second has no reasons."""
_LONGEST = 8
_PARTICLES = frozenset(
    map(ord, "0的了是在和我你您他她它们这那个不没有也都就与及为很将被把得着过吗呢吧啊请又还但而且从到对要说")
)
"""Letters that belong to no word worth showing; digits (all 0) among them: they are numbers of phones."""


def words_for(
    rule: Rule, texts: Letters, pairs: NDArray[np.int32], labels: NDArray[np.int64]
) -> list[tuple[tuple[str, ...], ...]]:
    """For each text and each of its `labels` (texts × some): up to 3 words, the loudest first.

    `pairs` is the number of the pair of letters at each place. A pair's voice is its weight for the category over its
    mean weight for all; neighbouring loud pairs make one word.
    """
    places = np.flatnonzero(pairs >= 0)
    particle = np.isin(texts.codes, np.fromiter(_PARTICLES, dtype=np.uint32))
    places = places[~particle[places] & ~particle[places + 1]]
    owner, grams = texts.owner[places], pairs[places]
    found: list[list[tuple[str, ...]]] = [[] for _ in range(texts.texts)]
    beside = np.full(texts.texts, 1e-6, dtype=np.float32)
    for column in range(labels.shape[1]):
        voice = rule.grams[grams, labels[owner, column]] - rule.usual[grams]
        loudest = np.zeros(texts.texts, dtype=np.float32)
        np.maximum.at(loudest, owner, voice)
        beside = np.maximum(beside, _BESIDE * loudest)
        heard = np.flatnonzero(voice > np.maximum(_LOUD * loudest, beside)[owner])
        for words, spoken in zip(found, _joined(texts, places[heard], owner[heard], voice[heard]), strict=True):
            words.append(spoken)
    return [tuple(words) for words in found]


def _joined(
    texts: Letters, places: NDArray[np.int64], owner: NDArray[np.int32], voice: NDArray[np.float32]
) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()] * texts.texts
    if not len(places):
        return found
    starts = np.flatnonzero(np.append(True, np.diff(places) != 1))
    sums = np.add.reduceat(voice, starts)
    first = places[starts]
    end = places[np.append(starts[1:], len(places)) - 1] + 2
    order = np.lexsort((first, -sums, owner[starts]))
    for text, start, stop in zip(
        owner[starts][order].tolist(), first[order].tolist(), end[order].tolist(), strict=True
    ):
        words = found[text]
        if len(words) < _MOST:
            word = texts.words(start, min(stop, start + _LONGEST))
            if not any(word in other or other in word for other in words):
                found[text] = (*words, word)
    return found
