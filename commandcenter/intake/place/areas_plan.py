"""What an import of areas does: which areas it brings up to date, which it adds and where, and which it cannot place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shapely.geometry.base import BaseGeometry

from commandcenter.intake.locate import Locator
from commandcenter.intake.place.areas_file import LEVELS, FileArea, level_of
from commandcenter.intake.place.outline import Outlined, as_geojson, read_outline
from commandcenter.intake.place.topology import Piece, Topology, check

MOST_CHILDREN = 9999
"""A path gives a child at most four digits."""


@dataclass(frozen=True, slots=True)
class KeptArea:
    """An area as the database has it."""

    id: int
    parent_id: int | None
    level: str
    code: str
    name: str
    path: str
    population: int
    lon: float | None
    lat: float | None
    outline: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Change:
    """An area to write; `id` None for a new one. `path` and `parent` say where it stands."""

    row_no: int
    id: int | None
    parent: str
    """The parent's path."""
    level: str
    code: str
    name: str
    path: str
    population: int
    lon: float
    lat: float
    outline: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is left out, and why."""

    row_no: int
    name: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """Every row of the file is new, changed, unchanged or refused."""

    rows: int
    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    unchanged: int
    refused: tuple[Refused, ...]
    renamed: tuple[tuple[str, str], ...]
    """(name here, name in the file) of areas whose names differ; the one here stays."""
    topology: Topology


def plan(kept: Sequence[KeptArea], rows: Sequence[FileArea]) -> Plan:
    """Match the file's areas by code, or where they have none by name, and give new ones a parent and a path.

    The report looks at the county as it would be afterwards, at the levels of the file and the ones around them.
    """
    making = _Making(kept)
    for row in sorted(rows, key=lambda row: (LEVELS.index(row.level) if row.level else 0, row.row_no)):
        making.take(row)
    levels = {row.level for row in rows if row.level}
    around = {LEVELS[at] for level in levels for at in (LEVELS.index(level) - 1, LEVELS.index(level)) if at >= 0}
    return Plan(
        rows=len(rows),
        new=tuple(making.new),
        changed=tuple(making.changed),
        unchanged=making.unchanged,
        refused=tuple(sorted(making.refused, key=lambda each: each.row_no)),
        renamed=tuple(making.renamed),
        topology=check([piece for piece in making.pieces() if piece.level in around]),
    )


def pieces_of(kept: Iterable[KeptArea]) -> list[Piece]:
    """Areas of the database as the report takes them."""
    return [
        Piece(area.id, area.parent_id or 0, area.level, area.code, area.name, *_drawn(area.outline)) for area in kept
    ]


def _drawn(outline: dict[str, Any] | None) -> tuple[BaseGeometry | None, str]:
    if outline is None:
        return None, ""
    try:
        return read_outline(outline)
    except ValueError:
        return None, ""


@dataclass
class _Making:
    """The county while the file is read into it, from its largest areas to its smallest."""

    kept: Sequence[KeptArea]
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    unchanged: int = 0

    def __post_init__(self) -> None:
        self._by_code = {area.code: area for area in self.kept if area.code}
        self._by_name: dict[tuple[str, str], list[KeptArea]] = {}
        self._last: dict[str, int] = {}
        for area in self.kept:
            self._by_name.setdefault((area.level, area.name), []).append(area)
            self._note_path(area.path)
        self._paths = {area.path: area.id for area in self.kept}
        self._path_of_code = {area.code: area.path for area in self.kept if area.code}
        self._pieces = {piece.key: piece for piece in pieces_of(self.kept)}
        self._seen: set[tuple[str, str]] = set()
        self._locators: dict[str, Locator] = {}

    def pieces(self) -> list[Piece]:
        """Every area as it would be afterwards."""
        return [*self._pieces.values()]

    def take(self, row: FileArea) -> None:
        """Find out what becomes of a row."""
        reason = self._problem(row)
        area = None if reason else self._match(row)
        parent = ""
        if not reason and area is None:
            parent, reason = self._parent(row)
        if reason or row.shape is None or row.centre is None:
            self.refused.append(Refused(row.row_no, row.name or row.code, reason))
            return
        self._seen.add((row.level, row.code or row.name))
        if area is not None:
            self._update(row, area, row.shape, row.centre)
        else:
            self._add(row, parent, row.shape, row.centre)

    def _problem(self, row: FileArea) -> str:
        if row.reason:
            return row.reason
        if not row.level:
            return "看不出级别：没有代码也没有级别一列"
        if row.code and level_of(row.code) != row.level:
            return f"代码“{row.code[:20]}”与级别不符"
        if not row.code and not row.name:
            return "没有代码也没有名称"
        if (row.level, row.code or row.name) in self._seen:
            return "文件里代码重复" if row.code else "文件里名称重复，又没有代码"
        return ""

    def _match(self, row: FileArea) -> KeptArea | None:
        if row.code:
            found = self._by_code.get(row.code)
            if found is not None:
                return found if found.level == row.level else None
        named = [area for area in self._by_name.get((row.level, row.name), ()) if not (row.code and area.code)]
        return named[0] if len(named) == 1 else None

    def _parent(self, row: FileArea) -> tuple[str, str]:
        """(the parent's path, why there is none): by its code, by the beginning of one's own, or by where it lies."""
        if not row.name:
            return "", "新区域没有名称"
        if row.level == "county":
            return "", "库里已有县域，代码或名称对不上"
        above = LEVELS[LEVELS.index(row.level) - 1]
        stem = {"town": 6, "community": 9, "grid": 12, "estate": 15}[row.level]
        for code in (row.parent_code, row.code[:stem]):
            path = self._path_of_code.get(code) if code else None
            if path is not None and path.count(".") == LEVELS.index(above) + 1:
                return path, ""
        tops = [area.path for area in self.kept if area.level == "county"]
        if above == "county" and len(tops) == 1 and not row.code:
            return tops[0], ""
        if row.shape is not None:
            inside = row.shape.representative_point()
            found = self._locator(above).locate(inside.x, inside.y)
            # a code that contradicts the place is an error of one of the two; a parent without a code contradicts nothing
            if found is not None and not (row.code and self._pieces[self._paths[found]].code):
                return found, ""
        return "", "找不到上级" + (
            f"（代码 {row.parent_code or row.code[:stem]}）" if row.code or row.parent_code else ""
        )

    def _locator(self, level: str) -> Locator:
        if level not in self._locators:
            paths = {key: path for path, key in self._paths.items()}
            self._locators[level] = Locator.of(
                Outlined(piece.key, paths[piece.key], as_geojson(piece.shape))
                for piece in self._pieces.values()
                if piece.level == level and piece.shape is not None
            )
        return self._locators[level]

    def _update(self, row: FileArea, area: KeptArea, shape: BaseGeometry, centre: tuple[float, float]) -> None:
        if row.name and row.name != area.name:
            self.renamed.append((area.name, row.name))
        outline = as_geojson(shape)
        population = area.population if row.population is None else row.population
        code = area.code or row.code
        parent = area.path.rstrip(".").rpartition(".")[0]
        change = Change(
            row.row_no, area.id, f"{parent}." if parent else "", area.level, code, area.name, area.path, population,
            *centre, outline,
        )  # fmt: skip
        self._pieces[area.id] = replace(self._pieces[area.id], shape=shape, repaired=row.repaired, code=code)
        same = (area.outline, area.lon, area.lat, area.population, area.code) == (outline, *centre, population, code)
        if same:
            self.unchanged += 1
        else:
            self.changed.append(change)

    def _add(self, row: FileArea, parent: str, shape: BaseGeometry, centre: tuple[float, float]) -> None:
        number = self._last.get(parent, 0) + 1
        if number > MOST_CHILDREN:
            self.refused.append(Refused(row.row_no, row.name, "上级的下级已满"))
            return
        path = f"{parent}{number:02d}."
        self._note_path(path)
        key = -len(self.new) - 1
        self._paths[path] = key
        if row.code:
            self._path_of_code[row.code] = path
        self._pieces[key] = Piece(key, self._paths[parent], row.level, row.code, row.name, shape, row.repaired)
        self.new.append(
            Change(
                row.row_no, None, parent, row.level, row.code, row.name, path, row.population or 0, *centre, as_geojson(shape)
            )
        )  # fmt: skip

    def _note_path(self, path: str) -> None:
        parent, _, number = path.rstrip(".").rpartition(".")
        parent = f"{parent}." if parent else ""
        self._last[parent] = max(self._last.get(parent, 0), int(number))
