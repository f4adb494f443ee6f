"""Bulk intake: COPY into ``cc.staging`` on the driver, then ``cc.take_in`` in the same transaction."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any, TypeVar
from uuid import uuid4

import asyncpg
import numpy as np

from commandcenter.db.engine import Database
from commandcenter.domain.moment import NEVER

INTAKE_COLUMNS = (
    "row_no", "matter", "channel_id", "foreign_number", "fingerprint", "kind", "category_id", "grade", "title", "content",
    "place", "area_id", "lon", "lat", "received_at", "name", "phone", "address", "confidential", "grams", "raw",
)  # fmt: skip
"""What every loader fills, in this order; ``received_at`` is µs since 1970 UTC."""
IMPORT_COLUMNS = (*INTAKE_COLUMNS, "source")
"""What an import fills: ``source`` is the other system's own word on status, result and unit, a JSON object or None."""
HISTORY_COLUMNS = (
    "state", "unit_id", "dispatched_at", "accepted_at", "accept_due_at", "return_until", "soon_at", "due_at", "paused_at",
    "finished_at", "archived_at", "flags", "returns", "redos", "reached", "solved", "satisfied",
)  # fmt: skip
"""What the system alone may fill besides: cases with a past."""

_EPOCH_2000 = 946_684_800_000_000  # µs from 1970 to 2000, where Postgres begins to count
_MARK = 0  # no character of a text
_BLANKS = np.frombuffer(b" \t\n\r\f\v", np.uint8).astype(np.uint32)
_MARKS = np.array([*map(ord, "，。、；：！？（）“”《》,.;:!?()-")], np.int64)
_FOR_GRAMS = (
    dict.fromkeys(_BLANKS.tolist())
    | {code: code + 32 for code in range(65, 91)}
    | dict.fromkeys(_MARKS.tolist(), _MARK)
)

_T = TypeVar("_T")
Connection = asyncpg.Connection
"""A driver's connection, for services that hold one across calls."""


@dataclass(frozen=True, slots=True)
class Known:
    """A row that had been delivered before: its number in the file, and the case of the report it repeats."""

    row_no: int
    case_id: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch; ``repeated`` lists the duplicates only."""

    rows: int
    repeated: tuple[Known, ...]


def grams(text: str) -> str:
    """The distinct pairs of neighbouring characters, without white space and marks: ``cc.grams`` as an array's text."""
    points = map(ord, text.translate(_FOR_GRAMS))
    pairs = sorted(
        {(a & 0x7FFF) << 16 | (b & 0xFFFF) for a, b in pairwise(points) if a and b}
    )  # sorted: sooner in the index
    return f"{{{','.join(map(str, pairs))}}}"


def all_grams(texts: Sequence[str]) -> list[str]:
    """What `grams` gives for each of the texts, at half the cost: in one pass over all of them."""
    joined = "\0".join(texts)  # a mark: no pair spans two texts
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    owner = np.repeat(np.arange(len(texts), dtype=np.int64), [len(text) + 1 for text in texts])[: len(codes)]
    kept = ~np.isin(codes, _BLANKS)
    codes, owner = codes[kept].astype(np.int64), owner[kept]
    codes[(codes >= 65) & (codes <= 90)] += 32
    codes[np.isin(codes, _MARKS)] = _MARK
    first, second = codes[:-1], codes[1:]
    whole = (first != _MARK) & (second != _MARK)
    pairs = (first[whole] & 0x7FFF) << 16 | (second[whole] & 0xFFFF)
    found = owner[:-1][whole] << 31 | pairs
    found.sort()
    if len(found):
        found = found[
            np.concatenate(([True], found[1:] != found[:-1]))
        ]  # np.unique hashes, which takes five times as long
    ends = np.searchsorted(found >> 31, np.arange(1, len(texts) + 1)).tolist()
    words = list(map(str, (found & 0x7FFFFFFF).tolist()))
    made, start = [], 0
    for end in ends:
        made.append(f"{{{','.join(words[start:end])}}}")
        start = end
    return made


def printable(text: str, most: int | None = None) -> str:
    """One line without control characters, as titles and places are kept; cut to `most` characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:most]


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def _moment(us: int) -> tuple[int]:
    return (us - _EPOCH_2000,)


def _microseconds(wire: tuple[int]) -> int:
    return wire[0] + _EPOCH_2000


def or_none(us: int) -> int | None:
    """A moment for the database: None where it is NEVER."""
    return None if us == NEVER else us


@asynccontextmanager
async def session(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A driver's connection whose transactions are the caller's business; moments go and come as µs since 1970."""
    async with database.raw() as connection:
        await connection.set_type_codec(
            "timestamptz", schema="pg_catalog", encoder=_moment, decoder=_microseconds, format="tuple"
        )
        yield connection


