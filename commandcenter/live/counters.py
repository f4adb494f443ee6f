"""How many cases are open, due soon and overdue: by grade, by state, by town. One pass over the mirror's columns."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Flag, Grade, Lamp, State
from commandcenter.domain.lamp import lamps
from commandcenter.live.mirror import Mirror


@dataclass(frozen=True, slots=True)
class TownCount:
    """One town's cases."""

    open: int
    soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases in the mirror. Tuples are indexed by `Grade` or `State`; ``towns`` by area id, 0 for unknown."""

    open: tuple[int, ...]
    soon: tuple[int, ...]
    overdue: tuple[int, ...]
    states: tuple[int, ...]
    towns: dict[int, TownCount]
    problems: int

    @property
    def total(self) -> int:
        """All open cases."""
        return sum(self.open)


def case_lamps(mirror: Mirror, slots: NDArray[np.int64] | slice, now_us: int) -> NDArray[np.uint8]:
    """Lamps of `slots` at `now_us` (µs since 1970 UTC). A finished case (待回访 or later) has none left to burn."""
    found = lamps(now_us, mirror.soon_at[slots], mirror.due_at[slots], mirror.paused_at[slots])
    found[mirror.state[slots] >= State.TO_FOLLOW_UP] = Lamp.NORMAL
    return found


def count(mirror: Mirror, now_us: int) -> Counts:
    """Count every open case of `mirror` as it stands at `now_us` (µs since 1970 UTC)."""
    slots = mirror.slots()
    slots = slots[mirror.state[slots] < State.ARCHIVED]
    grades = mirror.grade[slots]
    burning = case_lamps(mirror, slots, now_us)
    soon, overdue = burning == Lamp.SOON, burning == Lamp.OVERDUE
    names, town_of = np.unique(mirror.town[slots], return_inverse=True)
    per_town = zip(
        names.tolist(),
        _bins(town_of, len(names)),
        _bins(town_of[soon], len(names)),
        _bins(town_of[overdue], len(names)),
        strict=True,
    )
    return Counts(
        open=_bins(grades, len(Grade)),
        soon=_bins(grades[soon], len(Grade)),
        overdue=_bins(grades[overdue], len(Grade)),
        states=_bins(mirror.state[slots], len(State)),
        towns={town: TownCount(*numbers) for town, *numbers in per_town},
        problems=int(np.count_nonzero(mirror.flags[slots] & Flag.PROBLEM)),
    )


def _bins(values: NDArray[Any], size: int) -> tuple[int, ...]:
    return tuple(np.bincount(values, minlength=size).tolist())
