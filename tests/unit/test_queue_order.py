from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.domain.case import OPEN_STATES, Flag, Grade, Lamp, State
from commandcenter.domain.lamp import lamp
from commandcenter.domain.moment import HOUR, NEVER, micros
from commandcenter.live.mirror import Mirror
from tests.ui.desk_county import FIRST_ID, NOW, rows, some
from ui.models.queue_order import Filter, Sort, matching, next_crossing, order, refresh, sort_key

NOW_US = micros(NOW)


def full(count: int, seed: int = 1) -> Mirror:
    mirror = Mirror()
    mirror.reset(rows(count, seed))
    return mirror


def passes(mirror: Mirror, slot: int, wanted: Filter) -> bool:
    """The filter, told case by case."""
    shown = lamp(NOW_US, int(mirror.soon_at[slot]), int(mirror.due_at[slot]), int(mirror.paused_at[slot]))
    if mirror.state[slot] >= State.TO_FOLLOW_UP:
        shown = Lamp.NORMAL
    text = " ".join(mirror.texts[name][slot] for name in ("title", "place", "number"))
    return (
        int(mirror.state[slot]) in wanted.states
        and (not wanted.grades or int(mirror.grade[slot]) in wanted.grades)
        and (not wanted.lamps or shown in wanted.lamps)
        and (not wanted.town or mirror.town[slot] == wanted.town)
        and (not wanted.holder or mirror.texts["holder"][slot] == wanted.holder)
        and mirror.reports[slot] >= wanted.min_reports
        and (not wanted.problem or bool(mirror.flags[slot] & Flag.PROBLEM))
        and all(word in text for word in wanted.text.split())
        and (not wanted.ids or int(mirror.id[slot]) in wanted.ids)
    )


filters = st.builds(
    Filter,
    states=st.one_of(st.just(frozenset(OPEN_STATES)), st.frozensets(st.sampled_from(sorted(OPEN_STATES)))),
    grades=st.frozensets(st.sampled_from(Grade), max_size=2),
    lamps=st.frozensets(st.sampled_from(Lamp), max_size=2),
    town=st.integers(0, 3),
    holder=st.sampled_from(["", "", "yuxiao"]),
    min_reports=st.sampled_from([0, 3]),
    problem=st.sampled_from([False, False, True]),
    text=st.sampled_from(["", "燃气", "燃气 学府", "RC2026", "没有这样的字"]),
    ids=st.sampled_from([frozenset(), frozenset(range(FIRST_ID, FIRST_ID + 50))]),
)


@settings(max_examples=60)
@given(wanted=filters, seed=st.integers(0, 5))
def test_filter_agrees_with_asking_each_case(wanted: Filter, seed: int) -> None:
    mirror = full(200, seed)
    found = matching(mirror, mirror.slots(), wanted, NOW_US)
    assert found.tolist() == [slot for slot in mirror.slots().tolist() if passes(mirror, slot, wanted)]


@settings(max_examples=60)
@given(data=st.data(), wanted=filters, sort=st.sampled_from(Sort))
def test_refreshing_gives_what_ordering_anew_gives(data: st.DataObject, wanted: Filter, sort: Sort) -> None:
    mirror = full(120)
    held = order(mirror, wanted, sort, NOW_US)
    for step in range(2):
        ids = mirror.id[mirror.slots()].tolist()
        gone = data.draw(st.lists(st.sampled_from(ids), max_size=5, unique=True))
        again = data.draw(st.lists(st.integers(0, 119), max_size=20, unique=True))
        other = rows(120, seed=7 + step, first=FIRST_ID + 60 * (step + 1), version=2 + step)
        changed = mirror.apply(some(other, again), gone)
        touched = np.unique(np.concatenate([changed.inserted, changed.updated, changed.removed]))
        held = refresh(mirror, held, touched, wanted, sort, NOW_US)
        slots, key = order(mirror, wanted, sort, NOW_US)
        assert held[0].tolist() == slots.tolist()
        assert held[1].tolist() == key.tolist()


def line(**columns: object) -> dict[str, object]:
    """A running green case due in an hour, unless said otherwise."""
    usual = {"grade": Grade.GREEN, "state": State.WORKING, "reports": 1, "due_at": NOW_US + HOUR, "paused_at": NEVER}
    return usual | {"received_at": NOW_US - HOUR} | columns


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (Sort.GRADE_DUE, ["red", "waiting", "late", "many", "paused", "finished"]),
        (Sort.REMAINING, ["late", "red", "many", "paused", "finished", "waiting"]),
        (Sort.REPORTS, ["many", "late", "red", "paused", "finished", "waiting"]),
        (Sort.NEWEST, ["red", "waiting", "late", "many", "paused", "finished"]),
    ],
)
def test_what_comes_first(sort: Sort, expected: list[str]) -> None:
    lines = {
        "finished": line(state=State.TO_FOLLOW_UP, due_at=NOW_US - 9 * HOUR, received_at=NOW_US - 16 * HOUR),
        "late": line(due_at=NOW_US - HOUR, received_at=NOW_US - 13 * HOUR),
        "many": line(due_at=NOW_US + 9 * HOUR, reports=400, received_at=NOW_US - 14 * HOUR),
        "paused": line(due_at=NOW_US - 2 * HOUR, paused_at=NOW_US - 3 * HOUR, received_at=NOW_US - 15 * HOUR),
        "red": line(grade=Grade.RED, due_at=NOW_US + 5 * HOUR, received_at=NOW_US - HOUR),
        "waiting": line(state=State.TO_DISPATCH, due_at=NEVER, received_at=NOW_US - 2 * HOUR),
    }
    source, mirror = rows(len(lines)), Mirror()
    for position, (name, columns) in enumerate(lines.items()):
        mirror.apply(some(source, [position], title=name, **columns))
    slots, _ = order(mirror, Filter(), sort, NOW_US)
    assert [mirror.texts["title"][slot] for slot in slots.tolist()] == expected


def test_keys_leave_room_for_every_grade_and_count() -> None:
    mirror = full(5)
    mirror.apply(some(rows(5, version=2), list(range(5)), due_at=NOW_US, reports=2**31 - 1, grade=Grade.GREEN))
    for sort in Sort:
        assert np.all(sort_key(mirror, mirror.slots(), sort) > -(2**62))
    assert np.all(sort_key(mirror, mirror.slots(), Sort.GRADE_DUE) > 0)


def test_next_crossing_is_the_nearest_threshold_ahead() -> None:
    mirror = full(1)
    soon, due = NOW_US + HOUR, NOW_US + 2 * HOUR
    mirror.apply(some(rows(1, version=2), [0], state=State.WORKING, soon_at=soon, due_at=due, paused_at=NEVER))
    slots = mirror.slots()
    assert next_crossing(mirror, slots, NOW_US) == soon
    # Overdue begins after the due moment, not at it.
    assert next_crossing(mirror, slots, soon) == due + 1
    assert next_crossing(mirror, slots, due + 1) == NEVER


def test_a_filter_with_nothing_restricted_shows_everything_open() -> None:
    mirror = full(50)
    assert len(matching(mirror, mirror.slots(), Filter(), NOW_US)) == 50
    assert replace(Filter(), town=0) == Filter()
