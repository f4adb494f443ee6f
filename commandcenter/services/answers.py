"""直办: questions that are answered while the citizen is on the line, and the knowledge and templates for it."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import log
from typing import Any
from unicodedata import normalize
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from commandcenter.db import answers as rows
from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services.cases import CaseChange
from commandcenter.services.corrections import call_and_correct
from commandcenter.services.new_report import NewReport

PARTS: Mapping[str, str] = {"content": "诉求内容", "answer": "直办答复", "note": "批注"}
"""Where a template's words go."""
_ASKING = re.compile(
    "什么时候|什么|怎样|怎么样|怎么办|怎么|如何|请问|哪里|哪儿|多少|可以|需要|没有|有没有|有人|应该|[吗呢吧啊的了]"
)
"""Words of every question, which tell none from another."""
_SAID = 1.5
"""How much more a keyword counts that is said as a whole."""
_LEAST = 0.15
"""Of an answer's own words, weighed by how telling they are, the share that has to be said."""


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """A question people ask, with its answer; `unit_id` answers for it, `valid_until` is its last day."""

    id: int
    question: str
    answer: str
    category_id: int | None = None
    keywords: tuple[str, ...] = ()
    unit_id: int | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """Words that are typed again and again; `part` is a key of `PARTS`."""

    id: int
    name: str
    part: str
    words: str
    place: int = 0


async def read_answers(db: Database) -> tuple[KnownAnswer, ...]:
    """All of them, those of one category together."""
    async with db.begin() as connection:
        return tuple(
            KnownAnswer(
                row.id, row.question, row.answer, row.category_id, tuple(row.keywords), row.unit_id, row.valid_until
            )
            for row in await reads.rows(connection, rows.ANSWERS)
        )


async def read_templates(db: Database) -> tuple[Template, ...]:
    """All of them, in the order in which they are offered."""
    async with db.begin() as connection:
        return tuple(
            Template(row.id, row.name, row.part, row.words, row.place)
            for row in await reads.rows(connection, rows.TEMPLATES)
        )


def find_answers(
    text: str, answers: tuple[KnownAnswer, ...], most: int = 5, *, today: date | None = None
) -> tuple[KnownAnswer, ...]:
    """The answers that the words of `text` ask for, the best first; with `today` none whose time is over.

    A word counts by how few of the answers have it; the order of words and what else is said do not matter.
    """
    index = _index(tuple(answers))
    said = _plain(text)
    pairs = _pairs(said)
    found = []
    for entry in index:
        if today is not None and entry.answer.valid_until is not None and entry.answer.valid_until < today:
            continue
        weight = sum(entry.pairs[pair] for pair in pairs if pair in entry.pairs)
        whole = sum(each for word, each in entry.words.items() if word in said)
        share = (weight + _SAID * whole) / entry.total
        # a short question asks for all it says: 公积金 is a whole question where only one answer has it
        asked = weight / max(1e-9, sum(entry.rarity.get(pair, entry.rarest) for pair in pairs)) if pairs else 0.0
        if share >= _LEAST or (asked >= 0.75 and weight > 0):
            found.append((max(share, asked), entry.answer))
    found.sort(key=lambda each: (-each[0], each[1].id))
    return tuple(answer for _, answer in found[:most])


@dataclass(frozen=True, slots=True)
class _Entry:
    answer: KnownAnswer
    pairs: Mapping[str, float]
    """Pairs of letters of the question and its keywords, with their weights."""
    words: Mapping[str, float]
    total: float
    rarity: Mapping[str, float]
    rarest: float


