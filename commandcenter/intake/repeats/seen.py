"""A report made comparable: its words, names, place and time as numbers."""

from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from math import log

import numpy as np
import numpy.typing as npt

from commandcenter.intake.repeats.features import Features, features_of
from commandcenter.intake.repeats.rarity import Rarity
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.repeats.rules import Rules
from commandcenter.intake.repeats.spelling import BITS, Ids, term_id
from commandcenter.intake.repeats.stance import stances


class Mark(IntEnum):
    """Kinds of small sets, in the upper bits of a mark."""

    NAME = 1
    CODE = 2
    NUMBER = 3
    WANTED = 4
    UNWANTED = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A report made comparable. Numbers of terms ascend; ``names`` says what a mark stands for."""

    report: Report
    terms: Ids
    counts: npt.NDArray[np.float32]
    title: Ids
    marks: Ids
    form: int
    citizen: int
    category: int
    spot: int
    days: float
    names: dict[int, str]


def see(report: Report, rules: Rules, rarity: Rarity) -> Seen:
    """Make a report comparable; of very many terms the weightiest are kept."""
    features = features_of(report, rules)
    terms, counts = features.terms, (np.log1p(features.counts) / log(2.0)).astype(np.float32)
    if len(terms) > rules.kept_terms:
        weight = rarity.of(terms) * counts
        best = np.sort(np.argpartition(-weight, rules.kept_terms)[: rules.kept_terms])
        terms, counts = terms[best], counts[best]
    names = _marks(features)
    return Seen(
        report=report,
        terms=terms,
        counts=counts,
        title=features.title,
        marks=np.array(sorted(names), np.uint32),
        form=_hash(features.form),
        citizen=_hash(report.citizen),
        category=_hash(report.category),
        spot=_hash(spot_of(report)),
        days=report.at.timestamp() / 86400.0,
        names=names,
    )


def spot_of(report: Report) -> str:
    """Kind and place to some ten metres: where the same comes again and again; ``""`` without a point."""
    if report.lon is None or report.lat is None:
        return ""
    return f"{report.category}\n{report.lon:.4f}\n{report.lat:.4f}"


def demands_of(text: str, rules: Rules) -> set[int]:
    """The marks of what a plain text wants, and does not."""
    found = stances(text, rules).items()
    return {mark_of(Mark.WANTED if sign > 0 else Mark.UNWANTED, thing) for thing, sign in found}


def mark_of(kind: Mark, name: str) -> int:
    """A number for a name, code or number; kinds never collide in their upper bits."""
    upper, word = _SPELLED[kind]
    return upper | term_id(word + name)


_SPELLED = {kind: (int(kind) << BITS, str(int(Mark.WANTED if kind is Mark.UNWANTED else kind))) for kind in Mark}
"""What a mark's upper bits are, and with what its name begins: for and against are of one thing."""


def _marks(features: Features) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind, names in ((Mark.NAME, features.names), (Mark.CODE, features.codes), (Mark.NUMBER, features.numbers)):
        for name in names:
            found[mark_of(kind, name)] = name
    for thing, sign in features.stances.items():
        found[mark_of(Mark.WANTED if sign > 0 else Mark.UNWANTED, thing)] = thing
    return found


def _hash(text: str) -> int:
    """A number above zero for a text, 0 for none."""
    return int.from_bytes(blake2b(text.encode(), digest_size=7).digest()) | 1 << 55 if text else 0
