"""Between the form of 受理 and advice: what the form asks, what of the advice is filled in, and what a key takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.intake.advice import Standing, filling_of, point_of
from ui.intake.asking import Question
from ui.intake.keys import CATEGORIES, PLACES, Key

if TYPE_CHECKING:
    from commandcenter.services.advising import Advice
    from commandcenter.services.reference import Reference
    from ui.intake.form import IntakeForm


def question_of(form: IntakeForm) -> Question:
    """What suggestions are asked for now: the words, and what a person chose; never what a suggestion filled in."""
    entry = form.entry()
    if entry is None:
        return Question()
    chose_area = form.is_by_hand("area")
    has_point = entry.lon is not None and entry.lat is not None
    return Question(
        content=entry.content,
        title=entry.title,
        name=entry.name,
        phone=entry.phone,
        place=entry.place,
        category_id=entry.category_id if form.is_by_hand("category") else None,
        area_id=entry.area_id if chose_area else None,
        point=(entry.lon, entry.lat) if chose_area and has_point else None,  # type: ignore[arg-type]
    )


def standing_of(form: IntakeForm) -> Standing:
    """What the form says now."""
    return Standing(form.kind.currentData(), form.grade.grade, form.category.value(), form.area.value())


def fill(form: IntakeForm, advice: Advice, threshold: float, reference: Reference) -> None:
    """Fill in what is sure enough, where no person has been; `threshold` is the gazetteer's."""
    filling = filling_of(advice, threshold)
    form.propose_kind(filling.kind)
    form.propose_category(filling.category_id)
    if filling.grade is not None:
        form.propose_grade(filling.grade)
    if filling.place is None:
        form.propose_area(None)
    else:
        form.propose_area(filling.place.area_id, point_of(filling.place, reference), filling.place.reason)


def take(form: IntakeForm, advice: Advice, key: Key, reference: Reference) -> None:
    """A person takes a suggestion by its key: from now on it is theirs."""
    if key in CATEGORIES:
        form.take_category(advice.categories[CATEGORIES.index(key)][0])
    elif key in PLACES:
        place = advice.places[PLACES.index(key)]
        form.take_area(place.area_id, point_of(place, reference))
    elif key is Key.KIND:
        form.take_kind(advice.kind.kind)
    elif key is Key.GRADE:
        form.grade.choose(advice.grade.grade)
