"""工单 on the real database: everything about a case, and what other desks do to it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services import cases
from commandcenter.services.case_file import read_attachment
from commandcenter.services.cases import CaseChange
from commandcenter.services.new_report import Citizen, NewReport
from tests.db.county import CATEGORY, COMMUNITY_A, DEPARTMENT_1, TOWN_B, UTILITY
from tests.ui.real_desk import RealCentre, Show, until
from ui.case.citizen_line import CitizenLine
from ui.pages.case import CasePage
from ui.session import Session


async def new_case(session: Session, words: str = "学府小区燃气异味", area: int = COMMUNITY_A) -> CaseChange:
    report = NewReport(
        1, words, words, kind="投诉", category_id=CATEGORY, grade=Grade.BLUE, area_id=area,
        citizen=Citizen("王小明", "13812341234", "学府小区3号楼"),
    )  # fmt: skip
    return await cases.register(session.database(), report, key=uuid4())


async def dispatched(session: Session) -> CaseChange:
    made = await new_case(session)
    return await cases.dispatch(
        session.database(),
        case_id=made.case_id,
        version=made.version,
        unit_id=DEPARTMENT_1,
        assist_ids=(UTILITY,),
        key=uuid4(),
    )


async def page_on(session: Session, change: CaseChange, show: Show) -> CasePage:
    await until(lambda: session.mirror.slot_of(change.case_id) is not None)
    page = CasePage(session)
    await show(page)
    page.show_case(change.case_id)
    await until(lambda: page.file is not None)
    return page


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


async def test_everything_about_a_case_is_there_and_no_citizen(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    change = await dispatched(session)
    page = await page_on(session, change, shown)
    text = said(page)
    assert change.number in text
    assert "主责　住建局" in text
    assert "配合　燃气公司" in text
    assert "人员duty（值班员） 派单 → 待签收" in text
    assert "138****1234" in text
    assert "13812341234" not in text
    assert "王小明" not in text
    assert "前办结" in page.head.due.text()
    assert not page.buttons.isHidden()


async def test_a_look_at_the_citizen_needs_a_reason_and_is_recorded(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_on(session, await dispatched(session), shown)
    line = page.findChild(CitizenLine)
    assert line is not None
    QTest.mouseClick(line.button, Qt.MouseButton.LeftButton)
    QTest.keyClick(line.reason, Qt.Key.Key_Return)
    assert "理由" in line.problem.text()
    QTest.keyClicks(line.reason, "call back")
    QTest.keyClick(line.reason, Qt.Key.Key_Return)
    await until(lambda: "13812341234" in line.who.text())
    assert "王小明" in line.who.text()
    assert "60" in line.button.text()
    assert await real_centre.root("select reason from cc.access_log") == "call back"
    line._left = 0
    line._on_second()
    assert "13812341234" not in line.who.text()


async def test_another_desks_deed_shows_by_itself_and_half_typed_text_stays(
    real_centre: RealCentre, shown: Show
) -> None:
    session = await real_centre.sign_in("duty")
    change = await dispatched(session)
    page = await page_on(session, change, shown)
    page.note.setPlainText("写到一半")
    line = page.findChild(CitizenLine)
    assert line is not None
    line.reason.show()
    line.reason.setText("回电")
    other = await real_centre.sign_in("supervisor")
    await cases.note(
        other.database(), case_id=change.case_id, version=change.version, text="请今天联系诉求人", key=uuid4()
    )
    await until(lambda: "请今天联系诉求人" in said(page.story))
    assert page.note.toPlainText() == "写到一半"
    assert line.reason.text() == "回电"


async def test_notes_and_files_are_added(real_centre: RealCentre, shown: Show, tmp_path: Path) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_on(session, await dispatched(session), shown)
    page.note.setPlainText("已电话告知")
    QTest.keyClick(page.note, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: "已电话告知" in said(page.story))
    assert page.note.toPlainText() == ""
    file = tmp_path / "现场.jpg"
    file.write_bytes(b"\xff\xd8" + b"x" * 2000)
    page.attach_button.attach(file)
    await until(lambda: page.file is not None and page.file.attachments)
    assert page.file is not None
    [attachment] = page.file.attachments
    assert (attachment.name, attachment.media_type) == ("现场.jpg", "image/jpeg")
    assert await read_attachment(session.database(), attachment.id) == file.read_bytes()
    assert "现场.jpg" in said(page)


async def test_after_a_lost_answer_nothing_is_added_twice(
    real_centre: RealCentre, shown: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_on(session, await dispatched(session), shown)
    notices: list[str] = []
    session.noticed.connect(lambda sentence, _: notices.append(sentence))
    file = tmp_path / "现场.jpg"
    file.write_bytes(b"\xff\xd8" + b"x" * 2000)
    for name, again in (("note", page.note.send), ("attach", lambda: page.attach_button.attach(file))):
        real, lost = getattr(cases, name), [True]

        async def answer_lost(
            db: Database, real: Callable[..., Awaitable[CaseChange]] = real, lost: list[bool] = lost, **facts: object
        ) -> CaseChange:
            change = await real(db, **facts)
            if lost:
                lost.clear()
                raise Unreachable("连不上数据库。")
            return change

        monkeypatch.setattr(cases, name, answer_lost)
        version = await real_centre.root("select version from cc.cases")
        await until(lambda version=version: page.file is not None and page.file.case.version == version)
        notices.clear()
        page.note.setPlainText("已电话告知")
        again()
        await until(lambda: "连不上数据库。" in notices)
        assert page.note.toPlainText() == "已电话告知"
        again()
        await until(lambda name=name: "附件已添加" in notices if name == "attach" else not page.note.toPlainText())
    assert await real_centre.root("select count(*) from cc.attachments") == 1
    assert await real_centre.root("select count(*) from cc.journal where verb = 'note'") == 1


async def test_a_file_that_is_too_large_is_refused_in_a_sentence(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_on(session, await dispatched(session), shown)
    notices: list[str] = []
    session.noticed.connect(lambda sentence, _: notices.append(sentence))
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)
    page.attach_button.attach(big)
    await until(lambda: notices)
    assert "20 MB" in notices[0]


async def test_a_number_opens_and_words_list(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    first = await new_case(session, "学府小区路灯不亮")
    await new_case(session, "学府小区井盖丢失")
    page = CasePage(session)
    await shown(page)
    page.search.box.setText(first.number.lower())
    QTest.keyClick(page.search.box, Qt.Key.Key_Return)
    await until(lambda: page.file is not None)
    assert page.head.title.text() == "学府小区路灯不亮"
    page.search.box.setText("学府小区")
    page.search.search()
    await until(lambda: len(page.search.found.briefs) == 2)
    assert page.search.found.isVisible()
    page.search.box.setText("没有这几个字")
    page.search.search()
    await until(lambda: "没有找到" in page.search.said.text())
    assert page.search.found.isHidden()


async def test_a_case_of_another_town_is_not_visible(real_centre: RealCentre, shown: Show) -> None:
    duty = await real_centre.sign_in("duty")
    change = await new_case(duty, area=TOWN_B)
    page = CasePage(await real_centre.sign_in("responder"))
    await shown(page)
    page.show_case(change.case_id)
    await until(lambda: "没有找到" in page.calm.accessibleName())


async def test_a_closed_case_is_shown_and_only_shown(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    change = await new_case(session)
    page = await page_on(session, change, shown)
    await cases.void(session.database(), case_id=change.case_id, version=change.version, reason="误报", key=uuid4())
    await until(lambda: page.head.state.text() == "已作废")
    assert page.buttons.isHidden()
    assert page.note.isHidden()
    assert "只能查看" in page.banner.text()
    assert "误报" in said(page.story)


async def test_while_the_database_is_away_the_case_stays_readable(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    page = await page_on(session, await dispatched(session), shown)
    page._on_unread(Unreachable("连不上数据库。"))
    assert "连不上" in page.banner.text()
    assert page._room.currentWidget() is page._scroll
    page.file = None
    page._on_unread(PersonError("出了点事。", "再试。"))
    assert page._room.currentWidget() is page.calm
