"""Places that an address may mean, set against one another: which is the likelier, and which says nothing more."""

from dataclasses import dataclass, replace

from commandcenter.intake.place.named import COMMUNITY, KINDS, TOWN
from commandcenter.intake.place.spelling import EDIT, EXACT, SOUND, Hit

ENOUGH = 0.75
"""With a candidate as sure as this, nothing misspelt is looked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that the address may mean."""

    area_id: int
    path: str
    name: str
    """The place's own name; of a house or a crossing, the road's."""
    kind: str
    lon: float | None
    lat: float | None
    score: float
    """How sure, 0..1."""
    reason: str
    """In Chinese, for people."""


def better(found: tuple[Candidate, ...], more: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """What was written and what was probably meant, once each; a finer place that is sure enough goes first."""
    first, second = found, more
    if not found or (more and _before(more[0], found[0])):
        first, second = more, found
    known = {each.area_id for each in first}
    return (*first, *(each for each in second if each.area_id not in known))


def _before(misspelt: Candidate, written: Candidate) -> bool:
    finer = misspelt.path.count(".") > written.path.count(".") and misspelt.score >= ENOUGH
    return finer or misspelt.score > written.score


def nested(one: str, other: str) -> bool:
    """Whether one path lies within the other."""
    return one.startswith(other) or other.startswith(one)


def apart(found: list[Candidate]) -> list[Candidate]:
    """Of several unrelated places that are written, each is less sure; the first is the likeliest."""
    strong = [each for each in found if each.score >= 0.5]
    if all(nested(each.path, strong[0].path) for each in strong[1:]):
        return found
    first = strong[0]
    return [replace(each, score=each.score * (0.85 if nested(each.path, first.path) else 0.6)) for each in found]


def ranked(found: list[Candidate]) -> tuple[Candidate, ...]:
    """The surest first, each area once; an area around a place that is likelier than not adds nothing, but supports it."""
    likely = [each for each in found if each.score >= 0.5 and each.kind != TOWN]
    kept: dict[int, Candidate] = {}
    for each in sorted(found, key=lambda each: (-each.score, -each.path.count("."), each.path, each.name)):
        if any(other.path != each.path and other.path.startswith(each.path) for other in likely):
            continue
        kept.setdefault(each.area_id, replace(each, score=round(each.score, 3)))
    return tuple(kept.values())


def how_words(hit: Hit, *notes: str, kind: str = "") -> str:
    """How a name was read, and what else speaks for the place or against it."""
    what = f"{KINDS.get(kind, '社区' if kind == COMMUNITY else '')}名称"
    how = {
        EXACT: f"{what}一致",
        SOUND: f"{what}读音相同（应为“{hit.name}”）",
        EDIT: f"{what}一字之差（应为“{hit.name}”）",
    }[hit.how]
    return "；".join([how, *notes])
