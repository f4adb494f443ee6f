"""Cases as a table for people and for other systems: CSV or XLSX, all texts as texts, moments as read in Shanghai."""

import csv
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database
from commandcenter.db.export import HEADER, Filters, read_cases
from commandcenter.errors import PersonError

STATE_WORDS = ("待受理", "待派单", "待签收", "办理中", "退单", "挂起", "待回访", "已归档", "并入", "作废")
GRADE_WORDS = "红橙黄蓝绿"
_SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def export_cases(db: Database, out: Path, filters: Filters, progress: Callable[[str], None]) -> int:
    """Write the cases to `out` (.xlsx or .csv); returns how many. The file appears whole or not at all.

    Raises PersonError for another kind of file, or a folder that cannot be written.
    """
    writers: dict[str, Callable[[Path], Any]] = {".csv": _Csv, ".xlsx": _Xlsx}
    if out.suffix.lower() not in writers:
        raise PersonError(f"不能导出成“{out.name}”。", "文件名请以 .xlsx 或 .csv 结尾。")
    partial = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        writer = writers[out.suffix.lower()](partial)
        try:
            writer.add(HEADER)
            count = 0
            async for row in read_cases(db, filters):
                writer.add(_cells(row))
                count += 1
                if count % 10_000 == 0:
                    progress(f"已导出 {count} 件")
            writer.save()
            partial.replace(out)
        finally:
            writer.close()
            with suppress(FileNotFoundError):
                partial.unlink()
    except (PermissionError, FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise PersonError(f"写不进“{out}”。", "请检查文件夹是否存在、是否可写，或该文件是否正被打开。") from error
    return count


def _cells(row: Any) -> tuple[object, ...]:
    found = dict(row)
    found["grade"] = GRADE_WORDS[found["grade"]]
    found["state"] = STATE_WORDS[found["state"]]
    found["overdue"] = "是" if found["overdue"] else "否"
    return tuple(
        value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
        for value in found.values()
    )


class _Csv:
    """UTF-8 with a mark at its beginning, so that Excel reads it; a text that looks like a formula gets an apostrophe."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file)

    def add(self, cells: tuple[object, ...]) -> None:
        self._writer.writerow(
            f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else "" if cell is None else cell
            for cell in cells
        )

    def save(self) -> None:
        self._file.close()

    def close(self) -> None:
        self._file.close()


class _Xlsx:
    """Sheets of a million rows; every text is a text, never a formula."""

    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook

        path.open("wb").close()  # say now, not after the work, that it cannot be written
        self._path = path
        self._book: Any = Workbook(write_only=True)
        self._sheet: Any = None
        self._rows = 0

    def add(self, cells: tuple[object, ...]) -> None:
        if self._rows % _SHEET_ROWS == 0:
            self._sheet = self._book.create_sheet(f"工单{self._rows // _SHEET_ROWS + 1}")
            if self._rows:
                self._sheet.append(HEADER)
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
