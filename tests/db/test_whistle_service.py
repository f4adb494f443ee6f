"""The program's own way to whistles: verbs, reads of every role, figures against a count by hand, sentences for people."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database
from commandcenter.domain.case import Role
from commandcenter.domain.whistle import Level, PartyState, SpeedWeights, WhistleState
from commandcenter.errors import NotVisible, PersonError, Refused, StaleVersion
from commandcenter.services import cases, people, whistles
from commandcenter.services.case_file import read_case
from commandcenter.services.reference import load_reference
from tests.db.centre import Centre
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, TOWN_A, TOWN_B, UNIT_A, UTILITY
from tests.db.life import MONDAY, accepted, register
from tests.db.whistle_life import Blown, blow, blown_to, do, item, led_to, listed, part, whistle

Desk = Callable[[str], Database]


@pytest.fixture
async def desk(centre: Centre) -> AsyncIterator[Desk]:
    """The program's connections of people, by their names in the county."""
    opened: dict[str, Database] = {}

    def of(who: str) -> Database:
        if who not in opened:
            opened[who] = Database(centre.url(who))
        return opened[who]

    yield of
    for database in opened.values():
        await database.close()


async def test_the_whole_way_by_the_programs_own_words(centre: Centre, desk: Desk) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre)
    blown = await whistles.blow(
        desk("caller"), case_id=c.case_id, case_version=c.version, level=Level.USUAL, matter="漏气", demand="修复",
        duty_item_id=await item(centre), key=uuid4(),
    )  # fmt: skip
    assert (blown.state, blown.replayed) == (WhistleState.TO_APPROVE, False)
    w, head, unit = blown.whistle_id, desk("head"), desk("department")
    sent = await whistles.decline(head, whistle_id=w, version=blown.version, reason="补充要求", key=uuid4())
    again = await whistles.amend(
        desk("caller"),
        whistle_id=w,
        version=sent.version,
        level=Level.ASSAULT,
        matter="漏气",
        demand="查明并修复",
        key=uuid4(),
    )
    approved = await whistles.approve(head, whistle_id=w, version=again.version, key=uuid4())
    assert approved.state is WhistleState.TO_RULE
    ruled = await whistles.rule(
        desk("duty"), whistle_id=w, version=approved.version, lead_unit_id=DEPARTMENT_1, assist_ids=(DEPARTMENT_2,),
        reason="职责相近", key=uuid4(),
    )  # fmt: skip
    met = await whistles.meet(
        head, whistle_id=w, version=ruled.version, at=MONDAY + timedelta(hours=1), place="现场", key=uuid4()
    )
    planned = await whistles.plan(
        head, whistle_id=w, version=met.version, until=MONDAY + timedelta(days=5), key=uuid4()
    )
    read = await whistles.read_whistle(unit, w)
    assert (read.case_number, read.case_grade, read.town_id, read.level) == (c.number, 3, TOWN_A, Level.ASSAULT)
    assert [(r.level, r.cause) for r in read.rounds] == [(Level.ASSAULT, "blow")]
    lead, other = read.parties
    assert (lead.unit_id, lead.part, lead.state) == (DEPARTMENT_1, "lead", PartyState.CALLED)
    released = await whistles.object_to(
        desk("department2"), party_id=other.id, version=other.version, reason="不属我局", key=uuid4()
    )
    await whistles.rule_objection(
        desk("duty"), party_id=other.id, version=released.version, upheld=True, reason="确不相关", key=uuid4()
    )
    change = await whistles.answer(unit, party_id=lead.id, version=lead.version, key=uuid4())
    change = await whistles.check_in(
        unit, party_id=lead.id, version=change.version, came="王工", place="", lon=122.4, lat=37.1,
        photo=("现场.jpg", "image/jpeg", b"jpeg"), key=uuid4(),
    )  # fmt: skip
    change = await whistles.progress(unit, party_id=lead.id, version=change.version, text="已关阀", key=uuid4())
    change = await whistles.stand_down(
        unit, party_id=lead.id, version=change.version, done="已换管", met=True, key=uuid4()
    )
    change = await whistles.send_back(head, party_id=lead.id, version=change.version, reason="有味", key=uuid4())
    change = await whistles.stand_down(
        unit, party_id=lead.id, version=change.version, done="已复检", met=True, key=uuid4()
    )
    change = await whistles.confirm(head, party_id=lead.id, version=change.version, key=uuid4())
    key = uuid4()
    facts = {"party_id": lead.id, "speed": 90, "quality": 80, "met": True, "finished": True}
    scored = await whistles.score(head, **facts, version=change.version, key=key)  # type: ignore[arg-type]
    assert (await whistles.score(head, **facts, version=change.version, key=key)).replayed  # type: ignore[arg-type]
    await whistles.answer_score(unit, party_id=lead.id, version=scored.version, text="收到", key=uuid4())
    [read] = await whistles.read_of_case(head, c.case_id)
    assert (read.state, read.version) == (WhistleState.CLOSED, planned.version + 5), (
        "stood down, sent back, stood down, confirmed, scored"
    )
    [score] = read.scores
    assert (score.speed, score.proposed_speed, score.satisfied, score.answer) == (90, 100, None, "收到")
    assert await whistles.read_live(head) == ()
    assert [each.id for each in await whistles.read_closed(head, since=MONDAY)] == [w]
    assert await whistles.read_closed(head, since=MONDAY + timedelta(seconds=1)) == ()
    with pytest.raises(NotVisible):
        await whistles.read_whistle(desk("department2"), w)
    file = await read_case(unit, c.case_id)
    assert [a.name for a in file.attachments] == ["现场.jpg"]
    told = {(event.entity, event.verb) for event in file.timeline}
    assert {("case", "accept"), ("whistle", "rule"), ("party", "check_in"), ("score", "score")} <= told


