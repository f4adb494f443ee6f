"""A list of rules as a spreadsheet: written out, and read in again with a preview, all of it or nothing."""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Generic, TypeVar
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.intake.reader import Rejected
from commandcenter.intake.rejects import RejectFile, reject_path

ROWS_FOR_HEADER = 10
"""The header is looked for in so many rows: lists carry a title above it."""
MOST_ROWS = 20_000

Rule = TypeVar("Rule")
Cells = Mapping[str, Any]
"""A row of a file by the names of its columns."""
ReadRow = Callable[[Cells], tuple[Hashable, Rule | None, Rule]]
"""What tells a row from the others of its file, the rule it changes, and the rule it says; raises ValueError with the reason."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Planned(Generic[Rule]):
    """One row of a file, by its number there; `reason` says why it is rejected."""

    row_no: int
    outcome: Outcome
    cells: Cells
    reason: str = ""
    was: Rule | None = None
    becomes: Rule | None = None

    def word(self, column: str) -> str:
        """What stands in one of its columns, as people read it."""
        return text_of(self.cells.get(column))


@dataclass(frozen=True, slots=True)
class Imported(Generic[Rule]):
    """What was found in a file, row by row, and the file of rejected rows where there are any and it was no trial."""

    rows: tuple[Planned[Rule], ...]
    reject_file: Path | None = None

    def count(self, outcome: Outcome) -> int:
        """How many rows ended so."""
        return sum(row.outcome is outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How one kind of list looks as a file: columns with their widths, the `needed` ones, and the `key` that names a row."""

    title: str
    widths: Mapping[str, int]
    needed: tuple[str, ...]
    key: str

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.widths)

    def write(self, out: Path, rows: Iterable[tuple[Any, ...]]) -> None:
        """Write rows under the header to `out` (.xlsx). Raises PersonError."""
        if out.suffix.lower() != ".xlsx":
            raise PersonError(f"不能导出成“{out.name}”。", "文件名请以 .xlsx 结尾。")
        book = Workbook()
        sheet: Any = book.active
        sheet.title = self.title
        sheet.freeze_panes = "A2"
        for place, width in enumerate(self.widths.values(), 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        for number, row in enumerate((self.header, *rows), 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"  # a text that begins with "=" stays a text
        try:
            book.save(out)
        except OSError as error:
            raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写，或该文件是否正被打开。") from error

    def read(self, path: Path) -> tuple[tuple[int, Cells], ...]:
        """(row number, cells) of the first sheet, empty rows left out. Raises PersonError for another kind of file."""
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
        number = next((number for number, head in enumerate(heads) if len({*self.needed} & {*head}) >= 2), None)
        if number is None:
            raise PersonError("没有找到表头。", f"须有这些列：{'、'.join(self.needed)}。")
        header = heads[number]
        missing = [name for name in self.needed if name not in header]
        if missing:
            raise PersonError(f"缺少这些列：{'、'.join(missing)}。", "可先导出一份，照样填写。")
        return tuple(
            (row_no, {name: cell for name, cell in zip(header, line, strict=False) if name in self.widths})
            for row_no, line in enumerate(lines[number + 1 :], number + 2)
            if any(text_of(cell) for cell in line)
        )

    def plan(self, table: Iterable[tuple[int, Cells]], read_row: ReadRow[Rule]) -> tuple[Planned[Rule], ...]:
        """What becomes of each row."""
        seen: dict[Hashable, int] = {}
        planned: list[Planned[Rule]] = []
        for row_no, cells in table:
            try:
                planned.append(self._plan_row(row_no, cells, read_row, seen))
            except ValueError as error:
                planned.append(Planned(row_no, Outcome.REJECTED, cells, str(error)))
        return tuple(planned)

    def _plan_row(self, row_no: int, cells: Cells, read_row: ReadRow[Rule], seen: dict[Hashable, int]) -> Planned[Rule]:
        key, was, becomes = read_row(cells)
        if (earlier := seen.setdefault(key, row_no)) != row_no:
            raise ValueError(f"与第 {earlier} 行的{self.key}相同")
        if was is None:
            return Planned(row_no, Outcome.NEW, cells, becomes=becomes)
        if becomes == was:
            return Planned(row_no, Outcome.UNCHANGED, cells)
        return Planned(row_no, Outcome.CHANGED, cells, was=was, becomes=becomes)

    async def take_in(
        self, db: Database, path: Path, rows: tuple[Planned[Rule], ...], save: Callable[..., Awaitable[object]]
    ) -> Imported[Rule]:
        """Write what the rows of a file say in one transaction, and the rejected ones to a file beside it.

        ``save(connection, was=…, becomes=…)`` writes one. Raises PersonError.
        """
        async with db.begin() as connection:
            for row in rows:
                if row.becomes is not None:
                    await save(connection, was=row.was, becomes=row.becomes)
        rejected = [row for row in rows if row.outcome is Outcome.REJECTED]
        if not rejected:
            return Imported(rows)
        out = reject_path(path)
        with RejectFile(out, self.header) as file:
            for row in rejected:
                file.add(Rejected(row.row_no, row.reason, row.cells))
        return Imported(rows, out)


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
