"""A pair that is none 不是同一件, and that taken back: who may, once, and what the machine may do with it."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg

from commandcenter.db.engine import Database
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services import merging
from tests.db.centre import Centre, refused
from tests.db.county import ROLE_PEOPLE
from tests.db.life import MONDAY, register
from tests.db.merge_life import merge, undo

WHY = (Reason(Signal.DISTANCE, "相距 30 米", 1.25),)
ROW = "select to_jsonb(h)::text from cc.repeat_hints h"
DAY = {"since": MONDAY - timedelta(hours=1), "until": MONDAY + timedelta(hours=1)}


async def test_dismissed_and_taken_back_the_pair_is_as_it_was_found(centre: Centre) -> None:
    await centre.clock(MONDAY)
    root = await centre.root()
    one, other = (await register(centre)).case_id, (await register(centre)).case_id
    db = await Database.connect(centre.url("duty"))
    try:
        found = [merging.PossibleRepeat(other, 0.97, Verdict.SAME, WHY)]
        await merging.save_hints(db, case_id=one, hints=found)
        before = await root.fetch(ROW)
        relation = await merging.relate(db, case_id=one, other_id=other, kind="related", key=uuid4())
        await merging.dismiss_hint(db, case_id=other, other_id=one, reason="各办各的", key=uuid4())
        [said] = await merging.read_dismissed(db, **DAY)
        assert (said.hint.words, said.hint.by, said.hint.at) == ("各办各的", centre.logins.of("duty"), MONDAY)
        assert (said.relation_id, said.relation_kind) == (relation, "related")
        assert await merging.read_dismissed(db, since=DAY["until"], until=DAY["until"] + timedelta(days=1)) == ()

        deed = {"case_id": one, "other_id": other, "relation_id": relation, "key": uuid4()}
        await merging.reopen_hint(db, **deed)
        await merging.reopen_hint(db, **deed)  # a retry
        assert await root.fetch(ROW) == before
        assert await merging.read_dismissed(db, **DAY) == ()
        assert await merging.read_related(db, one) == ()
        assert [hint.score for hint in await merging.read_open_hints(db)] == [0.97]
        async with refused("CC099"):
            await (await centre("duty")).execute("select cc.reopen_hint($1, $2, $3)", one, other, uuid4())
        told = await root.fetch(
            "select case_id, actor, paths from cc.journal where entity = 'hint' and verb = 'reopen' order by case_id"
        )
        assert [tuple(row) for row in told] == [
            (each, centre.logins.of("duty"), ["01."]) for each in sorted((one, other))
        ]
    finally:
        await db.close()

    await root.execute("update cc.settings set value = '1' where name = 'auto_merge'")
    keeper = await centre("supervisor")
    assert await keeper.fetchval("select cc.try_keeping()")
    # which it might not while it was dismissed
    await merge(centre, one, other, "supervisor", cause="machine", score=0.97)
    assert await root.fetchval("select state from cc.repeat_hints") == "merged"
    async with refused("CC099"):
        await keeper.execute("select cc.reopen_hint($1, $2, $3)", one, other, uuid4())
    assert await root.fetchval("select count(*) from cc.audit()") == 0


async def test_a_merge_undone_is_open_again_for_persons_and_never_for_the_machine(centre: Centre) -> None:
    await centre.clock(MONDAY)
    root = await centre.root()
    one, other = (await register(centre)).case_id, (await register(centre)).case_id
    await undo(centre, (await merge(centre, one, other)).merge_id, reason="两户")
    supervisor = await centre("supervisor")
    await supervisor.execute("select cc.reopen_hint($1, $2, $3)", other, one, uuid4())
    assert await root.fetch(ROW) == []  # nobody had found it: to be found like any other
    await root.execute("update cc.settings set value = '1' where name = 'auto_merge'")
    assert await supervisor.fetchval("select cc.try_keeping()")
    async with refused("CC088"):
        await merge(centre, one, other, "supervisor", cause="machine", score=0.97)
    await merge(centre, one, other)


async def test_who_takes_it_back_and_two_at_once(centre: Centre) -> None:
    one, other = (await register(centre)).case_id, (await register(centre)).case_id
    await (await centre("duty")).execute("select cc.dismiss_hint($1, $2, '地点不同', $3)", one, other, uuid4())
    for role, who in ROLE_PEOPLE.items():
        if role not in {"cc_duty", "cc_supervisor"}:
            async with refused("42501"):
                await (await centre(who)).execute("select cc.reopen_hint($1, $2, $3)", one, other, uuid4())

    async def attempt(who: str) -> str:
        try:
            await (await centre.open(who)).execute("select cc.reopen_hint($1, $2, $3)", one, other, uuid4())
        except asyncpg.PostgresError as error:
            return error.sqlstate
        return "done"

    assert sorted(await asyncio.gather(attempt("duty"), attempt("supervisor"))) == ["CC099", "done"]
