"""The responsibility list as a spreadsheet: written out, and read in again with a preview, all of it or nothing."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import zip_longest
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.intake.reader import Rejected
from commandcenter.intake.rejects import RejectFile, reject_path
from commandcenter.services.duty_list import GROUNDS, TOWN, read_items, save_in
from commandcenter.services.reference import DutyItem

HEADER = ("序号", "领域", "事项", "分类", "主责单位", "配合单位", "依据", "生效日期", "失效日期")
NEEDED = HEADER[:7]
ROWS_FOR_HEADER = 10
"""The header is looked for in so many rows: lists carry a title above it."""
MOST_ROWS = 20_000
_SEPARATORS = str.maketrans(";、,，", "；；；；")


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of a file, by its number there; `reason` says why it is rejected."""

    row_no: int
    outcome: Outcome
    code: str
    matter: str
    reason: str = ""
    was: DutyItem | None = None
    becomes: DutyItem | None = None
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
    """Write all items with all their versions to `out` (.xlsx); returns how many. Raises PersonError."""
    if out.suffix.lower() != ".xlsx":
        raise PersonError(f"不能导出成“{out.name}”。", "文件名请以 .xlsx 结尾。")
    items = await read_items(db)
    names = await _Names.read(db)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = "事项清单"
    for column, width in zip("ABCDEFGHI", (9, 16, 36, 30, 18, 40, 8, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    rows: Iterable[tuple[Any, ...]] = (HEADER, *(names.cells(item) for item in items))
    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place, value)
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" stays a text
    try:
        book.save(out)
    except OSError as error:
        raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写，或该文件是否正被打开。") from error
    return len(items)


async def import_file(db: Database, path: Path, *, today: date, dry_run: bool = False) -> Imported:
    """Read a list in: each row new, changed, unchanged or rejected; in one transaction, or with `dry_run` not at all.

    A row belongs to the item of its code: to the version that began on its 生效日期, or else to the newest. What the file
    does not name stays as it is. Raises PersonError for a file that is no such list, and where the database refuses.
    """
    table = read_table(path)
    names = await _Names.read(db)
    rows = plan(table, await read_items(db), names.read_row, today)
    rejected = [row for row in rows if row.outcome is Outcome.REJECTED]
    if dry_run:
        return Imported(rows)
    async with db.begin() as connection:
        for row in rows:
            if row.becomes is not None:
                await save_in(connection, was=row.was, becomes=row.becomes)
    if not rejected:
        return Imported(rows)
    out = reject_path(path)
    with RejectFile(out, HEADER) as file:
        for row in rejected:
            file.add(Rejected(row.row_no, row.reason, dict(row.cells or {})))
    return Imported(rows, out)


def read_table(
    path: Path, columns: tuple[str, ...] = HEADER, needed: tuple[str, ...] = NEEDED
) -> tuple[tuple[int, dict[str, Any]], ...]:
    """(row number, cells by column) of the first sheet, empty rows left out. Raises PersonError for another kind of file."""
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError as error:
        raise PersonError(f"没有文件 {path}。", "请核对路径。") from error
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise PersonError(f"“{path.name}”不是能读的 xlsx 文件。", "请另存为 xlsx 再导入。") from error
    try:
        lines = list(book.worksheets[0].iter_rows(max_row=MOST_ROWS, values_only=True)) if book.worksheets else []
    finally:
        book.close()
    heads = [[text_of(cell) for cell in line] for line in lines[:ROWS_FOR_HEADER]]
    number = next((number for number, head in enumerate(heads) if len({*needed} & {*head}) >= 2), None)
    if number is None:
        raise PersonError("没有找到表头。", f"须有这些列：{'、'.join(needed)}。")
    header = heads[number]
    missing = [name for name in needed if name not in header]
    if missing:
        raise PersonError(f"缺少这些列：{'、'.join(missing)}。", "可先导出一份，照样填写。")
    return tuple(
        (row_no, {name: cell for name, cell in zip_longest(header, line, fillvalue=None) if name in columns})
        for row_no, line in enumerate(lines[number + 1 :], number + 2)
        if any(text_of(cell) for cell in line)
    )


def plan(
    table: Iterable[tuple[int, Mapping[str, Any]]],
    items: Iterable[DutyItem],
    read_row: Callable[[Mapping[str, Any], DutyItem | None, date], DutyItem],
    today: date,
) -> tuple[Planned, ...]:
    """What becomes of each row. `read_row` makes an item of cells, or raises ValueError with the reason."""
    by_start = {(item.code, item.valid_from): item for item in items}
    newest: dict[str, DutyItem] = {}
    for item in sorted(by_start.values(), key=lambda each: each.valid_from):
        newest[item.code] = item
    seen: dict[tuple[str, date | None], int] = {}
    planned = []
    for row_no, cells in table:
        code, matter = text_of(cells.get("序号")), text_of(cells.get("事项"))
        try:
            start = day_of(cells.get("生效日期"), "生效日期")
            was = by_start.get((code, start)) if start is not None else None
            was = was or newest.get(code)
            becomes = read_row(cells, was, today)
        except ValueError as error:
            planned.append(Planned(row_no, Outcome.REJECTED, code, matter, str(error), cells=cells))
            continue
        if (earlier := seen.setdefault((code, start), row_no)) != row_no:
            reason = f"与第 {earlier} 行的序号相同"
            planned.append(Planned(row_no, Outcome.REJECTED, code, matter, reason, cells=cells))
        elif was is None:
            planned.append(Planned(row_no, Outcome.NEW, code, matter, becomes=becomes))
        elif becomes == was:
            planned.append(Planned(row_no, Outcome.UNCHANGED, code, matter))
        else:
            planned.append(Planned(row_no, Outcome.CHANGED, code, matter, was=was, becomes=becomes))
    return tuple(planned)


class _Names:
    """Units and categories by what people write, and back."""

    def __init__(self, units: list[Any], categories: list[Any]) -> None:
        self._units = {unit.id: unit for unit in units}
        self._by_name: dict[str, list[Any]] = {}
        for unit in units:
            for name in {unit.name, unit.short_name, str(unit.id)}:
                self._by_name.setdefault(name, []).append(unit)
        self._categories = {each.id: each for each in categories}

    @classmethod
    async def read(cls, db: Database) -> "_Names":
        async with db.begin() as connection:
            return cls(await reads.rows(connection, reads.UNITS), await reads.rows(connection, reads.CATEGORIES))

    def cells(self, item: DutyItem) -> tuple[Any, ...]:
        """An item as a row of the sheet."""
        category = self._categories.get(item.category_id)
        return (
            item.code,
            item.field,
            item.matter,
            "" if category is None else category.path_name,
            TOWN if item.lead_unit_id is None else self._units[item.lead_unit_id].name,
            "；".join(self._units[each].name for each in item.assist_unit_ids),
            item.ground,
            item.valid_from,
            item.valid_to,
        )

    def read_row(self, cells: Mapping[str, Any], was: DutyItem | None, today: date) -> DutyItem:
        """The item a row says; raises ValueError with the reason where it says none. `was`: the one it changes."""
        words = {name: text_of(cells.get(name)) for name in HEADER}
        for name in ("序号", "领域", "事项", "主责单位"):
            if not words[name]:
                raise ValueError(f"“{name}”没有填写")
        if words["依据"] not in GROUNDS:
            raise ValueError(f"“依据”须是{'、'.join(GROUNDS)}之一")
        lead = None if words["主责单位"] == TOWN else self._unit(words["主责单位"], was)
        written = [part.strip() for part in words["配合单位"].translate(_SEPARATORS).split("；") if part.strip()]
        assist = tuple(self._unit(part, was) for part in written)
        if len(set(assist)) < len(assist) or lead in assist:
            raise ValueError("同一个单位写了两次")
        begins, ends = day_of(cells.get("生效日期"), "生效日期"), day_of(cells.get("失效日期"), "失效日期")
        item = DutyItem(
            0 if was is None else was.id,
            words["序号"],
            words["领域"],
            words["事项"],
            self._category(words["分类"]),
            lead,
            assist,
            words["依据"],
            begins or (today if was is None else was.valid_from),
            ends,
        )
        if ends is not None and ends < item.valid_from:
            raise ValueError("失效日期早于生效日期")
        if was is not None and was.valid_to is not None and was.valid_to < today and item != was:
            raise ValueError(f"序号 {was.code} 的这一版已失效，不能再改")
        return item

    def _unit(self, name: str, was: DutyItem | None) -> int:
        found = self._by_name.get(name, [])
        if len(found) != 1:
            raise ValueError(f"{'有几个' if found else '没有'}单位叫“{name}”")
        unit = found[0]
        named = was is not None and unit.id in {was.lead_unit_id, *was.assist_unit_ids}
        if not unit.active and not named:
            raise ValueError(f"单位“{name}”已停用")
        return int(unit.id)

    def _category(self, words: str) -> int | None:
        if not words:
            return None
        found = [each.id for each in self._categories.values() if words in {each.path_name, each.name, str(each.id)}]
        if len(found) != 1:
            raise ValueError(f"{'有几个' if found else '没有'}分类叫“{words}”")
        return int(found[0])


def text_of(value: object) -> str:
    """A cell as people read it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip(" \t\r\n　")


def day_of(value: object, name: str) -> date | None:
    """A cell as a day; raises ValueError with a sentence that names the column."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    words = text_of(value)
    if not words:
        return None
    try:
        return date.fromisoformat("-".join(f"{int(part):02d}" for part in words.replace("/", "-").split("-")))
    except ValueError:
        raise ValueError(f"“{name}”请写成 2026-11-22") from None
