"""Role by verb by state: lawful exactly as written here from domain.md §3, everything else refused without a trace."""

from datetime import timedelta

import asyncpg
import pytest

from commandcenter.domain.case import Flag, State
from tests.db.centre import Centre, do, refused
from tests.db.county import COMMUNITY_A, DEPARTMENT_1, GRID_A, ROLE_PEOPLE, UNIT_B
from tests.db.life import MONDAY, dispatched, in_state, register, report_of

DUTY, SUPERVISOR, RESPONDER, CALLER, FOLLOWUP = "cc_duty", "cc_supervisor", "cc_responder", "cc_caller", "cc_followup"
CENTRE = {DUTY, SUPERVISOR}
UNITS = {RESPONDER, CALLER}
CALLS = {FOLLOWUP, SUPERVISOR}
EVERYBODY = CENTRE | UNITS | CALLS
S = State

LAW: dict[tuple[str, State], tuple[State, set[str]]] = {
    ("grade", S.NEW): (S.TO_DISPATCH, CENTRE),
    ("grade", S.TO_DISPATCH): (S.TO_DISPATCH, CENTRE),
    ("grade", S.TO_ACCEPT): (S.TO_ACCEPT, CENTRE),
    ("grade", S.WORKING): (S.WORKING, CENTRE),
    ("grade", S.RETURNED): (S.RETURNED, CENTRE),
    ("answer_now", S.NEW): (S.ARCHIVED, CENTRE),
    ("answer_now", S.TO_DISPATCH): (S.ARCHIVED, CENTRE),
    ("dispatch", S.TO_DISPATCH): (S.TO_ACCEPT, CENTRE),
    ("accept", S.TO_ACCEPT): (S.WORKING, UNITS),
    ("return_case", S.TO_ACCEPT): (S.RETURNED, UNITS),
    ("return_case", S.WORKING): (S.RETURNED, UNITS),
    ("review_return", S.RETURNED): (S.TO_ACCEPT, CENTRE),
    ("reassign", S.TO_ACCEPT): (S.TO_ACCEPT, CENTRE),
    ("reassign", S.WORKING): (S.TO_ACCEPT, CENTRE),
    ("apply_extension", S.WORKING): (S.WORKING, UNITS),
    ("review_extension", S.WORKING): (S.WORKING, {SUPERVISOR}),
    ("pause", S.WORKING): (S.PAUSED, CENTRE),
    ("resume", S.PAUSED): (S.WORKING, CENTRE),
    ("finish", S.WORKING): (S.TO_FOLLOW_UP, UNITS),
    ("follow_up", S.TO_FOLLOW_UP): (S.TO_FOLLOW_UP, CALLS),
    ("redo", S.TO_FOLLOW_UP): (S.WORKING, CALLS),
    ("archive", S.TO_FOLLOW_UP): (S.ARCHIVED, CALLS),
    ("void", S.NEW): (S.VOID, CENTRE),
    ("void", S.TO_DISPATCH): (S.VOID, CENTRE),
    ("void", S.TO_ACCEPT): (S.VOID, {SUPERVISOR}),
    ("void", S.WORKING): (S.VOID, {SUPERVISOR}),
    ("void", S.RETURNED): (S.VOID, {SUPERVISOR}),
    ("void", S.PAUSED): (S.VOID, {SUPERVISOR}),
    **{(verb, s): (s, CENTRE) for verb in ("take", "release") for s in (S.NEW, S.TO_DISPATCH, S.RETURNED)},
    **{(verb, S.TO_FOLLOW_UP): (S.TO_FOLLOW_UP, CALLS) for verb in ("take", "release")},
    **{(verb, s): (s, EVERYBODY) for verb in ("note", "attach") for s in S if s < S.ARCHIVED},
    **{("place", s): (s, CENTRE | {CALLER}) for s in S if s < S.ARCHIVED},
}
ASSISTING: dict[tuple[str, State], tuple[State, set[str]]] = {
    ("accept", S.TO_ACCEPT): (S.TO_ACCEPT, UNITS),
    ("accept", S.WORKING): (S.WORKING, UNITS),
}
"""Lawful for who assists, and leaves the case as it is; to the unit that leads it is refused where it does nothing."""
MERGING = {
    *(("merge", s, S.MERGED, role) for s in S if s <= S.PAUSED for role in {*CENTRE, "system"}),
    *(("absorb", s, s, role) for s in S if s <= S.PAUSED or s == S.MERGED for role in {*CENTRE, "system"}),
    *(("unmerge", s, s, role) for s in S for role in CENTRE),  # the kept case, wherever it is by then
    *(("unmerge", S.MERGED, s, role) for s in S if s <= S.PAUSED for role in CENTRE),  # the source, where it was
    *(("split", s, s, role) for s in S if s < S.ARCHIVED for role in CENTRE),
}
"""Deeds on two cases at once (tests/db/test_merging*.py)."""
PLACING = {("unplace", s, s, role) for s in S if s < S.ARCHIVED for role in (*CENTRE, CALLER)}
"""What takes a placing back (tests/db/test_placing.py)."""
IMPORTING = {
    ("update", s, s, role)
    for s in S
    if s < S.ARCHIVED
    for role in (DUTY, SUPERVISOR, "cc_intake", "cc_admin", "system")
}
"""What a later export of another system changes (tests/db/test_importing.py)."""
VERBS = {verb for verb, _ in LAW}


