"""Turning the cells of one row into an ImportRow, by the columns its header was understood to have."""

from collections.abc import Callable, Sequence
from datetime import datetime

from commandcenter.intake.field import LABELS
from commandcenter.intake.header import Header
from commandcenter.intake.moment import at_clock, read_clock, read_moment
from commandcenter.intake.point import Point, read_point, split_point
from commandcenter.intake.row import ImportRow
from commandcenter.intake.times import Times
from commandcenter.intake.value import Cell, body, identifier, is_secret, line, phone, plain, truth

# field → (attribute of ImportRow, how its cell is cleaned); the others need more than one cell
_PLAIN: dict[str, tuple[str, Callable[[Cell], str]]] = {
    "title": ("title", line),
    "channel": ("channel_name", line),
    "kind": ("kind", line),
    "place": ("place", line),
    "town": ("town", line),
    "community": ("community", line),
    "citizen_name": ("citizen_name", line),
    "citizen_phone": ("citizen_phone", phone),
    "citizen_address": ("citizen_address", line),
    "unit": ("unit_name", line),
    "status": ("status", line),
    "reply": ("reply", body),
}
_COMPOSED = frozenset(
    {"content", "received_at", "received_on", "foreign_number", "category", "category_1", "category_2", "category_3"}
    | {"category_4", "lon", "lat", "lonlat", "confidential", "public"}
)
_LEVELS = ("category_1", "category_2", "category_3", "category_4")


class Unusable(Exception):  # says what the row is
    """The row lacks a content or a time."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RowReader:
    """Reads rows under one header."""

    def __init__(self, header: Header, dates: str = "", times: Times | None = None) -> None:
        self._dates = dates
        self._possible = times
        self._at = header.indexes()
        self._width = len(header.columns)
        self._own = tuple((*_PLAIN[name], *_alone(places)) for name, places in self._at.items() if name in _PLAIN)
        self._more = tuple(
            (name, *_alone(places)) for name, places in self._at.items() if name not in _PLAIN and name not in _COMPOSED
        )
        self._times = (*self._at.get("received_at", ()), *self._at.get("received_on", ()))
        self._levels = tuple(name for name in _LEVELS if name in self._at)
        pairs = zip(self._at.get("lon", ()), self._at.get("lat", ()), strict=False)
        self._points = (*pairs, *((place, place) for place in self._at.get("lonlat", ())))
        self._has_secret = bool(self._at.keys() & {"confidential", "public", "citizen_name"})

    def stands_alone(self, cells: Sequence[Cell]) -> bool:
        """Tell whether cells look like a row: as many as the header's, and a time among them, where it belongs."""
        return len(cells) >= self._width > 1 and any(
            read_moment(cells[place], self._dates) is not None for place in self._times if place < len(cells)
        )

    def read(self, cells: Sequence[Cell], raw: dict[str, Cell]) -> tuple[ImportRow, tuple[str, ...]]:
        """Return (row, notes); raises Unusable where content or time is missing."""
        if len(cells) < self._width:
            cells = [*cells, *([None] * (self._width - len(cells)))]
        notes: list[str] = []
        content = self._text("content", cells, body)
        received_at = self._received_at(cells, notes)
        if not content or received_at is None:
            raise Unusable(self._why(cells, content, received_at))
        if self._possible is not None:
            if self._possible.is_future(received_at):
                raise Unusable(f"时间在将来“{_first(self._times, cells, line)[:30]}”")
            if doubt := self._possible.doubt(received_at):
                notes.append(doubt)
        number, exact = self._number(cells)
        if not exact:
            notes.append("编号被表格软件写成科学计数，已失真，未采用")
            number = ""
        point = self._point(cells, notes) if self._points else None
        if len(cells) > self._width and any(cell not in {"", None} for cell in cells[self._width :]):
            notes.append("这一行比表头多出几格，多出的只留在原始记录里")
        own = {
            attribute: clean(cells[place]) or (_first(rest, cells, clean) if rest else "")
            for attribute, clean, place, rest in self._own
        }
        more = {
            name: text
            for name, place, rest in self._more
            if (text := line(cells[place]) or (_first(rest, cells, line) if rest else ""))
        }
        return ImportRow(
            content=content,
            received_at=received_at,
            foreign_number=number,
            category=self._category(cells),
            lon=point[0] if point else None,
            lat=point[1] if point else None,
            confidential=self._has_secret and self._confidential(cells),
            more=more,
            raw=raw,
            **own,
        ), tuple(notes)

    def _text(self, name: str, cells: Sequence[Cell], clean: Callable[[Cell], str]) -> str:
        places = self._at.get(name)
        return _first(places, cells, clean) if places else ""

    def _received_at(self, cells: Sequence[Cell], notes: list[str]) -> datetime | None:
        day = next(
            (found for place in self._at.get("received_on", ()) if (found := read_moment(cells[place], self._dates))),
            None,
        )
        clocks = self._at.get("received_at", ())
        for place in clocks:
            moment = read_moment(cells[place], self._dates)
            if moment is None and day is not None:
                clock = read_clock(cells[place])
                moment = at_clock(day, clock) if clock is not None else None
            if moment is not None:
                return moment
        if day is not None and _first(clocks, cells, line):
            notes.append("看不懂几点几分，只取日期")
        return day

    def _why(self, cells: Sequence[Cell], content: str, received_at: datetime | None) -> str:
        reasons = [] if content else [f"没有{LABELS['content']}"]
        if received_at is None:
            said = _first(self._times, cells, line)
            reasons.append(f"看不懂时间“{said[:30]}”" if said else "没有时间")
        return "，".join(reasons)

    def _number(self, cells: Sequence[Cell]) -> tuple[str, bool]:
        number, exact = "", True
        for place in self._at.get("foreign_number", ()):
            number, exact = identifier(cells[place])
            if number and exact:
                break
        return number, exact

    def _category(self, cells: Sequence[Cell]) -> str:
        levels = [self._text(name, cells, line) for name in self._levels]
        return " › ".join(level for level in levels if level) or self._text("category", cells, line)

    def _confidential(self, cells: Sequence[Cell]) -> bool:
        for place in self._at.get("confidential", ()):
            said = truth(cells[place])
            if said is not None:
                return said
        for place in self._at.get("public", ()):
            said = truth(cells[place])
            if said is not None:
                return said if "公开" in plain(cells[place]) else not said
        return any(is_secret(cells[place]) for place in self._at.get("citizen_name", ()))

    def _point(self, cells: Sequence[Cell], notes: list[str]) -> Point | None:
        note = ""
        for x, y in self._points:
            lon, lat = split_point(cells[x]) if x == y else (cells[x], cells[y])
            point, problem = read_point(lon, lat)
            note = note or problem
            if point is not None:
                if problem:
                    notes.append(problem)
                return point
        if note:
            notes.append(note)
        return None


def _alone(places: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    """Return (most trusted place, the others): nearly always there are no others, and reading is short."""
    return places[0], places[1:]


def _first(places: Sequence[int], cells: Sequence[Cell], clean: Callable[[Cell], str]) -> str:
    for place in places:
        text = clean(cells[place])
        if text:
            return text
    return ""
