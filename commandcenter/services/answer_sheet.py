"""常见问题 as a spreadsheet: written out, and read in again with a preview, all of it or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from commandcenter.db import answers as rows
from commandcenter.db import edits, reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError, StaleVersion
from commandcenter.intake.reader import Rejected
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.services.answers import KnownAnswer, answer_values, read_answers
from commandcenter.services.duty_sheet import Outcome, day_of, read_table, text_of

HEADER = ("问题", "答复", "分类", "关键词", "答复单位", "有效期至")
NEEDED = HEADER[:2]
WIDTHS = (36, 80, 30, 24, 16, 12)
_SEPARATORS = str.maketrans(";；,，|", "、、、、、")


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of a file, by its number there; `reason` says why it is rejected."""

    row_no: int
    outcome: Outcome
    question: str
    reason: str = ""
    was: KnownAnswer | None = None
    becomes: KnownAnswer | None = None
    cells: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What was found in a file, row by row, and the file of rejected rows where there are any and it was no trial."""

    rows: tuple[Planned, ...]
    reject_file: Path | None = None

    def count(self, outcome: Outcome) -> int:
        """How many rows ended so."""
        return sum(row.outcome is outcome for row in self.rows)


async def export(db: Database, out: Path) -> int:
    """Write all answers to `out` (.xlsx); returns how many. Raises PersonError."""
    if out.suffix.lower() != ".xlsx":
        raise PersonError(f"不能导出成“{out.name}”。", "文件名请以 .xlsx 结尾。")
    answers, names = await read_answers(db), await _Names.read(db)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "常见问题"
    for column, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    for number, row in enumerate((HEADER, *(names.cells(answer) for answer in answers)), 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" stays a text
    try:
        book.save(out)
    except OSError as error:
        raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写，或该文件是否正被打开。") from error
    return len(answers)


async def import_file(db: Database, path: Path, *, dry_run: bool = False) -> Imported:
    """Read a list in: each row new, changed, unchanged or rejected; in one transaction, or with `dry_run` not at all.

    A row belongs to the answer of its question; what the file does not name stays as it is. Raises PersonError for a file
    that is no such list, and where the database refuses.
    """
    table = read_table(path, HEADER, NEEDED)
    names = await _Names.read(db)
    planned = plan(table, await read_answers(db), names)
    rejected = [row for row in planned if row.outcome is Outcome.REJECTED]
    if dry_run:
        return Imported(planned)
    async with db.begin() as connection:
        for row in planned:
            if row.becomes is None:
                continue
            becomes = answer_values(row.becomes)
            if row.was is None:
                await reads.rows(connection, rows.ADD_ANSWER, **becomes)
            elif not await edits.change_row(connection, "answers", row.was.id, answer_values(row.was), becomes):
                raise StaleVersion("这一项刚被别人改过。", "已读入最新内容，请看过再改。")
    if not rejected:
        return Imported(planned)
    out = reject_path(path)
    with RejectFile(out, HEADER) as file:
        for row in rejected:
            file.add(Rejected(row.row_no, row.reason, dict(row.cells or {})))
    return Imported(planned, out)


def plan(
    table: Iterable[tuple[int, Mapping[str, Any]]], answers: Iterable[KnownAnswer], names: "_Names"
) -> tuple[Planned, ...]:
    """What becomes of each row."""
    known = {each.question: each for each in answers}
    seen: dict[str, int] = {}
    planned = []
    for row_no, cells in table:
        question = text_of(cells.get("问题"))
        was = known.get(question)
        try:
            becomes = names.read_row(cells, was)
        except ValueError as error:
            planned.append(Planned(row_no, Outcome.REJECTED, question, str(error), cells=cells))
            continue
        if (earlier := seen.setdefault(question, row_no)) != row_no:
            reason = f"与第 {earlier} 行的问题相同"
            planned.append(Planned(row_no, Outcome.REJECTED, question, reason, cells=cells))
        elif was is None:
            planned.append(Planned(row_no, Outcome.NEW, question, becomes=becomes))
        elif becomes == was:
            planned.append(Planned(row_no, Outcome.UNCHANGED, question))
        else:
            planned.append(Planned(row_no, Outcome.CHANGED, question, was=was, becomes=becomes))
    return tuple(planned)


class _Names:
    """Units and categories by what people write, and back."""

    def __init__(self, units: list[Any], categories: list[Any]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._categories = {each.id: each for each in categories}

    @classmethod
    async def read(cls, db: Database) -> "_Names":
        async with db.begin() as connection:
            return cls(await reads.rows(connection, reads.UNITS), await reads.rows(connection, reads.CATEGORIES))

    def cells(self, answer: KnownAnswer) -> tuple[Any, ...]:
        """An answer as a row of the sheet."""
        category, unit = self._categories.get(answer.category_id), self._units.get(answer.unit_id)
        return (
            answer.question,
            answer.answer,
            "" if category is None else category.path_name,
            "、".join(answer.keywords),
            "" if unit is None else unit.name,
            answer.valid_until,
        )

    def read_row(self, cells: Mapping[str, Any], was: KnownAnswer | None) -> KnownAnswer:
        """The answer a row says; raises ValueError with the reason where it says none. `was`: the one it changes."""
        words = {name: text_of(cells.get(name)) for name in HEADER}
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
            _one(words["分类"], self._categories.values(), ("path_name", "name"), "分类"),
            tuple(dict.fromkeys(part for part in keywords if part)),
            _one(words["答复单位"], self._units.values(), ("name", "short_name"), "单位"),
            day_of(cells.get("有效期至"), "有效期至"),
        )
        return made if was is None else replace(made, id=was.id)


def _one(words: str, among: Iterable[Any], columns: tuple[str, str], what: str) -> int | None:
    if not words:
        return None
    found = [each.id for each in among if words in {getattr(each, column) for column in columns} | {str(each.id)}]
    if len(found) != 1:
        raise ValueError(f"{'有几个' if found else '没有'}{what}叫“{words}”")
    return int(found[0])
