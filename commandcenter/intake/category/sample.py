"""What the category classifier takes and gives."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

CORRECTION_WEIGHT = 3.0
"""How many ordinary samples an officer's correction counts for."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A text whose category is known; ``weight`` > 0 is how many ordinary samples it counts for."""

    label: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Category:
    """A category as far as it can be guessed without samples: its own name, and words people use for it."""

    label: str
    keywords: tuple[str, ...] = ()
    name: str = ""
    """What it is called, where the label is only its number."""
    above: tuple[str, ...] = ()
    """Names of what it is a part of."""

    @property
    def hint(self) -> str:
        """Names and keywords as one text."""
        return "，".join((self.name or self.label, *self.above, *self.keywords))


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category with its probability (0 to 1) and the words of the text that spoke for it, the strongest first."""

    label: str
    probability: float
    why: tuple[str, ...] = ()


def text_of(content: str, title: str = "") -> str:
    """What is learned from and asked about: the content, and the title where it says more than the content does."""
    title, content = title.strip(), content.strip()
    return content if not title or title in content else f"{title}。{content}"


def correction(label: str, text: str) -> Sample:
    """The sample an officer makes by choosing another category than the one suggested."""
    return Sample(label, text, CORRECTION_WEIGHT)


def digest(samples: Iterable[Sample]) -> str:
    """The hash of a training set, 64 hex digits; the order of the samples does not matter."""
    return hashlib.sha256("".join(sorted(map(key, samples))).encode()).hexdigest()


def key(sample: Sample) -> str:
    """The hash of one sample."""
    told = "\0".join((sample.label, format(sample.weight, ".6g"), sample.text))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
