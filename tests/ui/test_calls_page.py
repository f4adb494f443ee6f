"""回访 on the real database, by keys: the list, the answer, the next one; second calls; applications and their review."""

from datetime import timedelta
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.clock import SystemClock
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.services import calls, cases
from tests.ui import desk_county
from tests.ui.calls_life import ANY_TIME, living, looked_at_number, opened, press, said, shown_report, titles
from tests.ui.real_desk import RealCentre, Show, until
from ui.models.queue_order import Filter, Sort, order
from ui.pages.calls import CallsPage


async def test_a_day_of_calls_by_keys(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    green = await life.finished("路灯不亮", Grade.GREEN)
    red = await life.finished("燃气泄漏", Grade.RED)
    blue = await life.finished("物业不作为", Grade.BLUE)
    _, page = await opened(real_centre, shown)
    page.desk.list.setFocus()
    assert titles(page) == ["燃气泄漏", "物业不作为", "路灯不亮"]
    await shown_report(page, "燃气泄漏")
    text = said(page.desk.brief)
    assert "更换了阀门" in text, "what the unit says it did"
    assert "****" in text
    assert "王小明" not in text

    press(Qt.Key.Key_Return)
    assert "数字键" in page.desk.outcome.said.text()
    press(Qt.Key.Key_7)
    press(Qt.Key.Key_1)
    assert "归档" in page.desk.outcome.save_button.text(), "its only citizen is content"
    press(Qt.Key.Key_Return)
    await until(lambda: titles(page) == ["物业不作为", "路灯不亮"])
    await until(lambda: page.desk.day.values["double_yes"].text() == "1")
    assert await real_centre.root("select state from cc.cases where id = $1", red.case_id) == State.ARCHIVED
    assert await real_centre.root("select contacted from cc.follow_ups where case_id = $1", red.case_id) is True

    await shown_report(page, "物业不作为")
    press(Qt.Key.Key_5)
    assert "双否" in page.desk.outcome.said.text()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert "写一句" in page.desk.outcome.said.text()
    assert page.desk.outcome.words.hasFocus()
    QTest.keyClicks(page.desk.outcome.words, "1 month and nobody came")
    assert page.desk.outcome.choice is not None
    assert page.desk.outcome.choice.key == "5", "a digit that is typed is text"
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: titles(page) == ["路灯不亮"])
    row = "select state = 3 and redos = 1 and flags & 128 = 128 from cc.cases where id = $1"
    assert await real_centre.root(row, blue.case_id) is True
    reason = "select detail ->> 'reason' from cc.journal where case_id = $1 and verb = 'redo'"
    assert "1 month and nobody came" in str(await real_centre.root(reason, blue.case_id))

    await shown_report(page, "路灯不亮")
    assert page.desk.list.hasFocus()
    press(Qt.Key.Key_0)
    press(Qt.Key.Key_Return)
    await until(lambda: "现在没有该拨的" in said(page.desk.brief))
    await until(lambda: titles(page) == ["路灯不亮"])
    assert "再拨" in str(page.desk.list.model().index(0, 0).data())
    await until(lambda: page.desk.day.values["called"].text() == "3")
    assert page.desk.day.coverage.text() == "67%"  # two of three
    assert page.missing.rows[0]["why"] == "retry"
    assert page.missing.rows[0]["case_id"] == green.case_id


async def test_when_all_is_done_it_says_so(real_centre: RealCentre, shown: Show) -> None:
    await real_centre.root(ANY_TIME)
    _, page = await opened(real_centre, shown)
    await until(lambda: "今天的回访都打完了" in said(page.desk.brief))
    assert page.desk.day.coverage.text() == "–"
    assert not page.desk.answers.isVisible()


