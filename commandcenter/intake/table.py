"""Opening a file as candidate tables: what kind of file it is, and one clear sentence when it is no table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from commandcenter.errors import PersonError
from commandcenter.intake.text_table import text_tables
from commandcenter.intake.value import Cell
from commandcenter.intake.workbook import OLE_MARK, ZIP_MARK, sheet_tables

_SAMPLE = 1 << 16
_STRANGERS = (
    (b"%PDF", "PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"GIF8", "图片"),
    (b"BM", "图片"),
    (b"RIFF", "音频或视频文件"),
    (b"ID3", "音频文件"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
    (b"PK\x05\x06", "空压缩包"),
    (b"SQLite format", "数据库文件"),
    (b"\x7fELF", "程序"),
    (b"MZ", "程序"),
    (b"{\\rtf", "文档"),
)
_ADVICE = "请选择 Excel（xlsx、xls）或 CSV 文件。"


class Table(Protocol):
    """Rows with a place in the file; ``lines`` can be called again and then starts over."""

    @property
    def encoding(self) -> str:
        """Return the text encoding, ``""`` for a workbook."""

    @property
    def sheet(self) -> str:
        """Return the sheet's name, ``""`` for a text file."""

    @property
    def exact(self) -> bool:
        """Tell whether every byte could be read as text."""

    def lines(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield (row number as a spreadsheet shows it, cells); raises DamagedTable after the last good row."""


def open_tables(path: Path, *, encoding: str = "", sheet: str = "") -> Iterator[Table]:
    """Yield the tables a file may hold, most plausible first; raises PersonError where it cannot be one.

    ``encoding`` of a text file, or ``sheet`` of a workbook, leaves the others out.
    """
    start = _first_bytes(path)
    if start.startswith((ZIP_MARK, OLE_MARK)):
        yield from (table for table in sheet_tables(path) if sheet in {"", table.sheet})
        return
    for mark, what in _STRANGERS:
        if start.startswith(mark) and (_is_binary(start) or mark in {b"%PDF", b"{\\rtf"}):
            raise PersonError(f"“{path.name}”是{what}，不是表格。", _ADVICE)
    head = start[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta", b"<workbook")):
        raise PersonError(
            f"“{path.name}”是网页格式的表格，只是名字像 Excel。", "请用 Excel/WPS 打开它，另存为 xlsx 后再导入。"
        )
    if _is_binary(start):
        raise PersonError(f"“{path.name}”不是表格文件。", _ADVICE)
    yield from text_tables(path, encoding)


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_SAMPLE)
    except FileNotFoundError:
        raise PersonError(f"找不到文件“{path}”。", "请检查路径和文件名。") from None
    except IsADirectoryError:
        raise PersonError(f"“{path}”是文件夹，不是文件。", _ADVICE) from None
    except PermissionError:
        if path.is_dir():  # how Windows answers for a folder
            raise PersonError(f"“{path}”是文件夹，不是文件。", _ADVICE) from None
        raise PersonError(f"没有权限读取“{path}”。", "请把文件复制到自己的文件夹，或请管理员开放权限。") from None
    except (OSError, ValueError) as error:
        raise PersonError(f"文件“{path}”打不开。", "请确认磁盘或网络正常，再试一次。") from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t \x00"):
        raise PersonError(f"“{path.name}”是空文件，里面没有内容。", "请重新导出后再导入。")
    return start


def _is_binary(start: bytes) -> bool:
    """Tell bytes from text by control characters: text has next to none, random bytes have a tenth."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    strange = len(start) - len(start.translate(None, delete=bytes([*range(9), *range(14, 26), *range(28, 32)])))
    return strange > max(8, len(start) // 50)
