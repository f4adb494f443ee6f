"""What becomes of a file that is taken in: its counts and examples, and the runs there were."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from commandcenter.db import importing, reads
from commandcenter.db.engine import Database
from commandcenter.errors import PersonError
from commandcenter.services.import_known import NoSuchChannel, UnknownWord

__all__ = ["Imported", "NoSuchChannel", "Problem", "Renewed", "Run", "Stopped", "read_runs"]


class Stopped(PersonError):
    """A person ended it; what was committed stays, and the same file goes on from there."""

    def __init__(self) -> None:
        super().__init__("导入已停下。", "已导入的部分保留；再导入同一个文件，会从停下的地方接着做。")

    def __reduce__(self) -> tuple[type["Stopped"], tuple[()]]:
        """Keep it picklable: it is made from nothing."""
        return Stopped, ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why rows are rejected, or what is strange about rows that are not: how many, and the first of them."""

    reason: str
    rows: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Renewed:
    """A report that was here: the fields a later export changed, and those it says otherwise but may not change."""

    row_no: int
    number: str
    updated: tuple[str, ...]
    untouched: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file: ``accepted + duplicates + rejected == rows``. Updated rows are among the duplicates."""

    rows: int
    accepted: int
    duplicates: int
    rejected: int
    reject_file: Path | None
    encoding: str
    sheet: str
    columns: Mapping[str, str]
    duplicate_of: tuple[tuple[int, str], ...]
    """(row of the file, number of the case that has its report already), as many as `import_duplicates.NAMED`."""
    duplicate_file: Path | None = None
    """Where all of them are named, where they are more."""
    unplaced: int = 0
    """How many of the accepted have no area: no point in a grid, and no address that is sure enough."""
    unplaced_rows: tuple[int, ...] = ()
    """Their rows, the first of this run, as many as a tally names."""
    updated: int = 0
    untouched: int = 0
    """Duplicates of which the file says something else that it may not change."""
    renewed: tuple[Renewed, ...] = ()
    """The first of both."""
    problems: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    """What was put right, left out or seems strange in rows that could be read; they are among the accepted and duplicates."""
    unknown: tuple[UnknownWord, ...] = ()
    footers: tuple[tuple[int, str], ...] = ()
    profile: str = ""
    resumed_after: int = 0
    """The row up to which an earlier run had come; 0 where this one began."""


@dataclass(frozen=True, slots=True)
class Run:
    """A file that was taken in, or is being, or stopped."""

    id: int
    file_name: str
    channel_id: int | None
    profile: str
    machine: str
    actor: str
    began_at: datetime
    beat_at: datetime
    ended_at: datetime | None
    state: str
    last_row: int
    rows: int | None
    accepted: int
    duplicates: int
    updated: int
    untouched: int
    unplaced: int
    rejected: int | None


async def read_runs(db: Database, most: int = 50) -> tuple[Run, ...]:
    """The latest imports that the person may know of."""
    async with db.begin() as connection:
        return tuple(Run(**row._mapping) for row in await reads.rows(connection, importing.RUNS, most=most))  # noqa: SLF001