async def test_others_deeds_arrive_and_what_is_typed_stays(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    first = await life.finished("第一件")
    _, page = await opened(real_centre, shown)
    await shown_report(page, "第一件")
    page.desk.outcome.choose("4")
    page.desk.outcome.words.setText("写到一半")
    await life.finished("更急的", Grade.RED)
    await until(lambda: titles(page) == ["更急的", "第一件"])
    current = page.desk.list.current
    assert current is not None
    assert current.case_id == first.case_id, "what is looked at stays"
    assert page.desk.outcome.words.text() == "写到一半"
    page.desk.list.select(page.desk.list.calls[0])
    assert page.desk.outcome.choice is None
    page.desk.list.select(page.desk.list.calls[1])
    assert page.desk.outcome.words.text() == "写到一半", "kept for its citizen"
    other = await real_centre.sign_in("supervisor")
    await cases.redo(other.database(), case_id=first.case_id, version=first.version, reason="督导重办", key=uuid4())
    await until(lambda: titles(page) == ["更急的"])
    await shown_report(page, "更急的")


async def test_a_look_at_the_number_holds_the_case(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    made = await life.finished("查看电话")
    await life.finished("另一件", Grade.GREEN)
    session, page = await opened(real_centre, shown)
    await shown_report(page, "查看电话")
    await looked_at_number(page)
    slot = session.mirror.slot_of(made.case_id)
    assert slot is not None
    await until(lambda: session.mirror.texts["holder"][slot] == session.reference.me.login)
    _, theirs = await opened(real_centre, shown, "supervisor")
    await shown_report(theirs, "另一件")  # the more urgent one is being called
    assert "在拨" in str(theirs.desk.list.model().index(0, 0).data())
    page.activateWindow()
    page.desk.outcome.choose("1")
    page.desk.enter()
    await until(lambda: titles(page) == ["另一件"])


async def test_an_answer_waits_for_the_desk_s_own_hold(real_centre: RealCentre, shown: Show) -> None:
    """The hold makes a version of the case: an answer given while it is under way must not be too late by that."""
    life = await living(real_centre)
    made = await life.finished("马上就答")
    _, page = await opened(real_centre, shown)
    await shown_report(page, "马上就答")
    refused: list[object] = []
    page.desk._writing.refused.connect(lambda _call, error: refused.append(error))
    async with real_centre.locked(made.case_id):
        await looked_at_number(page)
        await real_centre.until_one_waits()  # the hold
        page.desk.list.setFocus()
        press(Qt.Key.Key_1)
        press(Qt.Key.Key_Return)
    await until(lambda: refused or titles(page) == [])
    assert refused == []
    verbs = "select array_agg(verb order by seq) from cc.journal where case_id = $1 and actor = $2 and entity = 'case'"
    clerk = real_centre.logins.of("followup")
    assert await real_centre.root(verbs, made.case_id, clerk) == ["take", "follow_up", "archive"]
    assert await real_centre.root("select count(*) from cc.follow_ups where case_id = $1", made.case_id) == 1
    assert await real_centre.root("select state from cc.cases where id = $1", made.case_id) == State.ARCHIVED


async def test_a_stale_version_is_told_and_the_answer_stays(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    made = await life.finished("有人先改")
    _, page = await opened(real_centre, shown)
    await shown_report(page, "有人先改")
    page._session.entities_changed.disconnect(page.reader._on_changed)  # the feed's news comes late
    await cases.note(life.duty.database(), case_id=made.case_id, version=made.version, text="说明", key=uuid4())
    page.desk.outcome.choose("2")
    page.desk.enter()
    await until(lambda: "刚被别人改过" in page.desk.outcome.said.text())
    await until(lambda: not page.reader.is_reading)
    assert page.desk.outcome.choice is not None
    page.desk.enter()
    await until(lambda: titles(page) == [])
    assert await real_centre.root("select satisfied from cc.follow_ups") == "基本满意"


async def test_somebody_not_content_is_left_to_a_supervisor(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    made = await life.finished("难办的")
    _, page = await opened(real_centre, shown)
    await shown_report(page, "难办的")
    page.desk.outcome.choose("3")
    page.desk.enter()
    await until(lambda: page.desk.list.current is not None and page.desk.list.current.todo is calls.Todo.REDO)
    assert page.desk.answers.currentWidget() is page.desk.settle
    assert page.desk.settle.archive_button.isHidden()
    page.desk.send_back()
    assert "理由" in page.desk.settle.said.text()
    _, theirs = await opened(real_centre, shown, "supervisor")
    await until(theirs.desk.settle.isVisible)
    theirs.desk.settle.archive_button.click()
    await until(lambda: titles(theirs) == [])
    assert await real_centre.root("select state from cc.cases where id = $1", made.case_id) == State.ARCHIVED


async def test_a_second_call_by_another_clerk(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    made = await life.finished("抽到的")
    clerk = await real_centre.sign_in("followup")
    await calls.archive_in_one(
        clerk.database(), case_id=made.case_id, version=made.version, report_id=await life.report(made.case_id),
        reached=True, contacted=True, solved=True, satisfied="满意", words="", key=uuid4(),
    )  # fmt: skip
    tomorrow = SystemClock().now() + timedelta(days=1)
    await real_centre.root("update cc.centre set fixed_now = $1", tomorrow)
    assert await real_centre.root("select cc.draw_second_calls()") == 1
    await real_centre.root("update cc.centre set fixed_now = null")
    mine = CallsPage(clerk)
    await shown(mine)
    await until(lambda: not mine.reader.is_reading)
    assert mine.tabs.tabText(1) == "抽查", "who called first learns nothing"
    _, page = await opened(real_centre, shown, "supervisor")
    await until(lambda: page.tabs.tabText(1) == "抽查 1")
    page.tabs.setCurrentWidget(page.seconds)
    page.seconds.view.setFocus()
    await until(lambda: page.seconds.brief.file is not None)
    assert "已接通" not in said(page.seconds.brief), "the first answer is kept back"
    press(Qt.Key.Key_5)
    press(Qt.Key.Key_Return)
    await until(lambda: page.seconds.table.rows and "不一致" in page.seconds.table.rows[0]["result"])
    await until(lambda: "首次回访：已解决" in page.seconds.verdict.text())
    assert await real_centre.root("select agrees from cc.second_calls") is False


async def test_an_application_and_its_review(real_centre: RealCentre, shown: Show) -> None:
    life = await living(real_centre)
    made = await life.finished("要求过高")
    clerk = await real_centre.sign_in("followup")
    await cases.follow_up(
        clerk.database(), case_id=made.case_id, version=made.version, report_id=await life.report(made.case_id),
        reached=True, contacted=True, solved=False, satisfied="不满意", words="", key=uuid4(),
    )  # fmt: skip
    page = CallsPage(life.responder)
    await shown(page)
    await until(lambda: page.appeals.answers.rows)
    assert page.tabs.count() == 1, "a unit calls nobody"
    assert not page.tabs.tabBar().isVisible()
    page.appeals.exclude_button.click()
    assert "理由" in page.appeals.said.text()
    page.appeals.reason.setText("诉求超出政策")
    page.appeals.exclude_button.click()
    await until(lambda: page.appeals.answers.rows and page.appeals.answers.rows[0]["applied"] == "剔除待审核")
    _, theirs = await opened(real_centre, shown, "supervisor")
    await until(lambda: theirs.tabs.tabText(2) == "剔除/申诉 1")
    theirs.tabs.setCurrentWidget(theirs.appeals)
    assert theirs.appeals.reason.isHidden() or not theirs.appeals.reason.isVisible(), "who reviews does not apply"
    theirs.appeals.words.setText("属实")
    theirs.appeals.grant_button.click()
    await until(lambda: theirs.appeals.applications.rows[0]["result"] == "同意：属实")
    await until(lambda: page.appeals.answers.rows[0]["applied"] == "剔除已同意")
    assert await real_centre.root("select granted from cc.appeals") is True


async def test_without_a_database_it_says_so_and_tries_again(qapp: object, shown: Show) -> None:  # noqa: ARG001
    session = desk_county.session(10, role=desk_county.Role.FOLLOWUP)
    page = CallsPage(session)
    await shown(page)
    await until(lambda: "未连接数据库" in said(page.desk.brief))
    assert "再试一次" in page.desk.brief.calm._button.text()
    session.close()


@pytest.mark.parametrize("double_no", [True, False])
def test_the_leader_filters_double_no(double_no: bool) -> None:
    session = desk_county.session(200)
    mirror = session.mirror
    marked = mirror.slots()[:7]
    mirror.flags[marked] |= Flag.DOUBLE_NO
    slots, _ = order(mirror, Filter(double_no=double_no), Sort.GRADE_DUE, session.bridge.now_us())
    assert set(slots.tolist()) == (set(marked.tolist()) if double_no else set(mirror.slots().tolist()))
    session.close()
