"""Whistles: role by verb by state as written here from the rules, who sees them, and no way around the functions."""

from uuid import uuid4

import asyncpg
import pytest

from tests.db.centre import Centre, refused
from tests.db.county import (
    DEPARTMENT_1,
    DEPARTMENT_2,
    ROLE_PEOPLE,
    UNIT_A,
)
from tests.db.life import MONDAY, register
from tests.db.whistle_life import (
    PARTY_ARGUMENTS,
    Blown,
    blow,
    blown_to,
    call,
    do,
    led_to,
    part,
    parties,
    party,
    whistle,
)

UNGRANTED = {"followup", "analyst", "wall", "intake", "admin"}
"""May not even call a verb of whistles: 42501."""
PEOPLE = ("caller", "head", "responder", "department", "department2", "duty", "supervisor")
LAWLESS = "CC021"
"""Not for this role in this state."""
NOT_THEIRS = "CC022"
"""The role may, but it is not their whistle, their unit's part, or theirs to approve."""

CALLERS: dict[str, int | str] = {"caller": 0, "head": 0, "supervisor": 0, "duty": NOT_THEIRS}
"""A verb of those who blew it: town A's people, and a supervisor; the whistle is not the duty officer's."""


def callers(to_state: int | str) -> dict[str, int | str]:
    return {who: NOT_THEIRS if who == "duty" else to_state for who in CALLERS}


WHISTLE_LAW: dict[tuple[str, int], dict[str, int | str]] = {
    ("amend_whistle", 0): callers(1),
    ("approve_whistle", 1): {"head": 3, "caller": NOT_THEIRS, "supervisor": NOT_THEIRS},
    ("decline_whistle", 1): {"head": 0, "caller": NOT_THEIRS, "supervisor": NOT_THEIRS},
    ("rule_whistle", 2): {"duty": 3, "supervisor": 3},
    ("escalate_whistle", 3): callers(3),
    ("meet_whistle", 3): callers(3),
    ("plan_whistle", 3): callers("CC024"),  # only 攻坚 goes by plan
    **{("withdraw_whistle", state): callers(7) for state in (0, 1, 2)},
    **{("withdraw_whistle", state): {"supervisor": 7} for state in (3, 4, 5)},
}
WHISTLE_VERBS: dict[str, dict[str, object]] = {
    "amend_whistle": {"level": 1, "matter": "漏气", "demand": "修复", "duty_item": None},
    "approve_whistle": {},
    "decline_whistle": {"reason": "先协调"},
    "rule_whistle": {"lead": DEPARTMENT_2, "assist": [], "reason": "指定"},
    "escalate_whistle": {"reason": "升级"},
    "meet_whistle": {"at": MONDAY.replace(year=2027), "place": "镇会议室"},
    "plan_whistle": {"until": MONDAY.replace(day=20)},
    "withdraw_whistle": {"reason": "已解决"},
}


def unit(to_state: int) -> dict[str, int | str]:
    """A verb of the called unit: of those who may at all, only its own people."""
    return {"department": to_state} | dict.fromkeys(("department2", "responder", "caller", "head"), NOT_THEIRS)


PARTY_LAW: dict[tuple[str, int], dict[str, int | str]] = {
    ("answer_whistle", 0): unit(2),
    ("object_to_whistle", 0): unit(1),
    ("rule_objection", 1): {"duty": 0, "supervisor": 0},
    ("check_in", 2): unit(3),
    ("progress", 3): unit(3),
    ("stand_down", 3): unit(4),
    ("confirm_party", 4): callers(5),
    ("send_back_party", 4): callers(3),
    ("score_party", 5): callers(6),
    ("answer_score", 6): unit(6),
}
PARTY_VERBS = sorted({verb for verb, _ in PARTY_LAW})


async def in_state(centre: Centre, state: int) -> Blown:
    """A whistle of town A, blown by its caller, in any of the eight states."""
    given: dict[str, object] = {"duty_item": None} if state == 2 else {}
    w = await blow(centre, "caller", (await register(centre)).case_id, **given)
    if state == 0:
        await do(centre, "head", "decline_whistle", w, reason="先协调")
    elif state == 7:
        await do(centre, "caller", "withdraw_whistle", w, reason="已解决")
    elif state > 1:
        await do(centre, "head", "approve_whistle", w)
        if state > 3:
            await led_to(centre, w, state)
    assert (await whistle(centre, w))["state"] == state
    return w


