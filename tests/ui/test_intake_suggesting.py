"""受理 while somebody types: what is suggested, taken, merged, undone and answered by keys alone, on the real database."""

import asyncio
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Qt

from commandcenter.domain.case import Grade, State
from commandcenter.services.answers import KnownAnswer, add_answer, add_template
from commandcenter.services.cases import void
from tests.db.county import CATEGORY, COMMUNITY_A, COMMUNITY_B, DEPARTMENT_1
from tests.ui.intake_hands import (
    ALT,
    CTRL,
    GAS,
    GAS_AGAIN,
    LIGHTS,
    PENSION,
    PHONE,
    SHIFT,
    Hands,
    have,
    page_of,
    prepare,
    tell,
)
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.test_intake_page import state_of_health
from ui.intake.fill import question_of
from ui.intake.keys import Key


async def test_a_report_is_dispatched_in_less_than_twenty_keys(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    """The words of the content apart: number, suggestions that are right, unit from the list, dispatched."""
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    hands = Hands()
    await tell(page, GAS)
    hands.press(Qt.Key.Key_P, ALT)
    assert page.form.phone.hasFocus()
    hands.type(PHONE)
    await until(lambda: page.suggestions.fresh and not page.asking.is_reading)
    assert page.form.category.value() == CATEGORY
    assert page.form.area.value() == COMMUNITY_A
    assert page.form.grade.grade is not None
    assert not page.form.is_by_hand("category")
    hands.press(Qt.Key.Key_V, ALT)
    assert page.units.lead.value() == DEPARTMENT_1
    assert "法定" in page.units.grounds.currentText()
    hands.press(Qt.Key.Key_Return, CTRL | SHIFT)
    await until(lambda: page.recent.briefs)
    assert page.done.text().startswith("已登记并派单")
    assert hands.pressed < 20
    assert page.form.content.hasFocus(), "ready for the next one"
    row = await real_centre.root(
        "select row(c.state, c.category_id, c.area_id, c.unit_id, r.phone_masked)::text from cc.cases c "
        "join cc.reports r on r.case_id = c.id"
    )
    assert row == f"({int(State.TO_ACCEPT)},{CATEGORY},{COMMUNITY_A},{DEPARTMENT_1},138****1234)"


async def test_a_repeat_is_merged_in_one_key_and_undone_in_one(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    kept = await have(session, GAS)
    page = await page_of(session, tmp_path, shown)
    await tell(page, GAS_AGAIN)
    [card] = page.suggestions.cards.shown
    assert card.key is Key.MERGE_1
    assert card.case_id == kept.case_id
    assert "燃气" in card.excerpt
    assert "待受理" in card.facts
    assert "12345热线" in card.facts
    assert card.why
    hands = Hands()
    hands.press(Qt.Key.Key_Q, ALT)
    await until(page.undo_button.isVisible)
    assert kept.number in page.done.text()
    reports = "select reports from cc.cases where id = $1"
    assert await real_centre.root(reports, kept.case_id) == 2
    score = "select score is not null and jsonb_array_length(reasons) > 0 and cause = 'person' from cc.merges"
    assert await real_centre.root(score), "what was shown is written down"
    hands.press(Qt.Key.Key_R, ALT)
    await until(lambda: page.done.text().startswith("已撤销并案"))
    assert hands.pressed == 2
    assert await real_centre.root(reports, kept.case_id) == 1
    assert await real_centre.root("select count(*) from cc.merges where undone_at is null") == 0
    assert await real_centre.root("select count(*) from cc.cases where merged_into is null") == 2
    page.undo()
    assert "没有刚并入的" in page.done.text()


async def test_opposite_demands_have_no_key(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    await have(session, "学府小区门口的早市请不要取消，希望保留早市，方便居民买菜，老人离不开早市。")
    page = await page_of(session, tmp_path, shown)
    await tell(page, "学府小区门口的早市占道扰民，要求取消早市，早市不取缔影响居民出行和休息。")
    [card] = page.suggestions.cards.shown
    assert card.opposite
    assert card.mark == "相反诉求"
    assert card.key is None
    Hands().press(Qt.Key.Key_Q, ALT)
    assert page.form.content.toPlainText(), "nothing was registered"
    assert await real_centre.root("select count(*) from cc.reports") == 1


async def test_no_answer_is_shown_for_newer_text(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    """The database answers late: what it says about the text of then is thrown away."""
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    await have(session, GAS)
    page = await page_of(session, tmp_path, shown)
    finder = page.asking.finder
    assert finder is not None
    gate, asked, real = asyncio.Event(), [], finder.suggest

    async def late(question: object, most: int = 5) -> object:
        asked.append(question)
        found = await real(question, most)
        await gate.wait()
        return found

    finder.suggest = late  # type: ignore[method-assign]
    told = []
    page.asking.told.connect(lambda each: told.append((each.question, question_of(page.form))))
    page.form.content.setPlainText(GAS_AGAIN)
    await until(lambda: asked)
    for words in ("路灯", "路灯不", "路灯不亮"):
        page.form.content.setPlainText(words)
        assert not page.suggestions.cards.fresh, "quiet from the first key on"
        assert page.suggestions.repeat_at(Key.MERGE_1) is None
        page.take(Key.MERGE_1)
        assert "请稍候" in page.done.text()
    gate.set()
    await until(lambda: page.suggestions.fresh and not page.asking.is_reading)
    assert [each.content for each in asked] == [GAS_AGAIN, "路灯不亮"], "one at a time, and only the newest again"
    assert all(question == now for question, now in told)
    assert page.suggestions.cards.shown == ()
    assert page.form.category.value() == LIGHTS


async def test_with_the_server_away_advice_stays_and_choices_are_kept(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    kept = await have(session, GAS)
    over = await have(session, "文化路夜市油烟扰民，窗户都不敢开，要求夜市搬走。", area_id=COMMUNITY_B)
    page = await page_of(session, tmp_path, shown)
    await tell(page, GAS_AGAIN)
    state_of_health(session, "away")
    Hands().press(Qt.Key.Key_Q, ALT)
    assert "已暂存 1 件" in page.kept_words.text()
    await tell(page, "路灯坏了，照明不亮。")
    assert "暂时查不到重复" in page.suggestions.none.text()
    assert page.form.category.value() == LIGHTS, "advice needs no server"
    page.clear()
    state_of_health(session, "live")
    await until(lambda: "并入" in page.done.text())
    assert await real_centre.root("select reports from cc.cases where id = $1", kept.case_id) == 2
    await tell(page, "文化路夜市油烟扰民，窗户都不敢开，要求夜市搬走，多次反映。")
    assert page.suggestions.cards.shown[0].case_id == over.case_id
    state_of_health(session, "away")
    page.take(Key.MERGE_1)
    await void(session.database(), case_id=over.case_id, version=over.version, reason="不属实", key=uuid4())
    state_of_health(session, "live")
    await until(page.form.content.toPlainText)
    assert page.done.property("role") == "bad"
    assert page.done.text()
    assert await real_centre.root("select count(*) from cc.reports where content like '文化路%'") == 1


async def test_a_question_is_answered_and_closed_on_the_spot(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    await prepare(real_centre)
    admin = await real_centre.sign_in("admin")
    answer = "每年在手机上认证一次即可，不用到窗口。"
    known = KnownAnswer(0, "退休人员养老金认证怎么办理", answer, PENSION, ("养老金", "认证"))
    await add_answer(admin.database(), known)
    page = await page_of(await real_centre.sign_in("duty"), tmp_path, shown)
    await until(lambda: not page.knowledge.is_reading)
    await tell(page, "咨询退休人员养老金认证怎么办理，需要哪些材料？")
    assert [each.question for each in page.suggestions.answers] == [known.question]
    hands = Hands()
    hands.press(Qt.Key.Key_J, ALT)
    assert page.answer.text.toPlainText() == answer
    page.answer.text.insertPlainText("也可由子女代办。")
    page.draft.save()
    assert page.outbox.spool.entries[-1].answer is not None, "a crash loses no answer"
    hands.press(Qt.Key.Key_Return, ALT)
    hands.press(Qt.Key.Key_2)
    assert "不能直办" in page.answer.problem.text(), "who is not content goes the usual way"
    hands.press(Qt.Key.Key_1)
    hands.press(Qt.Key.Key_2)
    await until(lambda: page.recent.briefs)
    assert hands.pressed == 5
    assert page.done.text().startswith("已答复并办结")
    row = await real_centre.root(
        "select row(c.state, c.kind, f.done, u.satisfied)::text from cc.cases c join cc.finishes f on f.case_id = c.id "
        "join cc.follow_ups u on u.case_id = c.id"
    )
    assert row == f"({int(State.ARCHIVED)},咨询,{answer}也可由子女代办。,基本满意)"


async def test_a_template_is_put_in_by_its_number(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    admin = await real_centre.sign_in("admin")
    for part, name in (("answer", "致谢"), ("content", "噪声"), ("content", "停水")):
        await add_template(admin.database(), name=name, part=part, words=f"{name}：【时间】起，影响【几户】")
    page = await page_of(await real_centre.sign_in("duty"), tmp_path, shown)
    await until(lambda: not page.knowledge.is_reading)
    hands = Hands()
    hands.press(Qt.Key.Key_T, ALT)
    assert [each.name for each in page.templates.shown] == ["噪声", "停水"], "those for a report's content"
    hands.press(Qt.Key.Key_2, on=page.templates.box)
    assert page.form.content.toPlainText() == "停水：【时间】起，影响【几户】"
    assert page.form.content.hasFocus()
    page.form.content.insertPlainText("昨晚")
    hands.press(Qt.Key.Key_N, ALT)
    page.form.content.insertPlainText("五户")
    assert page.form.content.toPlainText() == "停水：昨晚起，影响五户"


async def test_another_category_than_proposed_is_a_correction(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    await prepare(real_centre)
    page = await page_of(await real_centre.sign_in("duty"), tmp_path, shown)
    await tell(page, GAS)
    assert page.suggestions.advice is not None
    first, second = (category for category, _ in page.suggestions.advice.categories[:2])
    assert first == CATEGORY
    hands = Hands()
    hands.press(Qt.Key.Key_S, ALT)
    assert page.form.category.value() == second
    await until(lambda: page.suggestions.fresh and not page.asking.is_reading)
    assert page.form.category.value() == second, "what the officer set stays"
    hands.press(Qt.Key.Key_Return, CTRL)
    await until(lambda: page.recent.briefs)
    assert await real_centre.root("select row(proposed, chosen)::text from cc.corrections") == f"({first},{second})"


async def test_choices_outlive_a_crash(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    await tell(page, GAS)
    page.take(Key.CATEGORY_2)
    page.form.grade.choose(Grade.ORANGE)
    await until(lambda: page.suggestions.fresh and not page.asking.is_reading)
    chosen = page.form.category.value()
    page.draft.save()
    page.outbox.spool.close()  # what the end of a process does to its lock
    again = await page_of(session, tmp_path, shown)
    await until(lambda: again.suggestions.advice is not None and not again.asking.is_reading)
    assert again.form.category.value() == chosen != CATEGORY
    assert again.form.grade.grade is Grade.ORANGE
    assert again.form.area.value() == COMMUNITY_A
    assert not again.form.is_by_hand("area"), "a suggestion is still one"
    assert "已恢复" in again.done.text()


async def test_a_caller_sees_only_their_own_areas_repeats(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    await prepare(real_centre)
    duty = await real_centre.sign_in("duty")
    mine = await have(duty, GAS, COMMUNITY_A, PHONE)
    await have(duty, GAS.replace("3号楼", "5号楼"), COMMUNITY_B, PHONE)
    for who, cases, calls in (("duty", 2, 2), ("caller", 1, 1)):
        session = duty if who == "duty" else await real_centre.sign_in(who)
        page = await page_of(session, tmp_path / who, shown)
        page.form.phone.setText("138 1234 1234")
        await tell(page, GAS_AGAIN)
        found = {card.case_id for card in page.suggestions.cards.shown}
        assert len(found) == cases
        assert mine.case_id in found
        assert page.form.caller.text().startswith(f"此号码 30 天内来电 {calls} 次")
        merges = [card.key for card in page.suggestions.cards.shown if card.key is not None]
        assert bool(merges) == (who == "duty"), "only the centre merges"
        page.hide()


async def test_the_queue_stays_in_sight(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    await prepare(real_centre)
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    assert page.strip.nothing.isVisible()
    page.form.content.setPlainText("正在登记")
    change = await have(session, GAS)
    await until(lambda: change.case_id in page.strip.arrivals.ids)
    assert change.case_id in page.strip.urgent.ids
    assert page.form.content.hasFocus(), "what comes in takes no keyboard"
    assert page.form.content.toPlainText() == "正在登记"
