"""When a report of another system can have been received."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from commandcenter.intake.moment import SHANGHAI


@dataclass(frozen=True, slots=True)
class Times:
    """Later than ``ahead`` after ``now`` is not yet; earlier than ``age`` before it may be a slip, and is told."""

    now: datetime
    ahead: timedelta
    age: timedelta

    def is_future(self, moment: datetime) -> bool:
        """Tell whether nobody can have received anything at that moment."""
        return moment > self.now + self.ahead

    def doubt(self, moment: datetime) -> str:
        """Return what is strange about a moment that can be, ``""`` where nothing is."""
        oldest = self.now - self.age
        return "" if moment >= oldest else f"时间早于 {oldest.astimezone(SHANGHAI):%Y-%m-%d}，请核对"
