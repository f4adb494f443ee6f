"""Which cases a queue shows and in what order: pure arithmetic over the mirror's columns, no Qt.

An order is an array of slots. Every sort is one int64 key per case and does not depend on the clock, so time passing
never moves a row; only a filter on the lamp does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from commandcenter.domain.case import Flag, State
from commandcenter.live.counters import case_lamps
from commandcenter.live.mirror import NEVER, Mirror

Slots = NDArray[np.int64]

_SHIFT = 57  # times of this century need 51 bits; the ranks below keep clear of them and of the next group
_FIRST = -(1 << 53)
_PAUSED = 1 << 53
_FINISHED = 1 << 54
_ENDLESS = 1 << 55


class Sort(StrEnum):
    """What the queue is ordered by; ties follow the slot."""

    GRADE_DUE = "grade_due"  # most urgent grade first; inside it those without a deadline yet, then least time left
    REMAINING = "remaining"  # least time left first, those without a deadline last
    NEWEST = "newest"
    REPORTS = "reports"  # most reports first, then least time left


@dataclass(frozen=True, slots=True)
class Filter:
    """What must hold for a case to be shown. Empty sets do not restrict; all parts must hold together."""

    states: frozenset[int] = frozenset(state for state in State if state < State.ARCHIVED)
    grades: frozenset[int] = frozenset()
    lamps: frozenset[int] = frozenset()
    town: int = 0
    unit: int = 0
    """The lead unit."""
    holder: str = ""
    min_reports: int = 0
    problem: bool = False
    double_no: bool = False
    """双否: somebody was called back who says neither solved nor content."""
    text: str = ""
    ids: frozenset[int] = frozenset()


def sort_key(mirror: Mirror, slots: Slots, sort: Sort) -> NDArray[np.int64]:
    """One number per slot, small first. Paused cases follow the running ones, finished ones (待回访) follow those.

    A case without a deadline has not been dispatched, and waits for the desk itself: oldest first.
    """
    if sort is Sort.NEWEST:
        return np.asarray(-mirror.received_at[slots], np.int64)
    due = mirror.due_at[slots]
    endless = due == NEVER
    rank = np.zeros(len(slots), np.int64)
    rank[mirror.paused_at[slots] != NEVER] = _PAUSED
    rank[mirror.state[slots] >= State.TO_FOLLOW_UP] = _FINISHED
    rank[endless] = _FIRST if sort is Sort.GRADE_DUE else _ENDLESS
    key = np.where(endless, mirror.received_at[slots], due) + rank
    if sort is Sort.GRADE_DUE:
        key += mirror.grade[slots].astype(np.int64) << _SHIFT
    elif sort is Sort.REPORTS:
        key += (63 - np.minimum(mirror.reports[slots], 63)).astype(np.int64) << _SHIFT
    return key


def matching(mirror: Mirror, slots: Slots, wanted: Filter, now_us: int) -> Slots:
    """Those of `slots` that are alive and pass `wanted` at `now_us`, in the given order."""
    kept = slots[mirror.alive[slots]]
    if wanted.ids:
        kept = kept[np.isin(mirror.id[kept], np.fromiter(wanted.ids, np.int64, len(wanted.ids)))]
    kept = kept[_table(wanted.states)[mirror.state[kept]]]
    if wanted.grades:
        kept = kept[_table(wanted.grades)[mirror.grade[kept]]]
    if wanted.town:
        kept = kept[mirror.town[kept] == wanted.town]
    if wanted.unit:
        kept = kept[mirror.unit[kept] == wanted.unit]
    if wanted.min_reports > 1:
        kept = kept[mirror.reports[kept] >= wanted.min_reports]
    flags = Flag.PROBLEM * wanted.problem | Flag.DOUBLE_NO * wanted.double_no
    if flags:
        kept = kept[(mirror.flags[kept] & flags) == flags]
    if wanted.lamps:
        kept = kept[_table(wanted.lamps)[case_lamps(mirror, kept, now_us)]]
    if wanted.holder:
        holders = mirror.texts["holder"]
        kept = _where(kept, (holders[slot] == wanted.holder for slot in kept.tolist()))
    for word in wanted.text.split():
        kept = _where(kept, _mentions(mirror, kept, word))
    return kept


def order(mirror: Mirror, wanted: Filter, sort: Sort, now_us: int) -> tuple[Slots, NDArray[np.int64]]:
    """All cases that pass `wanted`, sorted; with their keys."""
    slots = matching(mirror, mirror.slots(), wanted, now_us)
    key = sort_key(mirror, slots, sort)
    by_key = _argsort(key)
    return slots[by_key], key[by_key]


def refresh(
    mirror: Mirror, held: tuple[Slots, NDArray[np.int64]], touched: Slots, wanted: Filter, sort: Sort, now_us: int
) -> tuple[Slots, NDArray[np.int64]]:
    """`held` (slots, keys) brought up to date after `touched` slots changed: what `order` would give, without a sort.

    Costs two passes over the held order, whatever the number of touched slots.
    """
    slots, key = held
    changed = np.zeros(mirror.size, np.bool_)
    changed[touched] = True
    stay = ~changed[slots]
    slots, key = slots[stay], key[stay]
    fresh = matching(mirror, np.flatnonzero(changed), wanted, now_us)
    fresh_key = sort_key(mirror, fresh, sort)
    by_key = _argsort(fresh_key)
    fresh, fresh_key = fresh[by_key], fresh_key[by_key]
    at = np.searchsorted(key, fresh_key, side="left")
    if len(key) and len(fresh):
        at = _after_smaller_slots(slots, key, fresh, fresh_key, at)
    return np.insert(slots, at, fresh), np.insert(key, at, fresh_key)


def next_crossing(mirror: Mirror, slots: Slots, now_us: int) -> int:
    """The first moment after `now_us` at which a lamp among `slots` changes; NEVER where none will."""
    running = (mirror.state[slots] < State.TO_FOLLOW_UP) & (mirror.paused_at[slots] == NEVER)
    soon, due = mirror.soon_at[slots], mirror.due_at[slots]
    nearest_soon = np.min(soon, where=running & (soon > now_us), initial=NEVER)
    nearest_due = np.min(due, where=running & (due >= now_us), initial=NEVER)
    # A lamp is SOON at its moment, OVERDUE only after it.
    return int(min(int(nearest_soon), int(nearest_due) + 1, NEVER))


def _after_smaller_slots(
    slots: Slots, key: NDArray[np.int64], fresh: Slots, fresh_key: NDArray[np.int64], at: Slots
) -> Slots:
    """Move insert positions behind held rows with an equal key and a smaller slot, as a full stable sort would."""
    ends = np.searchsorted(key, fresh_key, side="right")
    for tied in np.flatnonzero(ends > at).tolist():
        start, end = int(at[tied]), int(ends[tied])
        at[tied] = start + int(np.searchsorted(slots[start:end], fresh[tied]))
    return at


def _mentions(mirror: Mirror, slots: Slots, word: str) -> list[bool]:
    """Whether title, place or number contain `word`; only numbers have letters whose case does not matter."""
    titles, places, numbers = mirror.texts["title"], mirror.texts["place"], mirror.texts["number"]
    if word.isascii():
        upper = word.upper()
        return [upper in numbers[slot] or word in titles[slot] or word in places[slot] for slot in slots.tolist()]
    return [word in titles[slot] or word in places[slot] for slot in slots.tolist()]


def _argsort(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """A stable argsort: numpy's vectorised one, which is not stable but many times faster, with its ties put right."""
    by_key = np.argsort(key)
    ordered = key[by_key]
    same = ordered[1:] == ordered[:-1]
    if same.any():
        tied = np.flatnonzero(np.r_[same, False] | np.r_[False, same])
        among = by_key[tied]
        by_key[tied] = among[np.lexsort((among, key[among]))]
    return by_key


def _table(values: Iterable[int]) -> NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(values)] = True
    return table


def _where(slots: Slots, passes: Iterable[bool]) -> Slots:
    return slots[np.fromiter(passes, np.bool_, len(slots))]
