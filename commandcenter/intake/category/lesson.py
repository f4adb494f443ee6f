"""Everything that one training needs, and what it brings: figures and words that go with the bytes. Needs no database."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from time import process_time
from typing import Any

from commandcenter.errors import PersonError
from commandcenter.intake.category.figures import compare
from commandcenter.intake.category.sample import Category, Sample
from commandcenter.intake.category.training import train, train_cold

FEW = 5_000
"""Up to so many texts figures are measured by five folds, above by three, which says as much and takes half as long."""
_USUAL_STEPS = 20
Told = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from, the oldest first; `names` of the categories by label; `facts` about the samples, to be kept."""

    kind: str
    samples: tuple[Sample, ...]
    categories: tuple[Category, ...]
    names: Mapping[str, str]
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model's bytes, how good it is, and what it came from; the latter two can be written as JSON."""

    content: bytes
    figures: Mapping[str, Any]
    training: Mapping[str, Any]


class _Steps:
    """Rounds as a share: nobody knows how many steps a round takes, so each goes a part of the way that is left."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._steps: Counter[int] = Counter()

    def __call__(self, done: int, rounds: int) -> None:
        self._steps[done] += 1
        within = self._steps[done] / (self._steps[done] + _USUAL_STEPS)
        self._told((done + within) / rounds, f"第 {done + 1}/{rounds} 轮")


def learn(lesson: Lesson, told: Told) -> Learned:
    """Learn it, saying how far it is. PersonError where there is nothing to learn from."""
    began = process_time()
    if not lesson.samples:
        raise PersonError("档案里还没有可以学习的诉求。", "有了经人定级、带分类的工单以后再训练。")
    if lesson.kind == "repeats":
        from commandcenter.intake.repeats import rarity

        told(0.0, "正在清点用词")
        content = rarity.learn([each.text for each in lesson.samples])
        return Learned(content, {}, {**lesson.facts, "seconds": round(process_time() - began, 1)})
    folds = 5 if len(lesson.samples) <= FEW else 3
    model = train(
        lesson.samples,
        lesson.categories,
        folds=folds,
        most=len(lesson.samples),
        progress=_Steps(told),
    )
    figures = asdict(model.figures)
    for each in figures["labels"]:
        each["name"] = lesson.names.get(each["label"], each["label"])
    figures |= {"calibrated": model.calibrated, "cold_f1": _cold_f1(lesson)}
    training = {
        **lesson.facts,
        "categories": len(model.labels),
        "hash": model.learned_from,
        "folds": folds,
        "seconds": round(process_time() - began, 1),
    }
    return Learned(model.to_bytes(), figures, training)


def _cold_f1(lesson: Lesson) -> float | None:
    """What suggesting by names and keywords alone would have reached on the same texts; None where there are no names."""
    if not lesson.categories:
        return None
    said = train_cold(lesson.categories).suggest([each.text for each in lesson.samples], top=1)
    return compare([each.label for each in lesson.samples], [each[0].label for each in said])
