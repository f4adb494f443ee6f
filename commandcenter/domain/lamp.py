"""Which lamp a case shows now (domain.md §3): 正常 → 临期 → 超期; one case, or all of them at once.

Moments are int64 µs since 1970 UTC, `NEVER` where not set. Due *at* 17:30 is kept when finished at 17:30: overdue
begins after the due moment. A paused case keeps the lamp it had when it was paused.
"""

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Lamp
from commandcenter.domain.moment import NEVER


def lamp(now: int, soon_at: int, due_at: int, paused_at: int = NEVER) -> Lamp:
    """Tell the lamp of one case at `now`."""
    at = min(now, paused_at)
    if at > due_at:
        return Lamp.OVERDUE
    return Lamp.SOON if at >= soon_at else Lamp.NORMAL


def lamps(
    now: int, soon_at: NDArray[np.int64], due_at: NDArray[np.int64], paused_at: NDArray[np.int64]
) -> NDArray[np.uint8]:
    """Tell the lamps of many cases at `now`, as values of `Lamp`; all arrays and the result have one length."""
    at = np.minimum(paused_at, now)
    shown = (at >= soon_at).view(np.uint8)
    shown[at > due_at] = Lamp.OVERDUE
    return shown
