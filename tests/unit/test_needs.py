import numpy as np

from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import HOUR, NEVER, micros
from commandcenter.live.mirror import Mirror, Rows
from commandcenter.live.needs import needing
from tests.ui.desk_county import NOW, rows, some

NOW_US = micros(NOW)
R, A, Y, G = Grade.RED, Grade.ORANGE, Grade.YELLOW, Grade.GREEN


def mirror_of(*cases: tuple[Grade, State, int]) -> Mirror:
    """Cases in this order with ids from 1: grade, state, and hours to the deadline; undispatched ones, since receipt."""
    source = some(rows(len(cases)), list(range(len(cases))), paused_at=NEVER)
    numbers = source.numbers
    for place, (grade, state, hours) in enumerate(cases):
        waiting = state < State.TO_ACCEPT
        due = NEVER if waiting else NOW_US + hours * HOUR
        numbers["id"][place], numbers["grade"][place], numbers["state"][place] = place + 1, grade, state
        numbers["due_at"][place] = due
        numbers["soon_at"][place] = due if waiting else due - HOUR
        numbers["received_at"][place] = NOW_US + hours * HOUR if waiting else NOW_US - 90 * HOUR
    mirror = Mirror()
    mirror.reset(Rows(numbers, source.texts))
    return mirror


def ids(mirror: Mirror, most: int = 99) -> list[int]:
    return mirror.id[needing(mirror, NOW_US, most)].tolist()


def test_red_before_pressing_orange_before_what_is_overdue_before_orange_in_good_time_the_nearest_first() -> None:
    mirror = mirror_of(
        (G, State.WORKING, -1), (A, State.WORKING, 43), (R, State.WORKING, 20), (Y, State.TO_ACCEPT, -5),
        (R, State.TO_ACCEPT, -2), (A, State.WORKING, 3), (A, State.WORKING, 1), (A, State.WORKING, -3), (A, State.NEW, -1),
    )  # fmt: skip
    assert ids(mirror) == [5, 3, 9, 8, 7, 4, 1, 6, 2]


def test_what_nobody_is_on_comes_first_in_its_grade_the_oldest_before_the_others() -> None:
    mirror = mirror_of((R, State.WORKING, -9), (R, State.NEW, -1), (R, State.TO_DISPATCH, -2), (A, State.NEW, -7))
    assert ids(mirror) == [3, 2, 1, 4]


def test_finished_and_paused_cases_need_nobody_and_neither_do_others_in_time() -> None:
    mirror = mirror_of(
        (R, State.TO_FOLLOW_UP, -3), (R, State.PAUSED, -3), (Y, State.WORKING, 5), (G, State.NEW, -90), (A, State.RETURNED, 5)
    )  # fmt: skip
    assert ids(mirror) == [5]


def test_no_more_than_asked_for_and_none_of_an_empty_mirror() -> None:
    mirror = mirror_of(*[(R, State.WORKING, hours) for hours in (4, 1, 3, 2)])
    assert ids(mirror, 2) == [2, 4]
    assert ids(Mirror()) == []


def test_a_case_that_left_is_not_shown_from_its_old_slot() -> None:
    mirror = mirror_of((R, State.WORKING, 1), (R, State.WORKING, 2))
    mirror.apply(some(rows(1), []), gone=[1])
    assert ids(mirror) == [2]
    assert needing(mirror, NOW_US, 9).dtype == np.int64
