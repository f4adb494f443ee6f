"""Who sees which case, through every table, the feed and the search alike."""

import asyncpg
import pytest

from tests.db.centre import Centre, Change, refused
from tests.db.county import (
    COMMUNITY_A,
    COMMUNITY_B,
    DEPARTMENT_1,
    DEPARTMENT_2,
    GRID_A,
    TOWN_C,
    UNIT_A,
    UNIT_B,
    UNIT_COMMUNITY_A,
)
from tests.db.life import MONDAY, call_back, dispatched, finished, register

WORD = "漏气"


async def seen(login: asyncpg.Connection) -> dict[str, set[int]]:
    """Ids of the cases of which a person sees something, by every way in."""
    found = {
        table: {
            case_id for (case_id,) in await login.fetch(f"select distinct {key} from cc.{table}") if case_id is not None
        }
        for table, key in {
            "cases": "id",
            "cases_archive": "id",
            "reports": "case_id",
            "assignments": "case_id",
            "journal": "case_id",
            "finishes": "case_id",
            "follow_ups": "case_id",
            "attachments": "case_id",
        }.items()
    }
    found["search"] = {case_id for (case_id,) in await login.fetch("select cc.search($1, 100)", WORD)}
    found["feed"] = {
        case_id for (case_id,) in await login.fetch("select case_id from cc.feed_since('3') where case_id is not null")
    }
    return found


async def attach(centre: Centre, case_id: int) -> None:
    c = await centre.case(case_id)
    await centre.do(
        "duty",
        "attach",
        case=case_id,
        version=c["version"],
        report=None,
        name="a.txt",
        media_type="text/plain",
        content=b"x",
    )


async def full(centre: Centre, unit: int, who: str, **case: object) -> Change:
    """A case with a row in every table."""
    c = await finished(centre, unit, who, **case)
    c = await call_back(centre, c, solved=False, satisfied="不满意")
    await attach(centre, c.case_id)
    row = await centre.case(c.case_id)
    return await centre.do("followup", "redo", case=c.case_id, version=row["version"], reason="未解决")


async def test_everybody_sees_their_own_and_nothing_else(centre: Centre) -> None:
    in_a = await full(centre, UNIT_A, "responder")  # in community A of town A
    in_b = await full(centre, UNIT_B, "responder_b", area=COMMUNITY_B)
    in_grid = await full(centre, UNIT_A, "responder", area=GRID_A)
    lent = await full(centre, DEPARTMENT_1, "department", area=COMMUNITY_B)  # in town B, led by a department
    unplaced = await full(centre, DEPARTMENT_2, "department2", area=None)
    every = {c.case_id for c in (in_a, in_b, in_grid, lent, unplaced)}
    expected = {
        "duty": every,
        "supervisor": every,
        "followup": every,
        "analyst": every,
        "admin": every,
        "responder": {in_a.case_id, in_grid.case_id},
        "caller": {in_a.case_id, in_grid.case_id},
        "community": {in_a.case_id, in_grid.case_id},
        "grid": {in_grid.case_id},
        "responder_b": {in_b.case_id, lent.case_id},
        "responder_c": set(),
        "department": {lent.case_id},
        "department2": {unplaced.case_id},
        "utility": set(),
        "gone": set(),
    }
    for who, cases in expected.items():
        ways = await seen(await centre(who))
        assert ways.pop("cases_archive") == set()
        assert all(ids == cases for ids in ways.values()), (who, ways)
    assert await (await centre("gone")).fetchval("select count(*) from cc.areas") == 0
    assert await (await centre("gone")).fetch("select * from cc.feed_since('3')") == []


async def test_the_wall_sees_the_county_but_no_words(centre: Centre) -> None:
    c = await register(centre)
    wall = await centre("wall")
    assert [row["id"] for row in await wall.fetch("select id, number, grade, lon, lat from cc.cases")] == [c.case_id]
    assert await wall.fetch("select cc.search($1, 10)", WORD) == []
    async with refused("42501"):
        await wall.fetch("select title from cc.cases")


async def test_sight_goes_with_the_lead_and_stays_with_the_place(centre: Centre) -> None:
    c = await dispatched(centre, DEPARTMENT_1, area=COMMUNITY_B)
    department, other, town = [await centre(who) for who in ("department", "department2", "responder_b")]
    assert (await seen(department))["cases"] == {c.case_id}
    c = await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=DEPARTMENT_2, reason="职责在城管")
    ways = await seen(department)
    last = await department.fetchrow("select seq, case_id from cc.feed_since('3') order by seq desc limit 1")
    assert last is not None
    assert last["case_id"] == c.case_id, "the old unit hears that it is gone"
    del ways["feed"]
    assert not any(ways.values()), ways
    for login in (other, town):
        assert (await seen(login))["cases"] == {c.case_id}
    async with refused("CC003"):
        await centre.do("department", "accept", case=c.case_id, version=c.version)
    heard = await department.fetchval("select count(*) from cc.feed_since('3')")
    await centre.do("department2", "accept", case=c.case_id, version=c.version)
    assert await department.fetchval("select count(*) from cc.feed_since('3')") == heard, "and nothing after that"


