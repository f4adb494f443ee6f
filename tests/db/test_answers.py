"""直办: a report answered on the spot is registered, answered, rated and archived in one deed, and counted as that."""

from datetime import UTC, date
from pathlib import Path
from uuid import uuid4

import pytest
from openpyxl import Workbook, load_workbook

from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.errors import PersonError
from commandcenter.services import answer_sheet, answers, audit
from commandcenter.services.answers import KnownAnswer, find_answers
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.sheet import Outcome
from tests.db.centre import Centre, refused
from tests.db.county import CATEGORY, DEPARTMENT_1, ROLE_PEOPLE, UNIT_CENTRE
from tests.db.life import ADDRESS, MONDAY, NAME, PHONE

ASKED = "请问怎样办理燃气报停？"
TOLD = "带身份证到营业厅办理，当天可以停用。"


async def test_a_question_is_answered_and_over_with_everything_that_belongs_to_it(centre: Centre) -> None:
    await centre.clock(MONDAY)
    db = await Database.connect(centre.url("duty"))
    try:
        # neither kind nor grade is said: it is a question, and green
        report = NewReport(1, ASKED, category_id=CATEGORY, citizen=Citizen(NAME, PHONE, ADDRESS))
        key = uuid4()
        done = [
            await answers.answer_now(db, report, answer=TOLD, satisfied="满意", words="谢谢", key=key) for _ in range(2)
        ]
    finally:
        await db.close()
    assert [each.replayed for each in done] == [False, True]
    assert {each.number for each in done} == {done[0].number}
    root = await centre.root()
    case = await centre.case(done[0].case_id)
    assert (case["state"], case["unit_id"], case["kind"], case["reports"]) == (State.ARCHIVED, UNIT_CENTRE, "咨询", 1)
    # its clock is that of the grade from now on, and it was in time
    due = await root.fetchval("select (cc.deadlines_of(4::smallint, $1, 1)).due_at", MONDAY)
    assert case["due_at"] == due
    assert case["finished_at"] == case["archived_at"] == case["dispatched_at"] == MONDAY.astimezone(UTC)
    assert await root.fetchval("select done from cc.finishes") == TOLD
    call = await root.fetchrow("select actor, round, reached, solved, satisfied, words from cc.follow_ups")
    assert tuple(call) == (centre.logins.of("duty"), 0, True, True, "满意", "谢谢")
    verbs = await root.fetch(
        "select verb, from_state, to_state, detail::text from cc.journal where case_id is not null order by seq"
    )
    assert [tuple(each)[:3] for each in verbs] == [("register", None, 1), ("answer_now", 1, 7)]
    assert not any(word in each["detail"] for each in verbs for word in (ASKED, TOLD, NAME, PHONE))
    # the day's figures have it: received, finished in time, called back, content
    today = await (await centre("duty")).fetchrow(
        "select received, finished, in_time, called, reached, content from cc.today()"
    )
    assert tuple(today) == (1, 1, 1, 1, 1, 1)
    await centre.clock(None)
    db = await Database.connect(centre.url("admin"))
    try:
        assert (await audit.check(db)) == ()
        await root.execute("delete from cc.follow_ups")
        found = await audit.check(db)
        assert f"工单 {done[0].number}：直办，却没有答复或诉求人的评价。" in [each.sentence for each in found]
    finally:
        await db.close()


async def test_a_report_that_waits_is_answered_as_well(centre: Centre) -> None:
    waiting = await centre.do(
        "duty", "register", channel=2, content=ASKED, title="", kind="咨询", category=None, grade=None, area=None, lon=None,
        lat=None, place="", foreign_number="", name="", phone="", address="", confidential=False,
    )  # fmt: skip
    said = {"answer": TOLD, "solved": True, "satisfied": "基本满意", "words": ""}
    async with refused("CC002"):
        await centre.do("duty", "answer_now", case=waiting.case_id, version=9, **said)
    done = await centre.do("duty", "answer_now", case=waiting.case_id, version=waiting.version, **said)
    assert done.state == State.ARCHIVED
    async with refused("CC001"):  # over is over
        await centre.do("duty", "answer_now", case=done.case_id, version=done.version, **said)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"satisfied": "不满意"}, "unhappy"),
        ({"solved": False}, "unhappy"),
        ({"grade": 1}, "grade"),
        ({"kind": "投诉"}, "kind"),
    ],
)
async def test_who_is_not_content_and_what_is_urgent_goes_the_usual_way(
    centre: Centre, change: dict[str, object], why: str
) -> None:
    async with refused("CC090") as caught:
        await centre.do("duty", "answer_now", **asked() | change)
    assert caught[0].detail == why
    assert await centre.value("select count(*) from cc.cases") == 0
    async with refused("CC004"):
        await centre.do("duty", "answer_now", **asked() | {"answer": "　"})


