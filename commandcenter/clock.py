"""Time as a thing that is handed in, so that rules about time can be tested without waiting."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Protocol

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""What people see. A fixed offset: China has had one zone without summer time since 1992, and a bare machine
(Windows, a slim container) has no zone files."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return this moment as an aware datetime in UTC."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Return this moment as an aware datetime in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until it is moved."""

    moment: datetime

    def __post_init__(self) -> None:
        if self.moment.tzinfo is None:
            msg = "a clock needs an aware datetime"
            raise ValueError(msg)

    def now(self) -> datetime:
        """Return the moment the clock was set to, in UTC."""
        return self.moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Move the clock forward (or, with a negative span, back)."""
        self.moment += by
