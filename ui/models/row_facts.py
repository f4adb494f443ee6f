"""What one row of a queue, or the head of a case, says: read from the mirror at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.case import Flag, Grade, Lamp, State
from commandcenter.domain.limit import LimitClock
from commandcenter.domain.remaining import remaining
from commandcenter.live.counters import case_lamps
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.live.mirror import Mirror
    from commandcenter.services.reference import Reference


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One case, in words and small numbers. ``holder`` is a person's name, '' where nobody works on it."""

    case_id: int
    number: str
    title: str
    place: str
    grade: Grade
    state: State
    lamp: Lamp
    remaining: str
    reports: int
    town: str
    unit: str
    holder: str
    problem: bool
    hinted: bool = False
    """It may be the same as another case."""

    def spoken(self) -> str:
        """The row as one sentence, for screen readers."""
        parts = [
            words.grade_word(self.grade),
            words.lamp_word(self.lamp),
            self.remaining,
            self.title,
            f"×{self.reports}" if self.reports > 1 else "",
            words.hinted() if self.hinted else "",
            words.state_word(self.state),
            self.number,
            self.town,
            self.unit,
            self.holder,
        ]
        return " ".join(part for part in parts if part)


def row_facts(mirror: Mirror, reference: Reference, slot: int, now_us: int) -> RowFacts:
    """The facts of the case in `slot` at `now_us` (µs since 1970 UTC)."""
    town = reference.areas.get(int(mirror.town[slot]))
    unit = reference.units.get(int(mirror.unit[slot]))
    state = State(int(mirror.state[slot]))
    return RowFacts(
        case_id=int(mirror.id[slot]),
        number=mirror.texts["number"][slot],
        title=mirror.texts["title"][slot],
        place=mirror.texts["place"][slot],
        grade=Grade(int(mirror.grade[slot])),
        state=state,
        lamp=Lamp(int(case_lamps(mirror, np.array([slot]), now_us)[0])),
        remaining=_remaining(mirror, reference, slot, now_us),
        reports=int(mirror.reports[slot]),
        town=town.name if town else "",
        unit=(unit.short_name or unit.name) if unit else "",
        holder=person_name(reference, mirror.texts["holder"][slot]),
        problem=bool(mirror.flags[slot] & Flag.PROBLEM),
    )


def _remaining(mirror: Mirror, reference: Reference, slot: int, now_us: int) -> str:
    if mirror.state[slot] >= State.TO_FOLLOW_UP:
        return words.finished()
    counted = LimitClock.WORKING if mirror.flags[slot] & Flag.WORKING_CLOCK else LimitClock.NATURAL
    return remaining(
        now_us,
        int(mirror.due_at[slot]),
        int(mirror.paused_at[slot]),
        counted,
        reference.calendar,
        reference.hours_of(int(mirror.unit[slot])),
    )


def person_name(reference: Reference, login: str) -> str:
    """A person's name; '' for nobody; 系统 for who is no person: the timekeeper, a loader."""
    person = reference.people.get(login)
    return person.name if person is not None else words.system() if login else ""
