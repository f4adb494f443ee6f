"""What 受理 shows of suggestions, decided without a window: keys, order, what is filled in."""

from datetime import UTC, datetime, timedelta

import pytest

from commandcenter.domain.case import Grade, State
from commandcenter.intake.category.grade import GradeProposal, GradeReason
from commandcenter.intake.category.kind import KindProposal
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services.advising import Advice, PlaceGuess
from commandcenter.services.repeats import Repeat
from tests.ui import desk_county
from ui.intake.advice import filling_of, point_of
from ui.intake.keys import Key, table
from ui.intake.repeat_card import (
    ago_words,
    before,
    cards_of,
    in_order_of,
    metres_words,
    worth_showing,
)
from ui.main_window import MainWindow
from ui.session import Session

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)


def repeat(number: int, verdict: Verdict = Verdict.LIKELY, state: State = State.WORKING, reports: int = 1) -> Repeat:
    reasons = (Reason(Signal.OPPOSITE, "同一件事，要求相反", 0.0),) if verdict is Verdict.RELATED else ()
    return Repeat(
        number, number, f"RC{number}", 1, state, Grade.BLUE, 11, 1, "标题", "内容", "", NOW - timedelta(minutes=26),
        40.0, 2, reports, 0.9, verdict, (*reasons, Reason(Signal.DISTANCE, "相距 40 米", 1.0)),
    )  # fmt: skip


def advice(share: float, score: float, reasons: tuple[GradeReason, ...] = (), why: tuple[str, ...] = ()) -> Advice:
    return Advice(
        ((1, share), (2, 0.01)), KindProposal("投诉", why), GradeProposal(Grade.ORANGE, reasons), (),
        (PlaceGuess(5, "学府小区", score, 122.4, 37.1),),
    )  # fmt: skip


def test_keys_go_to_what_may_be_merged_in_order() -> None:
    found = (repeat(1), repeat(2, Verdict.RELATED), repeat(3, Verdict.SAME), repeat(4))
    one, two, three = cards_of(found, desk_county.reference(), NOW)
    assert [card.key for card in (one, two, three)] == [Key.MERGE_1, None, Key.MERGE_2]
    assert (two.mark, two.opposite) == ("相反诉求", True)
    assert (three.mark, three.sure) == ("机器确信", True)
    assert one.facts == "40 米 · 26 分钟前 · 12345 · 办理中 · 燃气公司 · 2 张照片"
    assert one.why == "相距 40 米"
    assert all(card.key is None for card in cards_of(found, desk_county.reference(), NOW, may=False))


def test_a_case_that_is_over_is_shown_only_where_it_is_surely_the_same() -> None:
    over = repeat(1, state=State.ARCHIVED)
    again = repeat(2, Verdict.SAME, State.TO_FOLLOW_UP)
    assert worth_showing((over, again)) == (again,)
    [card] = cards_of((again,), desk_county.reference(), NOW)
    assert (card.key, card.mark) == (None, "已办完，不能并入")


def test_only_surely_the_same_and_open_speaks_for_urgency() -> None:
    found = (
        repeat(1, Verdict.SAME, reports=3),
        repeat(2, Verdict.LIKELY, reports=5),
        repeat(3, Verdict.SAME, State.ARCHIVED, 7),
        repeat(4, Verdict.RELATED, reports=9),
    )
    assert before(found) == 3


def test_no_key_changes_under_a_finger_while_the_same_cases_are_meant() -> None:
    one, two, three, four = (repeat(number) for number in (1, 2, 3, 4))
    assert in_order_of((three, one, two, four), (one, two, three)) == (one, two, three, four)
    assert in_order_of((four, one, two), (one, two, three)) == (four, one, two), "another case: the best first"


@pytest.mark.parametrize(
    ("metres", "words"), [(3.0, "同一地点"), (40.4, "40 米"), (999.0, "999 米"), (2_340.0, "2.3 公里")]
)
def test_distances(metres: float, words: str) -> None:
    assert metres_words(metres) == words


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "刚才"), (59, "59 分钟前"), (60, "1 小时前"), (2879, "47 小时前"), (2880, "2 天前")]
)
def test_times(minutes: int, words: str) -> None:
    assert ago_words(NOW, NOW - timedelta(minutes=minutes)) == words


def test_only_what_is_sure_enough_is_filled_in() -> None:
    sure = filling_of(advice(0.3, 0.8, why=("投诉",)), 0.8)
    assert (sure.kind, sure.category_id, sure.grade) == ("投诉", 1, Grade.ORANGE)
    assert sure.place is not None
    unsure = filling_of(advice(0.29, 0.79), 0.8)
    assert (unsure.kind, unsure.category_id, unsure.grade, unsure.place) == ("求助", None, None, None)
    danger = filling_of(advice(0.29, 0.79, (GradeReason(Grade.ORANGE, "危险"),)), 0.8)
    assert danger.grade is Grade.ORANGE, "a reason needs no category"


def test_the_middle_of_a_town_is_no_point() -> None:
    reference = desk_county.reference()
    assert point_of(PlaceGuess(1, "崖头街道", 1.0, 122.4, 37.1), reference) is None
    assert point_of(PlaceGuess(1, "观海路", 1.0, 122.4, 37.1), reference) == (122.4, 37.1)


def test_no_key_of_the_page_belongs_to_somebody_else(session: Session) -> None:
    window = MainWindow(session)
    others = {keys.toString() for action in window.actions() for keys in action.shortcuts() if action.isEnabled()}
    assert others
    assert others.isdisjoint(key.value for key in Key)
    told = [line.keys.split() for line in table()]
    for key in Key:
        modifiers, _, last = key.replace("Return", "Enter").rpartition("+")
        spellings = {key.replace("Return", "Enter"), last} if modifiers == "Alt" else {key.replace("Return", "Enter")}
        assert key is Key.HELP or any(spellings.intersection(keys) for keys in told), key
    window.close()
