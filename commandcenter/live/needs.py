"""What needs someone now: the wall's question, answered from the mirror."""

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Grade, Lamp, State
from commandcenter.live.counters import case_lamps
from commandcenter.live.mirror import Mirror


def needing(mirror: Mirror, now_us: int, most: int) -> NDArray[np.int64]:
    """Slots of at most `most` unfinished cases that need a person: every red and orange, and what is overdue.

    Red first; then orange that presses: due soon, overdue, or waiting to be dispatched; then what else is overdue; last the
    orange that somebody is on, in good time. In each the nearest deadline first, and before that, oldest first, what is not
    dispatched (it has no deadline yet): nobody is on it.
    """
    slots = mirror.slots()
    slots = slots[(mirror.state[slots] < State.TO_FOLLOW_UP) & (mirror.state[slots] != State.PAUSED)]
    grade = mirror.grade[slots]
    lamps = case_lamps(mirror, slots, now_us)
    needed = (grade <= Grade.ORANGE) | (lamps == Lamp.OVERDUE)
    slots, grade, lamps = slots[needed], grade[needed], lamps[needed]
    waiting = mirror.state[slots] < State.TO_ACCEPT
    calm = (grade == Grade.ORANGE) & (lamps == Lamp.NORMAL) & ~waiting
    rank = np.where(calm, Grade.GREEN, np.minimum(grade, Grade.YELLOW))
    when = np.where(waiting, mirror.received_at[slots], mirror.due_at[slots])
    order = np.lexsort((when, ~waiting, rank))
    found: NDArray[np.int64] = slots[order[:most]]
    return found