@lru_cache(maxsize=4)
def _index(answers: tuple[KnownAnswer, ...]) -> tuple[_Entry, ...]:
    own = [_pairs(_plain("|".join((each.question, *each.keywords)))) for each in answers]
    spread = Counter(pair for pairs in own for pair in pairs)
    rarity = {pair: log((1 + len(answers)) / number) for pair, number in spread.items()}
    rarest = log(1 + len(answers)) if answers else 1.0
    entries = []
    for each, pairs in zip(answers, own, strict=True):
        weights = {pair: rarity[pair] for pair in pairs}
        plain = {_plain(word) for word in each.keywords} - {""}
        words = {word: sum(weights.get(pair, 0.0) for pair in _pairs(word)) for word in plain}
        entries.append(_Entry(each, weights, words, max(sum(weights.values()), 1e-9), rarity, rarest))
    return tuple(entries)


def _plain(text: str) -> str:
    half = "".join(normalize("NFKC", text).lower().split())
    return "".join(letter if letter.isalnum() else "|" for letter in _ASKING.sub("|", half))


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1) if "|" not in text[at : at + 2])


async def answer_now(
    db: Database,
    report: NewReport,
    *,
    answer: str,
    solved: bool = True,
    satisfied: str = "满意",
    words: str = "",
    key: UUID,
) -> CaseChange:
    """Take in a report and close it at once: `answer` is what the citizen was told, `satisfied` and `words` what they said.

    Where nobody said otherwise it is a question, and green. Raises PersonError: who is not content, what is urgent (setting
    ``answer_now_grade``) or of another kind than those answered on the spot (``answer_now_kinds``) has to be registered.
    """
    asked = replace(report, kind=report.kind or "咨询", grade=Grade.GREEN if report.grade is None else report.grade)
    return await _do(
        db,
        proposed_id=report.proposed_category_id,
        **asked.arguments(),
        answer=answer,
        solved=solved,
        satisfied=satisfied,
        words=words,
        key=key,
    )


async def answer_waiting(
    db: Database,
    *,
    case_id: int,
    version: int,
    answer: str,
    solved: bool = True,
    satisfied: str = "满意",
    words: str = "",
    key: UUID,
) -> CaseChange:
    """The same for a report that waits already, from an app or another system, its citizen being called now."""
    return await _do(
        db, case=case_id, version=version, answer=answer, solved=solved, satisfied=satisfied, words=words, key=key
    )


async def _do(db: Database, *, proposed_id: int | None = None, **arguments: Any) -> CaseChange:
    return CaseChange.of(await call_and_correct(db, "answer_now", proposed_id=proposed_id, **arguments))


async def add_answer(db: Database, answer: KnownAnswer) -> int:
    """A new one; returns its id. Raises PersonError."""
    return await _write(db, rows.ADD_ANSWER, **answer_values(answer))


async def add_template(db: Database, *, name: str, part: str, words: str) -> int:
    """A new one, offered last; returns its id. Raises PersonError."""
    return await _write(db, rows.ADD_TEMPLATE, name=name.strip(), part=part, words=words.strip())


async def remove_answer(db: Database, *, answer_id: int, question: str) -> None:
    """Take one away that still reads so. Raises StaleVersion."""
    await _write(db, rows.REMOVE_ANSWER, id=answer_id, question=question)


async def remove_template(db: Database, *, template_id: int, name: str) -> None:
    """Take one away that is still called so. Raises StaleVersion."""
    await _write(db, rows.REMOVE_TEMPLATE, id=template_id, name=name)


def answer_values(answer: KnownAnswer) -> dict[str, Any]:
    """Its columns, without the id."""
    return {
        "question": answer.question.strip(),
        "answer": answer.answer.strip(),
        "category_id": answer.category_id,
        "keywords": list(answer.keywords),
        "unit_id": answer.unit_id,
        "valid_until": answer.valid_until,
    }


async def _write(db: Database, statement: str, **values: Any) -> int:
    async with db.begin() as connection:
        try:
            found = await reads.rows(connection, statement, **values)
        except IntegrityError as error:
            raise PersonError("已有同样的条目，或有必填的内容没有填写。", "请改正后再试。") from error
    if not found:
        raise StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。")
    return int(found[0].id)
