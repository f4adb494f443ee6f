"""Cases take in what agrees with them; they never hold opposite demands, and every report is in exactly one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.intake.repeats.grouping import Grouping
from commandcenter.intake.repeats.index import Index
from commandcenter.intake.repeats.replay import replay
from commandcenter.intake.repeats.report import Report, Verdict

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
WANTED = "强烈要求恢复酒仙桥早市，老人买菜方便，希望保留酒仙桥早市，价格便宜大家都支持"
UNWANTED = "酒仙桥早市每天五点开始吵闹，老人买菜方便但我们睡不了觉，要求取缔酒仙桥早市，价格便宜也不行"


def report(id_: str, text: str = "", hours: float = 0, **more: object) -> Report:
    return Report(id_, START + timedelta(hours=hours), text, **more)  # type: ignore[arg-type]


def test_a_case_takes_in_a_repeat_and_is_named_after_its_first_report() -> None:
    grouping = Grouping()
    placed = [grouping.put(report(str(number), WANTED, number)) for number in range(3)]
    assert [one.case_id for one in placed] == ["0", "0", "0"]
    assert [one.merged for one in placed] == [False, True, True]
    assert placed[2].candidates[0].verdict is Verdict.SAME
    assert placed[2].candidates[0].case_id == "0"


def test_opposite_demands_stay_two_cases_whoever_comes_first() -> None:
    for first, second in ((WANTED, UNWANTED), (UNWANTED, WANTED)):
        grouping = Grouping()
        for number in range(4):
            grouping.put(report(f"a{number}", first, number))
        placed = grouping.put(report("b", second, 5))
        assert not placed.merged
        assert placed.candidates[0].verdict is Verdict.RELATED
        assert grouping.put(report("c", second, 6)).case_id == "b"


def test_a_demand_of_a_report_that_speaks_no_more_still_counts() -> None:
    grouping = Grouping()
    neutral = "酒仙桥早市五点开始，老人买菜方便，价格便宜，吵闹，我们睡不了觉，酒仙桥早市的事情请研究"
    grouping.put(report("n", neutral))
    for number in range(10):
        grouping.put(report(f"n{number}", neutral, number))
    grouping.put(report("for", neutral + "，希望保留酒仙桥早市", 11))
    for number in range(40):
        grouping.put(report(f"m{number}", neutral, 12 + number))
    assert grouping.case_of("for") == "n"
    placed = grouping.put(report("against", neutral + "，要求取缔酒仙桥早市", 60))
    assert placed.case_id == "against"


def test_the_first_of_a_chain_stays_among_the_candidates() -> None:
    there = {"category": "信号灯", "lon": 122.4, "lat": 37.1}
    reports = [report(str(number), hours=number * 20, **there) for number in range(6)]
    last = replay(reports)[-1]
    assert not last.merged
    assert "0" in [found.report_id for found in last.candidates]


def test_one_address_with_a_thousand_calls_is_no_heap() -> None:
    desk = {"category": "只问信息", "lon": 122.4, "lat": 37.1, "text": "只问信息"}
    placed = replay([report(str(number), hours=number / 60, **desk) for number in range(1000)])
    assert len({one.case_id for one in placed}) == 1000
    assert all(found.verdict is Verdict.WEAK for found in placed[-1].candidates)


def test_answers_come_in_the_given_order_and_equal_times_keep_it() -> None:
    later, first, second = report("later", WANTED, 5), report("first", WANTED), report("second", WANTED)
    placed = replay([later, first, second])
    assert [one.report_id for one in placed] == ["later", "first", "second"]
    assert {one.case_id for one in placed} == {"first"}


def test_an_index_in_use_is_refused() -> None:
    index = Index()
    index.add(report("a", WANTED))
    with pytest.raises(ValueError, match="empty"):
        Grouping(index)


SHOUTS = "碧海花园南门烧烤店半夜喝酒划拳声音大"
COMPLAINED = "业主多次投诉城管来过又反弹"
FUMES = "孩子老人睡不好觉油烟直排楼道窗户不敢开"


@pytest.mark.parametrize(("shared", "joined"), [("", False), (COMPLAINED[:8], True)])
def test_two_cases_become_one_by_a_report_of_both_only_where_all_others_agree(shared: str, *, joined: bool) -> None:
    grouping = Grouping()
    for number in range(60):
        strange = "".join(chr(0x4E00 + (number * 37 + at * 101) % 3000) for at in range(40))
        grouping.put(report(f"x{number}", strange, -1))
    for number in range(3):
        grouping.put(report(f"a{number}", SHOUTS + shared + "，请管管" * number, number))
        grouping.put(report(f"b{number}", shared + FUMES + "，难受" * number, number))
    assert [grouping.case_of(one) for one in ("a2", "b2")] == ["a0", "b0"]
    grouping.put(report("by", SHOUTS + COMPLAINED + FUMES, 5))
    assert grouping.case_of("by") == "a0"
    assert {grouping.case_of(f"b{number}") for number in range(3)} == {"a0" if joined else "b0"}


demands = st.sampled_from((WANTED, UNWANTED, WANTED[:24], UNWANTED[:30], "路灯不亮", ""))
streams = st.lists(st.tuples(demands, st.integers(0, 500), st.sampled_from(("", "x"))), max_size=12)


@settings(max_examples=30)
@given(streams)
def test_every_report_is_in_one_case_that_began_before_it_and_no_case_is_at_odds(
    rows: list[tuple[str, int, str]],
) -> None:
    reports = [report(str(at), text, hours, citizen=who) for at, (text, hours, who) in enumerate(rows)]
    placed = replay(reports)
    assert [one.report_id for one in placed] == [one.id for one in reports]
    of = {one.report_id: one.case_id for one in placed}
    by_id = {one.id: one for one in reports}
    for id_, case in of.items():
        assert of[case] == case
        assert by_id[case].at <= by_id[id_].at
    for case in set(of.values()):
        texts = {by_id[id_].text for id_ in of if of[id_] == case}
        assert not {WANTED, UNWANTED} <= texts
