"""Reading another system's file: every data row ends as Accepted or Rejected, none is dropped (domain.md §2).

Entirely empty rows are not rows. Rows are read and handed on in small batches; memory does not grow with a text file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from commandcenter.domain.crs import Crs
from commandcenter.errors import PersonError
from commandcenter.intake.damage import DamagedTable, Unpaired
from commandcenter.intake.footer import MOST, footer_text, is_footer
from commandcenter.intake.header import SEARCHED_ROWS, Column, Header, find_header, header_at
from commandcenter.intake.point import Point, converted
from commandcenter.intake.profile import Profile, checked_columns
from commandcenter.intake.row import ImportRow, raw_of
from commandcenter.intake.row_reader import RowReader, Unusable
from commandcenter.intake.table import Table, open_tables
from commandcenter.intake.text_table import REPLACED, TextTable
from commandcenter.intake.times import Times
from commandcenter.intake.value import Cell

_BATCH = 500
CHOSEN = ("utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "big5", "big5hkscs")
"""Encodings that a person may choose for a text file."""
Line = tuple[int, Sequence[Cell]]
"""A row: its number as a spreadsheet shows it, and its cells."""
_INVISIBLE = " \t\r\n\v\f\x00\u3000\xa0\ufeff"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A row with a content and a time; ``notes`` say what was put right or left out."""

    row_no: int
    row: ImportRow
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that lacks what is required: why, and the row as it stood."""

    row_no: int
    reason: str
    raw: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person decided about one file; where nothing is said, it is found out."""

    encoding: str = ""
    sheet: str = ""
    header: tuple[int, int] | None = None
    """First and last row of the header, as a spreadsheet numbers them."""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file whose header was understood. ``rows`` can be walked once; it may raise DamagedTable (a PersonError)
    after the last readable row.
    """  # noqa: D205  # one sentence

    path: Path
    encoding: str
    sheet: str
    header: tuple[str, ...]
    header_row: int
    columns: tuple[Column, ...]
    rows: Iterator[Accepted | Rejected]
    header_end: int = 0
    """The last row of the header; ``header_row`` is its first."""
    top: tuple[Line, ...] = ()
    """The first rows that hold anything."""
    footers: list[tuple[int, str]] = field(default_factory=list)
    """(row, what it says) of the rows below the data that are none; known when ``rows`` has been walked."""
    missing: tuple[str, ...] = ()
    """Labels of required facts without a column; only where the file was opened as it is."""
    sheets: tuple[str, ...] = ()
    """The sheets of a workbook."""

    def understood(self) -> dict[str, str]:
        """Return column name → what it was understood as (Chinese label), in the file's order."""
        return {column.name: column.label for column in self.columns if column.field}


def read_file(
    path: Path | str,
    *,
    profile: Profile | Mapping[str, str] | None = None,
    crs: str | None = None,
    choices: Choices | None = None,
    times: Times | None = None,
    as_it_is: bool = False,
) -> ImportFile:
    """Open a CSV, TSV, XLSX or XLS file of another system.

    ``profile`` maps column names to fields before the known names do; ``crs`` tags the file's coordinates (wgs84,
    gcj02, bd09; by default the profile's, else wgs84); ``choices`` go before what would be found; ``times`` says which
    moments can be (without it, all). Raises PersonError
    when the file is missing, unreadable, no table, too large for its kind, or has no columns for content and time
    (``as_it_is``: those are told in ``missing``, and all rows are rejected).
    """
    path = Path(path)
    if not isinstance(profile, Profile):
        profile = Profile(columns=checked_columns(profile or {}))
    try:
        system = Crs(crs or profile.crs or "wgs84")
    except ValueError:
        raise PersonError(f"坐标系“{crs or profile.crs}”不认识。", "可用：wgs84、gcj02、bd09。") from None
    header, table, top, sheets = _best(path, profile, choices or Choices())
    if header.missing and not as_it_is:
        raise _no_columns(path, header)
    footers: list[tuple[int, str]] = []
    return ImportFile(
        path=path,
        encoding=table.encoding,
        sheet=table.sheet,
        header=header.names,
        header_row=top[header.first][0],
        columns=header.columns,
        rows=_rows(table, RowReader(header, profile.dates, times), header, top[header.last][0], system, footers),
        header_end=top[header.last][0],
        top=tuple(top),
        footers=footers,
        missing=header.missing,
        sheets=sheets,
    )


def _best(path: Path, profile: Profile, choices: Choices) -> tuple[Header, Table, list[Line], tuple[str, ...]]:
    """Return the table whose header says most, with its first rows, and the names of all sheets."""
    if choices.encoding and choices.encoding.lower() not in CHOSEN:
        raise PersonError(f"没有“{choices.encoding}”这种编码可选。", f"可用：{'、'.join(CHOSEN)}。")
    best: tuple[Header, Table, list[Line]] | None = None
    sheets: list[str] = []
    for table in open_tables(path, encoding=choices.encoding):
        sheets += [table.sheet] if table.sheet else []
        if choices.sheet not in {"", table.sheet} or (best is not None and not best[0].missing):
            continue
        top = _top(table)
        header = _header(top, profile, choices.header)
        if best is None or header.score > best[0].score:
            best = header, table, top
        if not header.missing and not table.sheet:
            break
    if choices.sheet and choices.sheet not in sheets:
        raise PersonError(
            f"没有工作表“{choices.sheet}”。", f"这个文件里有：{'、'.join(sheets) or '（不是 Excel 工作簿）'}。"
        )
    if best is None or not best[2]:
        raise PersonError(f"“{path.name}”里没有内容。", "请重新导出后再导入。")
    return (*best, tuple(sheets))


