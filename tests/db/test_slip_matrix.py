"""Role by verb by state: lawful exactly as written here from domain.md §5, everything else refused without a trace."""

import asyncpg
import pytest

from commandcenter.domain.slip import SlipState
from tests.db.centre import Centre
from tests.db.county import ROLE_PEOPLE, UNIT_A
from tests.db.life import MONDAY
from tests.db.slip_life import SlipChange, Slips, slip_do

S = SlipState
SUPERVISOR = {"cc_supervisor"}
UNITS = {"cc_responder", "cc_caller"}

LAW: dict[tuple[str, SlipState], tuple[SlipState, set[str]]] = {
    ("edit_slip", S.DRAFT): (S.DRAFT, SUPERVISOR),
    ("edit_slip", S.TO_COSIGN): (S.DRAFT, SUPERVISOR),
    ("sign_slip", S.DRAFT): (S.TO_COSIGN, SUPERVISOR),
    ("sign_slip", S.TO_COSIGN): (S.TO_RECEIVE, SUPERVISOR),
    ("dismiss_slip", S.DRAFT): (S.DISMISSED, SUPERVISOR),
    ("dismiss_slip", S.TO_COSIGN): (S.DISMISSED, SUPERVISOR),
    ("receive_slip", S.TO_RECEIVE): (S.TO_REPLY, UNITS),
    ("reply_slip", S.TO_REPLY): (S.TO_JUDGE, UNITS),
    ("reply_slip", S.SENT_BACK): (S.TO_JUDGE, UNITS),
    ("judge_slip", S.TO_JUDGE): (S.CLOSED, SUPERVISOR),
    **{("void_slip", state): (S.VOID, SUPERVISOR) for state in (S.TO_RECEIVE, S.TO_REPLY, S.TO_JUDGE, S.SENT_BACK)},
    **{("copy_slip", state): (state, SUPERVISOR) for state in S if S.TO_RECEIVE <= state <= S.CLOSED},
}
"""Of a warning, whose signers are the director and a leader."""
GRANTED = {
    **dict.fromkeys(
        ("edit_slip", "sign_slip", "dismiss_slip", "judge_slip", "void_slip", "copy_slip", "draft_slip"), SUPERVISOR
    ),
    **dict.fromkeys(("receive_slip", "reply_slip"), UNITS),
}
ARGUMENTS: dict[str, dict[str, object]] = {
    "edit_slip": {
        "subject": "甲", "wrong": "乙", "demand": "丙", "addressee": "丁", "copies": [], "urgency": "一般", "contact": "",
        "reply_due_at": None,
    },
    "dismiss_slip": {"reason": "不必"},
    "reply_slip": {"text": "已办", "plan": "方案", "names": [], "media_types": [], "contents": []},
    "judge_slip": {"passed": True, "words": ""},
    "void_slip": {"reason": "发错"},
    "copy_slip": {"recipient": "市委办公室"},
}  # fmt: skip
SEEN_BY_ALL = {S.TO_RECEIVE, S.TO_REPLY, S.TO_JUDGE, S.SENT_BACK, S.CLOSED, S.VOID}


async def attempt(login: asyncpg.Connection, verb: str, slip: SlipChange) -> int | str:
    """Return the state the verb leads to, or the SQLSTATE with which it is refused; all of it rolled back."""
    transaction = login.transaction()
    await transaction.start()
    try:
        return (await slip_do(login, verb, slip=slip.slip_id, version=slip.version, **ARGUMENTS.get(verb, {}))).state
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("state", SlipState)
async def test_every_role_by_verb_in(centre: Centre, state: SlipState) -> None:
    await centre.clock(MONDAY)
    slip = await Slips(centre).in_state(state)
    assert slip.state == state
    was = await Slips(centre).row(slip.slip_id)
    journal = await centre.value("select count(*) from cc.journal")
    people = ROLE_PEOPLE | {"cc_supervisor": "leader"}  # whose post signs everything that others do not
    wrong = []
    for role, who in people.items():
        login = await centre(who)
        for verb, granted in GRANTED.items():
            if verb == "draft_slip":
                continue
            leads_to, roles = LAW.get((verb, state), (None, set()))
            refusal = "42501" if role not in granted else "CC031"
            if refusal == "CC031" and role in UNITS and state not in SEEN_BY_ALL:
                refusal = "CC030"
            expected = leads_to if role in roles else refusal
            got = await attempt(login, verb, slip)
            if got != expected:
                wrong.append((role, verb, got, expected))
    assert wrong == []
    assert await Slips(centre).row(slip.slip_id) == was
    assert await centre.value("select count(*) from cc.journal") == journal


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_drafts(untouched: Centre, role: str) -> None:
    login = await untouched(ROLE_PEOPLE[role])
    transaction = login.transaction()
    await transaction.start()
    try:
        statement = "select state from cc.draft_slip(1, $1, '甲', '乙', '', '{}', '一般', '00000000-0000-4000-8000-000000000001')"
        if role == "cc_supervisor":
            assert await login.fetchval(statement, UNIT_A) == S.DRAFT
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.fetchval(statement, UNIT_A)
    finally:
        await transaction.rollback()


async def test_the_table_of_steps_says_the_same(untouched: Centre) -> None:
    names = {"judge_slip": "pass"}
    said = {
        (verb, from_state, to_state, role)
        for verb, from_state, to_state, role in await (await untouched.root()).fetch(
            "select verb, from_state, to_state, role from cc.steps where entity = 'slip' and role <> 'system' and from_state >= 0"
        )
    }
    law = {
        (names.get(verb, verb.removesuffix("_slip")), int(state), int(to_state), role)
        for (verb, state), (to_state, roles) in LAW.items()
        for role in roles
    }
    others = {
        ("sign", int(S.DRAFT), int(S.TO_RECEIVE), "cc_supervisor"),  # where one signs alone
        ("send_back", int(S.TO_JUDGE), int(S.SENT_BACK), "cc_supervisor"),
    }
    assert said == law | others
