"""Merging together with the machine, other desks, the calls and the audit."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.domain.merge import keep_of
from commandcenter.services import calls as calling
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_B, DEPARTMENT_1, UNIT_B
from tests.db.life import MONDAY, accepted, dispatched, finish, in_state, register, report_of
from tests.db.merge_life import fine, merge, standing, undo
from tests.db.test_feed import Follower


async def keeper(centre: Centre, who: str) -> asyncpg.Connection:
    login = await centre(who)
    assert await login.fetchval("select cc.try_keeping()")
    return login


async def test_the_machine_merges_for_who_keeps_the_time_and_never_against_a_person(centre: Centre) -> None:
    await centre.clock(MONDAY)
    first, second, third = [await register(centre) for _ in range(3)]
    await (await centre("admin")).execute("update cc.settings set value = '1' where name = 'auto_merge'")
    async with refused("CC051"):
        await merge(centre, first.case_id, second.case_id, cause="machine")
    login = await keeper(centre, "duty")
    done = await merge(centre, first.case_id, second.case_id, cause="machine", score=0.99)
    rows = await (await centre.root()).fetch(
        "select actor, verb from cc.journal where case_id = any($1) and verb in ('merge', 'absorb')",
        [first.case_id, second.case_id],
    )
    assert {tuple(row) for row in rows} == {("cc_system", "merge"), ("cc_system", "absorb")}
    c = await centre.do("duty", "note", case=first.case_id, version=done.kept_version, text="在看")
    assert (await centre.case(c.case_id))["actor"] == centre.logins.of("duty")
    await undo(centre, done.merge_id, reason="两户")
    async with refused("CC088"):
        await merge(centre, second.case_id, first.case_id, cause="machine")
    await login.fetchval("select cc.dismiss_hint($1, $2, '不是一处', $3)", first.case_id, third.case_id, uuid4())
    async with refused("CC088"):
        await merge(centre, first.case_id, third.case_id, cause="machine")
    await (await centre("admin")).execute("update cc.settings set value = '0' where name = 'auto_merge'")
    async with refused("CC088"):
        await merge(centre, second.case_id, third.case_id, cause="machine")
    await merge(centre, first.case_id, second.case_id)  # a person may think again
    assert await fine(centre)


async def test_domain_and_database_keep_the_same_one(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for at, state in enumerate(s for s in State if s <= State.PAUSED):
        await centre.clock(MONDAY + timedelta(minutes=7 * at % 3))
        await in_state(centre, state)
        await in_state(centre, state)
    rows = await (await centre.root()).fetch("select * from cc.cases where state <= 5")

    class Case:
        def __init__(self, row: asyncpg.Record) -> None:
            self.id, self.state = row["id"], State(row["state"])
            self.dispatched_at, self.received_at = row["dispatched_at"], row["received_at"]

    said = await (await centre.root()).fetch(
        "select a.id, b.id, cc.keep_of(a, b) from cc.cases a, cc.cases b where a.id <> b.id and a.state <= 5 and b.state <= 5"
    )
    known = {row["id"]: Case(row) for row in rows}
    assert len(said) == len(rows) * (len(rows) - 1)
    for one, other, kept in said:
        assert keep_of(known[one], known[other]).id == kept


async def test_two_who_merge_crosswise_at_once_do_not_make_a_circle(centre: Centre) -> None:
    await centre.clock(None)
    one, two = await register(centre), await register(centre)
    logins = [await centre.open("duty"), await centre.open("supervisor")]

    async def attempt(at: int, kept: int, source: int) -> str:
        try:
            await merge(centre, kept, source, connection=logins[at])
        except asyncpg.PostgresError as error:
            return error.sqlstate
        return "done"

    first, second = one.case_id, two.case_id
    said = await asyncio.gather(attempt(0, first, second), attempt(1, second, first))
    assert sorted(said) == ["CC080", "done"]
    # held up in the middle, nothing is half done
    three = await register(centre)
    kept = await centre.value("select cc.case_now($1)", first)
    before = await standing(centre)
    transaction = logins[0].transaction()
    await transaction.start()
    await merge(centre, int(str(kept)), three.case_id, connection=logins[0])
    logins[0].terminate()
    await merge(centre, int(str(kept)), (again := await register(centre)).case_id)  # no lock is left
    await undo(centre, int(str(await centre.value("select id from cc.merges where source_id = $1", again.case_id))))
    after = await standing(centre)
    assert [row for row in after["cases"] if row["id"] != again.case_id] == before["cases"]
    assert await fine(centre)


async def test_desks_of_both_places_follow(centre: Centre) -> None:
    """The source leaves every desk's open cases and comes back; the kept one comes to the source's place and leaves it."""
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await dispatched(centre, UNIT_B, area=COMMUNITY_B)
    desks = {who: Follower(await centre.open(who)) for who in ("duty2", "responder", "responder_b", "department")}
    for desk in desks.values():
        await desk.start()

    async def open_on(who: str) -> set[int]:
        await desks[who].read()
        assert desks[who].model == await desks[who].truth()
        return set(desks[who].model)

    done = await merge(centre, kept.case_id, source.case_id)
    assert {who: await open_on(who) for who in desks} == {
        "duty2": {kept.case_id}, "responder": {kept.case_id}, "responder_b": {kept.case_id}, "department": set(),
    }  # fmt: skip
    c = await centre.case(kept.case_id)
    await centre.do("duty", "reassign", case=c["id"], version=c["version"], unit=DEPARTMENT_1, reason="指定")
    assert await open_on("department") == {kept.case_id}
    await undo(centre, done.merge_id)
    assert {who: await open_on(who) for who in desks} == {
        "duty2": {kept.case_id, source.case_id}, "responder": {kept.case_id}, "responder_b": {source.case_id},
        "department": {kept.case_id},
    }  # fmt: skip


async def test_every_citizen_of_the_kept_case_is_called(centre: Centre) -> None:
    kept, source = await accepted(centre), await register(centre)
    done = await merge(centre, kept.case_id, source.case_id)
    reports = {await report_of(centre, source.case_id), await report_of(centre, kept.case_id)}
    c = await finish(centre, await centre.do("duty", "note", case=kept.case_id, version=done.kept_version, text="在办"))
    clerk = await Database.connect(centre.url("followup"))
    calls = await calling.read_call_list(clerk, now=(await centre.case(c.case_id))["changed_at"])
    await clerk.close()
    assert {call.report_id for call in calls} == reports
    async with refused("CC010"):
        await centre.do("followup", "archive", case=c.case_id, version=c.version)


PLANTED = {
    "merge_report": "update cc.reports set case_id = home_id where home_id <> case_id",
    "merge_link": "update cc.merges set undone_at = at, undone_by = actor",
    "merge_grade": "update cc.cases set grade = 4 where state < 7",
    "merge_base": "delete from cc.merge_bases",
    "merge_sight": "delete from cc.case_scope where reason = 'merge'",
    "merge_circle": "update cc.cases c set merged_into = (select id from cc.cases o where o.id <> c.id limit 1), state = 8",
    "case_clock": "update cc.cases set due_at = due_at + interval '1 hour' where state between 2 and 6",
}


async def test_the_audit_finds_what_cannot_have_come_about(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await dispatched(centre, UNIT_B, grade=1, area=COMMUNITY_B)
    await merge(centre, kept.case_id, source.case_id)
    root = await centre.root()
    assert await fine(centre)
    for code, damage in PLANTED.items():
        transaction = root.transaction()
        await transaction.start()
        await root.execute("set local session_replication_role = replica")
        await root.execute(damage)
        assert code in {row["code"] for row in await root.fetch("select code from cc.audit()")}, code
        await transaction.rollback()
