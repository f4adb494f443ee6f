"""Merging 并单: what a link does, what it refuses, and that undone it leaves nothing behind."""

from datetime import timedelta
from uuid import uuid4

from commandcenter.domain.case import Flag, State
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_B, DEPARTMENT_1, ROLE_PEOPLE, TOWN_B, UNIT_A, UNIT_B
from tests.db.life import MONDAY, accepted, call_back, dispatched, finish, in_state, register, report_of
from tests.db.merge_life import merge, register_into, standing, undo


async def reports_of(centre: Centre, case_id: int) -> int:
    return int(str(await centre.value("select count(*) from cc.reports where case_id = $1", case_id)))


async def sees(centre: Centre, who: str, case_id: int) -> bool:
    return bool(await (await centre(who)).fetchval("select exists (select from cc.cases where id = $1)", case_id))


async def test_the_kept_case_takes_the_highest_grade_the_earliest_limits_the_reports_and_the_units(
    centre: Centre,
) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=4)
    await centre.clock(MONDAY + timedelta(hours=1))
    source = await dispatched(centre, DEPARTMENT_1, grade=0, area=COMMUNITY_B, confidential=True)
    before, urgent = await centre.case(kept.case_id), await centre.case(source.case_id)

    done = await merge(centre, kept.case_id, source.case_id, words="同一处漏气")
    case, gone = await centre.case(kept.case_id), await centre.case(source.case_id)
    assert (done.kept_state, done.source_state, done.replayed) == (State.WORKING, State.MERGED, False)
    assert (gone["state"], gone["merged_into"], gone["reports"]) == (State.MERGED, kept.case_id, 0)
    assert (case["grade"], case["reports"], case["unit_id"]) == (0, 2, UNIT_A)
    assert case["flags"] & Flag.CONFIDENTIAL
    # red all along: within 24 hours of its own dispatch, which is the earlier one (domain.md §3)
    assert case["due_at"] == before["dispatched_at"] + timedelta(days=1) < urgent["due_at"]
    assert not case["flags"] & Flag.WORKING_CLOCK
    units = await (await centre.root()).fetch(
        "select unit_id, part, due_at, ended_at from cc.assignments where case_id = $1 order by part", kept.case_id
    )
    assert [tuple(row) for row in units] == [
        (DEPARTMENT_1, "assist", case["due_at"], None),
        (UNIT_A, "lead", case["due_at"], None),
    ]
    assert not await centre.value(
        "select count(*) from cc.assignments where case_id = $1 and ended_at is null", source.case_id
    )
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_undone_at_once_every_row_is_as_it_was(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=3)
    source = await accepted(centre, DEPARTMENT_1, "department", grade=1, area=COMMUNITY_B, confidential=True)
    await centre.do("duty", "pause", case=source.case_id, version=source.version, reason="等材料")
    before = await standing(centre)
    done = await merge(centre, kept.case_id, source.case_id)
    assert await standing(centre) != before
    back = await undo(centre, done.merge_id, reason="不是一处")
    assert back.remaining == []
    assert await standing(centre) == before
    assert await centre.value("select count(*) from cc.merge_bases") == 0
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_links_are_undone_in_any_order(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=4)
    others = [
        await dispatched(centre, DEPARTMENT_1, grade=2, area=COMMUNITY_B),
        await register(centre, grade=1, area=COMMUNITY_B, confidential=True),
        await register(centre, grade=3),
    ]
    before = await standing(centre)
    for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)):
        links = [await merge(centre, kept.case_id, one.case_id) for one in others]
        for at in order:
            assert (await undo(centre, links[at].merge_id, "supervisor")).remaining == []
        assert await standing(centre) == before
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_a_merged_case_is_merged_on_and_the_inner_link_can_be_undone(centre: Centre) -> None:
    await centre.clock(MONDAY)
    first = await dispatched(centre, UNIT_A, grade=4)
    await centre.clock(MONDAY + timedelta(minutes=5))
    middle = await dispatched(centre, UNIT_B, grade=3, area=COMMUNITY_B)
    last = await dispatched(centre, DEPARTMENT_1, grade=1, area=COMMUNITY_B)
    before = await standing(centre)
    inner = await merge(centre, middle.case_id, last.case_id)
    outer = await merge(centre, first.case_id, middle.case_id)
    assert (await centre.case(first.case_id))["grade"] == 1
    assert await reports_of(centre, first.case_id) == 3
    assert await undo(centre, inner.merge_id)
    case, alone = await centre.case(first.case_id), await centre.case(last.case_id)
    assert (case["grade"], case["reports"], alone["state"], alone["reports"]) == (3, 2, State.TO_ACCEPT, 1)
    joined = await (await centre.root()).fetch(
        "select unit_id from cc.assignments where case_id = $1 and part = 'assist'", first.case_id
    )
    assert [unit for (unit,) in joined] == [UNIT_B]
    assert (await undo(centre, outer.merge_id)).remaining == []
    assert await standing(centre) == before
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_both_places_see_the_whole_family_and_no_longer_than_it_stands(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=3)
    source = await dispatched(centre, DEPARTMENT_1, grade=3, area=COMMUNITY_B)
    assert not await sees(centre, "responder_b", kept.case_id)
    assert not await sees(centre, "responder", source.case_id)
    done = await merge(centre, kept.case_id, source.case_id)
    for who in ("responder", "responder_b", "department"):
        assert await sees(centre, who, kept.case_id), who
        assert await sees(centre, who, source.case_id), who
    assert not await sees(centre, "responder_c", kept.case_id)
    heard = await (await centre.root()).fetch(
        "select paths from cc.journal where case_id = $1 and verb = 'absorb'", kept.case_id
    )
    assert {"01.01.01.", "01.02.01.", "01.901."} <= set(heard[0][0])
    # who is given the kept case later sees the source as well
    c = await centre.case(kept.case_id)
    await centre.do("duty", "reassign", case=kept.case_id, version=c["version"], unit=113, reason="指定")
    assert await sees(centre, "responder_c", source.case_id)
    await undo(centre, done.merge_id)
    assert not await sees(centre, "responder_b", kept.case_id)
    assert not await sees(centre, "responder_c", source.case_id)