def arguments(verb: str, report: int) -> dict[str, object]:
    return {
        "grade": {"grade": 2, "category": None, "reason": "升级"},
        "answer_now": {"answer": "已告知办法", "solved": True, "satisfied": "满意", "words": ""},
        "dispatch": {"unit": DEPARTMENT_1, "assist": [UNIT_B], "note": ""},
        "return_case": {"reason": "不属本单位", "suggested": UNIT_B},
        "review_return": {"approved": True, "unit": UNIT_B, "reason": ""},
        "reassign": {"unit": UNIT_B, "reason": "指定"},
        "apply_extension": {"days": 1, "reason": "等配件"},
        "review_extension": {"approved": True, "reason": ""},
        "pause": {"reason": "等材料"},
        "finish": {"discussed_with": "诉求人", "discussed_at": MONDAY, "done": "修好", "done_by": MONDAY},
        "follow_up": {
            "report": report,
            "reached": True,
            "contacted": True,
            "solved": True,
            "satisfied": "满意",
            "words": "",
        },
        "redo": {"reason": "没修好"},
        "void": {"reason": "误报"},
        "note": {"text": "已电话联系"},
        "place": {"area": COMMUNITY_A, "lon": 122.4, "lat": 37.1, "place": ""},
        "attach": {"report": report, "name": "现场.jpg", "media_type": "image/jpeg", "content": b"picture"},
    }.get(verb, {})


BEFORE = {"release": "take", "archive": "follow_up"}
"""What the same person has to do first."""


async def attempt(login: asyncpg.Connection, verb: str, case: int, version: int, report: int) -> int | str:
    """Return the state the verb leads to, or the SQLSTATE with which it is refused; all of it rolled back."""
    transaction = login.transaction()
    await transaction.start()
    try:
        if verb in BEFORE:
            first = BEFORE[verb]
            version = (await do(login, first, case=case, version=version, **arguments(first, report))).version
        return (await do(login, verb, case=case, version=version, **arguments(verb, report))).state
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("state", State)
async def test_every_role_by_verb_in(centre: Centre, state: State) -> None:
    await centre.clock(MONDAY)
    # what is answered on the spot is of certain kinds; here it is the one that all cases of these tests are of
    await (await centre.root()).execute("update cc.settings set value = '[\"求助\"]' where name = 'answer_now_kinds'")
    case = await in_state(centre, state)
    if state is State.WORKING:  # so that there is something to review
        case = await centre.do(
            "responder", "apply_extension", case=case.case_id, version=case.version, days=1, reason="等配件"
        )
        await centre.clock(MONDAY + timedelta(minutes=5))
    report = await report_of(centre, case.case_id)
    was, journal = await centre.case(case.case_id), await centre.value("select count(*) from cc.journal")
    wrong = []
    for role, who in ROLE_PEOPLE.items():
        login = await centre(who)
        for verb in sorted(VERBS):
            leads_to, roles = LAW.get((verb, state), (None, set()))
            # the analyst and the wall may not even call a verb
            refusal = "42501" if role in {"cc_analyst", "cc_wall"} else "CC001"
            if role in ASSISTING.get((verb, state), (None, set()))[1]:
                refusal = "CC012"
            expected = leads_to if role in roles else refusal
            got = await attempt(login, verb, case.case_id, case.version, report)
            if got != expected:
                wrong.append((role, verb, got, expected))
    assert wrong == []
    assert await centre.case(case.case_id) == was
    assert await centre.value("select count(*) from cc.journal") == journal


