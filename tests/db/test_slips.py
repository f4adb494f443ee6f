"""A slip's life by plain SQL with real logins: draft, edit, signatures, number, receipt, reply, verdict, copies, sight."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.domain.slip import SlipState
from tests.db.centre import Centre, refused
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, UNIT_A, UNIT_COMMUNITY_A
from tests.db.life import MONDAY, NAME, PHONE, accepted, register
from tests.db.slip_life import Slips

S = SlipState


@pytest.fixture
async def slips(centre: Centre) -> Slips:
    await centre.clock(MONDAY)
    return Slips(centre)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


async def test_a_warning_from_draft_to_close(slips: Slips) -> None:
    centre = slips.centre
    slip = await slips.draft(3)
    row = await slips.row(slip.slip_id)
    assert (row["trigger"], row["rule_id"], row["edited"], row["number"]) == ("leader_note", None, True, None)
    assert row["addressee"] == "主要负责人"
    assert row["copies"] == ["市委办公室", "市政府办公室", "市纪委监委"]
    assert row["demand"] == "请主要负责同志亲自过问，按期报送整改方案和整改结果。"
    slip = await slips.do("director", "sign_slip", slip)
    assert (slip.state, slip.number) == (S.TO_COSIGN, "")
    slip = await slips.do("leader", "sign_slip", slip)
    assert (slip.state, slip.number) == (S.TO_RECEIVE, "荣社警〔2026〕1号")
    row = await slips.row(slip.slip_id)
    # 120 minutes of working time from Monday 09:00; five working days end on the next Monday at 17:30
    assert (row["signed_at"], row["receipt_due_at"], row["reply_due_at"]) == (MONDAY, at(2, 11), at(9, 17, 30))
    slip = await slips.do("responder", "receive_slip", slip)
    async with refused("CC004") as caught:
        await slips.reply(slip, plan=" ")
    assert caught[0].detail == "plan"
    slip = await slips.reply(slip, names=["照片.jpg"], media_types=["image/jpeg"], contents=[b"picture"])
    assert slip.state == S.TO_JUDGE
    slip = await slips.do("supervisor", "judge_slip", slip, passed=True, words="")
    assert slip.state == S.CLOSED
    slip = await slips.do("supervisor", "copy_slip", slip, recipient="市纪委监委")
    async with refused("CC036"):
        await slips.do("supervisor", "copy_slip", slip, recipient="市纪委监委")
    async with refused("CC004"):
        await slips.do("supervisor", "copy_slip", slip, recipient="晚报")
    journal = await (await centre.root()).fetch(
        "select verb, from_state, to_state, actor, paths from cc.journal where entity = 'slip' order by seq"
    )
    login = centre.logins.of
    assert [tuple(entry)[:4] for entry in journal] == [
        ("draft", None, 0, login("supervisor")),
        ("sign", 0, 1, login("director")),
        ("sign", 1, 2, login("leader")),
        ("receive", 2, 3, login("responder")),
        ("reply", 3, 4, login("responder")),
        ("pass", 4, 6, login("supervisor")),
        ("copy", 6, 6, login("supervisor")),
    ]
    assert [entry["paths"] for entry in journal[:3]] == [["01."], ["01."], ["01.01.", "01."]]
    assert await (await centre.root()).fetch("select * from cc.check_journal()") == []


async def test_drafts_hang_on_no_case_and_words_neither(slips: Slips) -> None:
    case = await accepted(slips.centre)
    slip = await slips.signed(await slips.draft(cases=(case.case_id,)))
    slip = await slips.reply(await slips.do("responder", "receive_slip", slip))
    await slips.do("supervisor", "judge_slip", slip, passed=True, words="可以")
    journal = await (await slips.centre.root()).fetch(
        "select verb, case_id = $1 as of_case from cc.journal where entity = 'slip' order by seq", case.case_id
    )
    assert [tuple(entry) for entry in journal] == [
        ("draft", None), ("sign", True), ("receive", True), ("reply", None), ("pass", None),
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["supervisor", "section_head"])
async def test_a_lower_post_does_not_sign(slips: Slips, who: str) -> None:
    slip = await slips.draft(2)
    async with refused("CC033") as caught:
        await slips.do(who, "sign_slip", slip)
    assert caught[0].detail == "director"


@pytest.mark.parametrize("who", ["section_head", "director", "leader"])
async def test_that_post_or_a_higher_one_signs(slips: Slips, who: str) -> None:
    assert (await slips.do(who, "sign_slip", await slips.draft(1))).number == "荣社提〔2026〕1号"


async def test_each_place_by_another_person(slips: Slips) -> None:
    slip = await slips.do("leader", "sign_slip", await slips.draft(3))
    async with refused("CC035"):
        await slips.do("leader", "sign_slip", slip)
    async with refused("CC033"):  # the second place is the leader's, and another leader there is not
        await slips.do("director", "sign_slip", slip)


async def test_an_edit_voids_the_first_signature(slips: Slips) -> None:
    slip = await slips.do("director", "sign_slip", await slips.draft(3))
    slip = await slips.edit(slip)
    assert slip.state == S.DRAFT
    assert await slips.centre.value("select count(*) from cc.slip_signatures") == 0
    detail = await slips.centre.value("select detail from cc.journal where entity = 'slip' and verb = 'edit'")
    assert json.loads(str(detail)) == {"voided": 1, "fields": ["demand", "addressee", "copies"]}
    async with refused("CC033"):
        await slips.do("section_head", "sign_slip", slip)
    slip = await slips.do("leader", "sign_slip", await slips.do("director", "sign_slip", slip))
    assert slip.state == S.TO_RECEIVE


async def test_a_reply_limit_of_its_own(slips: Slips) -> None:
    async with refused("CC004"):
        await slips.edit(await slips.draft(), reply_due_at=MONDAY)
    slip = await slips.signed(await slips.edit(await slips.draft(), reply_due_at=at(20, 12)))
    assert (await slips.row(slip.slip_id))["reply_due_at"] == at(20, 12)
    slip = await slips.edit(await slips.draft(), reply_due_at=at(2, 10))
    async with refused("CC004") as caught:  # four hours for the receipt end at 14:30
        await slips.signed(slip)
    assert caught[0].detail == "reply_due_at"


async def test_clocks_run_by_the_addressed_units_hours(slips: Slips) -> None:
    """窗口 works 08:00–18:00; a make-up Saturday counts, a holiday does not."""
    friday_evening = at(6, 16, 30)
    await slips.centre.clock(friday_evening)
    office = await slips.row((await slips.signed(await slips.draft(unit=DEPARTMENT_1))).slip_id)
    window = await slips.row((await slips.signed(await slips.draft(unit=DEPARTMENT_2))).slip_id)
    # 240 minutes: the office works until 17:30 and goes on on Monday at 08:30; the window until 18:00, Monday from 08:00
    assert (office["receipt_due_at"], office["reply_due_at"]) == (at(9, 11, 30), at(10, 17, 30))
    assert (window["receipt_due_at"], window["reply_due_at"]) == (at(9, 10, 30), at(10, 18))


async def test_sent_back_with_words_and_a_new_clock(slips: Slips) -> None:
    slip = await slips.in_state(S.TO_JUDGE, 1)
    await slips.centre.clock(at(4, 10))
    async with refused("CC004"):
        await slips.do("supervisor", "judge_slip", slip, passed=False, words="　")
    slip = await slips.do("supervisor", "judge_slip", slip, passed=False, words="没有附照片")
    row = await slips.row(slip.slip_id)
    assert (slip.state, row["sent_back"], row["reply_due_at"]) == (S.SENT_BACK, 1, at(6, 17, 30))
    assert (await slips.reply(slip)).state == S.TO_JUDGE


async def test_files_come_all_or_none(slips: Slips) -> None:
    slip = await slips.in_state(S.TO_REPLY, 1)
    for contents in ([b"x", b""], [b"x", bytes(20 * 2**20 + 1)], [b"x"]):
        async with refused("CC004"):
            await slips.reply(slip, names=["a", "b"], media_types=["", ""], contents=contents)
    assert await slips.centre.value("select count(*) from cc.slip_files") == 0
    await slips.reply(slip, names=["a\x07b.pdf"], media_types=["application/pdf"], contents=[bytes(20 * 2**20)])
    assert await slips.centre.value("select (name, size)::text from cc.slip_files") == '("a b.pdf",20971520)'


async def test_a_void_slip_keeps_its_number(slips: Slips) -> None:
    first = await slips.signed(await slips.draft())
    await slips.do("supervisor", "void_slip", first, reason="发错单位")
    second = await slips.signed(await slips.draft())
    row = await slips.row(first.slip_id)
    assert (row["number"], row["state"], row["ended_words"]) == ("荣社提〔2026〕1号", S.VOID, "发错单位")
    assert second.number == "荣社提〔2026〕2号"


async def test_the_year_is_that_of_signing_in_shanghai(slips: Slips) -> None:
    for moment, number in [
        (datetime(2026, 12, 31, 23, 59, tzinfo=SHANGHAI), "荣社提〔2026〕1号"),
        (datetime(2027, 1, 1, 0, 0, tzinfo=SHANGHAI), "荣社提〔2027〕1号"),  # still 2026 in UTC
    ]:
        await slips.centre.clock(MONDAY)
        slip = await slips.draft()
        await slips.centre.clock(moment)
        assert (await slips.signed(slip)).number == number


async def test_the_style_is_a_setting(slips: Slips) -> None:
    await (await slips.centre("admin")).execute(
        "update cc.slip_kinds set word = '甲督', style = '{word}字[{year}]第{serial}号' where kind = 1"
    )
    assert (await slips.signed(await slips.draft())).number == "甲督字[2026]第1号"
    async with refused("23514"):
        await (await slips.centre("admin")).execute("update cc.slip_kinds set style = '{word}{year}'")
    async with refused("23514"):
        await (await slips.centre("admin")).execute("update cc.slip_kinds set signers = '{town_head}'")


async def test_a_retry_is_one_deed(slips: Slips) -> None:
    slip, key = await slips.draft(), uuid4()
    first = await slips.do("section_head", "sign_slip", slip, key=key)
    again = await slips.do("section_head", "sign_slip", slip, key=key)
    assert (again.replayed, again.slip_id, again.state, again.version, again.number) == (
        True, first.slip_id, first.state, first.version, first.number,
    )  # fmt: skip
    assert await slips.centre.value("select last from cc.slip_numbers") == 1
    async with refused("CC006"):
        await slips.do("section_head", "dismiss_slip", slip, reason="x", key=key)


async def test_who_saw_an_older_version_is_refused(slips: Slips) -> None:
    slip = await slips.draft()
    await slips.edit(slip)
    async with refused("CC002") as caught:
        await slips.do("section_head", "sign_slip", slip)
    assert json.loads(caught[0].detail)["entity"] == "slip"


async def test_a_draft_needs_words_a_unit_and_cases_that_exist(slips: Slips) -> None:
    for wrong in ({"subject": " "}, {"wrong": ""}, {"kind": 4}, {"unit": 401}):
        async with refused("CC004"):
            await slips.draft(**wrong)
    async with refused("23514"):
        await slips.draft(urgency="火速")
    async with refused("CC003"):
        await slips.draft(cases=(4711,))
    assert await slips.centre.value("select count(*) from cc.slip_facts") == 0


async def test_facts_of_chosen_cases_are_frozen_and_hold_nothing_of_a_citizen(slips: Slips) -> None:
    case = await accepted(slips.centre)
    slip = await slips.draft(cases=(case.case_id, case.case_id))
    await slips.centre.do("duty", "grade", case=case.case_id, version=case.version, grade=0, category=None, reason="")
    [(key, fact)] = await (await slips.centre.root()).fetch("select key, fact from cc.slip_facts")
    known = json.loads(fact)
    assert key == f"{slip.slip_id}:{case.case_id}"
    assert (known["number"], known["grade"], known["state"]) == (case.number, 3, 3)
    assert not any(word in fact for word in (NAME, PHONE))
    assert set(known) == {
        "number", "title", "grade", "state", "received_at", "dispatched_at", "due_at", "returns", "redos", "reports",
    }  # fmt: skip


async def test_sight(slips: Slips) -> None:
    """A draft is the centre's; a signed slip its unit's, and of those above it."""
    centre = slips.centre
    case = await register(centre)
    drafted = await slips.draft(unit=UNIT_COMMUNITY_A, cases=(case.case_id,))
    signed = await slips.signed(await slips.draft(unit=UNIT_COMMUNITY_A, cases=(case.case_id,)))
    everything, nothing = {drafted.slip_id, signed.slip_id}, set[int]()
    sight = {
        "supervisor": everything, "admin": everything, "duty": {signed.slip_id}, "followup": {signed.slip_id},
        "analyst": {signed.slip_id}, "caller": {signed.slip_id}, "community": {signed.slip_id}, "grid": nothing,
        "responder_b": nothing, "department": nothing, "gone": nothing,
    }  # fmt: skip
    for who, expected in sight.items():
        login = await centre(who)
        for column, table in (("id", "slips"), ("slip_id", "slip_facts")):
            assert {row[0] for row in await login.fetch(f"select {column} from cc.{table}")} == expected, (who, table)
        signatures = await login.fetchval("select count(*) from cc.slip_signatures")
        assert signatures == int(signed.slip_id in expected), who
    async with refused("42501"):
        await (await centre("wall")).fetch("select id from cc.slips")
    async with refused("CC030"):
        await slips.do("department", "receive_slip", signed)
    async with refused("CC030"):
        await slips.do("caller", "receive_slip", drafted)


async def test_only_the_addressed_units_people_receive(slips: Slips) -> None:
    """Who stands above the unit acts for it; who stands below sees nothing of it."""
    slip = await slips.signed(await slips.draft(unit=UNIT_A))
    async with refused("CC030"):
        await slips.do("community", "receive_slip", slip)
    assert (await slips.do("caller", "receive_slip", slip)).state == S.TO_REPLY
    below = await slips.signed(await slips.draft(unit=UNIT_COMMUNITY_A))
    assert (await slips.do("responder", "receive_slip", below)).state == S.TO_REPLY


@pytest.mark.parametrize("who", ["supervisor", "admin", "responder", "duty"])
async def test_nobody_writes_past_the_verbs(slips: Slips, who: str) -> None:
    await slips.signed(await slips.draft())
    login = await slips.centre(who)
    for statement in (
        "update cc.slips set state = 6",
        "update cc.slips set number = '荣社提〔2026〕7号'",
        "delete from cc.slips",
        "insert into cc.slips default values",
        "update cc.slip_facts set fact = '{}'",
        "delete from cc.slip_signatures",
        "insert into cc.slip_copies (slip_id) values (1)",
        "update cc.slip_numbers set last = 0",
        "select * from cc.slip_numbers",
        "select cc.next_slip_serial(1::smallint, 2026)",
        "select cc.draft_slips()",
        "select cc.watch_slips()",
        "select cc.slip_findings(r) from cc.slip_rules r",
        "select cc.slip_remember(null, s) from cc.slips s",
        "select cc.case_fact(1::bigint)",
    ):
        async with refused("42501"):
            await login.execute(statement)


async def test_the_owner_is_held_to_the_law_as_well(slips: Slips) -> None:
    await slips.draft()
    root = await slips.centre.root()
    await root.execute("set role cc_owner")
    for statement in (
        "update cc.slips set state = 6, verb = 'pass'",
        "update cc.slips set state = 2, verb = 'sign', actor = 'cc_system'",
        "update cc.slips set subject = '甲'",
    ):
        async with refused("CC031"):
            await root.execute(statement)
    await root.execute("reset role")


async def test_watching_marks_once(slips: Slips) -> None:
    centre, watch = slips.centre, "select cc.watch_slips()"
    slip = await slips.signed(await slips.draft(1))  # receipt by 14:30, reply by Wednesday 17:30
    await centre.clock(at(2, 14, 30))
    assert await centre.value(watch) == 0, "in time to the minute"
    await centre.clock(at(2, 14, 31))
    assert [await centre.value(watch), await centre.value(watch)] == [1, 0]
    row = await slips.row(slip.slip_id)
    assert (row["receipt_missed_at"], row["reply_missed_at"], row["actor"]) == (at(2, 14, 31), None, "cc_system")
    await centre.clock(at(4, 17, 31))
    assert [await centre.value(watch), await centre.value(watch)] == [1, 0]
    row = await slips.row(slip.slip_id)
    assert (row["receipt_missed_at"], row["reply_missed_at"]) == (at(2, 14, 31), at(4, 17, 31))
    entries = await (await centre.root()).fetch(
        "select actor, detail from cc.journal where entity = 'slip' and verb = 'missed' order by seq"
    )
    assert [(entry["actor"], json.loads(entry["detail"])) for entry in entries] == [
        ("cc_system", {"missed": ["receipt"]}),
        ("cc_system", {"missed": ["reply"]}),
    ]
    # the unit answers late, is sent back, and runs against the new limit: Tuesday the 10th
    seen = replace(slip, version=(await slips.row(slip.slip_id))["version"])
    now = await slips.do("responder", "receive_slip", seen)
    now = await slips.do("supervisor", "judge_slip", await slips.reply(now), passed=False, words="没有附照片")
    assert await centre.value(watch) == 0
    await centre.clock(at(4, 17, 31) + timedelta(days=5))
    assert [await centre.value(watch), await centre.value(watch)] == [1, 0]


async def test_a_person_after_the_timekeeper_acts_in_their_own_name(slips: Slips) -> None:
    slip = await slips.signed(await slips.draft())
    await slips.centre.clock(at(3, 9))
    assert await slips.centre.value("select cc.watch_slips()") == 1
    await slips.do("responder", "receive_slip", replace(slip, version=slip.version + 1))
    assert (await slips.row(slip.slip_id))["actor"] == slips.centre.logins.of("responder")
