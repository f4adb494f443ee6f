"""A table as a file for people and for other systems: CSV or XLSX, all texts as texts."""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from commandcenter.errors import PersonError

_SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = tuple[object, ...]


@contextmanager
def table_file(out: Path, header: Row, sheet: str) -> Iterator[Callable[[Row], None]]:
    """Give what adds a row to `out` (.xlsx or .csv); the file appears whole when the block ends well, or not at all.

    Sheets are called `sheet` with their number. Raises PersonError for another kind of file, or a folder that cannot be
    written.
    """
    writers: dict[str, Callable[[Path, Row, str], Any]] = {".csv": _Csv, ".xlsx": _Xlsx}
    if out.suffix.lower() not in writers:
        raise PersonError(f"不能导出成“{out.name}”。", "文件名请以 .xlsx 或 .csv 结尾。")
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        writer = writers[out.suffix.lower()](partial, header, sheet)
        try:
            yield writer.add
            writer.save()
            partial.replace(out)
        finally:
            writer.close()
            with suppress(FileNotFoundError):
                partial.unlink()
    except (PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写，或该文件是否正被打开。") from error


class _Csv:
    """UTF-8 with a mark at its beginning, so that Excel reads it; a text that looks like a formula gets an apostrophe."""

    def __init__(self, path: Path, header: Row, _: str) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)
        self._writer.writerow(header)

    def add(self, cells: Row) -> None:
        self._writer.writerow(
            f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else "" if cell is None else cell
            for cell in cells
        )

    def save(self) -> None:
        self._file.close()

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """Sheets of a million rows, each under the header; every text is a text, never a formula."""

    def __init__(self, path: Path, header: Row, sheet: str) -> None:
        from openpyxl import Workbook

        path.open("wb").close()  # say now, not after the work, that it cannot be written
        self._path = path
        self._header = header
        self._name = sheet
        self._book: Any = Workbook(write_only=True)
        self._sheet: Any = None
        self._rows = 0
        self._begin_sheet(1)

    def _begin_sheet(self, number: int) -> None:
        self._sheet = self._book.create_sheet(f"{self._name}{number}")
        self._sheet.append(self._header)

    def add(self, cells: Row) -> None:
        if self._rows and self._rows % _SHEET_ROWS == 0:
            self._begin_sheet(self._rows // _SHEET_ROWS + 1)
        self._rows += 1
        self._sheet.append([self._cell(cell) for cell in cells])

    def _cell(self, value: object) -> object:
        if not isinstance(value, str) or not value.startswith("="):
            return value
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._sheet)
        cell.value = value
        cell.data_type = "s"
        return cell

    def save(self) -> None:
        self._book.save(self._path)

    def close(self) -> None:
        """Nothing is open between `add` and `save`."""
