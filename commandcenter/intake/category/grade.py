"""How urgent a report is, with reasons: danger, people who need care, how many they are, how often it was reported.

Rules only raise: each that speaks gives a reason and a grade, and the most urgent one is proposed, so that more danger
can never make a report less urgent (荣成 [S]: 红橙黄蓝绿; words and numbers [D]).
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from commandcenter.domain.case import Grade
from commandcenter.intake.category.wordlist import mentions, plain

FILE = Path(__file__).parents[3] / "resources" / "intake" / "grades.toml"
_NUMBER = r"(\d{1,6}|[一二两三四五六七八九十百千万几数上]{1,7})(?:多|余|来|几|好几)?"
_DIGITS = {mark: value for value, mark in enumerate("零一二三四五六七八九")} | {"两": 2, "几": 3, "数": 3, "上": 1}
_STEPS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}


@dataclass(frozen=True, slots=True)
class GradeRule:
    """One of the `words` makes a report at least as urgent as ``grade``, because of ``name``."""

    name: str
    grade: Grade
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradeRules:
    """All rules; numbers from which on a report is at least of a grade, people and earlier reports."""

    words: tuple[GradeRule, ...]
    denials: tuple[str, ...] = ()
    people: tuple[tuple[int, Grade], ...] = ()
    repeats: tuple[tuple[int, Grade], ...] = ()
    units: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    per_household: int = 1


@dataclass(frozen=True, slots=True)
class GradeReason:
    """Why at least this grade, in words for the officer."""

    grade: Grade
    words: str


@dataclass(frozen=True, slots=True)
class GradeProposal:
    """A grade and what spoke for it, the most urgent reason first; none where the default stands."""

    grade: Grade
    reasons: tuple[GradeReason, ...] = ()


@cache
def default_grades() -> GradeRules:
    """The words and numbers that come with the centre [D]."""
    with FILE.open("rb") as file:
        told = tomllib.load(file)
    people = told["people"]
    return GradeRules(
        tuple(GradeRule(each["name"], Grade[each["grade"].upper()], tuple(each["words"])) for each in told["rule"]),
        tuple(told["not"]),
        _steps(people),
        _steps(told["repeats"]),
        tuple(sorted(people["unit"], key=len, reverse=True)),
        tuple(people["household"]),
        people["per_household"],
    )


def propose_grade(
    text: str, repeats: int = 0, default: Grade = Grade.GREEN, rules: GradeRules | None = None
) -> GradeProposal:
    """The most urgent grade that the text, the number of earlier reports (`repeats`) or the `default` speak for."""
    rules = rules or default_grades()
    said = plain(text)
    reasons = []
    for rule in rules.words:
        found = mentions(said, rule.words, rules.denials)
        if found:
            words = "、".join(f"“{mention.word}”" for mention in found[:3])
            reasons.append(GradeReason(rule.grade, f"{rule.name}：{words}"))
    people, told = _people(said, rules)
    grade = _reached(people, rules.people)
    if grade is not None:
        reasons.append(GradeReason(grade, f"人数多：“{told}”"))
    grade = _reached(repeats, rules.repeats)
    if grade is not None:
        reasons.append(GradeReason(grade, f"此前已反映 {repeats} 次"))
    urgent = sorted((reason for reason in reasons if reason.grade <= default), key=lambda reason: reason.grade)
    return GradeProposal(min((default, *(reason.grade for reason in urgent))), tuple(urgent))


def _steps(told: dict[str, object]) -> tuple[tuple[int, Grade], ...]:
    return tuple(
        (number, grade) for grade in Grade if isinstance(number := told.get(grade.name.lower()), int)
    )  # fmt: skip


def _reached(number: int, steps: Iterable[tuple[int, Grade]]) -> Grade | None:
    return min((grade for least, grade in steps if number >= least), default=None)


def _people(text: str, rules: GradeRules) -> tuple[int, str]:
    """The largest number of people the text speaks of, and how it says so; (0, "") where it does not."""
    if not rules.units:
        return 0, ""
    found = [(0, "")]
    for match in re.finditer(f"{_NUMBER}({'|'.join(map(re.escape, rules.units))})", text):
        each = rules.per_household if match[2] in rules.households else 1
        found.append((_value(match[1]) * each, match[0]))
    return max(found, key=lambda one: one[0])


def _value(text: str) -> int:
    """A number in digits or Chinese; 几 and 数 count for three, 上百 for a hundred."""
    if text.isdecimal():
        return int(text)
    total = part = digit = 0
    for mark in text:
        if mark == "万":
            total += max(part + digit, 1) * _STEPS[mark]
            part = digit = 0
        elif mark in _STEPS:
            part += max(digit, 1) * _STEPS[mark]
            digit = 0
        else:
            digit = _DIGITS[mark]
    return total + part + digit
