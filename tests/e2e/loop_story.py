"""What the journal has to tell of the journey in test_command_loop.py, from the first word to the archive."""

from commandcenter.domain.case import State
from commandcenter.domain.slip import SlipState
from commandcenter.domain.whistle import PartyState, WhistleState

ENTITIES = ["case", "whistle", "party", "score", "slip"]
STORY: list[tuple[str, str, str, int | None, int]] = [
    ("community", "case", "register", State.NEW, 1),
    ("duty", "case", "grade", State.TO_DISPATCH, 1),
    ("duty", "case", "dispatch", State.TO_ACCEPT, 1),
    ("responder", "case", "accept", State.WORKING, 1),
    ("community", "whistle", "blow", WhistleState.TO_APPROVE, 1),
    ("head", "whistle", "approve", WhistleState.OPEN, 1),
    ("head", "party", "call", PartyState.CALLED, 3),
    ("cc_system", "party", "missed", PartyState.CALLED, 3),
    ("cc_system", "whistle", "escalate", WhistleState.OPEN, 1),
    ("cc_system", "party", "call_again", PartyState.CALLED, 3),
    ("cc_system", "slip", "draft", SlipState.DRAFT, 3),
    ("section_head", "slip", "sign", SlipState.TO_RECEIVE, 2),
    ("department", "party", "answer", PartyState.ANSWERED, 1),
    ("utility", "party", "answer", PartyState.ANSWERED, 1),
    ("department2", "party", "object", PartyState.OBJECTED, 1),
    ("duty", "party", "rule", PartyState.RELEASED, 1),
    ("section_head", "slip", "dismiss", SlipState.DISMISSED, 1),
    ("department", "party", "check_in", PartyState.CHECKED_IN, 1),
    ("utility", "party", "check_in", PartyState.CHECKED_IN, 1),
    ("department", "party", "stand_down", PartyState.DONE, 1),
    ("utility", "party", "stand_down", PartyState.DONE, 1),
    ("utility", "whistle", "settle", WhistleState.TO_CONFIRM, 1),  # nobody is on the way any more
    ("community", "party", "confirm", PartyState.CONFIRMED, 1),
    ("community", "score", "score", None, 1),
    ("community", "party", "score", PartyState.SCORED, 1),
    ("community", "party", "confirm", PartyState.CONFIRMED, 1),
    ("community", "whistle", "settle", WhistleState.TO_SCORE, 1),
    ("community", "score", "score", None, 1),
    ("community", "party", "score", PartyState.SCORED, 1),
    ("community", "whistle", "settle", WhistleState.CLOSED, 1),
    ("department", "slip", "receive", SlipState.TO_REPLY, 1),
    ("department", "slip", "reply", SlipState.TO_JUDGE, 1),
    ("section_head", "slip", "pass", SlipState.CLOSED, 1),
    ("responder", "case", "finish", State.TO_FOLLOW_UP, 1),
    ("followup", "case", "follow_up", State.TO_FOLLOW_UP, 1),
    ("followup", "case", "redo", State.WORKING, 1),
    ("responder", "case", "finish", State.TO_FOLLOW_UP, 1),
    ("followup", "case", "follow_up", State.TO_FOLLOW_UP, 1),
    ("followup", "case", "archive", State.ARCHIVED, 1),
]
"""Who, what of, what was done, what it became, and how many of them one after the other."""
