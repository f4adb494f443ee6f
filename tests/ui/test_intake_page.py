"""受理 on the real database: registered once, kept while it is away, restored after a crash."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.domain.case import Grade, State
from commandcenter.live.desk import Health
from commandcenter.services.spool import Spool
from tests.db.county import CATEGORY, COMMUNITY_A, DEPARTMENT_1, TOWN_B, UTILITY
from tests.ui.real_desk import RealCentre, Show, until
from ui.intake.keys import Key
from ui.pages.intake import IntakePage
from ui.session import Session

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def page_of(session: Session, folder: Path, show: Show) -> IntakePage:
    page = IntakePage(session, None, Spool(folder / "spool", "duty"))
    await show(page)
    page.form.content.setFocus()
    return page


def state_of_health(session: Session, state: str) -> None:
    """What the desk says when the database goes or comes back."""
    assert session.desk is not None
    now = session.clock.now()
    session.desk._tell_health(Health("live" if state == "live" else "away", now, 0.0))


async def test_a_report_is_registered_without_a_mouse(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    form = page.form
    form.content.setPlainText("市民反映：学府小区3号楼有燃气异味，要求尽快处理。电话13812341234")
    assert form.title.text() == "学府小区3号楼有燃气异味，要求尽快处理"
    form.phone.setText("138 1234 1234")
    form.name.setText("王小明")
    form.category.setFocus()
    form.category.setText("燃")
    QTest.keyClick(form.category, Qt.Key.Key_Return)
    assert form.category.value() == CATEGORY
    assert form.grade.grade is Grade.BLUE
    form.area.set_value(COMMUNITY_A)
    QTest.keyClick(form, Qt.Key.Key_Return, CTRL)
    await until(lambda: page.recent.briefs)
    assert page.done.text().startswith("已登记 RC")
    assert page.open_done.isVisible()
    assert form.content.toPlainText() == ""
    assert form.content.hasFocus()
    case_id = page.recent.briefs[0].id
    await until(lambda: session.mirror.slot_of(case_id) is not None)
    slot = session.mirror.slot_of(case_id)
    assert session.mirror.state[slot] == State.TO_DISPATCH
    assert session.mirror.grade[slot] == Grade.BLUE
    assert "138****1234" in str(await real_centre.root("select phone_masked from cc.reports"))


async def test_what_is_missing_is_said_beside_the_field(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    page = await page_of(await real_centre.sign_in("duty"), tmp_path, shown)
    page.form.phone.setText("12")
    page.take(Key.REGISTER)
    assert "诉求内容" in page.form.problem("content")
    assert "手机 11 位" in page.form.problem("phone")
    assert page.form.phone.hasFocus()
    page.form.phone.setText("0631-7562345转8")
    page.form.content.setPlainText("路灯不亮")
    assert page.form.check()


async def test_dispatch_is_proposed_from_the_responsibility_list(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    await real_centre.root("update cc.duty_list set assist_unit_ids = array[$1::int]", UTILITY)
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    page.form.content.setPlainText("燃气管线漏气")
    page.form.category.set_value(CATEGORY)
    QTest.keyClick(page.form, Qt.Key.Key_Return, CTRL | SHIFT)
    assert page.units.isVisible()
    assert page.units.lead.value() == DEPARTMENT_1
    assert "法定" in page.units.grounds.currentText()
    QTest.keyClick(page.units.lead, Qt.Key.Key_Return, CTRL | SHIFT)
    await until(lambda: page.recent.briefs)
    assert page.done.text().startswith("已登记并派单")
    assert page.units.isHidden()
    parts = await real_centre.root("select string_agg(part || unit_id, ',' order by part desc) from cc.assignments")
    assert parts == f"lead{DEPARTMENT_1},assist{UTILITY}"


async def test_while_the_database_is_away_reports_wait_and_are_sent_once(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    state_of_health(session, "away")
    for words in ("路灯不亮", "井盖丢失"):
        page.form.content.setPlainText(words)
        page.take(Key.REGISTER)
    assert page.kept_words.text() == "已暂存 2 件，连上后自动登记。"
    assert page.kept.isVisible()
    [file] = (tmp_path / "spool").glob("*.jsonl")
    assert file.stat().st_mode & 0o777 == 0o600
    state_of_health(session, "live")
    state_of_health(session, "live")
    await until(lambda: len(page.recent.briefs) == 2)
    await until(page.kept.isHidden)
    assert await real_centre.root("select count(*) from cc.reports") == 2
    assert await real_centre.root("select content from cc.reports order by received_at limit 1") == "路灯不亮"


async def test_a_draft_outlives_its_window(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_of(session, tmp_path, shown)
    page.form.content.setPlainText("说到一半")
    page.form.grade.choose(Grade.RED)
    page.draft.save()
    first = page.form.entry()
    page.outbox.spool.close()  # what the end of a process does to its lock
    again = await page_of(session, tmp_path, shown)
    assert again.form.entry() == first
    assert again.form.grade.grade is Grade.RED
    assert "已恢复" in again.done.text()


async def test_what_the_database_refuses_comes_back_into_the_form(
    real_centre: RealCentre, tmp_path: Path, shown: Show
) -> None:
    session = await real_centre.sign_in("caller")
    page = await page_of(session, tmp_path, shown)
    page.form.content.setPlainText("别的镇的事")
    page.form.area.set_value(None)
    await real_centre.root("delete from cc.channels where id = $1", page.form.channel.currentData())
    page.take(Key.REGISTER)
    await until(lambda: "渠道" in page.done.text())
    assert page.form.content.toPlainText() == "别的镇的事"
    assert not page.dispatch_button.isEnabled()
    assert "市中心" in page.dispatch_button.toolTip()


@pytest.mark.parametrize("who", ["duty", "supervisor", "caller"])
async def test_everyone_who_registers_has_the_page(
    real_centre: RealCentre, tmp_path: Path, shown: Show, who: str
) -> None:
    page = await page_of(await real_centre.sign_in(who), tmp_path, shown)
    page.form.content.setPlainText("一件事")
    page.take(Key.REGISTER)
    await until(lambda: page.recent.briefs)


async def test_the_area_is_proposed_from_the_place(real_centre: RealCentre, tmp_path: Path, shown: Show) -> None:
    await real_centre.root("insert into cc.places (name, kind, area_id) values ('学府小区', 'estate', $1)", COMMUNITY_A)
    page = await page_of(await real_centre.sign_in("duty"), tmp_path, shown)
    form = page.form
    form.place.setFocus()
    form.place.setText("甲镇学府小曲3号楼")
    form.category.setFocus()
    await until(lambda: form.area.value() == COMMUNITY_A)
    assert "应为“学府小区”" in form.area.toolTip()
    form.area.set_value(TOWN_B)
    form.place.setText("甲镇学府小区5号楼")
    QTest.keyClick(form.place, Qt.Key.Key_Return)
    assert form.area.value() == TOWN_B, "what the officer chose stays"
    form.area.set_value(None)
    form.place.setText("不知道在哪里")
    QTest.keyClick(form.place, Qt.Key.Key_Return)
    assert form.area.value() is None
