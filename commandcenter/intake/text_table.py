"""Tables in text files (CSV, TSV), read as a stream: memory does not grow with the file."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from commandcenter.intake.damage import DamagedTable
from commandcenter.intake.value import Cell

ENCODINGS = ("utf-8", "gb18030", "big5hkscs")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHUNK = 1 << 20
_LONGEST_LINE = 1 << 20  # characters; a body of a thousand pages
_SAMPLE = 1 << 16
_DELIMITERS = (",", "\t", ";", "|")
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
        """Yield (row number as a spreadsheet would show it, cells); raises DamagedTable after the last good row."""
        number = 0
        record: list[str] = []
        with self.path.open(encoding=self.encoding, errors="strict" if self.exact else "replace", newline="") as text:
            rows = csv.reader(_kept(iter(partial(text.readline, _LONGEST_LINE), ""), record), delimiter=self.delimiter)
            try:
                previous: list[str] | None = None
                for row in rows:
                    if previous is not None:
                        yield number, previous
                    number += 1
                    if len(record) == 1:
                        yield number, row
                        previous = None
                    else:
                        previous = row  # of several lines: good only if its quotes close before the file ends
                        several = record.copy()
                    record.clear()
                if previous is not None:
                    if _unclosed(several, self.delimiter):
                        raise DamagedTable(number, "引号没有配对")
                    yield number, previous
            except csv.Error as error:
                raise DamagedTable(number + 1, "引号没有配对，或一格内容超过 13 万字") from error
            except OverflowError as error:
                raise DamagedTable(number + 1, "一行超过 100 万字") from error
            except OSError as error:
                raise DamagedTable(number + 1, "磁盘或网络中断") from error


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


def _kept(lines: Iterator[str], record: list[str]) -> Iterator[str]:
    for line in lines:
        if len(line) >= _LONGEST_LINE:
            raise OverflowError
        record.append(line)
        yield line


def _unclosed(lines: list[str], delimiter: str) -> bool:
    try:
        for _ in csv.reader(lines, delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False
