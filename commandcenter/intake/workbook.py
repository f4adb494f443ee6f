"""Sheets of Excel workbooks (xlsx, xlsm, xlsb, xls) as streams of rows.

calamine reads a whole sheet into memory, quickly; a sheet too large for that, or broken in the middle, is streamed by
openpyxl, about ten times slower, in memory that does not grow with the rows.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from commandcenter.errors import PersonError
from commandcenter.intake.damage import DamagedTable
from commandcenter.intake.value import Cell

ZIP_MARK, OLE_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What openpyxl lets through from the layers beneath it when a part is broken.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, ParseError, OSError, RuntimeError, LookupError, ValueError, TypeError),
    *(AttributeError, ArithmeticError),
)
LARGEST_FILE = 100 << 20
LARGEST_CONTENT = 1536 << 20
LARGEST_AT_ONCE = 256 << 20  # bytes of sheet XML for calamine
_MOST_CELLS = 40_000_000  # rows × columns; calamine fills the rectangle, at 32 bytes a cell
_PLACE = re.compile(rb'r="([A-Z]{1,3})(\d{1,7})"')
_WIDE = re.compile(rb'r="([A-Z]{2,3})\d')
_NARROW = 26
_NOT_READABLE = PersonError(
    "这个文件不是能读的 Excel 表格，可能已损坏。", "请用 Excel/WPS 打开确认，另存为 xlsx 后再导入。"
)
_ENCRYPTED = PersonError("这个 Excel 文件加了密码，读不出来。", "请在 Excel/WPS 里取消密码、另存后再导入。")


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet of a workbook; ``book`` is None when it is to be streamed."""

    path: Path
    sheet: str
    book: CalamineWorkbook | None
    encoding: str = ""
    exact: bool = True
    _kept: list[CalamineSheet] = field(default_factory=list, repr=False, compare=False)
    """The sheet once it was read: the header is looked for first, and reading takes as long as all the rest."""

    def lines(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield (row number as Excel shows it, cells); raises DamagedTable after the last good row."""
        sheet = self._read()
        if sheet is None:
            yield from _streamed(self.path, self.sheet)
        elif sheet.height:
            yield from enumerate(sheet.iter_rows(), start=1)

    def _read(self) -> CalamineSheet | None:
        if self.book is None:
            return None
        if self._kept:
            return self._kept[0]
        try:
            self._kept.append(self.book.get_sheet_by_name(self.sheet))
            return self._kept[0]
        except CalamineError as error:
            if not zipfile.is_zipfile(self.path):
                raise PersonError(*_NOT_READABLE.args) from error
            return None  # streaming gets at the rows before the damage


def sheet_tables(path: Path) -> Iterator[SheetTable]:
    """Yield the workbook's sheets, visible ones first; raises PersonError for what cannot or must not be read."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise _too_large(size)
    with path.open("rb") as file:
        mark = file.read(8)
    heavy: dict[str, bool] = {}
    if mark.startswith(ZIP_MARK):
        heavy = _weigh(path)
    try:
        book = CalamineWorkbook.from_path(str(path)) if _named_right(path, mark) else _by_content(path)
        sheets = sorted(book.sheets_metadata, key=lambda sheet: sheet.visible is not SheetVisibleEnum.Visible)
    except PasswordError as error:
        raise PersonError(*_ENCRYPTED.args) from error
    except CalamineError as error:
        encrypted = mark == OLE_MARK and "EncryptedPackage".encode("utf-16-le") in path.read_bytes()
        raise PersonError(*(_ENCRYPTED if encrypted else _NOT_READABLE).args) from error
    streamed = any(heavy.values())
    for sheet in sheets:
        yield SheetTable(path, sheet.name, None if streamed else book)


def _named_right(path: Path, mark: bytes) -> bool:
    suffix = path.suffix.lower()
    return suffix in {".xlsx", ".xlsm", ".xlsb"} if mark.startswith(ZIP_MARK) else suffix == ".xls"


def _by_content(path: Path) -> CalamineWorkbook:
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _too_large(size: int) -> PersonError:
    return PersonError(
        f"这个 Excel 文件太大（{size / (1 << 20):.0f} MB），一次读不下。",
        "请在 Excel/WPS 里另存为 CSV（逗号分隔）再导入，CSV 不限大小；或按月份分成几个文件。",
    )


def _weigh(path: Path) -> dict[str, bool]:
    """Return sheet part → whether it is too much for calamine; raises PersonError for a bomb or a broken zip."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > LARGEST_CONTENT:
                raise _too_large(total)
            sheets = [part for part in parts if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename)]
            if not sheets and not any(part.filename.startswith("xl/worksheets/") for part in parts):
                raise PersonError(*_NOT_READABLE.args)
            return {part.filename: part.file_size > LARGEST_AT_ONCE or _sprawls(archive, part) for part in sheets}
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise PersonError(*_NOT_READABLE.args) from error


def _sprawls(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether the filled rectangle is huge: one stray cell in XFD1048576 asks calamine for 550 GB."""
    last_row, widest = 0, _NARROW
    tail = b""
    try:
        with archive.open(part) as xml:
            while chunk := xml.read(1 << 20):
                tail = tail[-65536:] + chunk
                # Only cells behind column Z, which most tables have none of, and the last row of each piece.
                widest = max(widest, max(map(_column, set(_WIDE.findall(tail))), default=0))
                start = tail.rfind(b'r="', 0, max(tail.rfind(b"row>"), 0))
                place = _PLACE.match(tail, start) if start >= 0 else None
                if place:
                    last_row = max(last_row, int(place[2]))
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return True  # broken in the middle: to be streamed
    return last_row * widest > _MOST_CELLS


def _column(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _streamed(path: Path, name: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    number = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are none of our business
            book: Any = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book[name]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):  # told below
                yield number, cells
        finally:
            book.close()
    except _BROKEN as error:
        raise DamagedTable(number + 1, "压缩内容损坏") from error
