"""The reject file: rows that could not be taken in, each with its number and reason, ready to be put right."""

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from commandcenter.errors import PersonError
from commandcenter.intake.reader import Rejected
from commandcenter.intake.value import Cell

ROW_COLUMN, REASON_COLUMN = "原行号", "未导入原因"
_SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
_CELL_CHARACTERS = 32_767
_REFUSED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def reject_path(source: Path, folder: Path | None = None) -> Path:
    """Return where the rejects of a file go: ``<stem>.rejects.xlsx`` next to it, or in the given folder."""
    return (folder or source.parent) / f"{source.stem}.rejects.xlsx"


class RejectFile:
    """Writes rejected rows to ``path`` as a stream; the file appears, whole, on leaving, and only if there was a row.

    Raises PersonError where the folder cannot be written.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._header = list(header)
        self._book: Any = None
        self._sheet: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._book is not None:
            self._save()

    def add(self, rejected: Rejected) -> None:
        """Write one row: its number in the source, the reason, then the original columns."""
        if self._book is None:
            self._book = Workbook(write_only=True)
        if self.count % _SHEET_ROWS == 0:
            self._sheet = self._book.create_sheet(f"未导入{self.count // _SHEET_ROWS + 1}")
            self._sheet.append([self._cell(name) for name in (ROW_COLUMN, REASON_COLUMN, *self._header)])
        self.count += 1
        known = set(self._header)
        beyond = [cell for name, cell in rejected.raw.items() if name not in known]
        cells = [rejected.raw.get(name) for name in self._header] + beyond
        cut = any(isinstance(cell, str) and len(cell) > _CELL_CHARACTERS for cell in cells)
        reason = rejected.reason + ("（有一格超过 Excel 的长度，已截断）" if cut else "")
        self._sheet.append([self._cell(cell) for cell in (rejected.row_no, reason, *cells)])

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, datetime):
            value = value.replace(tzinfo=None)
        if not isinstance(value, str):
            return WriteOnlyCell(self._sheet, value=value)
        cell: Any = WriteOnlyCell(self._sheet)
        cell.value = _REFUSED.sub("�", value)[:_CELL_CHARACTERS]
        cell.data_type = "s"  # a text that begins with "=" stays a text
        return cell

    def _save(self) -> None:
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._book.save(partial)
            partial.replace(self.path)
        except OSError as error:
            partial.unlink(missing_ok=True)
            raise PersonError(
                f"未导入的行写不进“{self.path}”。", "请关闭正打开它的程序，或换一个可以写的文件夹。"
            ) from error