async def test_the_table_of_transitions_says_the_same(centre: Centre) -> None:
    said = {
        (verb, from_state, to_state, role)
        for verb, from_state, to_state, role in await (await centre.root()).fetch(
            "select verb, from_state, to_state, role from cc.transitions where from_state >= 0"
        )
    }
    law = {
        ("return" if verb == "return_case" else verb, int(state), int(to_state), role)
        for (verb, state), (to_state, roles) in (*LAW.items(), *ASSISTING.items())
        for role in roles
    }
    law |= {(verb, int(state), int(to_state), role) for verb, state, to_state, role in (*MERGING, *PLACING, *IMPORTING)}
    assert said == law


async def test_who_assists_signs_for_their_own_part_and_moves_nothing(centre: Centre) -> None:
    signed = "select part, accepted_at is not null from cc.assignments where case_id = $1 order by part, unit_id"
    await centre.clock(MONDAY)
    c = await dispatched(centre, assist=(DEPARTMENT_1, UNIT_B))
    c = await centre.do("department", "accept", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    assert (row["state"], row["flags"] & Flag.ACCEPTED, row["detail"]) == (2, 0, f'{{"assist": [{DEPARTMENT_1}]}}')
    rows = await (await centre.root()).fetch(signed, c.case_id)
    assert sorted(map(tuple, rows)) == [("assist", False), ("assist", True), ("lead", False)]
    async with refused("CC012"):  # once
        await centre.do("department", "accept", case=c.case_id, version=c.version)
    c = await centre.do("responder", "accept", case=c.case_id, version=c.version)
    assert c.state == State.WORKING
    async with refused("CC012"):
        await centre.do("responder", "accept", case=c.case_id, version=c.version)
    due = (await centre.case(c.case_id))["due_at"]
    c = await centre.do("responder_b", "accept", case=c.case_id, version=c.version)
    row = await centre.case(c.case_id)
    assert (row["state"], row["flags"] & Flag.ACCEPTED, row["due_at"]) == (3, Flag.ACCEPTED, due)
    rows = await (await centre.root()).fetch(signed, c.case_id)
    assert all(accepted for _, accepted in rows)
    async with refused("CC009"):  # and leads nothing by it
        await centre.do("department", "return_case", case=c.case_id, version=c.version, reason="x", suggested=None)


async def test_a_refusal_says_why_and_leaves_nothing_when_committed(centre: Centre) -> None:
    case = await in_state(centre, State.TO_DISPATCH)
    journal = await centre.value("select count(*) from cc.journal")
    with pytest.raises(asyncpg.PostgresError) as info:
        await centre.do("responder", "accept", case=case.case_id, version=case.version)
    assert info.value.sqlstate == "CC001"
    assert info.value.detail == '{"role": "cc_responder", "verb": "accept", "state": 1}'
    assert await centre.value("select count(*) from cc.journal") == journal
    assert await centre.value("select count(*) from cc.write_keys where verb = 'accept'") == 0


@pytest.mark.parametrize("who", ["analyst", "wall", "admin", "followup", "responder", "department", "gone"])
async def test_who_may_not_register(untouched: Centre, who: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as info:
        await register(untouched, who)
    assert info.value.sqlstate in {"CC001", "42501"}


@pytest.mark.parametrize(
    ("who", "grade", "state"),
    [("duty", 0, 1), ("duty", None, 0), ("supervisor", 1, 1), ("caller", 0, 0), ("grid", None, 0), ("intake", 0, 0)],
)
async def test_who_registers_into_which_state(centre: Centre, who: str, grade: int | None, state: int) -> None:
    assert (await register(centre, who, grade=grade, area=GRID_A)).state == state


@pytest.mark.parametrize("statement", [
    "update cc.cases set state = 7, verb = 'archive'",
    "update cc.cases set verb = 'note', state = 6",
    "update cc.cases set title = 'x'",
    (
        "insert into cc.cases (id, number, grade, state, kind, channel_id, title, path, received_at, changed_at, verb, actor) "
        "values (1, 'X', 0, 3, '', 1, 't', '01.', now(), now(), 'register', '')"
    ),
])  # fmt: skip
async def test_the_owner_is_held_to_the_law_as_well(centre: Centre, statement: str) -> None:
    await in_state(centre, State.TO_DISPATCH)
    root = await centre.root()
    await root.execute("set role cc_owner")
    async with refused("CC001"):
        await root.execute(statement)
