"""Moments as whole microseconds: the one unit in which due times are computed, here and in SQL."""

from datetime import UTC, datetime, timedelta
from typing import Final

NEVER: Final = 2**63 - 1
"""A moment that does not exist (no deadline yet): the largest int64, later than every real moment."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = 60_000_000
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
LOCAL_OFFSET: Final = 8 * HOUR
"""Asia/Shanghai minus UTC. China has kept UTC+8 without summer time since 1992, so a constant is exact."""

_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime | None) -> int:
    """Give the moment as µs since 1970-01-01 UTC; `NEVER` for None. A naive datetime is a bug and raises TypeError."""
    return NEVER if moment is None else (moment - EPOCH) // _MICROSECOND


def moment_at(us: int) -> datetime:
    """Give the aware UTC datetime of `us` µs since 1970-01-01 UTC: the inverse of `micros`."""
    return EPOCH + timedelta(microseconds=us)


def local(us: int) -> tuple[int, int]:
    """Give (days since 1970-01-01, µs since midnight) on the clocks of Asia/Shanghai."""
    return divmod(us + LOCAL_OFFSET, DAY)
