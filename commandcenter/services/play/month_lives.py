"""The lives of a simulated month's cases: what they share, and each one led from its report to its end."""

from collections import Counter
from datetime import datetime
from random import Random

from commandcenter.demo.traffic import TrafficEvent
from commandcenter.domain.call_plan import Band
from commandcenter.errors import PersonError
from commandcenter.services.play.desks import Cast, Desks
from commandcenter.services.play.month_life import Life
from commandcenter.services.play.month_time import SimulatedTime
from commandcenter.services.play.questions import Questions
from commandcenter.services.play.whistles import WhistlePlay


class Lives:
    """What the lives share: time, desks, people, the day's tally and whose whistles are still open."""

    def __init__(
        self,
        time: SimulatedTime,
        desks: Desks,
        cast: Cast,
        whistles: WhistlePlay,
        asked: Questions,
        gap_minutes: int,
        bands: tuple[Band, ...],
    ) -> None:
        self.time = time
        self.desks = desks
        self.cast = cast
        self.whistles = whistles
        self.asked = asked
        self.gap_minutes = gap_minutes
        self.bands = bands
        self.whistled: set[int] = set()
        """Cases that may not be finished yet: units of a whistle are still at it."""
        self.unconfirmed: set[int] = set()
        """Cases that may not be archived yet: a whistle is not confirmed."""
        self.noticed: list[tuple[int, int]] = []
        """Cases with their units that have been sent back to work, the newest last: what a leader hears of."""
        self.under_way: dict[int, Life] = {}
        """Cases that are not over, by the event that opened them."""
        self.deeds: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def live(self, event: TrafficEvent, at: datetime, seed: int) -> None:
        """The whole life of one case. What is refused is counted by its sentence, and ends it where it stands."""
        try:
            await Life(self, event, Random(f"{seed}:{event.serial}")).run(at)  # noqa: S311 - a play, not a secret
        except PersonError as error:
            self.refused[error.sentence] += 1
        finally:
            self.under_way.pop(event.serial, None)
