"""The county's gazetteer: read for desks and imports, filled from tables, and learned from the cases of the archive."""

import json
from asyncio import to_thread
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from commandcenter.db import places as place_rows
from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.domain.crs import Crs
from commandcenter.intake.gazetteer import Gazetteer
from commandcenter.intake.locate import Locator
from commandcenter.intake.place.learn import Seen, area_of, learn
from commandcenter.intake.place.named import ROAD, Named
from commandcenter.intake.place.outline import Outlined
from commandcenter.intake.place.places_file import BadRow, FilePlace, read_places


@dataclass(frozen=True)
class PlaceBook:
    """All that finding a report's area needs."""

    locator: Locator
    """Over the grids."""
    gazetteer: Gazetteer
    places: tuple[Named, ...]
    """Areas and places, as the gazetteer has them."""
    threshold: float
    """How sure an address must be for its area to be taken."""
    learn_cases: int
    learn_metres: float

    def area_of(self, *texts: str) -> int | None:
        """Return the area that the parts of an address mean; None where that is not sure enough."""
        found = self.gazetteer.best(*texts, threshold=self.threshold)
        return None if found is None else found.area_id

    def area_mentioned(self, text: str) -> int | None:
        """Return the area that a longer text mentions, by names that are written right."""
        found = self.gazetteer.best(text, threshold=self.threshold, fuzzy=False)
        return None if found is None else found.area_id


@dataclass(frozen=True, slots=True)
class PlacesTaken:
    """What became of a table of places: ``places`` of its ``rows`` are distinct; the rest of the rows add house numbers."""

    rows: int
    places: int
    added: int
    changed: int
    rejected: tuple[BadRow, ...]


@dataclass(frozen=True, slots=True)
class LearnedPlaces:
    """What the archive taught: places by kind and name with how many cases call them so."""

    cases: int
    places: tuple[tuple[str, str, int], ...]
    added: int
    changed: int


async def load_book(db: Database) -> PlaceBook:
    """Read areas, outlines of grids and places as the asker may see them."""
    async with db.begin() as connection:
        return await book_in(connection)


async def book_in(connection: AsyncConnection) -> PlaceBook:
    """The same within a transaction of the caller."""
    areas = await reads.rows(connection, reads.AREAS)
    outlines = await reads.rows(connection, reads.OUTLINES, levels=["grid"])
    places = await reads.rows(connection, place_rows.PLACES)
    numbers = {row.name: float(row.value) for row in await reads.rows(connection, place_rows.NUMBERS)}

    def make() -> PlaceBook:
        paths = {row.id: row.path for row in areas}
        locator = Locator.of(Outlined(row.id, paths[row.id], json.loads(row.outline)) for row in outlines)
        named = [Named(row.id, row.level, row.name, row.path, (), row.lon, row.lat) for row in areas]
        named += [
            Named(
                row.area_id, row.kind, row.name, row.path, tuple(row.aliases), row.lon, row.lat,
                tuple((int(number), lon, lat) for number, lon, lat in json.loads(row.doors)),
            )
            for row in places
        ]  # fmt: skip
        return PlaceBook(
            locator,
            Gazetteer(named, locator),
            tuple(named),
            numbers["place_threshold"],
            int(numbers["place_learn_cases"]),
            numbers["place_learn_metres"],
        )

    return await to_thread(make)


