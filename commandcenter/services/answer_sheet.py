"""常见问题 as a spreadsheet; a row belongs to the answer of its question."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import answers as rows
from commandcenter.db import edits, reads
from commandcenter.db.engine import Database
from commandcenter.errors import StaleVersion
from commandcenter.services.answers import KnownAnswer, answer_values, read_answers
from commandcenter.services.named import Named, units_and_categories
from commandcenter.services.sheet import Cells, Imported, Sheet, day_of, text_of

SHEET = Sheet(
    "常见问题",
    {"问题": 36, "答复": 80, "分类": 30, "关键词": 24, "答复单位": 16, "有效期至": 12},
    needed=("问题", "答复"),
    key="问题",
)
_SEPARATORS = str.maketrans(";；,，|", "、、、、、")


async def export(db: Database, out: Path) -> int:
    """Write all answers to `out` (.xlsx); returns how many. Raises PersonError."""
    answers, (units, categories) = await read_answers(db), await units_and_categories(db)
    SHEET.write(out, (_cells(answer, units, categories) for answer in answers))
    return len(answers)


async def import_file(db: Database, path: Path, *, dry_run: bool = False) -> Imported[KnownAnswer]:
    """Read a list in: each row new, changed, unchanged or rejected; in one transaction, or with `dry_run` not at all.

    What the file does not name stays as it is. Raises PersonError for a file that is no such list, and where the database
    refuses.
    """
    table = SHEET.read(path)
    reader = _Reader(await read_answers(db), *await units_and_categories(db))
    planned = SHEET.plan(table, reader.read_row)
    return Imported(planned) if dry_run else await SHEET.take_in(db, path, planned, _save)


async def _save(connection: AsyncConnection, *, was: KnownAnswer | None, becomes: KnownAnswer) -> None:
    values = answer_values(becomes)
    if was is None:
        await reads.rows(connection, rows.ADD_ANSWER, **values)
    elif not await edits.change_row(connection, "answers", was.id, answer_values(was), values):
        raise StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。")


def _cells(answer: KnownAnswer, units: Named, categories: Named) -> tuple[Any, ...]:
    category, unit = categories.by_id.get(answer.category_id), units.by_id.get(answer.unit_id)
    return (
        answer.question,
        answer.answer,
        "" if category is None else category.path_name,
        "、".join(answer.keywords),
        "" if unit is None else unit.name,
        answer.valid_until,
    )


class _Reader:
    """Understands rows, knowing what there is already."""

    def __init__(self, answers: Iterable[KnownAnswer], units: Named, categories: Named) -> None:
        self._known = {each.question: each for each in answers}
        self._units = units
        self._categories = categories

    def read_row(self, cells: Cells) -> tuple[str, KnownAnswer | None, KnownAnswer]:
        words = {name: text_of(cells.get(name)) for name in SHEET.header}
        for name, most in (("问题", 200), ("答复", 4000)):
            if not words[name]:
                raise ValueError(f"“{name}”没有填写")
            if len(words[name]) > most:
                raise ValueError(f"“{name}”超过 {most} 字")
        keywords = (part.strip() for part in words["关键词"].translate(_SEPARATORS).split("、"))
        made = KnownAnswer(
            0,
            words["问题"],
            words["答复"],
            self._categories.one(words["分类"], "分类").id if words["分类"] else None,
            tuple(dict.fromkeys(part for part in keywords if part)),
            self._units.one(words["答复单位"], "单位").id if words["答复单位"] else None,
            day_of(cells.get("有效期至"), "有效期至"),
        )
        was = self._known.get(made.question)
        return made.question, was, made if was is None else replace(made, id=was.id)
