import numpy as np

from commandcenter.domain.case import Flag, Grade, Lamp, State
from commandcenter.domain.lamp import lamp
from commandcenter.domain.moment import NEVER, micros
from commandcenter.live.counters import TownCount, case_lamps, count
from commandcenter.live.mirror import Mirror
from tests.ui.desk_county import NOW, rows, some

NOW_US = micros(NOW)


def test_counts_agree_with_counting_case_by_case() -> None:
    mirror = Mirror()
    mirror.reset(rows(3000))
    counts = count(mirror, NOW_US)
    naive = {(grade, kind): 0 for grade in Grade for kind in ("open", "soon", "overdue")}
    for slot in mirror.slots().tolist():
        grade = Grade(int(mirror.grade[slot]))
        naive[grade, "open"] += 1
        shown = lamp(NOW_US, int(mirror.soon_at[slot]), int(mirror.due_at[slot]), int(mirror.paused_at[slot]))
        if mirror.state[slot] < State.TO_FOLLOW_UP and shown is not Lamp.NORMAL:
            naive[grade, "soon" if shown is Lamp.SOON else "overdue"] += 1
    assert counts.open == tuple(naive[grade, "open"] for grade in Grade)
    assert counts.soon == tuple(naive[grade, "soon"] for grade in Grade)
    assert counts.overdue == tuple(naive[grade, "overdue"] for grade in Grade)
    assert sum(counts.states) == counts.total == 3000
    assert sum(town.open for town in counts.towns.values()) == 3000
    assert sum(town.overdue for town in counts.towns.values()) == sum(counts.overdue)


def test_nothing_is_counted_in_an_empty_mirror() -> None:
    counts = count(Mirror(), NOW_US)
    assert counts.total == 0
    assert counts.open == counts.overdue == (0, 0, 0, 0, 0)
    assert counts.towns == {}


def test_a_removed_case_is_counted_no_more() -> None:
    mirror = Mirror()
    source = rows(2)
    mirror.reset(some(source, [0, 1], grade=Grade.RED, state=State.WORKING, town=3, flags=int(Flag.PROBLEM)))
    assert count(mirror, NOW_US).problems == 2
    mirror.apply(some(source, []), gone=[int(mirror.id[0])])
    counts = count(mirror, NOW_US)
    assert counts.open[Grade.RED] == 1
    assert counts.towns[3].open == 1
    assert counts.problems == 1


def test_a_finished_case_burns_no_more() -> None:
    mirror = Mirror()
    late = NOW_US - 1
    mirror.reset(some(rows(1), [0], state=State.TO_FOLLOW_UP, soon_at=late, due_at=late, paused_at=NEVER, town=1))
    assert case_lamps(mirror, np.array([0]), NOW_US).tolist() == [Lamp.NORMAL]
    assert count(mirror, NOW_US).towns == {1: TownCount(1, 0, 0)}
