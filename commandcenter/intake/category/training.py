"""Learning a classifier from samples, officers' corrections, and the categories' own names and keywords."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from commandcenter.errors import PersonError
from commandcenter.intake.category.figures import judge
from commandcenter.intake.category.letters import letters
from commandcenter.intake.category.model import Model, probabilities
from commandcenter.intake.category.rule import learn
from commandcenter.intake.category.sample import Category, Sample, digest, key

FOLDS = 5
MOST_SAMPLES = 30_000
"""The latest that are learned from: an archive of years still fits into memory, and the language of now counts."""
_SHARPNESS = 3.0
"""Until it can be measured."""
_ENOUGH = 50
"""Texts judged unseen that probabilities can be calibrated on."""
_ALIKE = 50
"""Letters: texts that begin or end with the same so many are the same report sent again."""


def _say_nothing(_done: int, _all: int) -> None:
    """Nobody watches."""


def train(
    samples: Sequence[Sample],
    categories: Sequence[Category] = (),
    *,
    folds: int = FOLDS,
    seed: int = 0,
    most: int = MOST_SAMPLES,
    meaning: bool = True,
    progress: Callable[[int, int], None] = _say_nothing,
) -> Model:
    """Learn from `samples` (oldest first) and from what the `categories` are called; the order changes nothing else.

    With `folds` ≥ 2 the figures and the probabilities are measured by cross-validation, texts that are the same in one
    fold; otherwise nothing is measured. At most the last `most` are learned from; `meaning` False is quick and by letters
    alone. `progress` is told often how many rounds are done, of how many; what it raises ends the training. PersonError
    where there is no category at all.
    """
    samples = sorted(samples[-most:], key=key)
    names = tuple(sorted({each.label for each in samples} | {each.label for each in categories}))
    if not names:
        raise PersonError("没有任何类别，无法训练分类模型。", "请先建立分类目录，或提供带类别的样本。")
    hints = [
        Sample(each.label, words)
        for each in sorted(categories, key=lambda each: each.label)
        for words in (each.hint, *each.keywords)
    ]
    number = {name: at for at, name in enumerate(names)}
    taught = [*samples, *hints]
    labels = np.array([number[each.label] for each in taught], dtype=np.int64)
    weights = np.array([each.weight for each in taught])

    of_fold = fold_of(samples, folds, seed) if folds >= 2 else np.zeros(0, dtype=np.int64)
    rounds = [*np.unique(of_fold).tolist()] if len(np.unique(of_fold)) >= 2 else []
    done = 0

    def breathe() -> None:
        progress(done, len(rounds) + 1)

    def learned(chosen: NDArray[np.int64]) -> Model:
        texts = letters([taught[at].text for at in chosen.tolist()])
        rule = learn(texts, labels[chosen], weights[chosen], len(names), seed, meaning=meaning, breathe=breathe)
        return Model(names, rule, _SHARPNESS, False, "", 0, judge(names, labels[:0], np.zeros((0, 0)), sizes))  # noqa: FBT003

    sizes = np.bincount(labels[: len(samples)], minlength=len(names))
    everything = np.arange(len(taught))
    model = learned(everything)
    sharpness, calibrated, figures = _SHARPNESS, False, model.figures
    if rounds:
        scores = np.zeros((len(samples), len(names)), dtype=np.float32)
        for fold in rounds:
            done += 1
            unseen = np.flatnonzero(of_fold == fold)
            rule = learned(np.setdiff1d(everything, unseen)).rule
            scores[unseen] = rule.scores(rule.vocabulary.vectors(letters([samples[at].text for at in unseen]))[0])
        truth = labels[: len(samples)]
        if len(samples) >= _ENOUGH:
            sharpness, calibrated = _sharpness(scores, truth), True
        figures = judge(names, truth, probabilities(scores, sharpness), sizes)
    return Model(names, model.rule, sharpness, calibrated, digest(taught), len(samples), figures)


def train_cold(categories: Sequence[Category]) -> Model:
    """Learn from names and keywords alone; how sure to be is measured by keywords that were left out."""
    named = [replace(each, keywords=()) for each in categories]
    return train([Sample(each.label, word) for each in categories for word in each.keywords], named, meaning=False)


def fold_of(
    samples: Sequence[Sample], folds: int, seed: int, *, together: NDArray[np.int32] | None = None
) -> NDArray[np.int64]:
    """The fold of each sample: those `together` (a number each; `same` by default) stay so, each category is in all folds."""
    groups: dict[int, list[int]] = defaultdict(list)
    for at, group in enumerate((same(samples) if together is None else together).tolist()):
        groups[group].append(at)
    of_label: dict[str, list[list[int]]] = defaultdict(list)
    for members in groups.values():
        of_label[samples[members[0]].label].append(members)
    rng = np.random.default_rng(seed)
    found = np.zeros(len(samples), dtype=np.int64)
    turn = 0
    for label in sorted(of_label):
        for at in rng.permutation(len(of_label[label])).tolist():
            found[of_label[label][at]] = turn % folds
            turn += 1
    return found


def same(samples: Sequence[Sample]) -> NDArray[np.int32]:
    """A number for each sample, equal for texts that are the same letters, or begin or end with the same 50."""
    marks: dict[tuple[str, str], int] = {}
    links: list[tuple[int, int]] = []
    for at, sample in enumerate(samples):
        folded = letters([sample.text])
        text = folded.codes[folded.codes != 0].tobytes()
        parts = [("all", text)]
        if len(text) >= 4 * _ALIKE:
            parts += [("start", text[: 4 * _ALIKE]), ("end", text[-4 * _ALIKE :])]
        links += [(at, marks.setdefault((where, part.hex()), len(marks))) for where, part in parts]
    of = np.array(links, dtype=np.int64).reshape(-1, 2)
    size = len(samples) + len(marks)
    graph = sp.coo_matrix((np.ones(len(of)), (of[:, 0], of[:, 1] + len(samples))), shape=(size, size))
    _, found = sp.csgraph.connected_components(graph, directed=False)
    return np.asarray(found[: len(samples)], dtype=np.int32)


def _sharpness(scores: NDArray[np.float32], truth: NDArray[np.int64]) -> float:
    """The one number that makes what was said most probable; the order of suggestions does not depend on it."""

    def surprise(logarithm: float) -> float:
        shares = probabilities(scores, float(np.exp(logarithm)))
        return float(-np.log(np.maximum(shares[np.arange(len(truth)), truth], 1e-12)).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 5.0), method="bounded").x))
