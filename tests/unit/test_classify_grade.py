"""Grade proposals: examples of every rule, and that more danger never makes a report less urgent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.case import Grade
from commandcenter.intake.category.grade import GradeRule, GradeRules, default_grades, propose_grade

ALL_WORDS = sorted({word for rule in default_grades().words for word in rule.words})
HARMLESS = "路灯不亮"
TEXTS = st.lists(st.sampled_from([*ALL_WORDS, "没有", "不会", "三十多人", "200户", HARMLESS, "，", "小区"]), max_size=8)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("有人站在楼顶要跳楼", Grade.RED),
        ("几十名业主堵路", Grade.RED),
        ("遇到电信诈骗被转走积蓄", Grade.RED),
        ("小区整片停暖", Grade.ORANGE),
        ("老板拖欠农民工工资", Grade.ORANGE),
        ("学校多名学生食物中毒", Grade.ORANGE),
        ("井盖缺失", Grade.ORANGE),
        ("约有200人受影响", Grade.ORANGE),
        ("涉及一百二十户", Grade.ORANGE),
        ("独居老人家里停水", Grade.YELLOW),
        ("三十多人联名反映", Grade.YELLOW),
        ("多次反映没有结果", Grade.YELLOW),
        ("和物业的合同有争议", Grade.BLUE),
        (HARMLESS, Grade.GREEN),
        ("", Grade.GREEN),
    ],
)
def test_grade_by_example(text: str, grade: Grade) -> None:
    proposal = propose_grade(text)
    assert proposal.grade == grade
    assert bool(proposal.reasons) == (grade != Grade.GREEN)


def test_every_reason_says_which_words_and_the_most_urgent_comes_first() -> None:
    proposal = propose_grade("小区起火，有老人被困，涉及４０户", repeats=3)
    assert [(reason.grade, reason.words) for reason in proposal.reasons] == [
        (Grade.RED, "危及生命：“起火”、“被困”"),
        (Grade.ORANGE, "人数多：“40户”"),  # 40 households of three
        (Grade.YELLOW, "弱势群体：“老人”"),
        (Grade.YELLOW, "此前已反映 3 次"),
    ]


def test_repeats_raise_step_by_step() -> None:
    found = [propose_grade(HARMLESS, repeats=repeats).grade for repeats in (0, 1, 2, 9, 10, 500)]
    assert found == [Grade.GREEN, Grade.GREEN, Grade.YELLOW, Grade.YELLOW, Grade.ORANGE, Grade.ORANGE]


@pytest.mark.parametrize("text", ["施工没有受伤的人", "未起火", "为了防止坍塌"])
def test_what_the_text_denies_is_no_danger(text: str) -> None:
    assert propose_grade(text).grade == Grade.GREEN
    assert propose_grade(f"{text}，后来受伤、起火、坍塌").grade == Grade.RED


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("9人", False),
        ("10人", True),
        ("九个人", False),
        ("十几个人", True),
        ("二十余名", True),
        ("上百人", True),
        ("数千名", True),
        ("三万多人", True),
        ("3户", False),
        ("4户", True),
    ],
)
def test_numbers_in_digits_and_in_words(said: str, people: bool) -> None:
    grade = propose_grade(f"影响{said}").grade
    assert (grade <= Grade.YELLOW) == people


def test_rules_can_come_from_elsewhere() -> None:
    rules = GradeRules((GradeRule("某事", Grade.BLUE, ("苹果",)),))
    assert propose_grade("苹果爆炸，一百人", repeats=99, rules=rules).grade == Grade.BLUE


@given(parts=TEXTS, word=st.sampled_from(ALL_WORDS), default=st.sampled_from(Grade), repeats=st.integers(0, 20))
def test_more_danger_never_makes_a_report_less_urgent(
    parts: list[str], word: str, default: Grade, repeats: int
) -> None:
    text = "".join(parts)
    before = propose_grade(text, repeats, default).grade
    assert propose_grade(f"{text}。{word}", repeats, default).grade <= before
    assert propose_grade(text, repeats + 1, default).grade <= before
    assert propose_grade(f"{text}，有500人", repeats, default).grade <= min(before, Grade.ORANGE)
    assert before <= default


@given(text=st.text(max_size=80), default=st.sampled_from(Grade))
def test_the_proposal_is_its_most_urgent_reason_or_the_default(text: str, default: Grade) -> None:
    proposal = propose_grade(text, default=default)
    assert proposal.grade == min([default, *(reason.grade for reason in proposal.reasons)])
    assert list(proposal.reasons) == sorted(proposal.reasons, key=lambda reason: reason.grade)