async def import_file(db: Database, path: Path, *, crs: Crs = Crs.WGS84, dry_run: bool = False) -> PlacesTaken:
    """Bring a table of places in, in one transaction, or with `dry_run` only count it. Raises PersonError."""
    rows, places, bad = await to_thread(read_places, path, crs=crs)
    async with db.begin() as connection:
        areas = await reads.rows(connection, reads.AREAS)
        book = await book_in(connection)
        meant: dict[str, list[Any]] = {}
        for area in areas:
            for word in {area.code, area.name} - {""}:
                meant.setdefault(word, []).append(area)
        records = []
        for place in places:
            area_id, reason = _area(place, meant, book, {area.id: area for area in areas})
            if area_id is None:
                bad.append(BadRow(place.row_no, reason))
            else:
                records.append(_record(place, area_id))
        records = [*{(each["area_id"], each["kind"], each["name"]): each for each in records}.values()]
        added, changed = (0, 0) if dry_run else await place_rows.put(connection, records, "import")
    return PlacesTaken(rows, len(records), added, changed, tuple(sorted(bad, key=lambda each: each.row_no)))


async def learn_places(db: Database, *, dry_run: bool = False) -> LearnedPlaces:
    """Learn names of places, and house numbers of roads, from the cases that are over. Raises PersonError."""
    async with db.begin() as connection:
        book = await book_in(connection)
        areas = await reads.rows(connection, reads.AREAS)
        cases = await reads.rows(connection, place_rows.ENDED_PLACES)
        towns = {area.path: area.id for area in areas if area.level == "town"}
        town_of = {area.id: ".".join(area.path.split(".")[:2]) + "." for area in areas}
        found = book.locator.ids_of([row.lon for row in cases], [row.lat for row in cases]).tolist()
        seen = [
            Seen(row.place, row.lon, row.lat, town)
            for row, at in zip(cases, found, strict=True)
            if (town := town_of.get(at or row.area_id, "")) in towns
        ]
        roads = [place for place in book.places if place.kind == ROAD]
        learned = await to_thread(learn, seen, book.gazetteer, roads, cases=book.learn_cases, metres=book.learn_metres)
        aliases = {(road.path, road.name): road.aliases for road in roads}
        records = [
            {
                "name": each.name,
                "aliases": list(aliases.get((each.town, each.name), ())),
                "kind": each.kind,
                "area_id": area_of(each, book.locator, towns),
                "lon": each.lon,
                "lat": each.lat,
                "doors": each.doors,
            }
            for each in learned
        ]
        records = [*{(each["area_id"], each["kind"], each["name"]): each for each in records}.values()]
        added, changed = (0, 0) if dry_run else await place_rows.put(connection, records, "learned")
    return LearnedPlaces(len(cases), tuple((each.kind, each.name, each.cases) for each in learned), added, changed)


def _area(
    place: FilePlace, meant: dict[str, list[Any]], book: PlaceBook, areas: dict[int, Any]
) -> tuple[int | None, str]:
    """(the smallest area that holds the place, or why there is none): what the file says, or where the point lies.

    Of a road with house numbers in several grids it is what these have in common.
    """
    if place.area:
        named = meant.get(place.area, [])
        if len(named) == 1:
            return named[0].id, ""
        return None, f"区域“{place.area[:20]}”{'有多处，请写代码' if named else '不在库里'}"
    points = [door[1:] for door in place.doors] or [place.point or (0.0, 0.0)]
    found = {
        int(number) for number in book.locator.ids_of([lon for lon, _ in points], [lat for _, lat in points]) if number
    }
    if not found:
        return None, "坐标不在任何网格里"
    return _common(found, areas), ""


def _common(found: set[int], areas: dict[int, Any]) -> int:
    paths = [areas[number].path for number in found]
    parts = [path.split(".")[:-1] for path in paths]
    shared: Sequence[str] = parts[0]
    for other in parts[1:]:
        shared = [one for one, two in zip(shared, other, strict=False) if one == two]
    wanted = "".join(f"{part}." for part in shared)
    return next(number for number, area in areas.items() if area.path == wanted)


def _record(place: FilePlace, area_id: int) -> dict[str, Any]:
    lon, lat = place.point or (None, None)
    return {
        "name": place.name,
        "aliases": place.aliases,
        "kind": place.kind,
        "area_id": area_id,
        "lon": lon,
        "lat": lat,
        "doors": place.doors,
    }
