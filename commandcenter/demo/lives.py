"""What becomes of the cases: dispatched, accepted, finished, archived, or still open in a plausible state."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from commandcenter.demo.draws import NATURAL_HOURS, WORKING_DAYS
from commandcenter.demo.rhythm import Days, Ints
from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import HOUR, MINUTE, NEVER

ACCEPT_MINUTES = np.array([15, 30, 120, 240, 240])
PACE = np.array([30.0, 15.0, 3.0, 1.0, 1.0])
"""How much faster than green a grade passes the states before work."""
QUEUE = ((State.NEW, 0.025), (State.TO_DISPATCH, 0.045), (State.TO_ACCEPT, 0.10))
"""Shares of the newest open cases that are not yet in work."""
LATER = ((State.WORKING, 0.755), (State.RETURNED, 0.025), (State.PAUSED, 0.03), (State.TO_FOLLOW_UP, 0.19))


@dataclass(frozen=True)
class Lives:
    """Columns as in `CaseColumns`."""

    state: Ints
    dispatched_at: Ints
    accepted_at: Ints
    paused_at: Ints
    finished_at: Ints
    archived_at: Ints
    returns: Ints
    redos: Ints


def live(
    rng: Generator,
    days: Days,
    received: Ints,
    grade: Ints,
    *,
    is_open: NDArray[np.bool_],
    late: NDArray[np.bool_],
    now: int,
) -> Lives:
    """The lives of the cases up to `now`; nothing happens later, and every step follows the one before."""
    count = len(received)
    state = np.full(count, int(State.ARCHIVED))
    state[is_open] = _open_states(rng, now - received[is_open], grade[is_open], late[is_open])
    wait = (rng.lognormal(1.6, 0.8, count) * MINUTE).astype(np.int64).clip(max=90 * MINUTE)
    dispatched = received + np.where(grade <= Grade.ORANGE, wait // 4, wait)
    signing = (rng.beta(1.6, 4, count) * ACCEPT_MINUTES[grade] * 1.25 * MINUTE).astype(np.int64) + MINUTE
    accepted = dispatched + signing
    office = np.flatnonzero(grade >= Grade.YELLOW)
    accepted[office] = days.into_office(accepted[office], rng)
    finished = np.maximum(_finished(rng, days, dispatched, grade, late), accepted + 20 * MINUTE)
    archived = finished + (HOUR * rng.uniform(1, 30, count)).astype(np.int64)
    paused = accepted + ((now - accepted) * rng.uniform(0.2, 0.9, count)).astype(np.int64)

    # What would lie after now is pressed together between receipt and now, in its order.
    last = np.select([state == State.ARCHIVED, state == State.TO_FOLLOW_UP], [archived, finished], accepted)
    squeeze = np.where(last >= now, (now - received) / (last - received) * rng.uniform(0.6, 0.98, count), 1.0)
    steps = [received + ((step - received) * squeeze).astype(np.int64) for step in (dispatched, accepted, finished)]
    dispatched, accepted, finished = steps
    archived = received + ((archived - received) * squeeze).astype(np.int64)
    paused = np.where(paused <= accepted, accepted + (now - accepted) // 2, paused)

    returns = np.searchsorted([0.945, 0.99, 0.998], rng.random(count))
    redos = np.searchsorted([0.94, 0.988, 0.998], rng.random(count))
    fresh = state <= State.TO_ACCEPT
    returns = np.where(state == State.RETURNED, np.maximum(returns, 1), np.where(fresh, 0, returns))
    began = is_open & ~fresh & (state != State.RETURNED)
    return Lives(
        state=state,
        dispatched_at=np.where(state >= State.TO_ACCEPT, dispatched, NEVER),
        accepted_at=np.where(~is_open | began, accepted, NEVER),
        paused_at=np.where(state == State.PAUSED, paused, NEVER),
        finished_at=np.where(state >= State.TO_FOLLOW_UP, finished, NEVER),
        archived_at=np.where(state == State.ARCHIVED, archived, NEVER),
        returns=returns,
        redos=np.where(fresh | (state == State.RETURNED), 0, redos),
    )


def _open_states(rng: Generator, age: Ints, grade: Ints, late: NDArray[np.bool_]) -> Ints:
    count = len(age)
    names, weights = zip(*LATER, strict=True)
    state = rng.choice([int(name) for name in names], count, p=weights)
    state[late & (rng.random(count) < 0.9)] = State.WORKING
    order = np.argsort(age * PACE[grade] * rng.lognormal(0, 0.35, count) + np.where(late, 1e18, 0), kind="stable")
    taken = 0
    for name, share in QUEUE:
        amount = round(count * share)
        state[order[taken : taken + amount]] = name
        taken += amount
    return state


def _finished(rng: Generator, days: Days, dispatched: Ints, grade: Ints, late: NDArray[np.bool_]) -> Ints:
    count = len(dispatched)
    result = np.zeros(count, np.int64)
    part = np.where(late, rng.uniform(1.02, 1.6, count), rng.beta(2, 3, count) * 0.95)
    for each, hours in NATURAL_HOURS.items():
        chosen = grade == each
        result[chosen] = dispatched[chosen] + (part[chosen] * hours * HOUR).astype(np.int64)
    limit = np.select([grade == each for each in WORKING_DAYS], list(WORKING_DAYS.values()), 1)
    ahead = np.where(late, limit + rng.integers(1, 4, count), np.ceil(rng.beta(1.9, 1.5, count) * (limit + 0.4) - 0.4))
    day = days.index(dispatched)
    same_day = (ahead < 1) & days.working[day] & (dispatched < days.midnight(day) + 930 * MINUTE)
    target = days.nth_day(days.nth[day] + np.maximum(ahead, 1).astype(np.int64))
    minute = rng.integers(520, 1045, count)
    later = days.midnight(target) + minute * MINUTE + rng.integers(0, MINUTE, count)
    today = dispatched + (rng.uniform(0.15, 0.95, count) * (days.midnight(day) + 1050 * MINUTE - dispatched)).astype(
        np.int64
    )
    working = grade >= Grade.YELLOW
    result[working] = np.where(same_day, today, later)[working]
    return result