def _header(top: Sequence[Line], profile: Profile, chosen: tuple[int, int] | None) -> Header:
    rows = [cells for _, cells in top]
    if chosen is None:
        return find_header(rows, profile.columns)
    at = {number: position for position, (number, _) in enumerate(top)}
    first, last = chosen
    if first not in at or last not in at or not 0 <= at[last] - at[first] <= 1:
        raise PersonError(
            f"第 {first} 行{f'到第 {last} 行' if last != first else ''}不能作表头。",
            "表头是前十行里不空的一行，或紧挨着的两行。",
        )
    return header_at(rows, at[first], at[last], profile.columns)


def _top(table: Table) -> list[tuple[int, Sequence[Cell]]]:
    """Return the first rows that hold anything; a file damaged this early still shows what it has."""
    found: list[tuple[int, Sequence[Cell]]] = []
    try:
        for number, cells in islice(_lines(table), 1000):
            if not _empty(cells):
                found.append((number, cells))
            if len(found) > SEARCHED_ROWS:
                break
    except DamagedTable:
        if not found:
            raise
    return found


def _no_columns(path: Path, header: Header) -> PersonError:
    wanted = "和".join(f"“{name}”" for name in header.missing)
    count = "两列" if len(header.missing) > 1 else "一列"
    names = [name[:20] for name in header.names if not name.startswith("列")]
    listed = "、".join(names[:30]) + ("……" if len(names) > 30 else "")
    seen = f"表头里有：{listed}" if names else "表里没有像表头的行"
    return PersonError(
        f"“{path.name}”里没有找到{wanted}{count}；{seen}。",
        "请在文件里补上这些列，或在导入方案里指明哪一列是它们。",
    )


def _rows(
    table: Table, reader: RowReader, header: Header, header_row: int, crs: Crs, footers: list[tuple[int, str]]
) -> Iterator[Accepted | Rejected]:
    below: list[tuple[Rejected, str]] = []  # what may turn out to be the footer
    names = header.names
    repeated = [column.name for column in header.columns]
    batch: list[Accepted | Rejected] = []
    try:
        for number, cells in _lines(table, reader.stands_alone):
            if number <= header_row or _empty(cells):
                continue
            one = _decide(reader, names, number, cells, repeated, exact=table.exact)
            may_be_footer = isinstance(one, Rejected) and len(below) < MOST and not isinstance(cells, Unpaired)
            if isinstance(one, Rejected) and may_be_footer and is_footer(cells, begun=bool(below)):
                below.append((one, footer_text(cells)))
                continue
            if below:
                batch += [each for each, _ in below]
                below = []
            batch.append(one)
            if len(batch) >= _BATCH:
                yield from _placed(batch, crs)
                batch = []
    except DamagedTable:
        yield from _placed([*batch, *(each for each, _ in below)], crs)
        raise
    footers += [(each.row_no, text) for each, text in below]
    yield from _placed(batch, crs)


def _lines(table: Table, alone: Callable[[Sequence[Cell]], bool] = lambda _: False) -> Iterator[Line]:
    """Every line of a text file counts, also one whose quotes do not pair."""
    return table.every_line(alone) if isinstance(table, TextTable) else table.lines()


def _decide(
    reader: RowReader, names: tuple[str, ...], number: int, cells: Sequence[Cell], repeated: list[str], *, exact: bool
) -> Accepted | Rejected:
    raw = raw_of(names, cells)
    if isinstance(cells, Unpaired) and not (cells.whole and len(cells) == len(names)):
        return Rejected(number, cells.reason, raw)
    try:
        row, notes = reader.read(cells, raw)
    except Unusable as problem:
        same = [str(cell).strip() for cell in cells[: len(names)]] == repeated
        return Rejected(number, "这一行是重复的表头" if same else problem.reason, raw)
    if not exact and any(isinstance(cell, str) and REPLACED in cell for cell in cells):
        notes = (*notes, "有无法识别的字符，已用 � 代替")
    if isinstance(cells, Unpaired):
        notes = (*notes, cells.note)
    return Accepted(number, row, notes)


def _placed(batch: Sequence[Accepted | Rejected], crs: Crs) -> Iterator[Accepted | Rejected]:
    """Yield the batch with its points in WGS-84."""
    if crs is Crs.WGS84:
        yield from batch
        return
    points: list[Point | None] = [
        (one.row.lon, one.row.lat)
        if isinstance(one, Accepted) and one.row.lon is not None and one.row.lat is not None
        else None
        for one in batch
    ]
    for one, point in zip(batch, converted(points, crs), strict=True):
        if point is not None and isinstance(one, Accepted):
            yield replace(one, row=replace(one.row, lon=point[0], lat=point[1]))
        else:
            yield one


def _empty(cells: Sequence[Cell]) -> bool:
    for cell in cells:
        if cell is None or cell == "":
            continue
        if not isinstance(cell, str) or cell.strip(_INVISIBLE):
            return False
    return True