async def attempt(login: asyncpg.Connection, function: str, **arguments: object) -> int | str:
    """The state a verb leads to, or the SQLSTATE with which it is refused; undone."""
    transaction = login.transaction()
    await transaction.start()
    try:
        row = await call(login, function, key=uuid4(), **arguments)
        return int(row["state"])
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("state", range(8))
async def test_role_by_verb_on_a_whistle(centre: Centre, state: int) -> None:
    await centre.clock(MONDAY)
    w = await in_state(centre, state)
    version = (await whistle(centre, w))["version"]
    journal = await centre.value("select count(*) from cc.journal")
    wrong = []
    for who in (*PEOPLE, *sorted(UNGRANTED)):
        for verb, arguments in WHISTLE_VERBS.items():
            if who in UNGRANTED:
                expected: int | str = "42501"
            elif who in {"department", "department2"} and (state < 3 or state == 7 or who == "department2"):
                expected = "CC020"  # out of their sight
            else:
                expected = WHISTLE_LAW.get((verb, state), {}).get(who, LAWLESS)
            got = await attempt(await centre(who), verb, whistle=w.whistle_id, version=version, **arguments)
            if got != expected:
                wrong.append((who, verb, got, expected))
    assert wrong == []
    assert await centre.value("select count(*) from cc.journal") == journal


@pytest.mark.parametrize("state", range(8))
async def test_role_by_verb_on_a_party(centre: Centre, state: int) -> None:
    await centre.clock(MONDAY)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2, who="caller", case_id=(await register(centre)).case_id)
    await do(centre, "head", "approve_whistle", w)
    await led_to(centre, w, state)
    p = await party(centre, w)
    assert p["state"] == state
    wrong = []
    for who in (*PEOPLE, *sorted(UNGRANTED)):
        for verb in PARTY_VERBS:
            expected: int | str = PARTY_LAW.get((verb, state), {}).get(who, LAWLESS)
            if who in UNGRANTED:
                expected = "42501"
            elif who == "department" and state == 7:
                expected = "CC020"
            got = await attempt(
                await centre(who), verb, party=p["id"], version=p["version"], **PARTY_ARGUMENTS.get(verb, {})
            )
            if got != expected:
                wrong.append((who, verb, got, expected))
    assert wrong == []
    assert await party(centre, w) == p


BLOWERS = {"caller": 1, "head": 3, "duty": 1, "supervisor": 3, "responder": LAWLESS} | dict.fromkeys(UNGRANTED, "42501")


async def test_who_may_blow(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case = await register(centre)
    item = await centre.value("select id from cc.duty_list where code = '1'")
    for who, expected in BLOWERS.items():
        got = await attempt(
            await centre(who), "blow", case=case.case_id, case_version=case.version, level=1, matter="漏气", demand="修复",
            duty_item=item, danger=False, danger_words="", meeting_at=None, meeting_place="", plan_until=None,
        )  # fmt: skip
        assert got == expected, who


async def test_an_objection_ends_the_case_of_the_released_only(centre: Centre) -> None:
    """The called see the case, its whistle and each other; who is released or was never called sees nothing."""
    await centre.clock(MONDAY)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2)
    case = (await whistle(centre, w))["case_id"]

    async def sight(who: str) -> dict[str, int]:
        login = await centre(who)
        return {
            table: await login.fetchval(f"select count(*) from cc.{table} where {key} = $1", value)
            for table, key, value in (
                ("cases", "id", case),
                ("reports", "case_id", case),
                ("whistles", "id", w.whistle_id),
                ("whistle_parties", "whistle_id", w.whistle_id),
                ("whistle_rounds", "whistle_id", w.whistle_id),
            )
        }

    everything = {"cases": 1, "reports": 1, "whistles": 1, "whistle_parties": 2, "whistle_rounds": 1}
    nothing = dict.fromkeys(everything, 0)
    for who in ("department", "department2", "head", "caller", "community", "duty", "analyst", "followup"):
        assert await sight(who) == everything, who
    for who in ("responder_b", "head_b", "utility", "responder_c", "grid"):
        assert await sight(who) == nothing, who
    await led_to(centre, w, 7, DEPARTMENT_2)
    assert await sight("department2") == nothing
    assert await sight("department") == everything
    feed = "select count(*) from cc.feed_since('3') where entity = 'party'"
    assert await (await centre("department2")).fetchval(feed) > 0, "they are told that they are released"
    assert await (await centre("responder_b")).fetchval(feed) == 0
    await do(centre, "supervisor", "withdraw_whistle", w, reason="已解决")
    assert await sight("department") == nothing


async def test_who_was_called_twice_keeps_the_sight_of_the_first(centre: Centre) -> None:
    await centre.clock(MONDAY)
    first = await blow(centre)
    await led_to(centre, first, 6)
    case = (await whistle(centre, first))["case_id"]
    second = await blow(centre, case_id=case)
    await led_to(centre, second, 7)
    assert await (await centre("department")).fetchval("select count(*) from cc.whistles where case_id = $1", case) == 2


