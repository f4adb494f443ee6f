"""What needs someone now: the wall's question, answered from the mirror."""

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Grade, Lamp, State
from commandcenter.live.counters import case_lamps
from commandcenter.live.mirror import Mirror


def needing(mirror: Mirror, now_us: int, most: int) -> NDArray[np.int64]:
    """Slots of at most `most` unfinished cases that need a person: every red and orange, then what is overdue.

    Red before orange before the others, in each the nearest deadline first; undispatched ones (no deadline yet) first
    of all in their grade, oldest first: nobody is on them.
    """
    slots = mirror.slots()
    slots = slots[(mirror.state[slots] < State.TO_FOLLOW_UP) & (mirror.state[slots] != State.PAUSED)]
    grade = mirror.grade[slots]
    overdue = case_lamps(mirror, slots, now_us) == Lamp.OVERDUE
    slots = slots[(grade <= Grade.ORANGE) | overdue]
    rank = np.minimum(mirror.grade[slots], Grade.YELLOW)
    waiting = mirror.state[slots] < State.TO_ACCEPT
    when = np.where(waiting, mirror.received_at[slots], mirror.due_at[slots])
    order = np.lexsort((when, ~waiting, rank))
    found: NDArray[np.int64] = slots[order[:most]]
    return found
