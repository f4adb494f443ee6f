"""What the words of cases without a place may mean, by the gazetteer; thought out once, and anew where either has changed."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from commandcenter.errors import PersonError
from commandcenter.services import placing
from commandcenter.services.places import PlaceBook, load_book

if TYPE_CHECKING:
    from commandcenter.services.placing import Guess, Unplaced


class Candidates:
    """Take the `book`, then `think` about some cases by it; `outdate` when places or areas are others."""

    def __init__(self) -> None:
        self._book: PlaceBook | None = None
        self._old = False
        """Places or areas are others by now; until they have been read the old ones do."""
        self._found: dict[int, tuple[Unplaced, tuple[Guess, ...]]] = {}

    def outdate(self) -> None:
        """Read the gazetteer again next time."""
        self._old = True

    async def book(self, db: Any) -> PlaceBook:
        """The gazetteer as it is now. Raises PersonError."""
        if self._book is not None and not self._old:
            return self._book
        self._old = False
        try:
            return await load_book(db)
        except PersonError:
            self._old = True
            raise

    async def think(self, book: PlaceBook, cases: Mapping[int, Unplaced]) -> None:
        """Think about those that are new or have changed; about all where the book is another."""
        known = self._found if book is self._book else {}
        kept = {number: known[number] for number, case in cases.items() if number in known and known[number][0] == case}
        new = [case for number, case in cases.items() if number not in kept]
        self._found = kept | await to_thread(_think, book, new)
        self._book = book

    def of(self, case: Unplaced) -> tuple[Guess, ...]:
        """The surest first; none while nobody has thought about it."""
        return self._found[case.id][1] if case.id in self._found else ()

    def area_at(self, lon: float, lat: float) -> int | None:
        """The grid a point lies in, computed exactly."""
        return self._book.locator.at(lon, lat) if self._book is not None else None


def _think(book: PlaceBook, cases: Sequence[Unplaced]) -> dict[int, tuple[Unplaced, tuple[Guess, ...]]]:
    return {case.id: (case, placing.guesses(book, case)) for case in cases}
