"""吹哨报到 from the whistle to the score, as the people whose deed each step is."""

import asyncio
from datetime import date, datetime, timedelta

import asyncpg

from commandcenter.clock import SHANGHAI
from tests.db.centre import Centre, refused
from tests.db.county import (
    CLOSED_UNIT,
    DEPARTMENT_1,
    DEPARTMENT_2,
    GRID_A,
    UNIT_A,
    UNIT_CENTRE,
    UNIT_COMMUNITY_A,
    UTILITY,
)
from tests.db.life import MONDAY, accepted, finished, register
from tests.db.whistle_life import blow, blown_to, call, do, item, listed, part, parties, party, whistle


async def test_a_whistle_is_led_from_the_call_to_the_archive(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, "caller")
    assert (w.state, w.number[-3:]) == (1, "-S1")
    row = await whistle(centre, w)
    assert row["approver_unit_id"] == UNIT_A
    assert row["ground_words"] == "1 燃气·管线（法定）主责：住建局"
    assert await parties(centre, w) == []
    await centre.clock(MONDAY + timedelta(minutes=5))
    assert (await do(centre, "head", "approve_whistle", w)).state == 3
    [p] = await parties(centre, w)
    assert (p["unit_id"], p["part"], p["ground"], p["state"]) == (DEPARTMENT_1, "lead", "法定", 0)
    called = MONDAY + timedelta(minutes=5)
    # level 1: answer 30 min, arrive 2 h, done in a day, all natural time
    assert p["answer_due_at"] == called + timedelta(minutes=30)
    assert p["arrive_due_at"] == called + timedelta(hours=2)
    assert p["finish_due_at"] == called + timedelta(days=1)
    for step, after in (
        ("answer_whistle", 2),
        ("check_in", 3),
        ("progress", 3),
        ("stand_down", 4),
        ("confirm_party", 5),
    ):
        assert (await part(centre, step, w)).state == after
        assert (await whistle(centre, w))["state"] == {4: 4, 5: 5}.get(after, 3)
    assert (await part(centre, "score_party", w)).state == 6
    row = await whistle(centre, w)
    assert (row["state"], row["closed_at"]) == (6, called)
    assert (await part(centre, "answer_score", w)).state == 6
    journal = await (await centre.root()).fetch(
        "select entity, verb, from_state, to_state, actor from cc.journal where entity in ('whistle', 'party', 'score') and case_id = $1 "
        "order by seq",
        row["case_id"],
    )
    caller, head, unit = (centre.logins.of(who) for who in ("caller", "head", "department"))
    assert [tuple(entry) for entry in journal] == [
        ("whistle", "blow", None, 1, caller),
        ("whistle", "approve", 1, 3, head),
        ("party", "call", None, 0, head),
        ("party", "answer", 0, 2, unit),
        ("party", "check_in", 2, 3, unit),
        ("party", "progress", 3, 3, unit),
        ("party", "stand_down", 3, 4, unit),
        ("whistle", "settle", 3, 4, unit),
        ("party", "confirm", 4, 5, head),
        ("whistle", "settle", 4, 5, head),
        ("score", "score", None, None, head),
        ("party", "score", 5, 6, head),
        ("whistle", "settle", 5, 6, head),
        ("score", "answer_score", None, None, unit),
        ("party", "answer_score", 6, 6, unit),
    ]
    assert await centre.value("select count(*) from cc.check_journal()") == 0


async def test_the_list_names_the_town_of_the_place_and_who_assists(centre: Centre) -> None:
    await centre.clock(MONDAY)
    made = await listed(centre, "7", None, (DEPARTMENT_2, UTILITY, DEPARTMENT_2, UNIT_A))
    w = await blow(centre, "supervisor", duty_item=made, level=2)
    assert w.state == 3, "a supervisor blows for the centre and approves it by that"
    called = {row["unit_id"]: row for row in await parties(centre, w)}
    assert {unit: row["part"] for unit, row in called.items()} == {
        UNIT_A: "lead",
        DEPARTMENT_2: "assist",
        UTILITY: "assist",
    }
    row = await whistle(centre, w)
    assert (row["gather"], row["ground"]) == (True, "商定")
    assert row["ground_words"] == "7 市政·井盖（商定）主责：甲镇政府；配合：城管局、燃气公司"
    # 3 working days after Monday the 2nd: the end of Thursday the 5th, by each unit's own hours
    assert called[UNIT_A]["finish_due_at"] == datetime(2026, 3, 5, 17, 30, tzinfo=SHANGHAI)
    assert called[UTILITY]["finish_due_at"] == datetime(2026, 3, 5, 18, 0, tzinfo=SHANGHAI)
    assert called[UTILITY]["answer_due_at"] == MONDAY + timedelta(minutes=60)
    assert called[UTILITY]["arrive_due_at"] == MONDAY + timedelta(minutes=240)
    [first] = await (await centre.root()).fetch("select * from cc.whistle_rounds where whistle_id = $1", w.whistle_id)
    # 重点哨 is convened by the community of the place
    assert (first["level"], first["cause"], first["convener_unit_id"]) == (2, "blow", UNIT_COMMUNITY_A)


