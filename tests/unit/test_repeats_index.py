"""Repeats are found by words, names, place and citizen; the score is the same both ways round and explained."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commandcenter.intake.repeats.features import features_of
from commandcenter.intake.repeats.index import Index
from commandcenter.intake.repeats.report import Report, Signal, Verdict
from commandcenter.intake.repeats.rules import default_rules
from commandcenter.intake.repeats.spelling import term_id

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
SMOKE = "碧海花园南门烧烤店每天晚上油烟直排到楼上，窗户不敢开，孩子咳嗽不止，物业劝过多次没有用"
SMOKE_AGAIN = "我住碧海花园，南门那家烧烤店油烟直排，夜里窗户不敢开，物业劝过也没有用，请管一管"
HEATING = "供暖公司说今年换热站改造，崖头东区已经停暖三天，室内温度只有十二度，老人冻得受不了"


def report(id_: str, text: str = "", hours: float = 0, **more: object) -> Report:
    return Report(id_, START + timedelta(hours=hours), text, **more)  # type: ignore[arg-type]


def indexed(*reports: Report) -> Index:
    index = Index()
    for one in reports:
        index.add(one)
    return index


def test_the_same_matter_in_other_words_comes_first() -> None:
    index = indexed(report("heating", HEATING), report("smoke", SMOKE), report("empty"))
    first = index.candidates(report("new", SMOKE_AGAIN, 5))[0]
    assert first.report_id == "smoke"
    assert first.verdict is Verdict.SAME
    words = {reason.kind: reason.words for reason in first.reasons}
    assert "海花园" in words[Signal.NAMES] or "碧海花园" in words[Signal.NAMES]
    assert words[Signal.TIME] == "相隔 5 小时"


def test_the_same_text_is_named_as_such() -> None:
    found = indexed(report("smoke", SMOKE)).candidates(report("new", f" {SMOKE}！\n", 1000))[0]
    assert found.verdict is Verdict.SAME
    assert Signal.EXACT in {reason.kind for reason in found.reasons}
    assert found.reasons[0].words == "正文一字不差"


def test_a_short_phrase_proves_nothing() -> None:
    found = indexed(report("a", "路灯不亮")).candidates(report("b", "路灯不亮", 1))
    assert all(candidate.verdict is Verdict.WEAK for candidate in found)


def test_the_same_short_words_at_the_same_place_are_for_a_person_to_decide() -> None:
    here = {"lon": 122.42, "lat": 37.16}
    index = indexed(report("same", "路灯不亮", **here), report("other", "井盖丢失", **here))
    found = {each.report_id: each for each in index.candidates(report("new", "路灯不亮", 1, **here))}
    assert found["same"].verdict is Verdict.LIKELY
    assert "文字相同，但太短，说明不了什么" in {reason.words for reason in found["same"].reasons}
    assert found["other"].verdict is Verdict.WEAK


def test_a_form_sent_by_many_is_no_repeat() -> None:
    form = "本人申请办理居住证签注手续请予受理"
    index = indexed(*(report(str(number), form, number) for number in range(default_rules().template + 1)))
    assert all(found.verdict is Verdict.WEAK for found in index.candidates(report("new", form, 10)))


def test_place_and_kind_alone_are_for_a_person_to_decide() -> None:
    there = {"category": "信号灯", "lon": 122.4, "lat": 37.1}
    index = indexed(report("a", **there), report("far", category="信号灯", lon=122.5, lat=37.1))
    found = index.candidates(report("b", hours=1, **there))
    assert [(one.report_id, one.verdict) for one in found] == [("a", Verdict.LIKELY)]
    assert {reason.words for reason in found[0].reasons} >= {"同一地点", "类别相同"}


def test_the_same_citizen_at_the_same_place_is_merged() -> None:
    there = {"category": "信号灯", "lon": 122.4, "lat": 37.1, "citizen": "key"}
    found = indexed(report("a", **there)).candidates(report("b", hours=1, **there))
    assert found[0].verdict is Verdict.SAME


def test_a_busy_address_is_no_heap() -> None:
    desk = {"category": "只问信息", "lon": 122.4, "lat": 37.1}
    index = indexed(*(report(str(number), hours=number / 60, **desk) for number in range(300)))
    assert all(found.verdict is Verdict.WEAK for found in index.candidates(report("new", hours=5, **desk)))


@pytest.mark.parametrize(
    "text", ["", "Traffic Signal Out", "5100 S Pulaski Road & W 51st Street", "联丰路与中山路路口"]
)
def test_a_text_that_only_names_its_kind_or_address_does_not_merge(text: str) -> None:
    there = {"category": "Traffic Signal Out", "lon": 122.4, "lat": 37.1}
    found = indexed(report("a", text, **there)).candidates(report("b", text, 1, **there))
    assert found[0].verdict is Verdict.LIKELY


@pytest.mark.parametrize(("metres_east", "found"), [(0.0, True), (150.0, True), (1500.0, False)])
def test_distance_counts_across_cells(metres_east: float, *, found: bool) -> None:
    east = metres_east / (111_195 * 0.7976)  # cosine of 37.1 degrees
    index = indexed(report("a", category="井盖", lon=122.4, lat=37.1))
    near = index.candidates(report("b", category="井盖", lon=122.4 + east, lat=37.1))
    assert bool(near) is found


def test_opposite_demands_are_related_at_most() -> None:
    index = indexed(report("for", "强烈要求恢复酒仙桥早市，老人买菜方便，希望保留酒仙桥早市，价格便宜大家都支持"))
    against = report(
        "against", "酒仙桥早市每天五点开始吵闹，老人买菜方便但我们睡不了觉，要求取缔酒仙桥早市，价格便宜也不行", 3
    )
    found = index.candidates(against)[0]
    assert found.verdict is Verdict.RELATED
    assert found.reasons[0].kind is Signal.OPPOSITE


def test_a_report_is_not_its_own_candidate_and_comes_once() -> None:
    index = indexed(report("a", SMOKE))
    assert index.candidates(report("a", SMOKE)) == ()
    with pytest.raises(ValueError, match="twice"):
        index.add(report("a", SMOKE))


def test_names_codes_and_seams_are_read() -> None:
    found = features_of(report("a", "K8县联丰路58车贷案，A3区滨河苑12栋"), default_rules())
    assert found.codes == {"k8县", "a3区"}
    assert {"联丰路", "滨河苑"} <= found.names
    assert term_id("58车") in found.terms
    assert found.numbers == {"58", "12"}


def test_nothing_written_and_nowhere_gives_nothing() -> None:
    assert indexed(report("a"), report("b", SMOKE)).candidates(report("c")) == ()


texts = st.text("路灯不亮停水三天碧海花园南门烧烤油烟扰民取缔保留早市0123 ，。", max_size=60)
reports = st.builds(
    report,
    st.uuids().map(str),
    texts,
    st.floats(0, 5000),
    category=st.sampled_from(("", "甲", "乙")),
    citizen=st.sampled_from(("", "x", "y")),
    lon=st.sampled_from((122.4, 122.4005)),
    lat=st.sampled_from((37.1, 37.1004)),
)


@settings(max_examples=40)
@given(one=reports, other=reports, others=st.lists(reports, max_size=4))
def test_the_score_is_the_same_both_ways_round(one: Report, other: Report, others: list[Report]) -> None:
    index = indexed(one, other, *others)
    assert index.score(one, other) == pytest.approx(index.score(other, one), abs=1e-6)
    assert 0 <= index.score(one, other) <= 1


def test_an_unrelated_report_moves_a_score_only_by_the_drift_of_rarity() -> None:
    """One report more among n changes a rarity by at most ln((n+101)/(n+100)): next to nothing in the score."""
    one, other = report("one", SMOKE), report("other", SMOKE_AGAIN, 3)
    index = indexed(one, other)
    before = index.score(one, other)
    index.add(report("stranger", HEATING, 4))
    assert index.score(one, other) == pytest.approx(before, abs=0.02)


def test_many_reports_pass_through_the_closed_parts() -> None:
    index = Index()
    for number in range(3000):
        index.add(
            report(str(number), f"第{number}号信访件：{chr(0x4E00 + number)}{chr(0x5E00 + number)}镇反映", number)
        )
    index.add(report("smoke", SMOKE, 3001))
    assert index.candidates(report("new", SMOKE_AGAIN, 3002))[0].report_id == "smoke"
    name = f"{chr(0x4E00 + 77)}{chr(0x5E00 + 77)}镇"
    assert "77" in [
        one.report_id for one in index.candidates(report("town", f"反映{name}的事情，{name}第77号信访件", 3003))
    ]
