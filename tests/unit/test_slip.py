"""Who may sign where, and which clock a unit is held to (domain.md §5)."""

from datetime import UTC, datetime

import pytest

from commandcenter.domain.slip import OPEN_SLIPS, SlipState, may_sign_as, running_clock

RECEIPT, REPLY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("post", "places"),
    [
        ("", set()),
        ("town_head", set()),  # heads a town, and signs for none of the centre's
        ("section_head", {"section_head"}),
        ("director", {"section_head", "director"}),
        ("leader", {"section_head", "director", "leader"}),
    ],
)
def test_that_post_or_a_higher_one(post: str, places: set[str]) -> None:
    wanted = ("", "town_head", "section_head", "director", "leader")
    assert {each for each in wanted if may_sign_as(post, each)} == places


@pytest.mark.parametrize(
    ("state", "clock"),
    [
        (SlipState.DRAFT, (None, None)),
        (SlipState.TO_COSIGN, (None, None)),
        (SlipState.TO_RECEIVE, ("receipt", RECEIPT)),
        (SlipState.TO_REPLY, ("reply", REPLY)),
        (SlipState.TO_JUDGE, (None, None)),
        (SlipState.SENT_BACK, ("reply", REPLY)),
        (SlipState.CLOSED, (None, None)),
        (SlipState.DISMISSED, (None, None)),
        (SlipState.VOID, (None, None)),
    ],
)
def test_the_clock_that_runs(state: SlipState, clock: object) -> None:
    assert running_clock(state, RECEIPT, REPLY) == clock


def test_what_is_open() -> None:
    assert {state.name for state in OPEN_SLIPS} == {
        "DRAFT", "TO_COSIGN", "TO_RECEIVE", "TO_REPLY", "TO_JUDGE", "SENT_BACK",
    }  # fmt: skip