async def test_the_wall_reads_live_whistles_without_words_and_names(centre: Centre, desk: Desk) -> None:
    await centre.clock(MONDAY)
    usual, joint = await blow(centre), await blow(centre, level=3)
    await led_to(centre, usual, 3)
    seen = await whistles.read_live(desk("wall"))
    assert [each.id for each in seen] == [joint.whistle_id, usual.whistle_id]
    full = await whistles.read_live(desk("duty"))
    for wall, duty in zip(seen, full, strict=True):
        assert (wall.number, wall.state, wall.level, wall.town_id, wall.case_number) == (
            duty.number,
            duty.state,
            duty.level,
            duty.town_id,
            duty.case_number,
        )
        assert [p.clock(MONDAY) for p in wall.parties] == [p.clock(MONDAY) for p in duty.parties]
        assert (wall.matter, wall.demand, wall.caller, wall.case_title, wall.rounds, wall.scores) == (
            "",
            "",
            "",
            "",
            (),
            (),
        )
        assert all(p.came == "" and p.answered_by is None for p in wall.parties)


@pytest.mark.parametrize("who", ["duty", "department", "wall", "intake", "admin"])
async def test_reference_brings_the_rules_of_the_loop(untouched: Centre, who: str) -> None:
    db = Database(untouched.url(who))
    reference = await load_reference(db)
    await db.close()
    if who == "intake":
        assert (reference.steps, reference.levels) == (frozenset(), {})
        return
    assert ("whistle", 1, "approve", 3, "cc_caller") in reference.steps
    assert ("party", 0, "answer", 2, "cc_responder") in reference.steps
    usual = reference.levels[Level.USUAL]
    assert (usual.name, usual.answer_minutes, usual.finish_clock, usual.finish_amount) == (
        "常规哨",
        30,
        "natural",
        1440,
    )
    assert reference.levels[Level.ASSAULT].caller_kinds == ("town", "centre")
    assert (reference.speed_weights, reference.score_low) == (SpeedWeights(40, 30, 30), 60)
    assert [kind.name for kind in reference.slip_kinds.values()] == (
        [] if who == "wall" else ["提示单", "督办单", "警示单"]
    )
    assert (len(reference.slip_rules) > 0) is (who != "wall")
    assert len(reference.duty_items) == (0 if who == "wall" else 1)


