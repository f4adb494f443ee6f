"""What advice means on 受理: the rows that show it, and what of it is filled in by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.domain.case import Grade
from ui.intake.keys import CATEGORIES, PLACES, UNITS, Key
from ui.intake.rows import Row
from ui.widgets import words
from ui.widgets.area_words import way

if TYPE_CHECKING:
    from commandcenter.services.advising import Advice, PlaceGuess
    from commandcenter.services.proposal import Proposal
    from commandcenter.services.reference import Reference

SURE = 0.3
"""A category less probable is offered, and not filled in: an empty field is seen, a wrong one is not."""
_AREAS = frozenset({"county", "town", "community", "grid"})
USUAL_KIND = "求助"
"""Where no word speaks for a kind."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the form says now, to mark what is taken already."""

    kind: str = ""
    grade: Grade | None = None
    category_id: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True)
class Filling:
    """What is filled in by itself; None or '' leaves the field empty."""

    kind: str
    category_id: int | None
    grade: Grade | None
    place: PlaceGuess | None


def filling_of(advice: Advice, threshold: float) -> Filling:
    """The best of each that is sure enough; `threshold` is the gazetteer's. A grade needs a category or a reason."""
    best, share = advice.categories[0] if advice.categories else (None, 0.0)
    category_id = best if share >= SURE else None
    place = advice.places[0] if advice.places and advice.places[0].score >= threshold else None
    known = category_id is not None or bool(advice.grade.reasons)
    return Filling(
        kind=advice.kind.kind if advice.kind.why else USUAL_KIND,
        category_id=category_id,
        grade=advice.grade.grade if known else None,
        place=place,
    )


def rows_of(advice: Advice, reference: Reference, standing: Standing) -> tuple[Row, ...]:
    """Kind, grade, categories, places and units as rows, each with its key and its ground."""
    rows = []
    if advice.kind.why:
        why = "".join(f"“{word}”" for word in advice.kind.why)
        taken = standing.kind == advice.kind.kind
        rows.append(Row(Key.KIND, advice.kind.kind, _tr("类型"), note=why, taken=taken))
    if advice.grade.reasons or advice.categories:
        grade = advice.grade.grade
        why = "；".join(reason.words for reason in advice.grade.reasons)
        text = _tr("%s级") % words.grade_word(grade)
        note = "" if why else _tr("按分类")
        rows.append(Row(Key.GRADE, text, _tr("等级"), note, why=why, grade=grade, taken=standing.grade is grade))
    for number, (category_id, share) in enumerate(advice.categories[: len(CATEGORIES)]):
        rows.append(_category(advice, number, category_id, share, reference, standing))
    for number, place in enumerate(advice.places[: len(PLACES)]):
        label = "" if number else _tr("地点")
        taken = standing.area_id == place.area_id
        name = place_name(place, reference)
        rows.append(Row(PLACES[number], name, label, place.reason, f"{place.score:.0%}", taken=taken))
    for number, unit in enumerate(advice.units[: len(UNITS)]):
        label = "" if number else _tr("单位")
        rows.append(Row(UNITS[number], unit_words(unit, reference), label, why=unit.ground))
    return tuple(rows)


def place_name(place: PlaceGuess, reference: Reference) -> str:
    """The place and the town and community it lies in: 崖头街道 › 学府社区 › 学府小区."""
    over = [each for each in way(reference, place.area_id) if each.level in {"town", "community"}]
    return " › ".join([*(each.name for each in over if each.name != place.name), place.name])


def point_of(place: PlaceGuess, reference: Reference) -> tuple[float, float] | None:
    """The place's point, WGS-84 degrees; None where it has none, or is an area, whose middle is no place of a matter."""
    area = reference.areas.get(place.area_id)
    is_area = area is not None and area.name == place.name and area.level in _AREAS
    return None if is_area or place.lon is None or place.lat is None else (place.lon, place.lat)


def unit_words(proposal: Proposal, reference: Reference) -> str:
    """Who leads, and how many assist."""
    unit = reference.units.get(proposal.lead_unit_id or 0)
    if unit is None:
        return _tr("事发地镇街主责（先填区域）")
    assists = len(proposal.assist_unit_ids)
    return _tr("%s 主责，配合 %s 家") % (unit.name, assists) if assists else _tr("%s 主责") % unit.name


def _category(
    advice: Advice, number: int, category_id: int, share: float, reference: Reference, standing: Standing
) -> Row:
    category = reference.categories.get(category_id)
    return Row(
        CATEGORIES[number],
        category.path_name if category is not None else "",
        "" if number else _tr("分类"),
        "".join(f"“{word}”" for word in advice.why[number]) if number < len(advice.why) else "",
        f"{share:.0%}",
        share,
        taken=standing.category_id == category_id,
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("intake_advice", text)
