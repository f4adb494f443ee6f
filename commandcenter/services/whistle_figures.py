"""Figures of whistles: per unit what was kept of the clocks and how it was scored, per town how many a hundred cases."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from commandcenter.db import reads
from commandcenter.db import whistle_reads as questions
from commandcenter.db.engine import Database


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit's part in the whistles pushed in a period, within the asker's sight; every rate with its two numbers.

    A clock is decided (``*_over``) when it was kept or has run out; a unit that was released or called off does not count,
    nor a clock that waits for a ruling.
    """

    unit_id: int
    called: int
    answered_in_time: int
    answer_over: int
    arrived_in_time: int
    arrive_over: int
    finished_in_time: int
    finish_over: int
    scored: int
    """n of the scores."""
    scorers: int
    """How many different persons gave them."""
    met: int
    finished: int
    satisfied: int
    satisfied_known: int
    """Of the scored, those where it is known whether the citizen is satisfied."""
    speed_sum: int
    quality_sum: int

    @property
    def answer_rate(self) -> Fraction | None:
        """Answered in time, of those whose clock is decided."""
        return _share(self.answered_in_time, self.answer_over)

    @property
    def arrive_rate(self) -> Fraction | None:
        """Arrived in time, of those whose clock is decided."""
        return _share(self.arrived_in_time, self.arrive_over)

    @property
    def finish_rate(self) -> Fraction | None:
        """Finished in time, of those whose clock is decided."""
        return _share(self.finished_in_time, self.finish_over)

    @property
    def met_rate(self) -> Fraction | None:
        """当事人见面率 (平阴 [S]), of the scored."""
        return _share(self.met, self.scored)

    @property
    def finished_rate(self) -> Fraction | None:
        """事件办结率 (平阴 [S]), of the scored."""
        return _share(self.finished, self.scored)

    @property
    def satisfied_rate(self) -> Fraction | None:
        """群众满意率 (平阴 [S]), of those where it is known."""
        return _share(self.satisfied, self.satisfied_known)

    @property
    def speed(self) -> Fraction | None:
        """Mean score of speed, 0 to 100."""
        return _share(self.speed_sum, self.scored)

    @property
    def quality(self) -> Fraction | None:
        """Mean score of quality, 0 to 100."""
        return _share(self.quality_sum, self.scored)


@dataclass(frozen=True, slots=True)
class TownRate:
    """Whistles pushed and cases received in a town in a period."""

    town_id: int
    whistles: int
    cases: int

    @property
    def per_hundred(self) -> Fraction | None:
        """Whistles per 100 cases; None without cases. Too low is not using it, too high is daily work that failed [P]."""
        return _share(100 * self.whistles, self.cases)


async def figures(db: Database, *, since: datetime, until: datetime) -> tuple[UnitFigure, ...]:
    """Per unit called by whistles pushed in [since, until); units never called are missing."""
    async with db.begin() as connection:
        found = await reads.rows(connection, questions.UNIT_FIGURES, since=since, until=until)
    return tuple(UnitFigure(*[int(value) for value in row]) for row in found)


async def rates(db: Database, *, since: datetime, until: datetime) -> tuple[TownRate, ...]:
    """Every town's whistles and cases of [since, until), within the asker's sight."""
    async with db.begin() as connection:
        found = await reads.rows(connection, questions.TOWN_RATES, since=since, until=until)
    return tuple(TownRate(*[int(value) for value in row]) for row in found)