def asked() -> dict[str, object]:
    return {
        "channel": 1, "content": ASKED, "title": "", "kind": "咨询", "category": None, "grade": 4, "area": None, "lon": None,
        "lat": None, "place": "", "foreign_number": "", "name": "", "phone": "", "address": "", "confidential": False,
        "answer": TOLD, "solved": True, "satisfied": "满意", "words": "",
    }  # fmt: skip


@pytest.mark.parametrize("role", sorted(ROLE_PEOPLE))
async def test_who_answers_and_who_keeps_the_answers(untouched: Centre, role: str) -> None:
    login = await untouched.open(ROLE_PEOPLE[role])
    transaction = login.transaction()
    await transaction.start()
    facts = asked() | {"key": uuid4()}
    named = ", ".join(f"p_{name} => ${number}" for number, name in enumerate(facts, 1))
    answering = login.fetchrow(f"select * from cc.answer_now({named})", *facts.values())
    if role in {"cc_duty", "cc_supervisor"}:
        assert (await answering)["state"] == State.ARCHIVED
    else:
        async with refused("42501" if role in {"cc_analyst", "cc_wall"} else "CC001"):
            await answering
    await transaction.rollback()
    for statement in (
        "insert into cc.answers (question, answer) values ('问', '答')",
        "insert into cc.templates (name, part, words) values ('名', 'content', '词')",
    ):
        transaction = login.transaction()
        await transaction.start()
        if role == "cc_admin":
            await login.execute(statement)
        else:
            async with refused("42501"):
                await login.execute(statement)
        await transaction.rollback()


KNOWN = (
    KnownAnswer(1, "怎样办理燃气报停？", "带身份证到营业厅。", CATEGORY, ("停气", "销户")),
    KnownAnswer(2, "身份证丢了怎样补办？", "到派出所。", None, ("补证",)),
    KnownAnswer(3, "今年几号供暖？", "11 月 16 日。", None, ("暖气", "采暖期"), None, date(2026, 3, 31)),
)


def test_answers_are_found_by_the_words_that_are_said() -> None:
    for each in KNOWN:
        assert find_answers(each.question, KNOWN)[0] == each
        for word in each.keywords:
            assert find_answers(f"您好，我想问{word}的事", KNOWN)[0] == each
    assert find_answers("身份证", KNOWN)[0].id == 2
    assert find_answers("今天天气很好", KNOWN) == ()
    assert find_answers("", KNOWN) == find_answers("怎样", KNOWN) == ()
    assert len(find_answers("燃气身份证暖气", KNOWN, most=2)) == 2
    assert find_answers("暖气", KNOWN, today=date(2026, 3, 31)) == (KNOWN[2],)
    assert find_answers("暖气", KNOWN, today=date(2026, 4, 1)) == ()


async def test_the_sheet_goes_out_comes_back_unchanged_and_brings_what_is_new(centre: Centre, tmp_path: Path) -> None:
    db = await Database.connect(centre.url("admin"))
    try:
        for each in KNOWN:
            await answers.add_answer(db, each)
        with pytest.raises(PersonError, match="已有同样的条目"):
            await answers.add_answer(db, KNOWN[0])
        out = tmp_path / "常见问题.xlsx"
        assert await answer_sheet.export(db, out) == len(KNOWN)
        again = await answer_sheet.import_file(db, out)
        assert [row.outcome for row in again.rows] == [Outcome.UNCHANGED] * len(KNOWN)
        book = load_workbook(out)
        sheet = book.active
        sheet["B2"] = "网上也能办。"
        sheet.append(["新问题？", "新答复。", "公用事业 › 燃气", "一；二，三", "住建局", "2027/1/31"])
        sheet.append(["没有答复？", "", "", "", "", ""])
        sheet.append(["分类不对？", "答", "没有这一类", "", "", ""])
        sheet.append(["新问题？", "又一次", "", "", "", ""])
        book.save(out)
        tried = await answer_sheet.import_file(db, out, dry_run=True)
        assert len(await answers.read_answers(db)) == len(KNOWN)
        done = await answer_sheet.import_file(db, out)
        assert [row.outcome for row in done.rows] == [row.outcome for row in tried.rows]
        counts = {outcome: done.count(outcome) for outcome in Outcome}
        assert counts == {Outcome.CHANGED: 1, Outcome.UNCHANGED: 2, Outcome.NEW: 1, Outcome.REJECTED: 3}
        assert done.reject_file is not None
        assert done.reject_file.exists()
        kept = {each.question: each for each in await answers.read_answers(db)}
        assert kept[KNOWN[0].question].answer == "网上也能办。"
        new = kept["新问题？"]
        assert (new.category_id, new.keywords, new.unit_id) == (CATEGORY, ("一", "二", "三"), DEPARTMENT_1)
        assert new.valid_until == date(2027, 1, 31)
        book = Workbook()
        book.active.append(["别的", "表"])
        book.save(tmp_path / "别的.xlsx")
        with pytest.raises(PersonError, match="没有找到表头"):
            await answer_sheet.import_file(db, tmp_path / "别的.xlsx")
    finally:
        await db.close()
