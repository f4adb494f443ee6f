"""What the demo centre's desk answers on the spot, and the words it types again and again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from commandcenter.demo.categories import Category
from commandcenter.demo.resources import tree
from commandcenter.demo.units import Unit


@dataclass(frozen=True, slots=True)
class DemoAnswer:
    """A row of ``cc.answers``; ids count from 1."""

    id: int
    question: str
    answer: str
    category_id: int
    keywords: tuple[str, ...]
    unit_id: int
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A row of ``cc.templates``; ids count from 1."""

    id: int
    name: str
    part: str
    words: str
    place: int


def answers(categories: Iterable[Category], units: Iterable[Unit]) -> tuple[DemoAnswer, ...]:
    """All of them; KeyError where the data file names what the county does not have."""
    by_leaf = {each.name: each.id for each in categories if each.default_grade is not None}
    by_unit = {each.short_name: each.id for each in units}
    return tuple(
        DemoAnswer(number, question, answer, by_leaf[leaf], tuple(keywords.split("|")), by_unit[unit], until)
        for number, (until, (leaf, unit, keywords, question, answer)) in enumerate(
            ((group.get("until"), row) for group in tree("answers.toml")["group"] for row in group["answers"]), 1
        )
    )


def templates() -> tuple[DemoTemplate, ...]:
    """All of them, in the order in which they are offered."""
    rows = [(each["part"], *row) for each in tree("answers.toml")["template"] for row in each["templates"]]
    return tuple(DemoTemplate(number, name, part, words, number) for number, (part, name, words) in enumerate(rows, 1))