async def test_figures_are_what_can_be_counted_by_hand(centre: Centre, desk: Desk) -> None:
    await centre.clock(MONDAY)
    good = await blow(centre)  # town A, the department alone: all in time
    await led_to(centre, good, 6)
    poor = await blown_to(centre, DEPARTMENT_1, UTILITY)
    await led_to(centre, poor, 2, UTILITY)
    await centre.clock(MONDAY + timedelta(minutes=45))
    await led_to(centre, poor, 5)  # answered 15 minutes late
    await part(
        centre, "score_party", poor, who="supervisor", speed=50, quality=70, met=False, finished=True, satisfied=None,
        words="应哨慢",
    )  # fmt: skip
    gone = await blow(centre)
    await do(centre, "supervisor", "withdraw_whistle", gone, reason="误吹")
    waits = await blow(centre, "caller")
    found = {
        f.unit_id: f for f in await whistles.figures(desk("duty"), since=MONDAY, until=MONDAY + timedelta(hours=1))
    }
    assert set(found) == {DEPARTMENT_1, UTILITY}
    f = found[DEPARTMENT_1]
    assert (f.called, f.answered_in_time, f.answer_over, f.answer_rate) == (2, 1, 2, Fraction(1, 2))
    assert (f.arrived_in_time, f.arrive_over, f.finished_in_time, f.finish_over) == (2, 2, 2, 2)
    assert (f.scored, f.scorers, f.met, f.finished, f.satisfied, f.satisfied_known) == (2, 2, 1, 2, 1, 1)
    assert (f.met_rate, f.finished_rate, f.satisfied_rate) == (Fraction(1, 2), 1, 1)
    assert (f.speed, f.quality) == (Fraction(90 + 50, 2), Fraction(80 + 70, 2))
    u = found[UTILITY]
    assert (u.called, u.answer_rate, u.arrive_over, u.arrive_rate, u.met_rate, u.speed) == (1, 1, 0, None, None, None)
    await register(centre)
    rates = {r.town_id: r for r in await whistles.rates(desk("duty"), since=MONDAY, until=MONDAY + timedelta(hours=1))}
    # five cases received in town A; called were two, and the one withdrawn; the fourth waits for approval
    assert (rates[TOWN_A].whistles, rates[TOWN_A].cases, rates[TOWN_A].per_hundred) == (3, 5, 60)
    assert (rates[TOWN_B].whistles, rates[TOWN_B].cases, rates[TOWN_B].per_hundred) == (0, 0, None)
    assert (await whistle(centre, waits))["state"] == 1
    assert await whistles.figures(desk("duty"), since=MONDAY - timedelta(days=1), until=MONDAY) == ()
    assert [
        f.unit_id for f in await whistles.figures(desk("utility"), since=MONDAY, until=MONDAY + timedelta(hours=1))
    ] == [
        DEPARTMENT_1,
        UTILITY,
    ], "of the one whistle it sees"


@asynccontextmanager
async def told(kind: type[PersonError], words: str) -> AsyncIterator[None]:
    with pytest.raises(kind) as caught:
        yield
    assert words in caught.value.sentence
    assert caught.value.advice
    assert "CC0" not in str(caught.value)


