"""Units and categories by what people write for them, and back."""

from collections.abc import Iterable
from typing import Any

from commandcenter.db import reads
from commandcenter.db.engine import Database


class Named:
    """Rows by what people may write for them: their words in some columns, or their id."""

    def __init__(self, rows: Iterable[Any], *columns: str) -> None:
        self.by_id: dict[int | None, Any] = {}
        self._called: dict[str, list[Any]] = {}
        for row in rows:
            self.by_id[row.id] = row
            for name in {str(row.id), *(getattr(row, column) for column in columns)}:
                self._called.setdefault(name, []).append(row)

    def one(self, words: str, what: str) -> Any:
        """The one that is meant; raises ValueError with the reason, which says that a `what` was looked for."""
        found = self._called.get(words, [])
        if len(found) != 1:
            raise ValueError(f"{'有几个' if found else '没有'}{what}叫“{words}”")
        return found[0]


async def units_and_categories(db: Database) -> tuple[Named, Named]:
    """All of them, closed ones too."""
    async with db.begin() as connection:
        units = await reads.rows(connection, reads.UNITS)
        categories = await reads.rows(connection, reads.CATEGORIES)
    return Named(units, "name", "short_name"), Named(categories, "path_name", "name")
