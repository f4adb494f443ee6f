"""Figures of the day: counts for counters and the wall, within the person's sight."""

from dataclasses import dataclass
from fractions import Fraction

from commandcenter.db import reads
from commandcenter.db.engine import Database


@dataclass(frozen=True, slots=True)
class Today:
    """Since midnight in Shanghai."""

    received: int
    """Reports 诉求 received."""
    merged: int
    """Of these, reports that went into a case which had one already."""
    finished: int
    in_time: int
    """Of the finished, those within their limit."""
    called: int
    reached: int
    content: int
    """Of the reached, those 满意 or 基本满意."""

    @property
    def merged_share(self) -> Fraction | None:
        """Merged of received; None without a denominator."""
        return Fraction(self.merged, self.received) if self.received else None

    @property
    def content_share(self) -> Fraction | None:
        """Content of reached; None without a denominator."""
        return Fraction(self.content, self.reached) if self.reached else None


@dataclass(frozen=True, slots=True)
class Flow:
    """Cases received in each hour of the day, 24 entries."""

    today: tuple[int, ...]
    usual: tuple[float | None, ...]
    """Mean of the same weekday over the eight weeks before; None where there is no history."""


async def read_today(db: Database) -> Today:
    """The day's counts so far."""
    async with db.begin() as connection:
        [row] = await reads.rows(connection, reads.TODAY)
    return Today(*[int(value) for value in row])


async def read_flow(db: Database) -> Flow:
    """The day's hours against their usual."""
    async with db.begin() as connection:
        found = await reads.rows(connection, reads.FLOW)
    return Flow(
        tuple(row.today for row in found), tuple(None if row.usual is None else float(row.usual) for row in found)
    )
