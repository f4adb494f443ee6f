"""The weights by which repeats are found: data in ``resources/intake/repeats.toml``, read once."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).parents[3] / "resources" / "intake" / "repeats.toml"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between points; flat outside."""

    at: tuple[float, ...]
    weight: tuple[float, ...]

    def __call__(self, values: Floats | float) -> Floats:
        """The weights at the values."""
        return np.asarray(np.interp(values, self.at, self.weight), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Rules:
    """All weights, in log-odds, and the limits of looking; see the comments in the file."""

    auto: float
    suggest: float
    prior: float
    title_weight: float
    place_weight: float
    kept_terms: int
    indexed_terms: int
    exact_terms: int
    template: int
    common: str
    endings: tuple[str, ...]
    not_in_names: frozenset[str]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    weights: Mapping[str, float]
    curves: Mapping[str, Curve]
    case_kept: int
    case_first: int
    cell: float
    postings: int
    latest: int
    pool: int


@cache
def default_rules() -> Rules:
    """The weights that come with the centre."""
    with FILE.open("rb") as file:
        return rules_of(tomllib.load(file))


def rules_of(data: Mapping[str, Any]) -> Rules:
    """Rules of a file's content; KeyError where something is missing."""
    text, names, stance, case, index = (data[part] for part in ("text", "names", "stance", "case", "index"))
    return Rules(
        auto=float(data["auto"]),
        suggest=float(data["suggest"]),
        prior=float(data["prior"]),
        title_weight=float(text["title_weight"]),
        place_weight=float(text["place_weight"]),
        kept_terms=int(text["kept_terms"]),
        indexed_terms=int(text["indexed_terms"]),
        exact_terms=int(text["exact_terms"]),
        template=int(text["template"]),
        common=str(text["common"]),
        endings=tuple(sorted(names["endings"], key=len, reverse=True)),
        not_in_names=frozenset(names["not_in"]),
        wanted=tuple(stance["for"]),
        unwanted=tuple(stance["against"]),
        weights={name: float(value) for name, value in data["weights"].items()},
        curves={name: _curve(points) for name, points in data["curves"].items()},
        case_kept=int(case["kept"]),
        case_first=int(case["first"]),
        cell=float(index["cell"]),
        postings=int(index["postings"]),
        latest=int(index["latest"]),
        pool=int(index["pool"]),
    )


def changed(rules: Rules, numbers: Mapping[str, Any]) -> Rules:
    """Rules with other numbers for some weights, and other points for some curves; KeyError for a name that is none."""
    weights, curves = dict(rules.weights), dict(rules.curves)
    for name, value in numbers.items():
        if name in curves:
            curves[name] = _curve(value)
        elif name in weights:
            weights[name] = float(value)
        else:
            raise KeyError(name)
    return replace(rules, weights=weights, curves=curves)


def _curve(points: Any) -> Curve:
    return Curve(tuple(float(at) for at, _ in points), tuple(float(weight) for _, weight in points))