async def test_every_refusal_is_a_sentence(centre: Centre, desk: Desk) -> None:
    await centre.clock(MONDAY)
    c = await accepted(centre)
    asked = {"case_id": c.case_id, "case_version": c.version, "level": Level.USUAL, "matter": "漏气", "demand": "修复"}

    def call(who: str, **given: object) -> Awaitable[whistles.WhistleChange]:
        return whistles.blow(desk(who), **asked | {"key": uuid4()} | given)  # type: ignore[arg-type]

    old = await listed(centre, "旧", DEPARTMENT_1, valid_to=MONDAY.date() - timedelta(days=1))
    far = await register(centre, area=None)
    nowhere = {"case_id": far.case_id, "case_version": far.version}
    async with told(Refused, "您的岗位不能吹哨"):
        await call("responder")
    async with told(PersonError, "没有填写或不正确"):
        await call("head", matter="")
    async with told(PersonError, "“险情说明”没有填写"):
        await call("head", danger=True)
    async with told(PersonError, "“旧”今天不在有效期内"):
        await call("head", duty_item_id=old)
    async with told(PersonError, "不属于任何镇街"):
        await call("duty", **nowhere, duty_item_id=await listed(centre, "属地", None))
    async with told(Refused, "您的单位不能吹这一级的哨"):
        await call("community", level=Level.ASSAULT)
    async with told(Refused, "不定办结计划"):
        await call("head", plan_until=MONDAY + timedelta(days=1))
    async with told(PersonError, "计划办结时间须晚于现在"):
        await call("head", level=Level.ASSAULT, plan_until=MONDAY)
    async with told(PersonError, "会商时间须晚于现在"):
        await call("head", meeting_at=MONDAY - timedelta(minutes=1), meeting_place="镇")
    w = await call("caller", duty_item_id=await item(centre))
    async with told(Refused, f"已有进行中的哨 {w.number}"):
        await call("head")
    async with told(Refused, "由本镇街负责人审签"):
        await whistles.approve(desk("supervisor"), whistle_id=w.whistle_id, version=w.version, key=uuid4())
    async with told(Refused, "这个哨现为“待审签”，您的岗位不能升级"):
        await whistles.escalate(desk("head"), whistle_id=w.whistle_id, version=w.version, reason="x", key=uuid4())
    async with told(NotVisible, "没有找到这个哨"):
        await whistles.approve(desk("head_b"), whistle_id=w.whistle_id, version=w.version, key=uuid4())
    async with told(StaleVersion, "这个哨刚被别人改过"):
        await whistles.approve(desk("head"), whistle_id=w.whistle_id, version=9, key=uuid4())
    await whistles.approve(desk("head"), whistle_id=w.whistle_id, version=w.version, key=uuid4())
    [p] = (await whistles.read_whistle(desk("head"), w.whistle_id)).parties
    async with told(Refused, "只有被吹哨的单位自己"):
        await whistles.answer(desk("head"), party_id=p.id, version=p.version, key=uuid4())
    async with told(Refused, "只有吹哨的单位或市中心督导"):
        await whistles.escalate(desk("duty"), whistle_id=w.whistle_id, version=2, reason="x", key=uuid4())
    async with told(StaleVersion, "这个单位的应哨刚被别人改过"):
        await whistles.answer(desk("department"), party_id=p.id, version=9, key=uuid4())
    async with told(Refused, "这个单位的应哨现为“已推送”，您的岗位不能报到"):
        await whistles.check_in(
            desk("department"), party_id=p.id, version=p.version, came="王工", place="现场", key=uuid4()
        )
    row = await centre.case(c.case_id)
    async with told(Refused, f"哨 {w.number} 的单位还没有全部申请销哨"):
        await cases.finish(
            desk("responder"), case_id=c.case_id, version=row["version"], discussed_with="诉求人", discussed_at=MONDAY,
            done="好了", done_by=MONDAY, key=uuid4(),
        )  # fmt: skip
    blown = Blown(w.whistle_id, w.number, 3, 2, False)
    await led_to(centre, blown, 1)
    p1 = (await whistles.read_whistle(desk("head"), w.whistle_id)).parties[0]
    async with told(PersonError, "单位“住建局”已在这个哨里"):
        await whistles.rule_objection(
            desk("duty"),
            party_id=p.id,
            version=p1.version,
            upheld=True,
            reason="x",
            instead_unit_id=DEPARTMENT_1,
            key=uuid4(),
        )
    async with told(PersonError, "已停用"):
        await whistles.rule_objection(
            desk("duty"), party_id=p.id, version=p1.version, upheld=True, reason="x", instead_unit_id=99999, key=uuid4()
        )
    back = await whistles.rule_objection(
        desk("duty"), party_id=p.id, version=p1.version, upheld=False, reason="须到", key=uuid4()
    )
    async with told(Refused, "异议已经裁定"):
        await whistles.object_to(desk("department"), party_id=p.id, version=back.version, reason="x", key=uuid4())
    await part(centre, "answer_whistle", blown)
    answered = (await whistles.read_whistle(desk("head"), w.whistle_id)).parties[0]
    for given, words in (
        ({"came": "", "place": "x"}, "到场人员"),
        ({"came": "王工", "place": ""}, "报到须写明到场地点"),
        ({"came": "王工", "place": "x", "lon": 1.0}, "坐标不正确"),
        ({"came": "王工", "place": "x", "photo": ("a.jpg", "image/jpeg", b"")}, "20 MB"),
    ):
        async with told(PersonError, words):
            await whistles.check_in(desk("department"), party_id=p.id, version=answered.version, key=uuid4(), **given)  # type: ignore[arg-type]
    for step in ("check_in", "stand_down", "confirm_party"):
        await part(centre, step, blown)
    p5 = (await whistles.read_whistle(desk("head"), w.whistle_id)).parties[0]
    given = {"party_id": p.id, "version": p5.version, "met": True, "finished": True}
    for score, words in (
        ({"speed": 10, "quality": 90}, "评分较低，须写明理由"),
        ({"speed": 101, "quality": 90}, "速度分应在 0 到 100 之间"),
        ({"speed": 90, "quality": -1}, "质量分应在 0 到 100 之间"),
    ):
        async with told(PersonError, words):
            await whistles.score(desk("head"), **given, **score, key=uuid4())  # type: ignore[arg-type]
    await part(centre, "score_party", blown)
    await part(centre, "answer_score", blown)
    p6 = (await whistles.read_whistle(desk("head"), w.whistle_id)).parties[0]
    async with told(Refused, "已经说明过一次"):
        await whistles.answer_score(desk("department"), party_id=p.id, version=p6.version, text="x", key=uuid4())
    own = await blown_to(centre, UNIT_A, level=4)
    for step in ("answer_whistle", "check_in", "stand_down"):
        await part(centre, step, own, UNIT_A, who="responder")
    async with told(Refused, "现为“待销哨确认”"):
        await whistles.escalate(desk("head"), whistle_id=own.whistle_id, version=2, reason="x", key=uuid4())
    pending = await blow(centre, "head", (await register(centre)).case_id)
    case = await centre.case((await whistle(centre, pending))["case_id"])
    async with told(Refused, "您的岗位不能作废这件工单"):
        await cases.void(desk("duty"), case_id=case["id"], version=case["version"], reason="误报", key=uuid4())
    await part(centre, "confirm_party", own, UNIT_A)
    p5 = (await whistles.read_whistle(desk("head"), own.whistle_id)).parties[0]
    async with told(Refused, "不能给自己或自己的单位评哨"):
        await whistles.score(
            desk("head"), party_id=p5.id, version=p5.version, speed=90, quality=90, met=True, finished=True, key=uuid4()
        )
    top = await blow(centre, level=4)
    async with told(Refused, "已是最高一级"):
        await whistles.escalate(desk("head"), whistle_id=top.whistle_id, version=1, reason="x", key=uuid4())
    done = await accepted(centre)
    paused = await centre.do("duty", "pause", case=done.case_id, version=done.version, reason="等材料")
    async with told(Refused, "工单现为“已挂起”，不能吹哨"):
        await call("head", case_id=paused.case_id, case_version=paused.version)


async def test_a_post_is_given_with_the_person(centre: Centre, desk: Desk) -> None:
    login = f"{centre.logins.prefix}_newhead"
    try:
        made = await people.add(
            desk("admin"),
            login=login,
            name="新镇长",
            role="caller",
            unit="甲镇政府",
            password="12345678",
            post="town_head",
        )
        assert (made.post, made.role) == ("town_head", Role.CALLER)
        assert next(p.post for p in await people.read(desk("duty")) if p.login == login) == "town_head"
        await people.set_post(desk("admin"), login=login, post="")
        assert (await load_reference(desk("duty"))).people[login].post == ""
        async with told(PersonError, "没有这个职务"):
            await people.set_post(desk("admin"), login=login, post="king")
        async with told(PersonError, "登录名不能以 cc_ 开头"):
            await people.add(desk("admin"), login="cc_x", name="x", role="duty", unit="1", password="12345678")
        with pytest.raises(PersonError):  # and no person is left behind
            await people.add(
                desk("admin"), login=f"{login}2", name="x", role="duty", unit="1", password="12345678", post="king"
            )
        assert login + "2" not in {p.login for p in await people.read(desk("duty"))}
    finally:
        await (await centre.root()).execute(f"drop role if exists {login}")