async def test_what_was_cited_stays_as_it_read(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, "caller")
    await (await centre.root()).execute("update cc.duty_list set matter = '管网', lead_unit_id = 202 where code = '1'")
    await do(centre, "head", "approve_whistle", w)
    assert [row["unit_id"] for row in await parties(centre, w)] == [DEPARTMENT_2], (
        "as the list reads when they are called"
    )
    words = "1 燃气·管网（法定）主责：城管局"
    assert (await whistle(centre, w))["ground_words"] == words
    await (await centre.root()).execute("update cc.duty_list set matter = '别的' where code = '1'")
    assert (await whistle(centre, w))["ground_words"] == words


async def test_an_item_out_of_force_calls_nobody(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case = (await accepted(centre)).case_id
    for number, dates in enumerate(({"valid_from": date(2026, 3, 3)}, {"valid_to": date(2026, 3, 1)})):
        made = await listed(centre, f"o{number}", DEPARTMENT_1, **dates)
        async with refused("CC023") as caught:
            await blow(centre, case_id=case, duty_item=made)
        assert caught[0].detail == f"item:o{number}"
    last = await listed(centre, "last", DEPARTMENT_1, valid_to=date(2026, 3, 2))
    w = await blow(centre, "caller", case_id=case, duty_item=last)
    await centre.clock(MONDAY + timedelta(days=1))
    async with refused("CC023"):
        await do(centre, "head", "approve_whistle", w)
    async with refused("CC023") as caught:
        await blow(
            centre, "duty", (await register(centre, area=None)).case_id, duty_item=await listed(centre, "t", None)
        )
    assert caught[0].detail == "town:"
    async with refused("CC023") as caught:
        await blown_to(centre, DEPARTMENT_1, CLOSED_UNIT)
    assert caught[0].detail == "closed:已撤销局"


async def test_danger_needs_no_approval_and_says_so(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case = (await register(centre, area=GRID_A)).case_id
    async with refused("CC004") as caught:
        await blow(centre, "grid", case, danger=True, danger_words=" ")
    assert caught[0].detail == "danger_words"
    w = await blow(centre, "grid", case, danger=True, danger_words="燃气大量泄漏，正在疏散")
    row = await whistle(centre, w)
    assert (row["state"], row["approval_skipped"], row["approved_at"], row["danger"]) == (3, True, None, True)
    p = await party(centre, w)
    assert p["answer_due_at"] == MONDAY + timedelta(minutes=15)
    assert p["arrive_due_at"] == MONDAY + timedelta(minutes=30)
    detail = str(
        await centre.value("select detail from cc.journal where entity = 'whistle' and entity_id = $1", row["id"])
    )
    assert "燃气大量泄漏" in detail
    assert "approval_skipped" in detail


async def test_without_an_item_the_centre_rules_and_the_ruling_may_join_the_list(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, "caller", duty_item=None)
    assert (await do(centre, "head", "approve_whistle", w)).state == 2
    row = await whistle(centre, w)
    assert row["rule_due_at"] == MONDAY + timedelta(hours=2)
    async with refused("CC004"):
        await do(centre, "duty", "rule_whistle", w, lead=DEPARTMENT_2, assist=[], reason="")
    async with refused("CC004"):
        await do(centre, "duty", "rule_whistle", w, lead=None, assist=[], reason="职责相近")
    ruled = await do(
        centre, "duty", "rule_whistle", w, lead=DEPARTMENT_2, assist=[UTILITY, DEPARTMENT_2], reason="职责相近"
    )
    assert ruled.state == 3
    assert [(p["unit_id"], p["part"], p["ground"]) for p in await parties(centre, w)] == [
        (DEPARTMENT_2, "lead", "指定"),
        (UTILITY, "assist", "指定"),
    ]
    row = await whistle(centre, w)
    assert (row["ground"], row["ground_words"], row["gather"]) == ("指定", "职责相近", True)
    candidate = await (await centre("duty")).fetchrow("select * from cc.duty_candidates")
    assert candidate is not None
    assert (candidate["whistle_id"], candidate["lead_unit_id"], candidate["assist_unit_ids"]) == (
        w.whistle_id,
        DEPARTMENT_2,
        [UTILITY],
    )
    assert (candidate["matter"], candidate["reason"], candidate["decision"]) == ("燃气管线漏气", "职责相近", "")


async def test_sent_back_put_right_and_handed_in_again(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre, "caller")
    async with refused("CC004"):
        await do(centre, "head", "decline_whistle", w, reason="")
    assert (await do(centre, "head", "decline_whistle", w, reason="先由社区协调")).state == 0
    amended = await do(
        centre, "caller", "amend_whistle", w, level=2, matter="燃气管线漏气", demand="联合排查", duty_item=None
    )
    row = await whistle(centre, w)
    assert (amended.state, row["level"], row["demand"], row["duty_item_id"], row["ground"]) == (
        1,
        2,
        "联合排查",
        None,
        None,
    )
    assert (await do(centre, "caller", "withdraw_whistle", w, reason="已自行解决")).state == 7
    second = await blow(centre, case_id=row["case_id"])
    assert second.number == w.number.replace("-S1", "-S2")


async def test_who_approves(centre: Centre) -> None:
    await centre.clock(MONDAY)
    case = (await accepted(centre)).case_id
    assert (await whistle(centre, await blow(centre, "head", case)))["approved_by"] == centre.logins.of("head")
    own = await blow(centre, "duty", (await register(centre)).case_id)
    assert (own.state, (await whistle(centre, own))["approver_unit_id"]) == (1, UNIT_CENTRE)
    async with refused("CC022") as caught:
        await do(centre, "head", "approve_whistle", own)
    assert caught[0].detail == "approver"
    assert (await do(centre, "supervisor", "approve_whistle", own)).state == 3
    theirs = await blow(centre, "community", (await register(centre)).case_id)
    for who in ("community", "caller", "supervisor"):
        async with refused("CC022"):
            await do(centre, who, "approve_whistle", theirs)
    async with refused("CC020"):
        await do(centre, "head_b", "approve_whistle", theirs)
    await (await centre("admin")).execute("select cc.set_person_post($1, '')", centre.logins.of("head"))
    async with refused("CC022"):
        await do(centre, "head", "approve_whistle", theirs)


async def test_who_blows_which_level(centre: Centre) -> None:
    """Callers by level: grid teams and communities up to 重点 and 联合, 攻坚 by towns and the centre alone."""
    await centre.clock(MONDAY)
    allowed = {"grid": 2, "community": 3, "caller": 4, "duty": 4}
    for who, highest in allowed.items():
        for level in (1, 2, 3, 4):
            case = (await register(centre, area=GRID_A)).case_id
            if level <= highest:
                assert (await blow(centre, who, case, level=level)).state == 1
            else:
                async with refused("CC024") as caught:
                    await blow(centre, who, case, level=level)
                assert caught[0].detail == "caller"
    async with refused("CC004"):
        await blow(centre, "duty", (await register(centre)).case_id, level=5)


async def test_one_whistle_at_a_time_for_an_open_case(centre: Centre) -> None:
    await centre.clock(MONDAY)
    w = await blow(centre)
    case = (await whistle(centre, w))["case_id"]
    async with refused("CC025") as caught:
        await blow(centre, case_id=case)
    assert caught[0].detail == f"live:{w.number}"
    done = await finished(centre)
    async with refused("CC025") as caught:
        await blow(centre, case_id=done.case_id)
    assert caught[0].detail == "state:6"
    async with refused("CC003"):
        await blow(centre, "head_b", case)
    async with refused("CC002"):
        await blow(centre, case_id=(await register(centre)).case_id, case_version=99)
    for field in ("matter", "demand"):
        async with refused("CC004") as caught:
            await blow(centre, case_id=(await register(centre)).case_id, **{field: "　"})
        assert caught[0].detail == field


async def test_of_two_at_once_one_is_blown(centre: Centre) -> None:
    await centre.clock(MONDAY)
    c, listed_item = await accepted(centre), await item(centre)
    logins = [await centre(who) for who in ("head", "caller", "duty", "supervisor")]
    results = await asyncio.gather(
        *[
            call(
                login, "blow", case=c.case_id, case_version=c.version, level=1, matter="漏气", demand="修复",
                duty_item=listed_item, danger=False, danger_words="", meeting_at=None, meeting_place="", plan_until=None,
            )
            for login in logins
        ],
        return_exceptions=True,
    )  # fmt: skip
    refusals = [result.sqlstate for result in results if isinstance(result, asyncpg.PostgresError)]
    assert refusals == ["CC025"] * 3
    assert await centre.value("select count(*) from cc.whistles") == 1


async def test_of_answer_and_timekeeper_at_once_both_are_whole(centre: Centre) -> None:
    """Whoever comes first: a late answer is late, and a whistle that was answered is not escalated afterwards."""
    await centre.clock(MONDAY)
    blown = [await blow(centre) for _ in range(4)]
    await centre.clock(MONDAY + timedelta(hours=1))
    keeper = await centre.root()
    keepers = [await centre.open("root") for _ in range(2)]
    versions = {w.whistle_id: await party(centre, w) for w in blown}
    logins = [await centre.open("department") for _ in blown]
    await asyncio.gather(
        *[
            call(login, "answer_whistle", party=p["id"], version=p["version"])
            for login, p in zip(logins, versions.values(), strict=True)
        ],
        *[login.fetchval("select cc.watch_whistles()") for login in keepers],
        return_exceptions=True,
    )
    await keeper.fetchval("select cc.watch_whistles()")
    for w in blown:
        p, row = await party(centre, w), await whistle(centre, w)
        assert p["answer_missed_at"] == MONDAY + timedelta(hours=1)
        assert (p["state"], row["level"]) in {(2, 1), (0, 2)}, (
            "answered first, or escalated first and then refused as stale"
        )
    assert await centre.value("select count(*) from cc.check_journal()") == 0
