"""Where a case is: the list of those nobody could place, what their words may mean, and the deed that places one.

Raises the `PersonError` family; `version` and `key` as in `services.cases`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from commandcenter.db import reads
from commandcenter.db.engine import Database
from commandcenter.db.placing_reads import UNPLACED
from commandcenter.db.verbs import call
from commandcenter.domain.case import Grade, State
from commandcenter.intake.place.candidate import Candidate
from commandcenter.services.cases import CaseChange
from commandcenter.services.places import PlaceBook

MOST = 300
MENTIONED = 0.8
"""How much less a place counts that the report's text only mentions, against one in the words for the place."""
_AREAS = frozenset({"town", "community", "grid"})
"""Kinds of candidates that are areas: their middle is no place of a matter."""


@dataclass(frozen=True, slots=True)
class Unplaced:
    """An open case without an area, or without a point; `content` is its first report's."""

    id: int
    number: str
    version: int
    grade: Grade
    state: State
    title: str
    place: str
    area_id: int | None
    town_id: int | None
    lon: float | None
    lat: float | None
    channel_id: int
    received_at: datetime
    holder: str
    content: str


@dataclass(frozen=True, slots=True)
class Guess:
    """A place that a case may mean: an area, with a point (WGS-84) where it is finer than one; `score` 0..1, and why."""

    area_id: int
    name: str
    lon: float | None
    lat: float | None
    score: float
    reason: str


async def read_unplaced(db: Database, *, pointless: bool = False, most: int = MOST) -> tuple[Unplaced, ...]:
    """Open cases without an area, the most urgent first; with `pointless` also those that only lack a point."""
    return await _read(db, pointless=pointless, case_id=None, most=most)


async def read_place(db: Database, case_id: int) -> Unplaced | None:
    """The same about one open case, wherever it is; None where it is over, or none of the person's."""
    found = await _read(db, pointless=False, case_id=case_id, most=1)
    return found[0] if found else None


async def _read(db: Database, **arguments: object) -> tuple[Unplaced, ...]:
    async with db.begin() as connection:
        found = await reads.rows(connection, UNPLACED, **arguments)
    return tuple(
        Unplaced(
            row.id, row.number, row.version, Grade(row.grade), State(row.state), row.title, row.place, row.area_id,
            row.town_id, row.lon, row.lat, row.channel_id, row.received_at, row.holder, row.content or "",
        )
        for row in found
    )  # fmt: skip


def guesses(book: PlaceBook, case: Unplaced, most: int = 5) -> tuple[Guess, ...]:
    """What the case's point, its words for the place, and its text may mean, the surest first, each area once."""
    found: list[Guess] = []
    if case.lon is not None and (area_id := book.locator.at(case.lon, case.lat)) is not None:
        name = next((place.name for place in book.places if place.area_id == area_id), "")
        found.append(Guess(area_id, name, case.lon, case.lat, 1.0, "坐标在这个网格内"))
    found += [_guess(each, 1.0, "") for each in book.gazetteer.find(case.place)]
    found += [
        _guess(each, MENTIONED, "诉求里提到；") for each in book.gazetteer.find(case.title, case.content, fuzzy=False)
    ]
    best: dict[tuple[int, str], Guess] = {}
    for each in sorted(found, key=lambda guess: -guess.score):
        best.setdefault((each.area_id, each.name), each)
    return tuple(best.values())[:most]


def _guess(found: Candidate, weight: float, note: str) -> Guess:
    lon, lat = (None, None) if found.kind in _AREAS else (found.lon, found.lat)
    return Guess(found.area_id, found.name, lon, lat, round(found.score * weight, 3), note + found.reason)


async def place(
    db: Database,
    *,
    case_id: int,
    version: int,
    area_id: int | None = None,
    lon: float | None = None,
    lat: float | None = None,
    place: str = "",
    key: UUID,
) -> CaseChange:
    """Say where a case is: an area, a point (WGS-84 degrees, both or neither), or both; and in words, '' leaves them.

    What is left out stays as it was. The town, and with it who sees the case, follows from the area; whoever works on it
    goes on seeing it. A caller places within their own area. No clock changes. A point far outside the area is refused; one that
    the case had and that is not in a new area goes.
    """
    row = await call(db, "place", case=case_id, version=version, area=area_id, lon=lon, lat=lat, place=place, key=key)
    return CaseChange.of(row)


async def unplace(db: Database, *, case_id: int, placed: int, key: UUID) -> CaseChange:
    """Take back the placing that gave the case the version `placed`: it is where it was, seen by those who saw it.

    Refused where the place is another by now, and where the case was dispatched, reassigned or whistled for since.
    """
    row = await call(db, "unplace", case=case_id, placed=placed, key=key)
    return CaseChange.of(row)
