"""The classifier that was learned: suggestions with probabilities and reasons; it is written and read as plain numbers."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from commandcenter.errors import PersonError
from commandcenter.intake.category.figures import Figures, LabelFigure, Reliability
from commandcenter.intake.category.letters import letters
from commandcenter.intake.category.meaning import Meaning
from commandcenter.intake.category.rule import Rule
from commandcenter.intake.category.sample import Suggestion
from commandcenter.intake.category.vectors import Vocabulary
from commandcenter.intake.category.why import words_for

FORMAT = 1
"""Of the bytes; one that is not known is refused."""
MOST_BYTES = 512_000_000
"""Unpacked: ours are at most some 200 MB."""
_BATCH = 1_024
_UNREADABLE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError, RuntimeError, MemoryError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip
"""What reading a forged or torn file may raise."""
_NOT_OURS = PersonError("这不是分类模型，或已损坏。", "请重新训练一次。")


@dataclass(frozen=True, slots=True)
class Model:
    """``labels`` in the order of the rule's scores; ``sharpness`` turns scores into probabilities.

    ``learned_from`` is the hash of the training set, ``samples`` its size without names and keywords of categories,
    ``calibrated`` says whether the probabilities were measured on texts not seen, ``figures`` what was measured there.
    """

    labels: tuple[str, ...]
    rule: Rule
    sharpness: float
    calibrated: bool
    learned_from: str
    samples: int
    figures: Figures

    @overload  # a text is a sequence of texts to the type checker; it is taken first
    def suggest(self, text: str, top: int = 3) -> tuple[Suggestion, ...]: ...  # type: ignore[overload-overlap]
    @overload
    def suggest(self, text: Sequence[str], top: int = 3) -> tuple[tuple[Suggestion, ...], ...]: ...
    def suggest(
        self, text: str | Sequence[str], top: int = 3
    ) -> tuple[Suggestion, ...] | tuple[tuple[Suggestion, ...], ...]:
        """The `top` categories of a text, or of each of several, the most probable first."""
        if isinstance(text, str):
            return self._some([text], top)[0]
        found: list[tuple[Suggestion, ...]] = []
        for start in range(0, len(text), _BATCH):
            found += self._some(text[start : start + _BATCH], top)
        return tuple(found)

    def _some(self, texts: Sequence[str], top: int) -> list[tuple[Suggestion, ...]]:
        told = letters(texts)
        vectors, pairs = self.rule.vocabulary.vectors(told)
        probable = probabilities(self.rule.scores(vectors), self.sharpness)
        chosen = np.argsort(-probable, axis=1, kind="stable")[:, :top]
        why = words_for(self.rule, told, pairs, chosen)
        sure = np.take_along_axis(probable, chosen, axis=1).tolist()
        return [
            tuple(Suggestion(self.labels[at], share, words) for at, share, words in zip(*line, strict=True))
            for line in zip(chosen.tolist(), sure, why, strict=True)
        ]

    def to_bytes(self) -> bytes:
        """Numbers and words, no code: a zip of arrays."""
        told = {
            "format": FORMAT, "labels": self.labels, "sharpness": self.sharpness, "calibrated": self.calibrated,
            "learned_from": self.learned_from, "samples": self.samples, "figures": asdict(self.figures),
        }  # fmt: skip
        rule = self.rule
        arrays = {
            "keys": rule.vocabulary.keys,
            "rarity": rule.vocabulary.rarity,
            "grams": rule.grams.astype(np.float16),
            "bias": rule.bias,
        }
        if rule.meaning is not None:
            arrays |= {
                "meaning_grams": rule.meaning.grams,
                "directions": rule.meaning.directions.astype(np.float16),
                "places": rule.meaning.landmarks.astype(np.float16),
                "landmarks": rule.landmarks,
            }
        written = io.BytesIO()
        said = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), dtype=np.uint8)
        np.savez(written, allow_pickle=False, told=said, **arrays)  # type: ignore[arg-type]  # its stubs mix up the two
        return written.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Model":
        """Read what `to_bytes` wrote; nothing of it is carried out. PersonError where it is something else."""
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                    raise _NOT_OURS
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                told = json.loads(arrays["told"].tobytes())
                if told["format"] != FORMAT:
                    raise PersonError("分类模型是另一个版本的程序训练的。", "请重新训练一次。")
                model = cls(
                    tuple(map(str, told["labels"])),
                    _rule(arrays),
                    float(told["sharpness"]),
                    bool(told["calibrated"]),
                    str(told["learned_from"]),
                    int(told["samples"]),
                    _figures(told["figures"]),
                )
        except _UNREADABLE as error:
            raise _NOT_OURS from error
        if not _fits(model):
            raise _NOT_OURS
        return model


def probabilities(scores: NDArray[np.floating], sharpness: float) -> NDArray[np.float64]:
    """One a category, together 1 for every text."""
    raised = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)).astype(np.float64))
    shares: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return shares


def _rule(arrays: Any) -> Rule:
    vocabulary = Vocabulary(arrays["keys"], arrays["rarity"])
    grams = arrays["grams"].astype(np.float32)
    if "directions" not in arrays:
        return Rule(vocabulary, grams, arrays["bias"], None, np.zeros((0, grams.shape[1]), dtype=np.float32))
    meaning = Meaning(
        arrays["meaning_grams"], arrays["directions"].astype(np.float32), arrays["places"].astype(np.float32)
    )
    return Rule(vocabulary, grams, arrays["bias"], meaning, arrays["landmarks"])


def _figures(told: dict[str, Any]) -> Figures:
    labels = tuple(LabelFigure(**each) for each in told["labels"])
    bins = tuple(Reliability(**each) for each in told["reliability"])
    return Figures(**(told | {"labels": labels, "reliability": bins}))


def _fits(model: Model) -> bool:
    """Whether the arrays belong together, so that no suggestion can fail later."""
    rule, many, count = model.rule, len(model.rule.vocabulary.keys), len(model.labels)
    keys = rule.vocabulary.keys
    fits = (
        keys.dtype == np.uint32
        and keys.shape == rule.vocabulary.rarity.shape == (many,)
        and rule.grams.shape == (many, count)
        and rule.bias.shape == (count,)
        and count > 0
        and len(np.unique(keys)) == many
        and all(np.isfinite(each).all() for each in (rule.vocabulary.rarity, rule.grams, rule.bias))
    )
    if fits and rule.meaning is not None:
        grams, directions, places = rule.meaning.grams, rule.meaning.directions, rule.meaning.landmarks
        fits = (
            grams.dtype == np.int32
            and directions.ndim == places.ndim == 2
            and directions.shape == (len(grams), places.shape[1])
            and rule.landmarks.shape == (len(places), count)
            and (not len(grams) or 0 <= grams.min() <= grams.max() < many)
        )
    return bool(fits)