async def test_who_assists_sees_but_does_not_lead(centre: Centre) -> None:
    c = await dispatched(centre, DEPARTMENT_1, assist=(DEPARTMENT_2, DEPARTMENT_2, DEPARTMENT_1), area=TOWN_C)
    assert await centre.value("select count(*) from cc.assignments where case_id = $1", c.case_id) == 2
    assert (await seen(await centre("department2")))["cases"] == {c.case_id}
    async with refused("CC012"):
        await centre.do("responder_c", "accept", case=c.case_id, version=c.version)
    c = await centre.do("department2", "accept", case=c.case_id, version=c.version)
    assert c.state == 2, "who assists signs for their own part only"
    # made to lead, the unit no longer assists as well; the former leader is out
    await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=DEPARTMENT_2, reason="指定")
    parts = await (await centre.root()).fetch(
        "select unit_id, part from cc.assignments where case_id = $1 and ended_at is null", c.case_id
    )
    assert [tuple(part) for part in parts] == [(DEPARTMENT_2, "lead")]
    assert (await seen(await centre("department")))["cases"] == set()


async def test_a_superior_unit_leads_for_its_own(centre: Centre) -> None:
    """The town may sign for its community; the community not for the town."""
    c = await dispatched(centre, UNIT_COMMUNITY_A)
    await centre.do("responder", "accept", case=c.case_id, version=c.version)
    c = await dispatched(centre, UNIT_A)
    async with refused("CC012"):
        await centre.do("community", "accept", case=c.case_id, version=c.version)


async def test_sight_of_the_archive_is_the_same(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c = await call_back(centre, await finished(centre, DEPARTMENT_1, "department", area=COMMUNITY_B))
    await centre.do("followup", "archive", case=c.case_id, version=c.version)
    await centre.clock(None)
    assert await centre.value("select cc.move_to_archive(1)") == 1
    for who, cases in {
        "department": {c.case_id},
        "responder_b": {c.case_id},
        "responder": set(),
        "duty": {c.case_id},
    }.items():
        ways = await seen(await centre(who))
        assert ways["cases"] == set()
        for way in ("cases_archive", "reports", "journal", "finishes", "follow_ups", "assignments", "search"):
            assert ways[way] == cases, (who, way)
    async with refused("CC003"):
        await centre.do("duty", "note", case=c.case_id, version=c.version, text="迟到的备注")


@pytest.mark.parametrize("verb", ["note", "take", "accept", "grade"])
async def test_verbs_on_what_one_does_not_see_say_no_more_than_that_there_is_none(centre: Centre, verb: str) -> None:
    hidden = await register(centre, area=COMMUNITY_B)
    extra: dict[str, object] = {"note": {"text": "x"}, "grade": {"grade": 0, "category": None, "reason": ""}}.get(
        verb, {}
    )
    messages = []
    for case_id in (hidden.case_id, 999):
        with pytest.raises(asyncpg.PostgresError) as info:
            await centre.do("responder", verb, case=case_id, version=hidden.version, **extra)
        messages.append((info.value.sqlstate, str(info.value), info.value.detail, info.value.hint))
    assert messages[0] == messages[1]
    assert messages[0][0] == "CC003"


async def test_losing_the_job_ends_an_open_session(centre: Centre) -> None:
    c = await register(centre)
    town = await centre("responder_c")
    admin = await centre("admin")
    login = centre.logins.of("responder_c")
    assert (await seen(town))["cases"] == set()
    await admin.execute("select cc.move_person($1, '调动', 'cc_responder', $2)", login, UNIT_A)
    assert (await seen(town))["cases"] == {c.case_id}
    await admin.execute("select cc.set_person_active($1, false)", login)
    assert (await seen(town))["cases"] == set()
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await centre.open("responder_c")
    await admin.execute("select cc.set_person_active($1, true)", login)


async def test_callers_register_in_their_own_area_only(centre: Centre) -> None:
    inside = await register(centre, "community", area=GRID_A)
    assert (await centre.case(inside.case_id))["path"] == "01.01.01.01."
    nowhere = await register(centre, "grid", area=None)
    assert (await centre.case(nowhere.case_id))["path"] == "01.01.01.01."
    assert (await centre.case(nowhere.case_id))["town_id"] == 11
    for who, area in (("community", COMMUNITY_B), ("grid", COMMUNITY_A), ("caller", 1)):
        async with refused("CC001"):
            await register(centre, who, area=area)
