"""Tables in text files (CSV, TSV), read as a stream: memory does not grow with the file."""

import codecs
import csv
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TextIO

from commandcenter.intake.damage import DamagedTable, Unpaired
from commandcenter.intake.value import Cell

ENCODINGS = ("utf-8", "gb18030", "big5hkscs")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 20  # characters; a body of a thousand pages
_SAMPLE = 1 << 16
_DELIMITERS = (",", "\t", ";", "|")
_TELLING = 3  # columns; a line of a letter is like a row of two as soon as it says what was when
REPLACED = "\ufffd"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A text file under one assumption of encoding and delimiter.

    ``exact`` says that every byte of the file decodes; otherwise unreadable bytes become U+FFFD.
    """

    path: Path
    encoding: str
    delimiter: str
    exact: bool
    sheet: str = ""

    def lines(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield (row number as a spreadsheet would show it, cells); raises DamagedTable after the last good row.

        A line whose quotes do not pair is damage, unless its cells can be told by their own quotes.
        """
        for number, cells in self.every_line(_never):
            if isinstance(cells, Unpaired) and not cells.whole:
                raise DamagedTable(number, cells.reason)
            yield number, cells

    def every_line(self, alone: Callable[[Sequence[Cell]], bool]) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Yield the same, but a line whose quotes do not pair as Unpaired, and go on with the line behind it.

        A quote that is never closed must not swallow rows: where a record of several lines closes by chance, `alone`
        tells whether the cells of one of its lines look like a row of their own.
        """
        number = 0
        with self.path.open(encoding=self.encoding, errors="strict" if self.exact else "replace", newline="") as text:
            source = _Source(text)
            rows = csv.reader(source, delimiter=self.delimiter, strict=True)
            try:
                while True:
                    source.record.clear()
                    number += 1
                    try:
                        row: Sequence[Cell] | None = next(rows, None)
                    except csv.Error as error:
                        row = _unpaired(source.first(), self.delimiter, str(error))
                    if row is None:
                        return
                    yield number, row if len(source.record) == 1 else self._judged(row, source, alone)
            except OverflowError as error:
                raise DamagedTable(number, "一行超过 100 万字") from error
            except OSError as error:
                raise DamagedTable(number, "磁盘或网络中断") from error

    def _judged(
        self, row: Sequence[Cell], source: "_Source", alone: Callable[[Sequence[Cell]], bool]
    ) -> Sequence[Cell]:
        """Return a record of several lines, only its first where the others are rows of their own."""
        lines = (line.rstrip("\r\n").split(self.delimiter) for line in source.record)
        first, *rest = (alone([cell.strip('" ') for cell in cells]) for cells in lines)
        if not any(rest):
            return row
        if not alone(row) or (first and len(row) >= _TELLING):
            return _unpaired(source.first(), self.delimiter)
        return Unpaired(row, "引号没有配对", whole=True, note="一格里有几行像是另外的诉求，请核对引号")


class _Source:
    """The lines of a text; those of the record that is being read can be taken back but for the first."""

    def __init__(self, text: TextIO) -> None:
        self.record: list[str] = []
        self._text = text
        self._again: deque[str] = deque()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= _LONGEST_LINE:
            raise OverflowError
        self.record.append(line)
        return line

    def first(self) -> str:
        """Take all of the record back but its first line."""
        first, *rest = self.record
        self._again.extendleft(reversed(rest))
        self.record = [first]
        return first


def text_tables(path: Path, encoding: str = "") -> Iterator[TextTable]:
    """Yield the file under each plausible (encoding, delimiter), most plausible first; the header decides.

    ``encoding`` fixes that one, plausible or not.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    if encoding:
        yield from _delimited(path, encoding, start, exact=_decodes(path, encoding))
        return
    for bom, marked in _BOMS:
        if start.startswith(bom):
            yield from _delimited(path, marked, start, exact=_decodes(path, marked))
            return
    exact = False
    for each in ENCODINGS:
        if _decodes(path, each):
            exact = True
            yield from _delimited(path, each, start, exact=True)
    if not exact:
        for each in sorted(ENCODINGS, key=lambda name: start.decode(name, "replace").count(REPLACED)):
            yield from _delimited(path, each, start, exact=False)


def _delimited(path: Path, encoding: str, start: bytes, *, exact: bool) -> Iterator[TextTable]:
    first = start.decode(encoding, "replace").splitlines()[:10]
    found = sorted(_DELIMITERS, key=lambda mark: -max((line.count(mark) for line in first), default=0))
    for delimiter in found:
        yield TextTable(path, encoding, delimiter, exact)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _unpaired(line: str, delimiter: str, error: str = "") -> Unpaired:
    raw = line.rstrip("\r\n").split(delimiter)
    cells = [_unquoted(cell) for cell in raw]
    if "field limit" in error and len(line) > csv.field_size_limit():
        return Unpaired(raw, "一格内容超过 13 万字", whole=False)
    told = [cell for cell in cells if cell is not None]
    whole = len(told) == len(raw)
    return Unpaired(told if whole else raw, "引号没有配对", whole=whole)


def _unquoted(cell: str) -> str | None:
    """Return a cell without the quotes around it, None where it begins with one that is not closed in it."""
    text = cell.strip()
    if not text.startswith('"'):
        return cell
    if len(text) > 1 and text.endswith('"'):
        return text[1:-1].replace('""', '"')
    return None if text.count('"') % 2 else cell


def _never(_: Sequence[Cell]) -> bool:
    return False
