"""What is not asked for by reading: comparisons made before sight is, locks by number, transactions left open."""

import asyncio
import json

import pytest

from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_B, PEOPLE, UNIT_B
from tests.db.life import register
from tests.patience import PATIENCE_S

SECRET = "邻里旧案四十二"

COLUMNS = {
    "cc.cases": "number title place path grade state category_id town_id holder flags version",
    "cc.reports": "content place phone_masked name_masked foreign_number channel_id kind",
    "cc.journal": "verb actor detail entity",
}


@pytest.fixture
async def other(centre: Centre) -> int:
    """A case of another town's, which the responder of the first does not see."""
    case = await register(centre, area=COMMUNITY_B, content=SECRET)
    await (await centre.root()).execute("analyze cc.cases, cc.reports, cc.journal")
    return case.case_id


def asked_whether_it_sees(plan: dict[str, object]) -> bool:
    """Whether the policy was gone through: one of the queries within it was run."""
    below = plan.get("Plans", [])
    assert isinstance(below, list)
    own = plan.get("Parent Relationship") in {"InitPlan", "SubPlan"} and plan["Actual Loops"] != 0
    return own or any(asked_whether_it_sees(each) for each in below)


@pytest.mark.parametrize("table", COLUMNS)
async def test_explain_does_not_tell_what_stands_in_a_hidden_row(centre: Centre, other: int, table: str) -> None:
    login = await centre("responder")
    key = "id" if table == "cc.cases" else "case_id"
    assert await login.fetchval(f"select count(*) from {table} where {key} = $1", other) == 0
    for column in COLUMNS[table].split():
        told = set()
        value = await centre.value(f"select coalesce(max({column}::text), '1') from {table} where {key} = $1", other)
        for condition in (f"{column} = '{value}'", f"{column} <> '{value}'"):
            plans = await login.fetchval(
                f"explain (analyze, format json, timing off, costs off, summary off, buffers off) "
                f"select 1 from {table} where district_id = cc.home_district() and {key} = {other} and {condition}"
            )
            told.add(asked_whether_it_sees(json.loads(plans)[0]["Plan"]))
        assert told == {True}, column


async def test_no_comparison_but_of_ids_and_moments_comes_before_sight(centre: Centre) -> None:
    early = await (await centre.root()).fetch(
        "select p.oid::regprocedure::text as name from pg_proc p where p.proleakproof"
    )
    assert early
    assert [
        row["name"]
        for row in early
        if "(bigint,bigint)" not in row["name"]
        and "(timestamp with time zone,timestamp with time zone)" not in row["name"]
    ] == []


@pytest.mark.parametrize("who", [name for name in PEOPLE if name != "gone"])
async def test_no_person_holds_a_lock_that_the_centre_goes_by(centre: Centre, who: str) -> None:
    login = await centre(who)
    for call in ("pg_advisory_lock(371082, 60)", "pg_advisory_lock(371082)", "pg_try_advisory_lock(371082, 7)",
                 "pg_advisory_xact_lock_shared(371082, 60)", "pg_try_advisory_xact_lock(371082, 48)"):  # fmt: skip
        async with refused("42501"):
            await login.execute(f"select {call}")


async def test_a_transaction_left_open_is_ended_and_what_it_held_is_free(centre: Centre) -> None:
    await centre.clock(None)
    await centre.value("update cc.settings set value = '0' where name = 'idle_seconds' returning true")
    case = await register(centre)
    hog = await centre.open("caller")
    ended = asyncio.Event()
    hog.add_termination_listener(lambda _: ended.set())
    await hog.execute("begin")
    await hog.fetchrow(
        "select * from cc.register(1, '占着不放', '', '求助', null, null, null, null, null, '', '', '', '', '', false, gen_random_uuid())"
    )
    keeper = await centre.open("duty")
    assert await keeper.fetchval("select cc.try_keeping()")
    assert await keeper.fetchval("select cc.keep('idle')") == 1
    async with asyncio.timeout(PATIENCE_S):
        await ended.wait()
    assert await centre.value("select array_agg(id) from cc.cases") == [case.case_id]
    assert await keeper.fetchval("select cc.keep('idle')") == 0


async def test_an_open_transaction_has_its_time(centre: Centre) -> None:
    busy = await centre.open("caller")
    await busy.execute("begin")
    keeper = await centre.open("duty")
    assert await keeper.fetchval("select cc.try_keeping()")
    assert await keeper.fetchval("select cc.keep('idle')") == 0
    await busy.execute("commit")


async def test_a_person_has_so_many_connections_and_the_gateway_as_many_as_it_needs(centre: Centre) -> None:
    limits = await (await centre.root()).fetch(
        "select p.role, r.rolconnlimit from cc.people p join pg_roles r on r.rolname = p.login"
    )
    assert {row["rolconnlimit"] for row in limits if row["role"] != "cc_intake"} == {64}
    assert {row["rolconnlimit"] for row in limits if row["role"] == "cc_intake"} == {-1}


async def test_a_caller_cannot_take_the_number_of_another_system(centre: Centre) -> None:
    async with refused("CC001"):
        await register(centre, "caller", foreign_number="X-1", area=None)
    assert (await register(centre, foreign_number="X-1")).case_id


async def test_words_about_a_hidden_case_are_hidden(centre: Centre, other: int) -> None:
    duty, responder, theirs = await centre("duty"), await centre("responder"), await centre("responder_b")
    await duty.fetchrow("select * from cc.dispatch($1, 1, $2, '{}', '', gen_random_uuid())", other, UNIT_B)
    await (await centre.root()).execute(
        "insert into cc.themes (title, opened_at, opened_by) values ('某某家的事', now(), 'duty')"
    )
    await (await centre.root()).execute(
        "insert into cc.theme_cases (theme_id, case_id, added_at, added_by) select id, $1, now(), 'duty' from cc.themes",
        other,
    )
    await (await centre.root()).execute(
        "insert into cc.alarm_marks (key, mark, until, reason, at, login) "
        "values ('overdue:1:1', 'shelved', now(), '上访户某某', now(), $1)",
        centre.logins.of("responder_b"),
    )
    for reader, sees in ((responder, 0), (theirs, 1), (duty, 1)):
        for table in ("themes", "alarm_marks"):
            assert await reader.fetchval(f"select count(*) from cc.{table}") == sees, table
