"""The header of a table: which row it is, what its columns are called, and which fact each column holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commandcenter.intake.field import LABELS, REQUIRED, contradicts, fold, guessed, known
from commandcenter.intake.moment import read_moment
from commandcenter.intake.value import Cell, line

SEARCHED_ROWS = 10
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place (0 first), its unique name, the field it was understood as (``""``: kept only in raw)."""

    index: int
    name: str
    field: str
    rank: int

    @property
    def letter(self) -> str:
        """Return the column's letters as a spreadsheet shows them."""
        return letters(self.index)

    @property
    def label(self) -> str:
        """Return what the column was understood as, for people."""
        return LABELS.get(self.field, "")


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table and where its data begins (positions among the rows read first, 0 first)."""

    columns: tuple[Column, ...]
    first: int
    last: int

    @property
    def names(self) -> tuple[str, ...]:
        """Return the unique column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def score(self) -> int:
        """Return how many different facts were understood; a required one counts for twenty."""
        found = {column.field for column in self.columns} - {""}
        if "received_on" in found:
            found.add("received_at")
        return len(found) + 19 * len(found.intersection(REQUIRED))

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the labels of required facts that no column holds."""
        found = {column.field for column in self.columns}
        if "received_on" in found:
            found.add("received_at")
        return tuple(LABELS[name] for name in REQUIRED if name not in found)

    def indexes(self) -> dict[str, tuple[int, ...]]:
        """Return field → column positions, the most trusted first."""
        result: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.field:
                result.setdefault(column.field, []).append(column)
        return {
            name: tuple(column.index for column in sorted(columns, key=lambda one: one.rank))
            for name, columns in result.items()
        }


def letters(index: int) -> str:
    """Return the spreadsheet letters of a column position (0 → A, 26 → AA)."""
    result = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        result = chr(65 + rest) + result
    return result


def find_header(rows: Sequence[Sequence[Cell]], mapping: Mapping[str, str] | None = None) -> Header:
    """Return the best header among the first ten rows, of one row or of two merged ones.

    ``mapping`` (column name → field) goes before the known names. The answer may lack required facts: ask
    ``missing``. Rows above it are titles, not data.
    """
    chosen = {fold(name): field for name, field in (mapping or {}).items()}
    best = Header((), 0, 0)
    for position, row in enumerate(rows[:SEARCHED_ROWS]):
        names = [line(cell) for cell in row]
        single = Header(_columns([("", name) for name in names], chosen), position, position)
        if single.score > best.score or (not best.score and _filled(single) > _filled(best)):
            best = single
        below = rows[position + 1] if position + 1 < min(len(rows), SEARCHED_ROWS + 1) else ()
        if _could_be_header(row) and _could_be_header(below):
            double = Header(_columns(_merged(names, [line(cell) for cell in below]), chosen), position, position + 1)
            if double.score > best.score:
                best = double
    return best


def header_at(
    rows: Sequence[Sequence[Cell]], first: int, last: int, mapping: Mapping[str, str] | None = None
) -> Header:
    """Return the header a person pointed at: the rows from ``first`` to ``last`` (positions, 0 first), one or two."""
    chosen = {fold(name): field for name, field in (mapping or {}).items()}
    upper = [line(cell) for cell in rows[first]]
    if last == first:
        return Header(_columns([("", name) for name in upper], chosen), first, last)
    return Header(_columns(_merged(upper, [line(cell) for cell in rows[last]]), chosen), first, last)


def _filled(header: Header) -> int:
    return sum(1 for column in header.columns if not column.name.startswith("列"))


def _could_be_header(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if cell is not None and cell != ""]
    return len(filled) > 1 and all(
        isinstance(cell, str) and len(cell) <= _LONGEST_NAME and read_moment(cell) is None for cell in filled
    )


def _merged(upper: Sequence[str], lower: Sequence[str]) -> list[tuple[str, str]]:
    """Return (group, name) per column; a group spans to the right over cells that its merging left empty."""
    width = max(len(upper), len(lower))
    result, group = [], ""
    for index in range(width):
        above = upper[index] if index < len(upper) else ""
        name = lower[index] if index < len(lower) else ""
        group = above or (group if name else "")
        result.append((group, name) if name else ("", above))
    return result


def _columns(names: Sequence[tuple[str, str]], chosen: Mapping[str, str]) -> tuple[Column, ...]:
    used: set[str] = set()
    columns = []
    for index, (group, name) in enumerate(names):
        field, rank = _field_of(group, name, chosen)
        wanted = f"{group}/{name}" if group else name or f"列{letters(index)}"
        unique, count = wanted, 1
        while unique in used:
            count += 1
            unique = f"{wanted}({count})"
        used.add(unique)
        columns.append(Column(index, unique, field, rank * 1000 + index))
    while columns and not names[columns[-1].index][1] and not columns[-1].field:
        columns.pop()  # formatted but nameless columns on the right; a filled cell there still gets a name
    return tuple(columns)


def _field_of(group: str, name: str, chosen: Mapping[str, str]) -> tuple[str, int]:
    if not name or len(name) > _LONGEST_NAME:
        return "", 0
    for whole in (f"{group}/{name}", group + name, name):
        if fold(whole) in chosen:
            return chosen[fold(whole)], -1
    if not group:
        found = known(name)
        if found is None and "/" in name:  # two rows that an earlier reading put into one: our own reject file
            above, _, below = name.partition("/")
            return _field_of(above, below, chosen)
        return found or guessed(name) or ("", 0)
    found = known(group + name) or known(name) or guessed(group + name) or guessed(name)
    return found if found and not contradicts(group, found[0]) else ("", 0)
