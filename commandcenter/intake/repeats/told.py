"""Reports out of a table with any column names, for replaying an archive: id, time, text, and what else it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commandcenter.errors import PersonError
from commandcenter.intake.moment import read_moment
from commandcenter.intake.point import read_point
from commandcenter.intake.repeats.report import Report
from commandcenter.intake.table import Table, open_tables
from commandcenter.intake.value import Cell, body, line, narrow

KNOWN: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "编号", "工单编号", "留言编号", "诉求编号", "sr_number"),
    "time": ("time", "时间", "来电时间", "受理时间", "登记时间", "留言时间", "created_date", "created_at"),
    "text": ("text", "内容", "诉求内容", "主要内容", "来电内容", "留言详情"),
    "title": ("title", "标题", "主题", "诉求标题", "留言主题"),
    "category": ("category", "类别", "分类", "诉求类别", "sr_type"),
    "lon": ("lon", "lng", "经度", "longitude"),
    "lat": ("lat", "纬度", "latitude"),
    "citizen": ("citizen", "诉求人", "来电人", "留言用户"),
}
"""What is read → the column names it usually has."""
_ADVICE = "请用 --columns 指明，例如 --columns id=编号,time=时间,text=内容。"


@dataclass(frozen=True, slots=True)
class Told:
    """The reports in the file's order; ``untimed``: those without a readable time, which stand at their neighbour's."""

    reports: tuple[Report, ...]
    columns: Mapping[str, str]
    untimed: int


def columns_of(text: str) -> dict[str, str]:
    """Read ``id=编号,time=时间``; raises PersonError."""
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.replace("，", ",").split(","))):
        name, mark, column = part.partition("=")
        if name.strip() not in KNOWN or not mark or not column.strip():
            raise PersonError(
                f"列的写法不对：“{part}”。", f"应形如 id=编号,time=时间；可指明的有：{'、'.join(KNOWN)}。"
            )
        found[name.strip()] = column.strip()
    return found


def read_told(path: Path, columns: Mapping[str, str]) -> Told:
    """Read a CSV or workbook in any usual encoding; raises PersonError where it is no such table.

    An empty text, category or point stays empty; a row without an id is named after its row in the file.
    """
    problem: PersonError | None = None
    for table in open_tables(path):
        try:
            places = _places(path, _header(table), columns)
        except PersonError as error:
            problem = problem or error  # the most plausible reading of the file says best what is wrong
            continue
        return _read(path, table, places)
    raise problem or PersonError(f"“{path.name}”里没有表头。", "第一行应是列名。")


def _header(table: Table) -> list[str]:
    cells = next((cells for _, cells in table.lines() if any(line(cell) for cell in cells)), ())
    return [line(cell).lstrip("\ufeff") for cell in cells]


def _places(path: Path, header: Sequence[str], columns: Mapping[str, str]) -> dict[str, int]:
    folded = [name.lower() for name in header]
    for column in columns.values():
        if column.lower() not in folded:
            names = "、".join(name[:20] for name in header[:30] if name)
            raise PersonError(f"“{path.name}”里没有“{column}”这一列；表头里有：{names}。", _ADVICE)
    places = {name: folded.index(column.lower()) for name, column in columns.items()}
    for name, usual in KNOWN.items():
        at = next((folded.index(one) for one in usual if one in folded), None)
        if name not in places and at is not None:
            places[name] = at
    if "time" not in places:
        raise PersonError(f"“{path.name}”里没有找到时间一列。", _ADVICE)
    if not places.keys() & {"text", "title"} and not {"lon", "lat"} <= places.keys():
        raise PersonError(f"“{path.name}”里既没有找到内容，也没有找到经纬度。", _ADVICE)
    return places


def _read(path: Path, table: Table, places: Mapping[str, int]) -> Told:
    lines = iter(table.lines())
    header = next((cells for _, cells in lines if any(line(cell) for cell in cells)), ())
    rows = [(number, cells) for number, cells in lines if any(line(cell) for cell in cells)]
    moments = [read_moment(_cell(cells, places.get("time"))) for _, cells in rows]
    first = next(filter(None, moments), None)
    if first is None:
        raise PersonError(f"“{path.name}”里没有一行能读出时间。" if rows else f"“{path.name}”里只有表头。", _ADVICE)
    reports: list[Report] = []
    seen: dict[str, int] = {}
    at = first
    for (number, cells), moment in zip(rows, moments, strict=True):
        at = moment or at
        report = _report(cells, places, number, at)
        if report.id in seen:
            raise PersonError(f"第 {seen[report.id]} 行和第 {number} 行的编号相同。", "编号应各不相同。")
        seen[report.id] = number
        reports.append(report)
    names = {name: line(header[place]) for name, place in places.items()}
    return Told(tuple(reports), names, sum(moment is None for moment in moments))


def _report(cells: Sequence[Cell], places: Mapping[str, int], number: int, at: datetime) -> Report:
    def cell(name: str) -> Cell:
        return _cell(cells, places.get(name))

    point, _ = read_point(cell("lon"), cell("lat"))
    return Report(
        id=narrow(cell("id")) or f"第{number}行",
        at=at,
        text=body(cell("text")),
        title=line(cell("title")),
        category=line(cell("category")),
        lon=point[0] if point else None,
        lat=point[1] if point else None,
        citizen=line(cell("citizen")),
    )


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else None
