"""Which cases are alarms, found in the mirror's columns; and that finding them costs no tick."""

import time
from dataclasses import replace

import pytest

from commandcenter.domain.alarm import Alarm, Kind, Priority
from commandcenter.domain.case import Grade, Role, State
from commandcenter.domain.limit import DEFAULTS
from commandcenter.domain.moment import MINUTE, NEVER, micros
from commandcenter.live.alarms import Asked, asked, case_alarms
from commandcenter.live.mirror import Mirror
from tests.ui.desk_county import NOW, reference, rows, some

CENTRE = Asked(Role.DUTY, None)
NOW_US = micros(NOW)


def mirror_of(**changes: object) -> Mirror:
    """One case: red, waiting to be signed for, everything due in an hour."""
    hour = NOW_US + 60 * MINUTE
    plain = {
        "grade": Grade.RED,
        "state": State.TO_ACCEPT,
        "unit": 14,
        "received_at": NOW_US,
        "accept_due_at": hour,
        "soon_at": hour,
        "due_at": hour,
        "paused_at": NEVER,
    }
    mirror = Mirror()
    mirror.reset(some(rows(1), [0], **(plain | changes)))
    return mirror


def kinds(mirror: Mirror, who: Asked = CENTRE) -> list[Kind]:
    return [alarm.kind for alarm in case_alarms(mirror, DEFAULTS, who, NOW_US)]


def test_within_its_limits_nothing_is_an_alarm() -> None:
    assert kinds(mirror_of()) == []
    assert kinds(mirror_of(accept_due_at=NOW_US)) == [], "due now is kept now"


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"accept_due_at": NOW_US - 1}, Kind.UNSIGNED),
        ({"due_at": NOW_US - 1}, Kind.OVERDUE),
        ({"accept_due_at": NOW_US - 9, "due_at": NOW_US - 1}, Kind.OVERDUE),
        ({"state": State.WORKING, "due_at": NOW_US - 1}, Kind.OVERDUE),
        ({"state": State.RETURNED, "due_at": NOW_US - 1}, Kind.OVERDUE),
        ({"state": State.NEW, "received_at": NOW_US - 15 * MINUTE - 1, "due_at": NEVER}, Kind.UNSENT),
        ({"state": State.TO_DISPATCH, "received_at": NOW_US - 15 * MINUTE - 1, "due_at": NEVER}, Kind.UNSENT),
    ],
)
def test_one_case_is_one_alarm(changes: dict[str, object], kind: Kind) -> None:
    assert kinds(mirror_of(**changes)) == [kind]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": State.WORKING, "accept_due_at": NOW_US - 1},
        {"state": State.PAUSED, "due_at": NOW_US - 1},
        {"state": State.TO_FOLLOW_UP, "due_at": NOW_US - 1},
        {"grade": Grade.YELLOW, "due_at": NOW_US - 1},
        {"state": State.NEW, "received_at": NOW_US - 15 * MINUTE, "due_at": NEVER},
        {"grade": Grade.ORANGE, "state": State.NEW, "received_at": NOW_US - 16 * MINUTE, "due_at": NEVER},
    ],
)
def test_a_status_is_no_alarm(changes: dict[str, object]) -> None:
    assert kinds(mirror_of(**changes)) == []


def test_a_new_deadline_is_another_key() -> None:
    one, two = (
        case_alarms(mirror_of(due_at=NOW_US - ago), DEFAULTS, CENTRE, NOW_US)[0] for ago in (MINUTE, 2 * MINUTE)
    )
    assert one.thing == two.thing
    assert one.key != two.key
    assert one.priority is Priority.HIGH
    orange = mirror_of(grade=Grade.ORANGE, due_at=NOW_US - 1)
    assert case_alarms(orange, DEFAULTS, CENTRE, NOW_US)[0].priority is Priority.MEDIUM


def test_people_of_a_unit_are_asked_for_their_own_only() -> None:
    mine, other = Asked(Role.RESPONDER, frozenset({14})), Asked(Role.RESPONDER, frozenset({11}))
    late = mirror_of(due_at=NOW_US - 1)
    assert kinds(late, mine) == [Kind.OVERDUE]
    assert kinds(late, other) == []
    unsent = mirror_of(state=State.NEW, received_at=NOW_US - 60 * MINUTE, due_at=NEVER)
    assert kinds(unsent, mine) == [], "only the centre dispatches"


def test_who_is_asked_follows_from_role_and_place() -> None:
    assert asked(reference(Role.DUTY)) == CENTRE
    county = reference(Role.RESPONDER)
    me = replace(county.me, unit_id=14, path="01.914.")
    assert asked(replace(county, me=me)) == Asked(Role.RESPONDER, frozenset({14}))
    assert not asked(reference(Role.ANALYST)).answers


def test_the_columns_give_what_a_walk_over_the_cases_gives() -> None:
    mirror = Mirror()
    mirror.reset(rows(3000, seed=7))
    found = {(alarm.kind, alarm.thing) for alarm in case_alarms(mirror, DEFAULTS, CENTRE, NOW_US)}
    expected = set()
    for slot in mirror.slots().tolist():
        grade, state = int(mirror.grade[slot]), State(int(mirror.state[slot]))
        if grade > Grade.ORANGE or state >= State.TO_FOLLOW_UP or state is State.PAUSED:
            continue
        case = int(mirror.id[slot])
        if state < State.TO_ACCEPT:
            if mirror.received_at[slot] + DEFAULTS[Grade(grade)].accept_minutes * MINUTE < NOW_US:
                expected.add((Kind.UNSENT, case))
        elif mirror.due_at[slot] < NOW_US:
            expected.add((Kind.OVERDUE, case))
        elif state is State.TO_ACCEPT and mirror.accept_due_at[slot] < NOW_US:
            expected.add((Kind.UNSIGNED, case))
    assert found == expected
    assert len(found) > 20


def test_300_000_cases_cost_little_of_a_second() -> None:
    """Of a processor's time: what others do meanwhile does not count."""
    mirror = Mirror()
    mirror.reset(rows(300_000))
    spent = []
    alarms: list[Alarm] = []
    for _ in range(7):
        began = time.thread_time()
        alarms = case_alarms(mirror, DEFAULTS, CENTRE, NOW_US)
        spent.append(time.thread_time() - began)
    assert alarms
    assert min(spent) < 0.05, f"{min(spent) * 1000:.1f} ms; 20 ms on a machine of its own"