async def test_work_done_since_stays_and_is_said(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=3)
    source = await dispatched(centre, DEPARTMENT_1, grade=1)
    done = await merge(centre, kept.case_id, source.case_id)
    c = await centre.do("department", "accept", case=kept.case_id, version=done.kept_version)
    c = await centre.do("duty", "grade", case=c.case_id, version=c.version, grade=2, category=None, reason="已控制")
    c = await centre.do("duty", "pause", case=c.case_id, version=c.version, reason="等材料")
    await centre.clock(MONDAY + timedelta(hours=2))
    c = await centre.do("duty", "resume", case=c.case_id, version=c.version)
    c = await finish(centre, c)
    c = await call_back(centre, c)
    other = await report_of(centre, source.case_id) if await reports_of(centre, source.case_id) else None
    assert other is None
    second = int(str(await centre.value("select id from cc.reports where home_id = $1", source.case_id)))
    await centre.do(
        "followup", "follow_up", case=c.case_id, version=c.version, report=second, reached=True, contacted=True,
        solved=False, satisfied="不满意", words="",
    )  # fmt: skip
    back = await undo(centre, done.merge_id)
    assert {one["what"] for one in back.remaining} == {"grade", "clock", "unit", "calls"}
    case, alone = await centre.case(kept.case_id), await centre.case(source.case_id)
    assert (case["grade"], case["state"], case["reports"]) == (2, State.TO_FOLLOW_UP, 1)
    assert (alone["grade"], alone["state"], alone["reports"]) == (1, State.TO_ACCEPT, 1)
    assert alone["due_at"] == MONDAY + timedelta(days=2)  # orange: 48 natural hours, as if it had never been merged
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_the_earliest_limit_holds_is_moved_with_the_case_and_taken_back(centre: Centre) -> None:
    """The kept case had stood still for three days, so that the source, given later, is due before it."""
    await centre.clock(MONDAY)
    kept, twin = [await accepted(centre, UNIT_A, grade=3) for _ in range(2)]
    ids = kept.case_id, twin.case_id

    async def both(verb: str, **given: object) -> None:
        for one in ids:
            await centre.do("duty", verb, case=one, version=(await centre.case(one))["version"], **given)

    await both("pause", reason="等材料")
    await centre.clock(MONDAY + timedelta(days=1))
    source = await dispatched(centre, UNIT_B, grade=3, area=COMMUNITY_B)
    await centre.clock(MONDAY + timedelta(days=3))
    await both("resume")
    own, given = await centre.case(kept.case_id), await centre.case(source.case_id)
    assert given["due_at"] < own["due_at"]
    assert given["soon_at"] < own["soon_at"]
    done = await merge(centre, kept.case_id, source.case_id)
    case = await centre.case(kept.case_id)
    assert (case["due_at"], case["soon_at"], case["grade"]) == (given["due_at"], given["soon_at"], 3)
    assert case["accept_due_at"] == own["accept_due_at"]  # signed for: a thing of the past
    assert done.kept_due_at == given["due_at"]
    await both("pause", reason="等配件")
    await centre.clock(MONDAY + timedelta(days=3, hours=1))
    await both("resume")
    assert (await centre.case(kept.case_id))["due_at"] > given["due_at"]
    assert await centre.value("select count(*) from cc.audit()") == 0
    back = await undo(centre, done.merge_id)
    assert [one["what"] for one in back.remaining] == ["clock"]
    case, other = await centre.case(kept.case_id), await centre.case(twin.case_id)
    assert [case[name] for name in ("due_at", "soon_at", "return_until", "accept_due_at", "flags")] == [
        other[name] for name in ("due_at", "soon_at", "return_until", "accept_due_at", "flags")
    ]
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_a_person_s_grade_and_a_redo_go_before_what_was_given(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre, UNIT_A, grade=3)
    source = await dispatched(centre, DEPARTMENT_1, grade=0)
    await merge(centre, kept.case_id, source.case_id)
    c = await centre.case(kept.case_id)
    done = await centre.do(
        "duty", "grade", case=c["id"], version=c["version"], grade=3, category=None, reason="只是异味"
    )
    alone = await dispatched(centre, UNIT_A, grade=3)
    assert done.due_at == (await centre.case(alone.case_id))["due_at"]
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_what_is_over_is_neither_kept_nor_merged(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for state in (s for s in State if s != State.MERGED):
        c = await in_state(centre, state)
        fresh = await register(centre)
        if state <= State.PAUSED:
            assert (await merge(centre, c.case_id, fresh.case_id)).kept_state == state
            continue
        async with refused("CC080"):
            await merge(centre, c.case_id, fresh.case_id)
        async with refused("CC080"):
            await merge(centre, fresh.case_id, c.case_id)


async def test_what_units_work_on_is_kept(centre: Centre) -> None:
    await centre.clock(MONDAY)
    early = await dispatched(centre)
    waiting = await register(centre)
    await centre.clock(MONDAY + timedelta(minutes=1))
    late = await accepted(centre)
    async with refused("CC081") as caught:
        await merge(centre, waiting.case_id, early.case_id)
    assert caught[0].detail == f"{waiting.number}:{early.number}"
    async with refused("CC081"):
        await merge(centre, late.case_id, early.case_id)
    async with refused("CC082"):
        await merge(centre, early.case_id, early.case_id)
    await merge(centre, early.case_id, late.case_id)
    await merge(centre, early.case_id, waiting.case_id)
    async with refused("CC080") as caught:
        await merge(centre, late.case_id, (await register(centre)).case_id)
    assert caught[0].detail == f"merged:{late.number}:{early.number}"


async def test_only_the_centre_merges_and_undoes(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for role, who in ROLE_PEOPLE.items():
        kept, source = await register(centre), await register(centre)
        done = await merge(centre, kept.case_id, source.case_id)
        other = await register(centre)
        lawful = role in {"cc_duty", "cc_supervisor"}
        deeds = (
            lambda w=who, k=kept, o=other: merge(centre, k.case_id, o.case_id, w),
            lambda w=who, k=kept: register_into(centre, k.case_id, w),
            lambda w=who, d=done: undo(centre, d.merge_id, w),
        )
        for deed in deeds:
            if lawful:
                await deed()
            else:
                async with refused("42501"):
                    await deed()
        if not lawful:
            for table in ("merges", "merge_bases", "relations", "themes", "theme_cases", "repeat_hints"):
                async with refused("42501"):
                    await (await centre(who)).execute(f"delete from cc.{table}")


async def test_a_changed_or_taken_case_is_not_merged_unseen(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await register(centre), await register(centre)
    async with refused("CC002"):
        await merge(centre, kept.case_id, source.case_id, versions=(kept.version, source.version + 1))
    await centre.do("duty2", "take", case=source.case_id, version=source.version)
    async with refused("CC011"):
        await merge(centre, kept.case_id, source.case_id)
    taken = await centre.case(source.case_id)
    done = await merge(centre, kept.case_id, source.case_id, "duty2")
    assert (await centre.case(source.case_id))["holder"] == ""
    await undo(centre, done.merge_id)
    again = await centre.case(source.case_id)
    assert (again["holder"], again["held_at"]) == (taken["holder"], taken["held_at"])


async def test_a_key_again_answers_the_same_and_does_nothing(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await register(centre), await register(centre, grade=1)
    key, other = uuid4(), uuid4()
    first = await merge(centre, kept.case_id, source.case_id, key=key)
    again = await merge(centre, kept.case_id, source.case_id, key=key)
    assert again.replayed
    assert (again.merge_id, again.kept_version, again.source_version) == (
        first.merge_id,
        first.kept_version,
        first.source_version,
    )
    back = await undo(centre, first.merge_id, key=other)
    assert (await undo(centre, first.merge_id, key=other)).kept_version == back.kept_version
    async with refused("CC085"):
        await undo(centre, first.merge_id)
    into = await register_into(centre, kept.case_id, key=(third := uuid4()))
    assert (await register_into(centre, kept.case_id, key=third)).source_id == into.source_id
    assert await centre.value("select count(*) from cc.reports") == 3


async def test_a_later_report_that_names_the_source_goes_along_with_it(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await register(centre, grade=3), await register(centre, grade=3)
    outer = await merge(centre, kept.case_id, source.case_id)
    before = await standing(centre)
    later = await register_into(centre, source.case_id, grade=1, confidential=True)
    assert later.kept_id == kept.case_id
    case = await centre.case(kept.case_id)
    assert (case["reports"], case["grade"], case["flags"] & Flag.CONFIDENTIAL) == (3, 1, Flag.CONFIDENTIAL)
    assert await centre.value("select cc.case_now($1)", later.source_id) == kept.case_id
    await undo(centre, outer.merge_id)
    case, own = await centre.case(kept.case_id), await centre.case(source.case_id)
    assert (case["reports"], case["grade"], case["flags"] & Flag.CONFIDENTIAL) == (1, 3, 0)
    assert (own["reports"], own["grade"], own["flags"] & Flag.CONFIDENTIAL) == (2, 1, Flag.CONFIDENTIAL)
    await merge(centre, kept.case_id, source.case_id)
    await undo(centre, later.merge_id)
    gone = {later.source_id}
    after = await standing(centre)
    assert [row for row in after["cases"] if row["id"] not in gone] == before["cases"]
    assert await centre.value("select count(*) from cc.audit()") == 0


async def test_in_the_archive_a_link_stays(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept = await accepted(centre)
    source, inner = await register(centre), await register(centre)
    await merge(centre, source.case_id, inner.case_id)
    done = await merge(centre, kept.case_id, source.case_id)
    await centre.clock(MONDAY + timedelta(days=90))
    root = await centre.root()
    assert (
        await root.fetchval("select cc.archive_older(60, 100)") == 0
    )  # merged long ago, but what it is part of is open
    c = await finish(centre, await centre.do("duty", "note", case=kept.case_id, version=done.kept_version, text="在办"))
    for report in await root.fetch("select id from cc.reports where case_id = $1", kept.case_id):
        c = await centre.do(
            "followup", "follow_up", case=c.case_id, version=c.version, report=report["id"], reached=True, contacted=True,
            solved=True, satisfied="满意", words="",
        )  # fmt: skip
    await centre.do("followup", "archive", case=c.case_id, version=c.version)
    await centre.clock(MONDAY + timedelta(days=180))
    assert await root.fetchval("select cc.archive_older(60, 1)") == 3
    assert await root.fetchval("select array_agg(id order by id) from cc.cases_archive") == sorted(
        [kept.case_id, source.case_id, inner.case_id]
    )
    async with refused("CC086"):
        await undo(centre, done.merge_id)
    assert await root.fetchval("select count(*) from cc.audit()") == 0
    assert await root.fetchval("select count(*) from cc.family_of($1)", kept.case_id) == 3


async def test_a_place_put_right_is_shared(centre: Centre) -> None:
    await centre.clock(MONDAY)
    kept, source = await register(centre), await register(centre)
    done = await merge(centre, kept.case_id, source.case_id)
    await centre.do(
        "duty", "place", case=kept.case_id, version=done.kept_version, area=TOWN_B, lon=None, lat=None, place=""
    )
    for who in ("responder", "responder_b"):
        assert await sees(centre, who, kept.case_id), who
        assert await sees(centre, who, source.case_id), who
