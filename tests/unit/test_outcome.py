"""双是, 双否 and how answers count; the published half-year of Jiuxianqiao as a check of the arithmetic."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.domain.case import Grade
from commandcenter.domain.outcome import (
    RANK,
    Answer,
    Risk,
    Satisfied,
    Share,
    Why,
    double_no,
    double_yes,
    risk,
    tally,
    why_missing,
)

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("solved", "satisfied", "yes", "no"),
    [
        (True, "满意", True, False),
        (True, "基本满意", True, False),
        (True, "不满意", False, False),
        (False, "满意", False, False),
        (False, "基本满意", False, False),
        (False, "不满意", False, True),
        (None, None, False, False),
    ],
)
def test_both_or_neither(solved: bool | None, satisfied: str | None, yes: bool, no: bool) -> None:
    assert (double_yes(solved, satisfied), double_no(solved, satisfied)) == (yes, no)


answers = st.lists(
    st.builds(
        Answer,
        case_id=st.integers(1, 5),
        report_id=st.integers(),
        unit_id=st.just(1),
        solved=st.booleans(),
        satisfied=st.sampled_from(Satisfied),
    ),
    max_size=20,
)


@given(answers, st.decimals(0, 1, places=3))
def test_the_worst_counts_the_case_once_and_never_for_more(given_answers: list[Answer], weight: Decimal) -> None:
    every = tally(given_answers, each=True, basic_weight=weight)
    worst = tally(given_answers, each=False, basic_weight=weight)
    cases: dict[int, list[Answer]] = {}
    for answer in given_answers:
        cases.setdefault(answer.case_id, []).append(answer)
    assert every.solved.denominator == len(given_answers)
    assert worst.solved.denominator == len(cases)
    assert worst.solved.numerator == sum(all(each.solved for each in group) for group in cases.values())
    least = [min((each.satisfied for each in group), key=lambda value: RANK[value]) for group in cases.values()]
    assert worst.satisfied.numerator == least.count(Satisfied.YES) + weight * least.count(Satisfied.BASIC)
    for each in (every, worst):
        assert each.double_yes.numerator <= each.solved.numerator <= each.solved.denominator


def test_basic_satisfaction_counts_what_the_scheme_says() -> None:
    given_answers = [Answer(n, n, 1, True, each) for n, each in enumerate(Satisfied)]
    beijing = tally(given_answers, each=True, basic_weight=Decimal("0.9"))
    assert beijing.satisfied.numerator == Decimal("1.9")
    assert beijing.double_yes.numerator == 2  # 双是 is not weighted


def test_jiuxianqiaos_published_shares() -> None:
    city, district, assessed = 4437, 3333, 2157
    assert city + district == 7770
    assert Share(Decimal(city), 7770).percent() == Decimal("57.10")
    assert Share(Decimal(district), 7770).percent() == Decimal("42.90")
    assert Share(Decimal(assessed), city).percent() == Decimal("48.61")
    assert Share(Decimal(assessed), assessed).percent() == Decimal("100.00")


@pytest.mark.parametrize("published", ["97.01", "97.57"])
def test_a_rate_without_its_denominator_cannot_be_checked(published: str) -> None:
    """Jiuxianqiao's solved and satisfied are of no whole number among the 2,157 assessed: their wholes are others."""
    assert Decimal(published) not in {Share(Decimal(n), 2157).percent() for n in range(2158)}


def test_no_rate_without_anybody() -> None:
    assert tally([], each=True).solved.rate() is None
    assert Share(Decimal(0), 0).percent() is None


def test_what_makes_a_call_urgent() -> None:
    plain = {"redos": 0, "returns": 0, "late": False, "reports": 1, "other_reports": 0, "had_double_no": False}
    assert risk(grade=Grade.GREEN, **plain) == (0, ())
    points = [risk(grade=grade, **plain)[0] for grade in Grade]
    assert points == sorted(points, reverse=True)
    for more in (
        {"redos": 1}, {"returns": 1}, {"late": True}, {"reports": 2}, {"other_reports": 1}, {"had_double_no": True},
    ):  # fmt: skip
        assert risk(grade=Grade.BLUE, **plain | more)[0] > risk(grade=Grade.BLUE, **plain)[0]
        assert len(risk(grade=Grade.BLUE, **plain | more)[1]) == 1
    _, reasons = risk(grade=Grade.RED, **plain | {"redos": 1, "had_double_no": True})
    assert set(reasons) == {Risk.DOUBLE_NO, Risk.URGENT, Risk.REDONE}
    assert risk(grade=Grade.BLUE, **plain | {"other_reports": 99}) == risk(
        grade=Grade.BLUE, **plain | {"other_reports": 3}
    )


@pytest.mark.parametrize(
    ("tries", "due_in", "why"),
    [(0, 1, Why.NOT_DUE), (0, 0, Why.NOBODY), (0, -1, Why.NOBODY), (1, -1, Why.RETRY), (2, 1, Why.RETRY),
     (3, 1, Why.UNREACHABLE)],
)  # fmt: skip
def test_why_somebody_is_missing(tries: int, due_in: int, why: Why) -> None:
    assert why_missing([NOW] * tries, NOW + timedelta(hours=due_in), 3, NOW) is why
