"""Which whistles and slips are alarms, and for whom: an alarm asks somebody who can act."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.alarm import Alarm, Kind, Priority
from commandcenter.domain.case import Role
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.domain.whistle import Level, Party, PartyState, Whistle, WhistleState
from commandcenter.live.alarms import Asked, slip_alarms, whistle_alarms
from commandcenter.services.slips import Slip

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
AGO, AHEAD = NOW - timedelta(minutes=5), NOW + timedelta(minutes=5)
TOWN, CALLED, OTHER = 111, 201, 202
DUTY = Asked(Role.DUTY, None)
SUPERVISOR = Asked(Role.SUPERVISOR, None)


def of(unit: int, role: Role = Role.RESPONDER) -> Asked:
    return Asked(role, frozenset({unit}))


def blank(fact: Any, /, **known: object) -> Any:
    """A fact of that kind; what is not named is empty in the way of its type."""
    empty = {"int": 0, "str": "", "bool": False, "datetime": AGO, "date": date(2026, 11, 24), "tuple": ()}
    values = {}
    for each in fields(fact):
        words = str(each.type)
        values[each.name] = None if "None" in words else empty.get(words.partition("[")[0], ())
    return fact(**(values | known))


def party(state: PartyState = PartyState.CALLED, **changes: object) -> Party:
    plain = Party(7, 1, 5, 3, CALLED, "lead", "法定", state, AGO, AGO, AHEAD, AHEAD, ruling_due_at=AGO)
    return replace(plain, **changes)  # type: ignore[arg-type]


def whistle(*parties: Party, state: WhistleState = WhistleState.OPEN, **changes: object) -> Whistle:
    plain = {"id": 5, "case_id": 3, "state": state, "level": Level.USUAL, "caller_unit_id": TOWN, "parties": parties}
    found: Whistle = blank(Whistle, **(plain | changes))
    return found


def slip(state: SlipState, **changes: object) -> Slip:
    plain = {
        "id": 9,
        "kind": SlipKind.ORDER,
        "state": state,
        "unit_id": CALLED,
        "receipt_due_at": AGO,
        "reply_due_at": AGO,
    }
    found: Slip = blank(Slip, **(plain | changes))
    return found


def test_who_does_not_answer_in_time_is_an_alarm_for_all_who_can_act() -> None:
    late = whistle(party())
    expected = [
        Alarm(Priority.MEDIUM, int(AGO.timestamp()), Kind.UNANSWERED, 7, 5, 3, CALLED, None),
    ]
    for who in (DUTY, SUPERVISOR, of(CALLED), of(TOWN, Role.CALLER)):
        assert whistle_alarms([late], who, NOW) == expected
    assert whistle_alarms([late], of(OTHER), NOW) == [], "another unit called to the same place cannot act for it"
    assert whistle_alarms([whistle(party(answer_due_at=AHEAD))], DUTY, NOW) == []
    assert whistle_alarms([whistle(party(answer_due_at=NOW))], DUTY, NOW) == [], "due now is kept now"


def test_danger_is_urgent() -> None:
    assert [alarm.priority for alarm in whistle_alarms([whistle(party(), danger=True)], DUTY, NOW)] == [Priority.HIGH]


@pytest.mark.parametrize(
    "state", [state for state in PartyState if state not in {PartyState.CALLED, PartyState.OBJECTED}]
)
def test_who_has_answered_is_no_alarm(state: PartyState) -> None:
    assert whistle_alarms([whistle(party(state))], DUTY, NOW) == []


def test_rulings_are_the_centres() -> None:
    objected = whistle(party(PartyState.OBJECTED))
    unruled = whistle(state=WhistleState.TO_RULE, rule_due_at=AGO)
    assert [alarm.kind for alarm in whistle_alarms([objected, unruled], DUTY, NOW)] == [Kind.OBJECTION, Kind.UNRULED]
    assert whistle_alarms([objected, unruled], of(TOWN, Role.CALLER), NOW) == []
    assert whistle_alarms([replace(unruled, rule_due_at=AHEAD)], DUTY, NOW) == []
    assert whistle_alarms([replace(unruled, rule_due_at=None)], DUTY, NOW) == []


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (SlipState.TO_RECEIVE, Kind.UNRECEIVED),
        (SlipState.TO_REPLY, Kind.UNREPLIED),
        (SlipState.SENT_BACK, Kind.UNREPLIED),
    ],
)
def test_slips_not_answered_in_time(state: SlipState, kind: Kind) -> None:
    late = slip(state)
    expected = [Alarm(Priority.LOW, int(AGO.timestamp()), kind, 9, 9, None, CALLED)]
    for who in (SUPERVISOR, of(CALLED), of(CALLED, Role.CALLER)):
        assert slip_alarms([late], who, NOW) == expected
    assert slip_alarms([late], of(OTHER), NOW) == []
    assert slip_alarms([late], DUTY, NOW) == [], "duty officers neither sent it nor can they answer it"
    in_time = slip(state, receipt_due_at=AHEAD, reply_due_at=AHEAD)
    assert slip_alarms([in_time], SUPERVISOR, NOW) == []


@pytest.mark.parametrize(
    "state", [SlipState.DRAFT, SlipState.TO_COSIGN, SlipState.TO_JUDGE, SlipState.CLOSED, SlipState.VOID]
)
def test_a_slip_that_waits_for_nobody_outside_is_no_alarm(state: SlipState) -> None:
    assert slip_alarms([slip(state)], SUPERVISOR, NOW) == []
