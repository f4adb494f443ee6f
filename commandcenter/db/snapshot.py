"""The first load of the mirror: all open cases the person may see, as columns, and the point from which the feed goes on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Literal

import asyncpg
import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.moment import NEVER
from commandcenter.live.mirror import COLUMNS, TEXTS, Rows

# Mirror column -> (SQL expression, type on the wire). No expression may be null: a null has no bytes, and the rows would
# stop being of one length.
_TIME = "coalesce({0}, 'infinity')"
EXPRESSIONS: dict[str, tuple[str, str]] = {
    "id": ("id", ">i8"),
    "version": ("version", ">i4"),
    "grade": ("grade", ">i2"),
    "state": ("state", ">i2"),
    "flags": ("flags", ">i4"),
    "town": ("coalesce(town_id, 0)", ">i4"),
    "area": ("coalesce(area_id, 0)", ">i4"),
    "unit": ("coalesce(unit_id, 0)", ">i4"),
    "category": ("coalesce(category_id, 0)", ">i4"),
    "channel": ("channel_id", ">i4"),
    "reports": ("reports", ">i4"),
    "returns": ("returns", ">i2"),
    "redos": ("redos", ">i2"),
    "lon": ("coalesce(lon, 'NaN')", ">f8"),
    "lat": ("coalesce(lat, 'NaN')", ">f8"),
    **{
        name: (_TIME.format(name) if name not in {"received_at", "changed_at"} else name, ">i8")
        for name in COLUMNS
        if name.endswith("_at")
    },
}
_EPOCH_2000 = 946_684_800_000_000  # µs from 1970 to 2000, where Postgres begins to count
_HEADER = 19  # the signature, flags and extension length of COPY … BINARY
_INFINITY = np.iinfo(np.int64).max

TEXT_EXPRESSIONS = {"number": "number", "title": "title", "place": "place", "holder": "holder"}
WALL_TEXTS = {"number": "number", "title": "''", "place": "''", "holder": "''"}
"""What the wall reads instead: the database refuses it the citizens' words (95_policies.sql)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows, and from where the feed goes on: everything from transaction `xmin` on is still to be read."""

    rows: Rows
    xmin: int
    epoch: str
    as_of: datetime


def _row_type() -> np.dtype[Any]:
    fields: list[tuple[str, str]] = [("", ">i2")]
    for name in COLUMNS:
        fields += [("", ">i4"), (name, EXPRESSIONS[name][1])]
    # numpy names empty fields f0, f1, …; they are the counts and lengths of the wire format
    return np.dtype(fields)


def times_from_wire(raw: NDArray[Any]) -> NDArray[np.int64]:
    """Microseconds since 1970 from Postgres's since 2000; infinity becomes NEVER."""
    values: NDArray[np.int64] = raw.astype(np.int64)
    return np.where(values == _INFINITY, NEVER, values + _EPOCH_2000)


def decode_numbers(data: bytes) -> dict[str, NDArray[Any]]:
    """Columns of COPY … BINARY output of the snapshot's query, in the mirror's types."""
    kind = _row_type()
    count = (len(data) - _HEADER - 2) // kind.itemsize
    table = np.frombuffer(data, kind, count, _HEADER)
    return {
        name: times_from_wire(table[name]) if name.endswith("_at") else table[name].astype(COLUMNS[name])
        for name in COLUMNS
    }


def decode_texts(data: bytes) -> dict[str, list[str]]:
    """Columns of COPY … (text format) output. The columns forbid control characters, so only backslashes are escaped."""
    if b"\\" in data:
        data = data.replace(b"\\\\", b"\\")
    # one flat list: a list per row would keep the garbage collector busy longer than all the rest
    flat = data.decode().replace("\n", "\t").split("\t")
    flat.pop()
    return {name: flat[at :: len(TEXTS)] for at, name in enumerate(TEXTS)}


async def _copy(connection: asyncpg.Connection, query: str, kind: Literal["text", "binary"]) -> bytes:
    sink = BytesIO()
    await connection.copy_from_query(query, output=sink, format=kind)
    return sink.getvalue()


async def read_snapshot(connection: asyncpg.Connection, *, wall: bool = False) -> Snapshot:
    """Read all open cases in one repeatable-read transaction. `wall`: without the texts the wall is refused."""
    numbers = ", ".join(EXPRESSIONS[name][0] for name in COLUMNS)
    texts = ", ".join((WALL_TEXTS if wall else TEXT_EXPRESSIONS)[name] for name in TEXTS)
    source = "from cc.cases where state < 7 order by id"
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        # most of the table is wanted: the heap in its order and a sort in memory beat any index
        await connection.execute("set local enable_indexscan = off; set local work_mem = '256MB'")
        head = await connection.fetchrow(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as xmin, feed_epoch::text as epoch, "
            "clock_timestamp() as at from cc.centre"
        )
        raw = await _copy(connection, f"select {numbers} {source}", "binary")
        words = await _copy(connection, f"select {texts} {source}", "text")
    if head is None:
        return Snapshot(empty_rows(), 0, "", datetime.now(UTC))
    return Snapshot(Rows(decode_numbers(raw), decode_texts(words)), head["xmin"], head["epoch"], head["at"])


def empty_rows() -> Rows:
    """No rows at all."""
    return Rows({name: np.zeros(0, kind) for name, kind in COLUMNS.items()}, {name: [] for name in TEXTS})
