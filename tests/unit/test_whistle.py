"""The whistle's own decisions: which clock runs, what is urgent, which state follows, what the times propose."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from commandcenter.domain.whistle import (
    Level,
    Party,
    PartyState,
    SpeedWeights,
    Whistle,
    WhistleState,
    by_urgency,
    derived_state,
    next_due,
    proposed_speed,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WEIGHTS = SpeedWeights(40, 30, 30)


def party(state: PartyState = PartyState.CALLED, **facts: object) -> Party:
    called = Party(
        id=1, version=1, whistle_id=1, case_id=1, unit_id=1, part="lead", ground="法定", state=state, called_at=NOW,
        answer_due_at=NOW + 30 * MINUTE, arrive_due_at=NOW + 120 * MINUTE, finish_due_at=NOW + 1440 * MINUTE,
        ruling_due_at=NOW + 60 * MINUTE if state is PartyState.OBJECTED else None,
    )  # fmt: skip
    return replace(called, **facts)  # type: ignore[arg-type]


def whistle(
    number: int, level: Level, *parties: Party, state: WhistleState = WhistleState.OPEN, **facts: object
) -> Whistle:
    blown = Whistle(
        id=number, number=str(number), version=1, case_id=1, path="01.", state=state, level=level, gather=False, caller="x",
        caller_unit_id=1, approver_unit_id=1, convener_unit_id=None, duty_item_id=None, ground=None, ground_words="",
        matter="", demand="", danger=False, danger_words="", meeting_at=None, meeting_place="", plan_until=None,
        report_due_at=None, blown_at=NOW, approved_at=None, approved_by=None, approval_skipped=False, rule_due_at=None,
        rule_missed_at=None, pushed_at=None, confirmed_at=None, closed_at=None, changed_at=NOW, verb="blow", actor="x",
        case_number="", case_title="", case_grade=3, case_place="", town_id=None, lon=None, lat=None, parties=parties,
    )  # fmt: skip
    return replace(blown, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "what", "minutes"),
    [
        (PartyState.CALLED, "answer", 30),
        (PartyState.OBJECTED, "ruling", 60),
        (PartyState.ANSWERED, "arrive", 120),
        (PartyState.CHECKED_IN, "finish", 1440),
        (PartyState.DONE, None, 0),
        (PartyState.CONFIRMED, None, 0),
        (PartyState.SCORED, None, 0),
        (PartyState.RELEASED, None, 0),
    ],
)
def test_one_clock_runs_in_each_state(state: PartyState, what: str | None, minutes: int) -> None:
    expected = (what, NOW + minutes * MINUTE) if what else (None, None)
    assert party(state).clock(NOW) == expected
    assert party(state).clock(NOW + timedelta(days=9)) == expected, "late, it is the same that is waited for"
    assert party(state).clock(NOW - MINUTE) == (None, None)


def test_a_plan_that_ends_before_the_arrival_is_due_first() -> None:
    assert party(PartyState.ANSWERED, finish_due_at=NOW + 90 * MINUTE).clock(NOW) == ("finish", NOW + 90 * MINUTE)


def test_the_state_of_every_three_parties() -> None:
    """The first that holds of: somebody acts, somebody waits to be confirmed, somebody to be scored; otherwise over."""
    for states in product(PartyState, repeat=3):
        living = {state for state in states if state is not PartyState.RELEASED}
        if living & {PartyState.CALLED, PartyState.OBJECTED, PartyState.ANSWERED, PartyState.CHECKED_IN}:
            expected = WhistleState.OPEN
        elif PartyState.DONE in living:
            expected = WhistleState.TO_CONFIRM
        elif PartyState.CONFIRMED in living:
            expected = WhistleState.TO_SCORE
        else:
            expected = WhistleState.CLOSED
        assert derived_state(states) is expected


@pytest.mark.parametrize(
    ("answered", "arrived", "finished", "points"),
    [(30, 120, 1440, 100), (31, 120, 1440, 60), (30, 121, 1440, 70), (30, 120, 1441, 70), (31, 121, 1441, 0)],
)
def test_speed_is_what_was_in_time(answered: int, arrived: int, finished: int, points: int) -> None:
    done = party(
        answered_at=NOW + answered * MINUTE, checked_in_at=NOW + arrived * MINUTE, done_at=NOW + finished * MINUTE
    )
    assert proposed_speed(done, WEIGHTS) == points


def test_who_had_to_be_called_again_did_not_answer_in_time() -> None:
    done = party(answered_at=NOW, checked_in_at=NOW, done_at=NOW, answer_missed_at=NOW - MINUTE)
    assert proposed_speed(done, WEIGHTS) == 60
    assert proposed_speed(party(), WEIGHTS) == 0
    assert proposed_speed(replace(done, answer_missed_at=None), SpeedWeights(80, 80, 0)) == 100


def test_the_highest_level_first_then_danger_then_the_nearest_clock() -> None:
    late = party(PartyState.CALLED, answer_due_at=NOW + 5 * MINUTE)
    waits = whistle(1, Level.KEY, party(PartyState.CHECKED_IN))
    urgent = whistle(2, Level.KEY, party(PartyState.DONE), late)
    danger = whistle(3, Level.KEY, party(), danger=True)
    highest = whistle(4, Level.ASSAULT, party(PartyState.CHECKED_IN))
    unruled = whistle(5, Level.KEY, state=WhistleState.TO_RULE, rule_due_at=NOW + 2 * MINUTE)
    to_score = whistle(6, Level.KEY, party(PartyState.CONFIRMED), state=WhistleState.TO_SCORE)
    assert next_due(urgent, NOW) == NOW + 5 * MINUTE
    assert next_due(unruled, NOW) == NOW + 2 * MINUTE
    assert next_due(to_score, NOW) is None
    found = by_urgency((to_score, waits, urgent, danger, highest, unruled), NOW)
    assert [each.id for each in found] == [4, 3, 5, 2, 1, 6]
