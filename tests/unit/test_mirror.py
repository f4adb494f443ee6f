"""The mirror against the plainest thing that could replace it: a dictionary of cases."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.live.mirror import COLUMNS, TEXTS, Changed, Mirror, Rows

Case = tuple[int, int, int]  # id, version, grade


def rows(cases: Iterable[Case]) -> Rows:
    cases = list(cases)
    numbers = {name: np.zeros(len(cases), kind) for name, kind in COLUMNS.items()}
    numbers["id"] = np.array([case[0] for case in cases], "i8")
    numbers["version"] = np.array([case[1] for case in cases], "i4")
    numbers["grade"] = np.array([case[2] for case in cases], "u1")
    return Rows(numbers, {name: [f"{name} {case[0]} {case[1]}" for case in cases] for name in TEXTS})


def held(mirror: Mirror) -> dict[int, tuple[int, int, str]]:
    return {
        int(mirror.id[slot]): (int(mirror.version[slot]), int(mirror.grade[slot]), mirror.texts["title"][slot])
        for slot in mirror.slots().tolist()
    }


@dataclass
class Naive:
    cases: dict[int, tuple[int, int, str]] = field(default_factory=dict)

    def apply(self, changes: list[Case], gone: list[int]) -> None:
        for case_id in gone:
            self.cases.pop(case_id, None)
        for case_id, version, grade in changes:
            if case_id not in self.cases or version >= self.cases[case_id][0]:
                self.cases[case_id] = (version, grade, f"title {case_id} {version}")


ids = st.integers(1, 30)
batch = st.tuples(
    st.dictionaries(ids, st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=8), st.lists(ids, max_size=4)
)


@given(st.dictionaries(ids, st.integers(0, 4), max_size=20), st.lists(batch, max_size=12))
@settings(max_examples=150)
def test_any_sequence_of_batches_leaves_what_a_dictionary_would_hold(
    first: dict[int, int], batches: list[tuple[dict[int, tuple[int, int]], list[int]]]
) -> None:
    mirror, naive = Mirror(), Naive()
    mirror.reset(rows((case_id, 1, grade) for case_id, grade in first.items()))
    naive.apply([(case_id, 1, grade) for case_id, grade in first.items()], [])
    for changes, gone in batches:
        cases = [(case_id, version, grade) for case_id, (version, grade) in changes.items()]
        before = {case_id: mirror.slot_of(case_id) for case_id in naive.cases}
        mirror.apply(rows(cases), gone)
        naive.apply(cases, gone)
        assert held(mirror) == naive.cases
        for case_id, slot in before.items():
            if case_id in naive.cases and case_id not in gone:
                assert mirror.slot_of(case_id) == slot, "a case keeps its slot"
    assert len(mirror) == len(naive.cases)


def test_applying_the_same_batch_twice_changes_nothing_more() -> None:
    mirror = Mirror()
    mirror.reset(rows([(1, 1, 0), (2, 1, 1)]))
    for _ in range(2):
        mirror.apply(rows([(2, 2, 3), (3, 1, 4)]), [1])
    assert held(mirror) == {2: (2, 3, "title 2 2"), 3: (1, 4, "title 3 1")}


def test_an_older_version_is_ignored() -> None:
    mirror = Mirror()
    mirror.reset(rows([(1, 5, 0)]))
    changed = mirror.apply(rows([(1, 4, 3)]))
    assert held(mirror) == {1: (5, 0, "title 1 5")}
    assert len(changed.updated) == 0


def test_listeners_hear_what_changed_until_they_leave() -> None:
    mirror = Mirror()
    heard: list[Changed] = []
    leave = mirror.subscribe(heard.append)
    mirror.reset(rows([(1, 1, 0), (2, 1, 0)]))
    mirror.apply(rows([(2, 2, 0), (3, 1, 0)]), [1])
    leave()
    mirror.apply(rows([(4, 1, 0)]))
    assert [change.reset for change in heard] == [True, False]
    assert heard[1].inserted.tolist() == [mirror.slot_of(3)]
    assert heard[1].updated.tolist() == [mirror.slot_of(2)]
    assert len(heard[1].removed) == 1


def test_a_mirror_that_grows_keeps_what_it_holds() -> None:
    mirror = Mirror()
    mirror.reset(rows([]))
    for start in range(1, 5000, 700):
        mirror.apply(rows((case_id, 1, case_id % 5) for case_id in range(start, start + 700)))
    assert len(mirror) == 5600
    assert all(int(mirror.grade[slot]) == int(mirror.id[slot]) % 5 for slot in mirror.slots().tolist())
