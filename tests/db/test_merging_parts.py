"""Merging together with whistles, the machine, what was found, relations, themes, figures and the audit; one report taken out."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.domain.merge import Cause, keep_of
from commandcenter.errors import NotVisible, PersonError, Refused
from commandcenter.intake.repeats.report import Reason, Signal, Verdict
from commandcenter.services import calls as calling
from commandcenter.services import merging
from commandcenter.services.new_report import NewReport
from tests.db.centre import Centre, do, refused
from tests.db.county import COMMUNITY_B, DEPARTMENT_1, DEPARTMENT_2, ROLE_PEOPLE, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, dispatched, finish, in_state, register, report_of
from tests.db.merge_life import merge, register_into, standing, undo
from tests.db.test_feed import Follower
from tests.db.whistle_life import STEPS, blow, blown_to, led_to, part, whistle
from tests.db.whistle_life import do as whistle_deed

WHY = (Reason(Signal.WORDS, "用词相近：燃气、漏气", 2.5), Reason(Signal.DISTANCE, "相距 30 米", 1.25))


async def fine(centre: Centre) -> bool:
    found = [tuple(row) for row in await (await centre.root()).fetch("select code, name from cc.audit()")]
    assert found == []
    return True


async def test_a_live_whistle_goes_along_and_comes_back_with_what_it_has_become(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre, area=COMMUNITY_B), await accepted(centre)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2, case_id=source.case_id)
    before = await standing(centre)
    version = (await centre.case(kept.case_id))["version"]
    done = await merge(centre, kept.case_id, source.case_id, versions=(version, None))
    assert (await whistle(centre, w))["case_id"] == kept.case_id
    for who in ("responder_b", "responder", "department", "department2"):  # the kept one's place sees it as well
        assert await (await centre(who)).fetchval("select count(*) from cc.whistles") == 1, who
    assert await fine(centre)
    await undo(centre, done.merge_id)
    assert await standing(centre) == before

    done = await merge(centre, kept.case_id, source.case_id)
    await part(centre, "answer_whistle", w)
    async with refused("CC026"):  # the kept case is not finished over the heads of who was called
        c = await centre.case(kept.case_id)
        await do(
            await centre("responder_b" if c["unit_id"] == UNIT_B else "responder"), "finish", case=c["id"], version=c["version"],
            discussed_with="诉求人", discussed_at=MONDAY, done="修好", done_by=MONDAY,
        )  # fmt: skip
    await undo(centre, done.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    assert await fine(centre)
    # a second one of the kept case has a number of its own, whatever went along
    await merge(centre, kept.case_id, source.case_id)
    async with refused("CC025"):
        await blow(centre, "head_b", case_id=kept.case_id)
    for step in STEPS[1:]:
        await part(centre, step, w)
    await led_to(centre, w, 6, DEPARTMENT_2)
    other = await blow(centre, "head_b", case_id=kept.case_id)
    assert other.number == f"{kept.number}-S1"
    assert await fine(centre)


async def test_a_whistle_that_ended_on_the_way_comes_back_from_where_it_ended(centre: Centre) -> None:
    await centre.clock(MONDAY)
    top, kept, source = await accepted(centre), await accepted(centre), await accepted(centre)
    w = await blown_to(centre, DEPARTMENT_1, case_id=source.case_id)
    first = await merge(centre, kept.case_id, source.case_id)
    await whistle_deed(centre, "supervisor", "withdraw_whistle", w, reason="误吹")
    second = await merge(centre, top.case_id, kept.case_id)
    assert (await whistle(centre, w))["case_id"] == kept.case_id  # over, it goes no farther
    await undo(centre, first.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    await undo(centre, second.merge_id)
    assert (await whistle(centre, w))["case_id"] == source.case_id
    assert await fine(centre)


async def test_two_live_whistles_do_not_come_together(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await accepted(centre)
    first, second = await blow(centre, case_id=kept.case_id), await blow(centre, case_id=source.case_id)
    async with refused("CC083") as caught:
        await merge(centre, kept.case_id, source.case_id)
    assert caught[0].detail == f"{first.number}、{second.number}"


async def test_one_report_is_taken_out(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await accepted(centre), await register(centre, grade=1, area=COMMUNITY_B, confidential=True)
    link = await merge(centre, kept.case_id, source.case_id)
    await register_into(centre, source.case_id, grade=4, area=COMMUNITY_B)
    reports = dict(await (await centre.root()).fetch("select home_id, id from cc.reports"))
    own, theirs = reports[kept.case_id], reports[source.case_id]

    async def split(report: int, who: str = "duty", reason: str = "另一件事") -> int:
        version = (await centre.case(kept.case_id))["version"]
        return (await centre.do(who, "split", case=kept.case_id, version=version, report=report, reason=reason)).case_id

    async with refused("CC004"):
        await split(theirs, reason=" ")
    for role, who in ROLE_PEOPLE.items():
        if role not in {"cc_duty", "cc_supervisor"}:
            async with refused("42501"):
                await split(theirs, who)
    # its source has another one: a case of its own, where it was registered
    made = await centre.case(await split(theirs))
    assert (made["state"], made["path"], made["reports"], made["flags"]) == (State.TO_DISPATCH, "01.02.01.", 1, 64)
    case = await centre.case(kept.case_id)
    assert (case["reports"], case["flags"] & 64) == (2, 0)
    assert await centre.value("select home_id from cc.reports where id = $1", theirs) == made["id"]
    # the other one is alone by now: its merge is undone
    (last,) = [r for h, r in reports.items() if h not in {kept.case_id, source.case_id}]
    assert await split(last, "supervisor") == await centre.value("select home_id from cc.reports where id = $1", last)
    async with refused("CC087"):
        await split(own)
    assert await fine(centre)
    await undo(centre, link.merge_id)
    assert await fine(centre)


async def keeper(centre: Centre, who: str) -> asyncpg.Connection:
    login = await centre(who)
    assert await login.fetchval("select pg_try_advisory_lock(371082, 7)")
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


@pytest.fixture
async def db(centre: Centre):  # noqa: ANN201 - a fixture
    database = await Database.connect(centre.url("duty"))
    yield database
    await database.close()


async def test_the_services_speak_of_links_hints_relations_and_themes(centre: Centre, db: Database) -> None:
    await centre.clock(MONDAY)
    kept, source, other = await register(centre), await register(centre, grade=1), await register(centre)

    class Found:
        def __init__(self, case_id: int, score: float) -> None:
            self.case_id, self.score, self.verdict, self.reasons = case_id, score, Verdict.LIKELY, WHY

    hints = [Found(source.case_id, 0.91), Found(other.case_id, 0.7), Found(kept.case_id, 1.0)]
    assert await merging.save_hints(db, case_id=kept.case_id, hints=hints) == 2  # not with itself
    assert await merging.save_hints(db, case_id=other.case_id, hints=[Found(kept.case_id, 0.7)]) == 1  # the same pair
    queue = await merging.read_open_hints(db)
    assert [(h.number, h.other_number, h.score, h.verdict, h.reasons) for h in queue] == [
        (kept.number, source.number, 0.91, Verdict.LIKELY, WHY),
        (kept.number, other.number, 0.7, Verdict.LIKELY, WHY),
    ]
    done = await merging.merge(
        db, kept_id=kept.case_id, kept_version=kept.version, source_id=source.case_id, source_version=source.version, score=0.91,
        reasons=WHY, words="同一处", key=uuid4(),
    )  # fmt: skip
    await merging.dismiss_hint(db, case_id=other.case_id, other_id=kept.case_id, reason="不是一处", key=uuid4())
    assert await merging.save_hints(db, case_id=kept.case_id, hints=hints) == 0
    assert await merging.read_open_hints(db) == ()
    assert {h.state for h in await merging.read_hints(db, kept.case_id)} == {"merged", "dismissed"}
    (link,) = await merging.read_links(db, source.case_id)
    assert (link.kept_number, link.source_number, link.score, link.reasons, link.cause, link.by, link.standing) == (
        kept.number, source.number, 0.91, WHY, Cause.PERSON, centre.logins.of("duty"), True,
    )  # fmt: skip
    assert await merging.case_now(db, source.case_id) == kept.case_id
    assert set(await merging.read_family(db, kept.case_id)) == {kept.case_id, source.case_id}

    opposite = await merging.relate(
        db, case_id=source.case_id, other_id=other.case_id, kind="opposite", words="一方要装一方反对", key=uuid4()
    )
    (related,) = await merging.read_related(db, kept.case_id)  # of the whole family
    assert (related.id, related.number, related.kind) == (opposite, other.number, "opposite")
    await merging.unrelate(db, relation_id=opposite, key=uuid4())
    assert await merging.read_related(db, other.case_id) == ()
    with pytest.raises(Refused):
        await merging.unrelate(db, relation_id=opposite, key=uuid4())

    theme = await merging.open_theme(db, title="老旧管网改造", case_ids=[kept.case_id], key=(key := uuid4()))
    assert await merging.open_theme(db, title="老旧管网改造", case_ids=[kept.case_id], key=key) == theme
    with pytest.raises(Refused):
        await merging.open_theme(db, title="老旧管网改造", key=uuid4())
    assert await merging.add_to_theme(db, theme_id=theme, case_ids=[kept.case_id, other.case_id], key=uuid4()) == 1
    await merging.rename_theme(db, theme_id=theme, title="管网改造", key=uuid4())
    assert [(t.title, t.case_ids) for t in await merging.read_themes(db)] == [
        ("管网改造", (kept.case_id, other.case_id))
    ]
    assert [t.id for t in await merging.read_themes_of(db, source.case_id)] == [theme]
    await merging.remove_from_theme(db, theme_id=theme, case_id=other.case_id, key=uuid4())
    await merging.close_theme(db, theme_id=theme, key=uuid4())
    assert await merging.read_themes(db) == ()
    assert [t.case_ids for t in await merging.read_themes(db, open_only=False)] == [(kept.case_id,)]
    with pytest.raises(Refused):
        await merging.add_to_theme(db, theme_id=theme, case_ids=[other.case_id], key=uuid4())

    into = await merging.register_into(db, NewReport(2, "还在漏"), kept_id=source.case_id, key=uuid4())
    shares = {s.channel_id: s for s in await merging.merged_share(db, since=MONDAY, until=MONDAY + timedelta(days=1))}
    assert {(c, s.received, s.merged, s.by_machine) for c, s in shares.items()} == {(1, 3, 1, 0), (2, 1, 1, 0)}
    assert await (await centre("wall")).fetchrow("select received, merged from cc.today()") == (4, 2)
    undone = await merging.undo(db, merge_id=done.merge_id, reason="不是一处", key=uuid4())
    assert undone.remaining == ()
    assert (undone.source.state, undone.kept.state) == (State.TO_DISPATCH, State.TO_DISPATCH)
    with pytest.raises(Refused, match="已经撤销过"):
        await merging.undo(db, merge_id=done.merge_id, key=uuid4())
    with pytest.raises(NotVisible):
        await merging.undo(db, merge_id=1, key=uuid4())
    own = await centre.case(source.case_id)
    split = await merging.split(
        db, case_id=own["id"], version=own["version"], reason="不同楼",
        report_id=int(str(await centre.value("select id from cc.reports where home_id = $1", into.source.case_id))), key=uuid4(),
    )  # fmt: skip
    assert split.case_id == into.source.case_id
    assert await fine(centre)


async def test_only_the_centre_relates_themes_and_dismisses(centre: Centre) -> None:
    await centre.clock(MONDAY)
    one, two = await register(centre), await register(centre)
    root = await centre.root()
    theme = await (await centre("duty")).fetchval("select cc.open_theme('积水', '{}', $1)", uuid4())
    relation = await (await centre("duty")).fetchval(
        "select cc.relate($1, $2, 'related', '', $3)", one.case_id, two.case_id, uuid4()
    )
    deeds = {
        "relate": ("select cc.relate($1, $2, 'related', '', $3)", one.case_id, two.case_id),
        "unrelate": ("select cc.unrelate($1, $2)", relation),
        "open": ("select cc.open_theme('另一个', '{}', $1)",),
        "add": ("select cc.add_to_theme($1, array[$2::bigint], $3)", theme, one.case_id),
        "remove": ("select cc.remove_from_theme($1, $2, $3)", theme, one.case_id),
        "rename": ("select cc.rename_theme($1, '新名', $2)", theme),
        "close": ("select cc.close_theme($1, $2)", theme),
        "dismiss": ("select cc.dismiss_hint($1, $2, '不是', $3)", one.case_id, two.case_id),
    }
    for role, who in ROLE_PEOPLE.items():
        if role not in {"cc_duty", "cc_supervisor"}:
            for query, *given in deeds.values():
                async with refused("42501"):
                    await (await centre(who)).execute(query, *given, uuid4())
            async with refused("42501"):
                await (await centre(who)).execute("select cc.save_hints($1, '[]')", one.case_id)
    assert await root.fetchval("select count(*) from cc.relations where ended_at is null") == 1


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


async def test_every_refusal_is_a_sentence(centre: Centre, db: Database) -> None:
    await centre.clock(MONDAY)
    early, late = await dispatched(centre, UNIT_A), await register(centre)
    for wrong in (
        {"kept_id": late.case_id, "source_id": early.case_id},
        {"kept_id": late.case_id, "source_id": late.case_id},
        {"kept_id": (await in_state(centre, State.MERGED)).case_id, "source_id": late.case_id},
        {"kept_id": (await in_state(centre, State.ARCHIVED)).case_id, "source_id": late.case_id},
        {"kept_id": 1, "source_id": late.case_id},
    ):
        with pytest.raises(PersonError) as caught:
            await merging.merge(db, kept_version=None, source_version=None, key=uuid4(), **wrong)  # type: ignore[arg-type]
        assert caught.value.sentence.endswith("。")
        assert "CC0" not in caught.value.sentence
