"""The gazetteer as a table: one place a row, of a road one house number a row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from commandcenter.domain.crs import Crs
from commandcenter.errors import PersonError
from commandcenter.intake.place.areas_file import plain_code
from commandcenter.intake.place.named import KINDS, ROAD, Door
from commandcenter.intake.point import converted, read_point
from commandcenter.intake.table import Table, open_tables
from commandcenter.intake.value import Cell, narrow

_COLUMNS = {
    "name": ("名称", "地名", "标准名称", "name"),
    "kind": ("类别", "类型", "地名类别", "kind"),
    "aliases": ("别名", "俗称", "简称", "aliases"),
    "area": ("区域", "所属区域", "区域代码", "所属社区", "area"),
    "lon": ("经度", "lon", "lng"),
    "lat": ("纬度", "lat"),
    "door": ("门牌", "门牌号", "door"),
}
_KIND_WORDS = {word: kind for kind, word in KINDS.items()} | {
    "道路街巷": "road", "街巷": "road", "路": "road", "住宅区": "estate", "居民小区": "estate", "自然村": "village", "村庄": "village",
    "卫生院": "hospital", "商场": "market", "超市": "market", "幼儿园": "school", "单位": "landmark", "其他": "landmark",
}  # fmt: skip
ROWS_FOR_HEADER = 10
_SEPARATORS = str.maketrans("；,，、|/", ";;;;;;")


@dataclass
class FilePlace:
    """A place of the file; `area` is the name, code or nothing by which its area is meant."""

    row_no: int
    name: str
    kind: str
    area: str
    aliases: list[str] = field(default_factory=list)
    point: tuple[float, float] | None = None
    doors: list[Door] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out, and why."""

    row_no: int
    reason: str


def read_places(path: Path, *, crs: Crs = Crs.WGS84) -> tuple[int, list[FilePlace], list[BadRow]]:
    """Return (rows, places, rows left out) of an xlsx, xls or csv. Raises PersonError for a file that is no such table."""
    table, columns, header = _table(path)
    lines = [line for line in table.lines() if line[0] > header and any(narrow(cell) for cell in line[1])]
    cells = [{what: row[at] if at < len(row) else "" for what, at in columns.items()} for _, row in lines]
    points = converted([read_point(each.get("lon", ""), each.get("lat", ""))[0] for each in cells], crs)
    found: dict[tuple[str, str, str], FilePlace] = {}
    bad = []
    for (row_no, _), each, point in zip(lines, cells, points, strict=True):
        name, area = _text(each, "name"), plain_code(each.get("area", "")) or _text(each, "area")
        word = _text(each, "kind")
        kind = word if word in KINDS else _KIND_WORDS.get(word, "")
        if not 2 <= len(name) <= 60:
            bad.append(BadRow(row_no, "名称应有 2 到 60 个字"))
        elif not kind:
            bad.append(BadRow(row_no, f"类别不认识，可用：{'、'.join(KINDS.values())}"))
        elif point is None and not area:
            bad.append(BadRow(row_no, "没有坐标，也没有所属区域"))
        else:
            place = found.setdefault((name, kind, area), FilePlace(row_no, name, kind, area))
            _add(place, point, _text(each, "door"), _text(each, "aliases"))
    return len(lines), [*found.values()], bad


def _add(place: FilePlace, point: tuple[float, float] | None, door: str, aliases: str) -> None:
    number = door.removesuffix("号")
    if place.kind == ROAD and point is not None and number.isdecimal() and 0 < int(number) < 100_000:
        place.doors = sorted({**{each[0]: each for each in place.doors}, int(number): (int(number), *point)}.values())
    place.point = place.point or point
    for alias in aliases.translate(_SEPARATORS).split(";"):
        if len(alias) > 1 and alias not in {place.name, *place.aliases}:
            place.aliases.append(alias)


def _table(path: Path) -> tuple[Table, Mapping[str, int], int]:
    for table in open_tables(path):
        for row_no, cells in _top(table):
            columns = _columns(cells)
            if {"name", "kind"} <= columns.keys():
                return table, columns, row_no
    raise PersonError(f"“{path.name}”不是地名表。", "表头要有“名称”和“类别”，并有“经度”“纬度”或“区域”。")


def _top(table: Table) -> Iterator[tuple[int, Sequence[Cell]]]:
    for count, line in enumerate(table.lines()):
        if count == ROWS_FOR_HEADER:
            return
        yield line


def _columns(cells: Sequence[Cell]) -> dict[str, int]:
    said = [narrow(cell).lower() for cell in cells]
    return {
        what: next(at for at, word in enumerate(said) if word in names)
        for what, names in _COLUMNS.items()
        if any(word in names for word in said)
    }


def _text(cells: Mapping[str, Cell], what: str) -> str:
    return narrow(cells.get(what, ""))
