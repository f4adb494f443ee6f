"""How good a classifier is: figures on texts that it had not seen, by cross-validation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BINS = 10


@dataclass(frozen=True, slots=True)
class LabelFigure:
    """One category: how many samples it has; precision, recall and F1, None where nothing could be counted."""

    label: str
    samples: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class Reliability:
    """Of ``texts`` whose first suggestion had about the probability ``said``, the share ``right`` was right."""

    said: float
    right: float
    texts: int


@dataclass(frozen=True, slots=True)
class Figures:
    """``texts`` judged; shares from 0 to 1, None where there was nothing to judge.

    ``error`` is the expected calibration error: the mean distance of what was said from what was right.
    """

    texts: int
    macro_f1: float | None
    accuracy: float | None
    top_three: float | None
    error: float | None
    labels: tuple[LabelFigure, ...]
    reliability: tuple[Reliability, ...]


def judge(
    names: Sequence[str], truth: NDArray[np.int64], probabilities: NDArray[np.floating], samples: NDArray[np.int64]
) -> Figures:
    """Compare what was suggested (texts × categories) with the `truth`; `samples`: number of each category.

    Macro-F1 is the plain mean over the categories that occur in the truth or were said.
    """
    if not len(truth):
        nothing = tuple(LabelFigure(name, int(n), None, None, None) for name, n in zip(names, samples, strict=True))
        return Figures(0, None, None, None, None, nothing, ())
    order = np.argsort(-probabilities, axis=1, kind="stable")
    said = order[:, 0]
    labels = tuple(_label(name, int(samples[at]), truth == at, said == at) for at, name in enumerate(names))
    judged = [each.f1 for each in labels if each.f1 is not None]
    bins = _reliability(probabilities[np.arange(len(truth)), said], said == truth)
    return Figures(
        len(truth),
        float(np.mean(judged)),
        float(np.mean(said == truth)),
        float(np.mean(np.any(order[:, :3] == truth[:, None], axis=1))),
        sum(each.texts * abs(each.said - each.right) for each in bins) / len(truth),
        labels,
        bins,
    )


def _label(name: str, samples: int, true: NDArray[np.bool_], said: NDArray[np.bool_]) -> LabelFigure:
    hits, trues, saids = int(np.sum(true & said)), int(true.sum()), int(said.sum())
    return LabelFigure(
        name,
        samples,
        hits / saids if saids else None,
        hits / trues if trues else None,
        2 * hits / (trues + saids) if trues + saids else None,
    )


def _reliability(said: NDArray[np.floating], right: NDArray[np.bool_]) -> tuple[Reliability, ...]:
    bins = np.minimum((said * _BINS).astype(int), _BINS - 1)
    return tuple(
        Reliability(float(said[bins == at].mean()), float(right[bins == at].mean()), int(np.sum(bins == at)))
        for at in range(_BINS)
        if np.any(bins == at)
    )


def compare(truth: Sequence[str], said: Sequence[str]) -> float | None:
    """Macro-F1 of what was said, over all categories that occur on either side; None where there is nothing."""
    names = sorted({*truth, *said})
    if not truth:
        return None
    number = {name: at for at, name in enumerate(names)}
    right, guess = (np.array([number[name] for name in each]) for each in (truth, said))
    found = [_label(name, 0, right == at, guess == at).f1 for at, name in enumerate(names)]
    return float(np.mean([f1 for f1 in found if f1 is not None]))
