"""Kind 咨询 求助 投诉 举报 建议 表扬 其他, by example, and by what must hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.intake.category.kind import KindRules, default_kinds, propose_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请问公积金贷款需要什么条件，如何办理？", "咨询"),
        ("家里停水两天了，请帮忙尽快处理", "求助"),
        ("投诉楼下烧烤店噪音扰民，物业推诿", "投诉"),
        ("我要举报某公司非法集资，涉嫌传销", "举报"),
        ("建议在学校门口增设红绿灯", "建议"),
        ("社区工作人员认真负责，特此感谢，提出表扬", "表扬"),
        ("今天天气晴", "其他"),
        ("", "其他"),
    ],
)
def test_kind_by_example(text: str, kind: str) -> None:
    assert propose_kind(text).kind == kind


def test_the_reasons_are_words_of_the_text_the_loudest_first() -> None:
    proposal = propose_kind("物业服务差，我要投诉")
    assert proposal.kind == "投诉"
    assert proposal.why == ("投诉", "服务差")


def test_a_denied_word_does_not_speak() -> None:
    assert propose_kind("我不是投诉，想咨询一下").kind == "咨询"
    assert propose_kind("没有投诉，现在要投诉").kind == "投诉"


def test_the_words_can_come_from_elsewhere() -> None:
    rules = KindRules({"甲": {"苹果": 1}, "乙": {"梨": 1, "桃": 1}})
    assert propose_kind("苹果和梨", rules).kind == "甲", "of equals the first"
    assert propose_kind("苹果、梨、桃", rules).kind == "乙"
    assert propose_kind("投诉", rules).kind == "其他"


@given(st.text(max_size=60))
def test_any_text_has_one_of_the_seven_kinds_with_reasons_unless_other(text: str) -> None:
    proposal = propose_kind(text)
    assert proposal.kind in {*default_kinds().kinds, "其他"}
    assert bool(proposal.why) == (proposal.kind != "其他")
