"""The alarms of one person now: from the mirror's columns, the live whistles and the open slips."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from commandcenter.domain.alarm import Alarm, Kind, Priority
from commandcenter.domain.case import Grade, Role, State
from commandcenter.domain.limit import Limit
from commandcenter.domain.moment import MINUTE, micros
from commandcenter.domain.slip import SlipState
from commandcenter.domain.whistle import PartyState, Whistle, WhistleState
from commandcenter.live.mirror import Mirror

if TYPE_CHECKING:
    from commandcenter.services.reference import Reference
    from commandcenter.services.slips import Slip

MOST = 2000
"""So many of the cases' alarms are listed, the most urgent and newest; a desk with more has other worries."""
_SECOND = 1_000_000
_URGENT = Grade.ORANGE
ANSWERING = frozenset({Role.DUTY, Role.SUPERVISOR, Role.CALLER, Role.RESPONDER})
"""Who answers alarms; sql/91_alarms.sql says the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom an alarm may ask: somebody of the centre, or of units that have to act themselves."""

    role: Role
    units: frozenset[int] | None
    """The person's unit and those below it; None for the centre, which every unit's delay concerns."""

    @property
    def answers(self) -> bool:
        """Whether the person is asked at all."""
        return self.role in ANSWERING

    def concerned(self, unit_id: int | None) -> bool:
        """Whether it is the person's to see that this unit acts."""
        return self.units is None or unit_id in self.units


def asked(reference: "Reference") -> Asked:
    """Who the signed-in person is, to alarms."""
    me = reference.me
    centre = me.role in {Role.DUTY, Role.SUPERVISOR}
    mine = frozenset(unit.id for unit in reference.units.values() if unit.path.startswith(me.path))
    return Asked(me.role, None if centre else mine)


def case_alarms(mirror: Mirror, limits: Mapping[Grade, Limit], who: Asked, now_us: int) -> list[Alarm]:
    """Red and orange cases that nobody dispatched, signed for or finished in time; of a unit's person, the unit's own.

    `now_us`: µs since 1970 UTC. One case is one alarm: overdue goes before unsigned. What waits for dispatch is late when
    the limit for signing has passed since it came in [D]; only the centre dispatches.
    """
    grade, state = mirror.grade, mirror.state
    slots = np.flatnonzero(mirror.alive[: mirror.size] & (grade <= _URGENT) & (state < State.TO_FOLLOW_UP))
    grade, state = grade[slots], state[slots]
    signing = np.array([limits[each].accept_minutes * MINUTE for each in Grade if each <= _URGENT], np.int64)
    to_send = state < State.TO_ACCEPT
    overdue = ~to_send & (state != State.PAUSED) & (mirror.due_at[slots] < now_us)
    unsigned = (state == State.TO_ACCEPT) & ~overdue & (mirror.accept_due_at[slots] < now_us)
    send_by = mirror.received_at[slots] + signing[grade]
    unsent = to_send & (send_by < now_us)
    if who.units is not None:
        mine = np.isin(mirror.unit[slots], np.fromiter(who.units, np.int64, len(who.units)))
        overdue, unsigned, unsent = overdue & mine, unsigned & mine, np.zeros_like(unsent)
    found: list[Alarm] = []
    for kind, which, due in (
        (Kind.OVERDUE, overdue, mirror.due_at[slots]),
        (Kind.UNSIGNED, unsigned, mirror.accept_due_at[slots]),
        (Kind.UNSENT, unsent, send_by),
    ):
        chosen = np.flatnonzero(which)
        chosen = chosen[np.lexsort((-due[chosen], grade[chosen]))[:MOST]]
        found += [
            Alarm(
                Priority.HIGH if red else Priority.MEDIUM, due_s, kind, case_id, case_id, case_id, unit or None, number
            )
            for due_s, case_id, unit, number, red in zip(
                (due[chosen] // _SECOND).tolist(),
                mirror.id[slots[chosen]].tolist(),
                mirror.unit[slots[chosen]].tolist(),
                grade[chosen].tolist(),
                (grade[chosen] == Grade.RED).tolist(),
                strict=True,
            )
        ]
    return found


def whistle_alarms(whistles: Iterable[Whistle], who: Asked, now: datetime) -> list[Alarm]:
    """Units that did not answer in time (for them, who called them, and the centre), and rulings the centre owes."""
    found = []
    for whistle in whistles:
        called_by_us = who.concerned(whistle.caller_unit_id)
        urgent = Priority.HIGH if whistle.danger else Priority.MEDIUM
        if whistle.state == WhistleState.TO_RULE and who.units is None and _past(whistle.rule_due_at, now):
            found.append(_whistle_alarm(urgent, whistle.rule_due_at, Kind.UNRULED, whistle.id, whistle))
        for party in whistle.parties:
            if party.state == PartyState.CALLED and _past(party.answer_due_at, now):
                if called_by_us or who.concerned(party.unit_id):
                    found.append(
                        _whistle_alarm(urgent, party.answer_due_at, Kind.UNANSWERED, party.id, whistle, party.unit_id)
                    )
            elif party.state == PartyState.OBJECTED and who.units is None and _past(party.ruling_due_at, now):
                found.append(
                    _whistle_alarm(urgent, party.ruling_due_at, Kind.OBJECTION, party.id, whistle, party.unit_id)
                )
    return found


def slip_alarms(slips: "Iterable[Slip]", who: Asked, now: datetime) -> list[Alarm]:
    """Slips not signed for or not replied to in time: for their unit, and for the supervisors who sent them."""
    if who.role is Role.DUTY:
        return []
    found = []
    for slip in slips:
        if not who.concerned(slip.unit_id):
            continue
        if slip.state == SlipState.TO_RECEIVE:
            kind, due = Kind.UNRECEIVED, slip.receipt_due_at
        elif slip.state in {SlipState.TO_REPLY, SlipState.SENT_BACK}:
            kind, due = Kind.UNREPLIED, slip.reply_due_at
        else:
            continue
        if due is not None and due < now:
            found.append(Alarm(Priority.LOW, _seconds(due), kind, slip.id, slip.id, None, slip.unit_id))
    return found


def _whistle_alarm(
    priority: Priority, due: datetime | None, kind: Kind, thing: int, whistle: Whistle, unit_id: int | None = None
) -> Alarm:
    return Alarm(priority, _seconds(due), kind, thing, whistle.id, whistle.case_id, unit_id, whistle.case_grade)


def _past(due: datetime | None, now: datetime) -> bool:
    return due is not None and due < now


def _seconds(due: datetime | None) -> int:
    return micros(due) // _SECOND
