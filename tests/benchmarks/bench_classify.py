"""How well categories are suggested, and how fast, on real messages with seven categories (../shared/data).

`classify.f1` is macro-F1 by 5-fold cross-validation, the mean over three ways of folding, texts that are the same in one
fold; for `classify.f1.strict` those that begin or end with the same fifty letters are together as well. The rival sees
the same folds in the same run: what one would write first, TF-IDF of letters and pairs of letters with a linear support
vector machine. `classify.speed` counts whole suggestions: three categories with probabilities and the words that spoke
for each.
"""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import LinearSVC

from commandcenter.intake.category.archive import open_archive
from commandcenter.intake.category.model import Model
from commandcenter.intake.category.sample import Sample
from commandcenter.intake.category.training import fold_of, same, train
from tests.benchmarks.figure import Figure, figure

DATA = Path(__file__).parents[3] / "shared" / "data" / "messages_labelled.csv"
FOLDS = 5


def run(quick: bool = False) -> list[Figure]:
    """Measure; `quick` takes one folding of a tenth. Nothing where the messages are not on this machine."""
    if not DATA.exists():
        print("    the shared data is not on this machine: nothing measured")
        return []
    samples = [Sample(row.label, row.text) for row in open_archive(DATA, labelled=True).rows()]
    samples = samples[::10] if quick else samples
    groups = {"classify.f1": _identical(samples), "classify.f1.strict": same(samples)}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in groups}
    for name, together in groups.items():
        for seed in range(1, 2 if quick else 4):
            ours, rival = _folded(samples, fold_of(samples, FOLDS, seed, together=together))
            found[name].append((ours, rival))
            print(f"    {name}, folding {seed}: {ours:.4f} against {rival:.4f}", flush=True)
    began = time.perf_counter()
    model = train(samples)
    taken = time.perf_counter() - began
    print(f"    trained with its own five folds in {taken:.0f} s; {len(model.to_bytes()) / 1e6:.1f} MB written")
    texts = [sample.text for sample in samples]
    linear = _linear().fit(texts, [sample.label for sample in samples])
    speed = max(_speed(lambda: model.suggest(texts), len(texts)) for _ in range(3))
    rival_speed = max(_speed(lambda: linear.decision_function(texts), len(texts)) for _ in range(2))
    means = {name: np.mean(each, axis=0) for name, each in found.items()}
    figures = model.figures
    assert figures.error is not None
    assert figures.top_three is not None
    said = "TF-IDF of letters and pairs, linear SVC"
    return [
        *(figure(name, float(ours), "macro-F1", said, float(rival)) for name, (ours, rival) in means.items()),
        figure("classify.speed", speed, "messages/s", f"{said}, scores without reasons", rival_speed),
        figure("classify.top3", figures.top_three, "share"),
        figure("classify.calibration", figures.error, "mean distance"),
    ]


def _identical(samples: list[Sample]) -> NDArray[np.int32]:
    """A number for each text, the same for those that are the same."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(sample.text.strip(), len(numbers)) for sample in samples], dtype=np.int32)


def _folded(samples: list[Sample], fold: NDArray[np.int64]) -> tuple[float, float]:
    """Macro-F1 of the product's own classifier and of the rival on the same folds."""
    truth = np.array([sample.label for sample in samples])
    ours, rivals = truth.copy(), truth.copy()
    for number in range(FOLDS):
        seen = [samples[at] for at in np.flatnonzero(fold != number)]
        unseen = np.flatnonzero(fold == number)
        texts = [samples[at].text for at in unseen]
        model: Model = train(seen, folds=0)
        ours[unseen] = [suggestions[0].label for suggestions in model.suggest(texts, top=1)]
        rival = _linear().fit([each.text for each in seen], [each.label for each in seen])
        rivals[unseen] = rival.predict(texts)
    return f1_score(truth, ours, average="macro"), f1_score(truth, rivals, average="macro")


def _linear() -> Pipeline:
    return make_pipeline(TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True), LinearSVC())


def _speed(act: Callable[[], object], count: int) -> float:
    began = time.perf_counter()
    act()
    return count / (time.perf_counter() - began)


if __name__ == "__main__":
    for line in run():
        print(line)
