"""What called units and those who called them do, one deed at a time; and how a whistle and its case end."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.db.centre import Centre, Change, refused
from tests.db.county import (
    DEPARTMENT_1,
    DEPARTMENT_2,
    UNIT_A,
    UNIT_COMMUNITY_A,
    UTILITY,
)
from tests.db.life import MONDAY, accepted, call_back, finish, register
from tests.db.whistle_life import Blown, blow, blown_to, call, do, led_to, part, parties, party, whistle


async def test_an_objection_upheld_releases_and_calls_another(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blown_to(centre, DEPARTMENT_1, UTILITY)
    async with refused("CC004"):
        await part(centre, "object_to_whistle", w, reason="")
    assert (await part(centre, "object_to_whistle", w)).state == 1
    p = await party(centre, w)
    assert p["ruling_due_at"] == MONDAY + timedelta(hours=2)
    async with refused("CC023") as caught:
        await part(centre, "rule_objection", w, upheld=True, instead=UTILITY)
    assert caught[0].detail == "twice:燃气公司"
    assert (await part(centre, "rule_objection", w, upheld=True, reason="应由城管局", instead=DEPARTMENT_2)).state == 7
    assert [(row["unit_id"], row["part"], row["ground"], row["state"]) for row in await parties(centre, w)] == [
        (DEPARTMENT_1, "lead", "商定", 7),
        (DEPARTMENT_2, "lead", "指定", 0),
        (UTILITY, "assist", "商定", 0),
    ]


async def test_an_objection_refused_calls_anew_and_ends_the_argument(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    was = await party(centre, w)
    await part(centre, "object_to_whistle", w)
    ruled_at = MONDAY + timedelta(minutes=90)
    await centre.clock(ruled_at)
    async with refused("CC004"):
        await part(centre, "rule_objection", w, reason="")
    async with refused("CC004"):
        await part(centre, "rule_objection", w, instead=DEPARTMENT_2)
    assert (await part(centre, "rule_objection", w, reason="按清单你局主责")).state == 0
    p = await party(centre, w)
    assert p["answer_due_at"] == ruled_at + timedelta(minutes=30)
    assert p["arrive_due_at"] == ruled_at + timedelta(hours=2)
    assert p["finish_due_at"] == was["finish_due_at"], "the work's limit runs from the call"
    assert p["answer_missed_at"] is None
    async with refused("CC027") as caught:
        await part(centre, "object_to_whistle", w)
    assert caught[0].detail == "ruled"
    assert (await part(centre, "answer_whistle", w)).state == 2


async def test_a_whistle_nobody_has_to_come_to_is_over(centre: Centre) -> None:
    w = await blow(centre)
    await led_to(centre, w, 7)
    assert (await whistle(centre, w))["state"] == 6


async def test_check_in_needs_a_person_and_a_place_or_a_photo(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    await led_to(centre, w, 2)
    for wrong, field in (
        ({"came": ""}, "came"),
        ({"place": ""}, "check_in_place"),
        ({"lon": 122.4}, "position"),
        ({"lon": 200.0, "lat": 37.1}, "position"),
        ({"photo": b"x", "photo_name": ""}, "file_name"),
        ({"photo": b"", "photo_name": "空.jpg"}, "file:size"),
    ):
        async with refused("CC004") as caught:
            await part(centre, "check_in", w, **wrong)
        assert caught[0].detail == field
    picture = {"place": "", "photo": b"jpeg", "photo_name": "现场.jpg", "photo_type": "image/jpeg"}
    await part(centre, "check_in", w, lon=122.4, lat=37.1, **picture)
    p = await party(centre, w)
    file = await (await centre("department")).fetchrow("select * from cc.attachments where id = $1", p["photo_id"])
    assert file is not None
    assert (file["case_id"], file["name"], file["content"], file["added_by"]) == (
        p["case_id"],
        "现场.jpg",
        b"jpeg",
        centre.logins.of("department"),
    )
    assert (p["came"], p["checked_in_by"], p["checked_in_at"]) == ("王工 科长", centre.logins.of("department"), MONDAY)


async def test_sent_back_with_words_and_counted(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    await led_to(centre, w, 3)
    for field, words in (("done", {"done": ""}), ("met", {"met": None})):
        async with refused("CC004") as caught:
            await part(centre, "stand_down", w, **words)
        assert caught[0].detail == field
    await led_to_done(centre, w)
    async with refused("CC004"):
        await part(centre, "send_back_party", w, reason="")
    assert (await part(centre, "send_back_party", w)).state == 3
    p = await party(centre, w)
    assert (p["sent_back"], p["sent_back_words"], p["done_at"]) == (1, "仍有气味", None)
    assert (await whistle(centre, w))["state"] == 3
    await centre.clock(MONDAY + timedelta(hours=25))
    await led_to_done(centre, w)
    p = await party(centre, w)
    assert (p["finish_missed_at"], p["done_at"]) == (MONDAY + timedelta(hours=25), MONDAY + timedelta(hours=25))


async def led_to_done(centre: Centre, w: Blown) -> None:
    await part(centre, "stand_down", w)


async def test_by_hand_one_level_up_and_everything_is_kept(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blown_to(centre, DEPARTMENT_1, DEPARTMENT_2, who="community", danger=True, danger_words="塌陷")
    await led_to(centre, w, 2, DEPARTMENT_2)
    answered = await party(centre, w, DEPARTMENT_2)
    later = MONDAY + timedelta(minutes=10)
    await centre.clock(later)
    async with refused("CC004"):
        await do(centre, "community", "escalate_whistle", w, reason="")
    await do(centre, "community", "escalate_whistle", w, reason="需要街道协调")
    await do(centre, "community", "escalate_whistle", w, reason="需要街道协调")
    async with refused("CC024") as caught:  # 攻坚哨 is the town's
        await do(centre, "community", "escalate_whistle", w, reason="还不行")
    assert caught[0].detail == "caller"
    await do(centre, "head", "escalate_whistle", w, reason="大工委议定")
    async with refused("CC024") as caught:
        await do(centre, "head", "escalate_whistle", w, reason="还要高")
    assert caught[0].detail == "top"
    rounds = await (await centre.root()).fetch(
        "select level, cause, convener_unit_id, began_at from cc.whistle_rounds where whistle_id = $1 order by round",
        w.whistle_id,
    )
    assert [tuple(row) for row in rounds] == [
        (1, "blow", UNIT_A, MONDAY),  # the place has no grid: the town
        (2, "by_hand", UNIT_COMMUNITY_A, later),
        (3, "by_hand", UNIT_A, later),
        (4, "by_hand", UNIT_A, later),
    ]
    waiting = await party(centre, w)
    assert (waiting["called_at"], waiting["answer_due_at"]) == (later, later + timedelta(minutes=15))
    assert waiting["finish_due_at"] == later + timedelta(days=30)
    assert await party(centre, w, DEPARTMENT_2) == answered, "who has answered keeps their clocks"
    assert (await whistle(centre, w))["report_due_at"] == later + timedelta(days=7)


async def test_an_assault_goes_by_plan_and_reports_every_week(centre: Centre) -> None:
    await centre.clock(MONDAY)
    plan = MONDAY + timedelta(days=10)
    w = await blow(centre, level=4, plan_until=plan, meeting_at=MONDAY + timedelta(hours=3), meeting_place="镇会议室")
    assert (await party(centre, w))["finish_due_at"] == plan
    assert (await whistle(centre, w))["report_due_at"] == MONDAY + timedelta(days=7)
    for until in (None, MONDAY, MONDAY + timedelta(days=30, seconds=1)):
        async with refused("CC004") as caught:
            await do(centre, "head", "plan_whistle", w, until=until)
        assert caught[0].detail == "plan_until"
    await do(centre, "head", "plan_whistle", w, until=MONDAY + timedelta(days=30))
    assert (await party(centre, w))["finish_due_at"] == MONDAY + timedelta(days=30)
    for at, place, field in ((MONDAY - timedelta(hours=1), "镇会议室", "meeting_at"), (plan, "", "meeting_place")):
        async with refused("CC004") as caught:
            await do(centre, "head", "meet_whistle", w, at=at, place=place)
        assert caught[0].detail == field
    await do(centre, "head", "meet_whistle", w, at=plan, place="现场")
    row = await whistle(centre, w)
    assert (row["meeting_at"], row["meeting_place"]) == (plan, "现场")
    await led_to(centre, w, 3)
    await centre.clock(MONDAY + timedelta(days=6))
    async with refused("CC004"):
        await part(centre, "progress", w, text="")
    await part(centre, "progress", w)
    assert (await whistle(centre, w))["report_due_at"] == MONDAY + timedelta(days=13)
    usual = await blow(centre)
    async with refused("CC024") as caught:
        await do(centre, "head", "plan_whistle", usual, until=plan + timedelta(days=9))
    assert caught[0].detail == "plan"
    for wrong, code in (({"plan_until": plan}, "CC024"), ({"level": 4, "plan_until": MONDAY}, "CC004")):
        async with refused(code):
            await blow(centre, **wrong)
    async with refused("CC004"):
        await blow(centre, meeting_at=MONDAY, meeting_place="镇")


async def test_a_low_score_needs_words_and_is_answered_once(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    await led_to(centre, w, 5)
    for wrong, field in (
        ({"speed": 59}, "score_words"),
        ({"quality": 59}, "score_words"),
        ({"speed": 101}, "speed"),
        ({"quality": -1}, "quality"),
        ({"met": None}, "met"),
        ({"finished": None}, "finished"),
    ):
        async with refused("CC004") as caught:
            await part(centre, "score_party", w, **wrong)
        assert caught[0].detail == field
    await part(centre, "score_party", w, speed=60, quality=59, words="返工一次", satisfied=None)
    score = await (await centre("department")).fetchrow("select * from cc.whistle_scores")
    assert score is not None
    assert (score["speed"], score["quality"], score["satisfied"], score["words"]) == (60, 59, None, "返工一次")
    assert (score["proposed_speed"], score["scored_by"], score["scorer_unit_id"]) == (
        100,
        centre.logins.of("head"),
        UNIT_A,
    )
    async with refused("CC004"):
        await part(centre, "answer_score", w, text="")
    await part(centre, "answer_score", w, text="配件缺货")
    async with refused("CC027") as caught:
        await part(centre, "answer_score", w, text="再说")
    assert caught[0].detail == "answered"


async def test_nobody_scores_their_own(centre: Centre) -> None:
    await centre.clock(MONDAY)
    # the town leads its own whistle, and a grid of it assists
    w = await blown_to(centre, UNIT_A, UNIT_COMMUNITY_A)
    for unit in (UNIT_A, UNIT_COMMUNITY_A):
        for step in ("answer_whistle", "check_in", "stand_down"):
            await part(centre, step, w, unit, who="responder" if unit == UNIT_A else "community")
        await part(centre, "confirm_party", w, unit)
        for who in ("head", "caller"):
            async with refused("CC022") as caught:
                await part(centre, "score_party", w, unit, who=who)
            assert caught[0].detail == "own_score"
        assert (await part(centre, "score_party", w, unit, who="supervisor")).state == 6
    # somebody who came for a called unit, and works for the caller since then
    other = await blow(centre)
    await led_to(centre, other, 5)
    await (await centre("admin")).execute(
        "select cc.move_person($1, '调动', 'cc_caller', $2)", centre.logins.of("department"), UNIT_A
    )
    async with refused("CC022"):
        await part(centre, "score_party", other, who="department")
    await (await centre.root()).execute(
        "select cc.move_person($1, '回来', 'cc_responder', $2)", centre.logins.of("department"), DEPARTMENT_1
    )


async def test_a_case_does_not_end_over_the_heads_of_the_called(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    case = (await whistle(centre, w))["case_id"]
    c = await accepted_change(centre, case)
    async with refused("CC026") as caught:
        await finish(centre, c)
    assert caught[0].detail == f"finish:{w.number}"
    await led_to(centre, w, 4)
    c = await finish(centre, c)
    async with refused("CC026") as caught:
        await part(centre, "send_back_party", w)
    assert caught[0].detail == "send_back:"
    c = await call_back(centre, c)
    async with refused("CC026") as caught:
        await centre.do("followup", "archive", case=case, version=c.version)
    assert caught[0].detail == f"archive:{w.number}"
    await part(centre, "confirm_party", w)
    await centre.do("followup", "archive", case=case, version=c.version)
    await part(centre, "score_party", w)
    assert (await whistle(centre, w))["state"] == 6


async def test_a_whistle_that_waits_keeps_the_case_open_and_one_sent_back_lapses(centre: Centre) -> None:
    await centre.clock(MONDAY)
    for item in ({}, {"duty_item": None}):
        case = (await accepted(centre)).case_id
        w = await blow(centre, "caller", case, **item)
        if item:
            await do(centre, "head", "approve_whistle", w)
        async with refused("CC026") as caught:
            await finish(centre, await accepted_change(centre, case))
        assert caught[0].detail == f"pending:{w.number}"
    case = (await accepted(centre)).case_id
    w = await blow(centre, "caller", case)
    await do(centre, "head", "decline_whistle", w, reason="先协调")
    await finish(centre, await accepted_change(centre, case))
    row = await whistle(centre, w)
    assert (row["state"], row["verb"], row["actor"]) == (7, "withdraw", "cc_system")


async def accepted_change(centre: Centre, case: int) -> Change:
    row = await centre.case(case)
    return Change(case, row["number"], row["state"], row["version"], row["due_at"], False)


@pytest.mark.parametrize("state", [1, 2, 3, 4, 5])
async def test_void_calls_the_whistle_off(centre: Centre, state: int) -> None:
    await centre.clock(MONDAY)
    case = (await register(centre)).case_id
    given: dict[str, object] = {"duty_item": None} if state == 2 else {}
    w = await blow(centre, "caller" if state == 1 else "head", case, **given)
    if state > 3:
        await led_to(centre, w, state)
    version = (await centre.case(case))["version"]
    if state >= 3:  # a duty officer may void a case that nobody works on, but may not send the called home
        async with refused("CC026") as caught:
            await centre.do("duty", "void", case=case, version=version, reason="误报")
        assert caught[0].detail == f"void:{w.number}"
    await centre.do("supervisor" if state >= 3 else "duty", "void", case=case, version=version, reason="误报")
    row = await whistle(centre, w)
    assert (row["state"], row["verb"]) == (7, "withdraw")
    assert {p["state"] for p in await parties(centre, w)} <= {7}
    assert await centre.value("select count(*) from cc.case_scope where case_id = $1", case) == 0


async def test_a_retry_is_no_second_deed_and_nobody_overwrites_the_unseen(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case = (await accepted(centre)).case_id
    key = uuid4()
    first = await blow(centre, case_id=case, key=key)
    again = await blow(centre, case_id=case, key=key)
    assert (again.whistle_id, again.number, again.state, again.version, again.replayed) == (
        first.whistle_id,
        first.number,
        first.state,
        first.version,
        True,
    )
    p, key = await party(centre, first), uuid4()
    one = await part(centre, "answer_whistle", first, key=key)
    two = await part(centre, "answer_whistle", first, key=key, version=p["version"])
    assert (two.party_id, two.whistle_id, two.state, two.version, two.replayed) == (
        one.party_id,
        one.whistle_id,
        2,
        one.version,
        True,
    )
    assert await centre.value("select count(*) from cc.journal where entity = 'party' and verb = 'answer'") == 1
    async with refused("CC006"):
        await part(centre, "check_in", first, key=key)
    async with refused("CC002") as caught:
        await part(centre, "check_in", first, version=p["version"])
    assert '"party"' in (caught[0].detail or "")
    async with refused("CC002") as caught:
        await do(centre, "head", "escalate_whistle", first, reason="x", version=99)
    assert '"whistle"' in (caught[0].detail or "")
    async with refused("CC020"):
        await call(await centre("head"), "answer_whistle", party=1, version=1)
    async with refused("CC020"):
        await call(await centre("head"), "approve_whistle", whistle=1, version=1)