@asynccontextmanager
async def loading(database: Database, *, keep: bool = True) -> AsyncIterator[asyncpg.Connection]:
    """A driver's connection in one transaction for a whole load: all of it, or nothing.

    Moments go and come as µs since 1970. `keep` False: done in full and then rolled back, to know what would be.
    """
    async with session(database) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            yield connection
        except BaseException:
            if not connection.is_closed():
                await transaction.rollback()
            raise
        if keep:
            await transaction.commit()
        else:
            await transaction.rollback()


async def take_in(
    connection: asyncpg.Connection,
    records: Sequence[Sequence[Any]],
    *,
    history: bool = False,
    source: bool = False,
    staged: Callable[[], None] = lambda: None,
) -> Taken:
    """Load rows of INTAKE_COLUMNS; rows of one matter become one case.

    With `history`, of HISTORY_COLUMNS besides; with `source`, of IMPORT_COLUMNS instead. `staged` is called when the
    server has the rows, and the work is its own from then on.

    Row numbers are unique, and matters whole, within the call.
    """
    batch = uuid4()
    columns = ("batch", *(IMPORT_COLUMNS if source else INTAKE_COLUMNS), *(HISTORY_COLUMNS if history else ()))
    await _stage(connection, columns, ((batch, *record) for record in records))
    staged()
    found = await connection.fetch(
        "select row_no, case_id from cc.take_in($1, $2) where duplicate", batch, history, timeout=3600
    )
    return Taken(len(records), tuple(Known(row["row_no"], row["case_id"]) for row in found))


async def _stage(connection: asyncpg.Connection, columns: Sequence[str], records: Iterator[Sequence[Any]]) -> None:
    """COPY, also where the server goes away in the middle: the driver would wait for ever to be allowed to send the rest."""
    driver: Any = connection
    lost = False

    def on_lost(_: object) -> None:
        nonlocal lost
        lost = True
        driver._protocol.resume_writing()  # noqa: SLF001 - it then finds out by itself that nobody is there

    connection.add_termination_listener(on_lost)
    try:
        await connection.copy_records_to_table(
            "staging", schema_name="cc", columns=columns, records=takewhile(lambda _: not lost, records)
        )
    finally:
        connection.remove_termination_listener(on_lost)


async def case_numbers(connection: asyncpg.Connection, case_ids: Sequence[int]) -> dict[int, str]:
    """Case id → number, hot or archived."""
    found = await connection.fetch("select id, number from cc.case_numbers($1)", list(case_ids))
    return {row["id"]: row["number"] for row in found}


async def aside(work: Callable[[], _T]) -> _T:
    """Do something that takes its time in a thread."""
    return await asyncio.to_thread(work)


async def ahead(chunks: Iterator[_T]) -> AsyncGenerator[tuple[_T, Callable[[], None]], None]:
    """Give chunk by chunk, each with what begins to make the next one in a thread.

    Best called when the server is at work: a thread that makes rows keeps this one from sending any.
    """
    following: asyncio.Future[_T | None] | None = None

    def begin() -> None:
        nonlocal following
        if following is None:
            following = asyncio.ensure_future(asyncio.to_thread(next, chunks, None))

    try:
        while True:
            begin()
            assert following is not None  # noqa: S101 - begun just now
            chunk = await following
            following = None
            if chunk is None:
                return
            yield chunk, begin
    finally:
        if following is not None:
            await asyncio.wait([following])  # a generator cannot be left while a thread is in it
            following.exception()  # whoever left early is not interested in it


async def take_all(
    connection: asyncpg.Connection, chunks: Iterator[Sequence[Sequence[Any]]], *, history: bool = False
) -> AsyncGenerator[Taken, None]:
    """Load chunk by chunk; while the server works on one, the next is made in a thread."""
    async with aclosing(ahead(chunks)) as coming:
        async for chunk, begin in coming:
            work = asyncio.ensure_future(take_in(connection, chunk, history=history, staged=begin))
            try:
                await asyncio.shield(work)
            finally:
                await asyncio.wait([work])  # the connection must be at rest before anything else happens on it
            yield work.result()