async def test_the_centre_answers_for_nobody_below_it(centre: Centre) -> None:
    """Everything lies below the centre's place; that makes nobody of it one of a unit's own people."""
    await centre.clock(MONDAY)
    w = await blow(centre)
    root = await centre.root()
    await root.execute("select cc.move_person($1, '甲', 'cc_responder', 1)", centre.logins.of("duty2"))
    try:
        p = await party(centre, w)
        login = await centre("duty2")
        assert await attempt(login, "answer_whistle", party=p["id"], version=p["version"]) == NOT_THEIRS
    finally:
        await root.execute("select cc.move_person($1, '人员duty2', 'cc_duty', 1)", centre.logins.of("duty2"))


async def test_the_wall_reads_its_own_columns(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    wall = await centre("wall")
    row = await wall.fetchrow("select number, state, level, danger from cc.whistles")
    assert tuple(row or ()) == (w.number, 3, 1, False)
    assert await wall.fetchval("select count(*) from cc.whistle_parties where unit_id = $1", DEPARTMENT_1) == 1
    for column in ("matter", "demand", "caller", "danger_words", "ground_words", "meeting_place"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await wall.fetch(f"select {column} from cc.whistles")
    for column in ("came", "answered_by", "objection", "done_words", "ruling", "check_in_place"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await wall.fetch(f"select {column} from cc.whistle_parties")
    for table in ("whistle_scores", "whistle_rounds", "duty_candidates"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await wall.fetch(f"select count(*) from cc.{table}")


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_the_functions_are_the_only_way(centre: Centre, role: str) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    await led_to(centre, w, 6)
    login = await centre(ROLE_PEOPLE[role])
    for table in ("whistles", "whistle_parties", "whistle_scores", "whistle_rounds", "steps", "duty_candidates"):
        for statement in (
            f"insert into cc.{table} select * from cc.{table}",
            f"insert into cc.{table} (district_id) values (default)",
            f"update cc.{table} set district_id = district_id",
            f"delete from cc.{table}",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await login.execute(statement)
    for function in (
        "watch_whistles()", f"settle({w.whistle_id})", "setting('score_low')", "my_unit()", "has_post('town_head')",
        f"acts_for({UNIT_A})", f"town_of({w.whistle_id})", "cite_duty(1, 1)",
    ):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(f"select cc.{function}")


async def test_the_owner_too_keeps_to_the_steps(centre: Centre) -> None:
    """What a definer function would do wrongly is refused by the tables themselves."""
    w = await blow(centre)
    root = await centre.root()
    for statement in (
        "update cc.whistles set state = 6, verb = 'settle', actor = 'cc_system'",
        "update cc.whistles set verb = 'amend', actor = 'x'",
        "update cc.whistle_parties set state = 5, verb = 'confirm', actor = 'cc_system'",
        "update cc.whistle_parties set state = 2, verb = 'answer', actor = 'x'",
    ):
        async with refused("CC021"):
            await root.execute(statement)
    assert [row["state"] for row in await parties(centre, w)] == [0]


async def test_posts_are_given_by_administrators(centre: Centre) -> None:
    login = centre.logins.of("responder")
    for who in ("supervisor", "responder"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await (await centre(who)).execute("select cc.set_person_post($1, 'leader')", login)
    admin = await centre("admin")
    await admin.execute("select cc.set_person_post($1, 'leader')", login)
    assert await centre.value("select post from cc.people where login = $1", login) == "leader"
    for post in ("king", None):
        async with refused("CC004") as caught:
            await admin.execute("select cc.set_person_post($1, $2)", login, post)
        assert caught[0].detail == "post"
    async with refused("CC004") as caught:
        await admin.execute("select cc.set_person_post('nobody', '')")
    assert caught[0].detail == "login:missing"
    async with refused("CC004") as caught:
        await admin.execute("select cc.add_person('cc_system', '甲', 'cc_duty', 1, null, false)")
    assert caught[0].detail == "login:reserved"
    assert await centre.value("select count(*) from pg_roles where rolname = 'cc_system'") == 0


async def test_a_part_is_not_touched_through_a_stranger_whistle(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    p = await party(centre, w)
    for who in ("responder_b", "utility", "head_b"):
        login = await centre(who)
        for verb in PARTY_VERBS:
            got = await attempt(login, verb, party=p["id"], version=p["version"], **PARTY_ARGUMENTS.get(verb, {}))
            assert got == "CC020", (who, verb)
    await part(centre, "answer_whistle", w)
