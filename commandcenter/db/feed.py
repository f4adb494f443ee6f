"""What changed since the snapshot, without gaps: hints by NOTIFY, truth by transaction horizon.

Reading ``seq > last`` loses events that commit late. The reader keeps the smallest transaction that was still running at
its last read, asks for everything from there on, and drops the sequence numbers it has seen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
import numpy as np

from commandcenter.db.engine import CHANNEL
from commandcenter.db.snapshot import EXPRESSIONS, TEXT_EXPRESSIONS, WALL_TEXTS
from commandcenter.domain.moment import NEVER
from commandcenter.live.mirror import COLUMNS, TEXTS, Rows

REFERENCE = frozenset(
    {
        "areas",
        "calendar",
        "categories",
        "centre",
        "channels",
        "duty_list",
        "grade_limits",
        "people",
        "schemes",
        "settings",
        "slip_kinds",
        "slip_rules",
        "steps",
        "transitions",
        "units",
        "whistle_levels",
        "work_hours",
    }
)
"""Entities of reference data, as ``cc.reference_changed`` writes them (sql/30_journal.sql)."""
TOO_FAR = 50_000
"""More unread events than this: a new snapshot is cheaper."""


async def listening(connection: asyncpg.Connection, hint: Callable[[], None]) -> bool:
    """Have `hint` called at every commit that changes something; False on a read replica, which refuses to listen."""
    try:
        await connection.add_listener(CHANNEL, lambda *_: hint())
    except (asyncpg.ReadOnlySQLTransactionError, asyncpg.FeatureNotSupportedError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Batch:
    """What one read brought: cases as they are now, ids that left or are out of sight, and what else changed."""

    rows: Rows
    gone: list[int]
    entities: frozenset[str]
    """What kinds of things the events are about: ``case``, ``whistle``, ``party``, ``slip`` … or a reference table's name."""
    seqs: list[int]
    now: datetime
    oldest_at: datetime | None
    epoch: str

    @property
    def reference_changed(self) -> bool:
        """Whether rules, places, units or people are others than before."""
        return not self.entities.isdisjoint(REFERENCE)

    @property
    def too_far(self) -> bool:
        """Whether not everything was read, so that only a new snapshot helps."""
        return len(self.seqs) > TOO_FAR


def _microseconds(expression: str) -> str:
    return f"coalesce((extract(epoch from {expression}) * 1000000)::bigint, {NEVER})"


def _query(*, wall: bool) -> str:
    columns = [
        f"{_microseconds(name) if name.endswith('_at') else EXPRESSIONS[name][0]} as c_{name}" for name in COLUMNS
    ]
    columns += [f"{expression} as c_{name}" for name, expression in (WALL_TEXTS if wall else TEXT_EXPRESSIONS).items()]
    return f"""
        with horizon as (
            select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as horizon, clock_timestamp() as now,
                   (select feed_epoch::text from cc.centre) as epoch
        ), events as (
            select f.* from cc.feed_since($1::text::xid8) f
            where not exists (select from unnest($2::bigint[]) s (seq) where s.seq = f.seq)
            order by f.seq limit {TOO_FAR + 1}
        )
        select h.horizon, h.now, h.epoch, e.seq, e.tx, e.entity, e.case_id, e.at, c.id is not null as held, {", ".join(columns)}
        from horizon h
        left join events e on true
        left join cc.cases c on c.district_id = cc.home_district() and c.id = e.case_id and c.state < 7
        """  # noqa: S608 - our own constants


REWIND = 1_000
"""Transactions to look back over after a lost connection.

A crashed server goes on with the number behind the last one found in its log on disk. What was committed is found there,
but a transaction that was undone is written down only by and by (at most three times wal_writer_delay later, 0.6 s), and
it lifts the horizon at once: its number is given again, before the horizon that the reader had seen. So the reader looks
back over more than are undone within that time. A transaction under way cannot be missed so: it holds the horizon down.
A promoted replica that lost more than this needs a new `feed_epoch`, which makes every desk load anew.
"""
MOST_KEPT = 10_000
"""Events remembered for that; beyond them looking back brings some twice, which changes nothing in a mirror."""


class FeedReader:
    """Reads the journal from a horizon on; `resume` on another connection when one was lost, and nothing else is."""

    def __init__(self, connection: asyncpg.Connection, xmin: int, *, wall: bool = False) -> None:
        self.connection = connection
        self._xmin = xmin
        self._seen: dict[int, int] = {}
        self._query = _query(wall=wall)

    def resume(self, connection: asyncpg.Connection) -> None:
        """Go on over another connection."""
        self.connection = connection
        self._xmin = max(3, self._xmin - REWIND)  # the first number of a transaction there is

    async def read(self) -> Batch:
        """Everything committed since the last read that concerns the person; each event once."""
        known = [seq for seq, tx in self._seen.items() if tx >= self._xmin]
        records = await self.connection.fetch(self._query, str(self._xmin), known)
        head = records[0]
        events = [record for record in records if record["seq"] is not None]
        self._xmin = head["horizon"]
        self._seen.update((record["seq"], record["tx"]) for record in events)
        oldest = self._xmin - (REWIND if len(self._seen) <= MOST_KEPT else 0)
        self._seen = {seq: tx for seq, tx in self._seen.items() if tx >= oldest}
        cases = {record["case_id"]: record for record in events if record["case_id"] is not None}
        held = [record for record in cases.values() if record["held"]]
        return Batch(
            rows=_rows(held),
            gone=[case_id for case_id, record in cases.items() if not record["held"]],
            entities=frozenset(record["entity"] for record in events),
            seqs=[record["seq"] for record in events],
            now=head["now"],
            oldest_at=min((record["at"] for record in events), default=None),
            epoch=head["epoch"] or "",
        )


def _rows(records: list[Any]) -> Rows:
    return Rows(
        {name: np.array([record[f"c_{name}"] for record in records], kind) for name, kind in COLUMNS.items()},
        {name: [record[f"c_{name}"] for record in records] for name in TEXTS},
    )
