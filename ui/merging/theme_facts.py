"""What the cases of a theme come to: how many of each grade, state and unit, the first and the last. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from commandcenter.domain.case import OPEN_STATES, Grade, State

if TYPE_CHECKING:
    from commandcenter.live.mirror import Mirror
    from commandcenter.services.case_file import Brief


@dataclass(frozen=True, slots=True)
class ThemeFacts:
    """Counts, and moments of reception; units of open cases only."""

    cases: int
    grades: tuple[tuple[Grade, int], ...]
    states: tuple[tuple[State, int], ...]
    units: tuple[tuple[int, int], ...]
    first: datetime | None
    last: datetime | None
    open: int


def facts_of(briefs: Iterable[Brief], mirror: Mirror) -> ThemeFacts:
    """The facts of these cases; what the mirror knows goes before what was read."""
    grades: Counter[Grade] = Counter()
    states: Counter[State] = Counter()
    units: Counter[int] = Counter()
    times = []
    for brief in briefs:
        slot = mirror.slot_of(brief.id)
        grades[Grade(int(mirror.grade[slot])) if slot is not None else brief.grade] += 1
        states[State(int(mirror.state[slot])) if slot is not None else brief.state] += 1
        if slot is not None and int(mirror.unit[slot]):
            units[int(mirror.unit[slot])] += 1
        times.append(brief.received_at)
    return ThemeFacts(
        sum(grades.values()),
        tuple(sorted(grades.items())),
        tuple(sorted(states.items())),
        tuple(units.most_common()),
        min(times, default=None),
        max(times, default=None),
        sum(many for state, many in states.items() if state in OPEN_STATES),
    )
