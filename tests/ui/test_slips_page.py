"""三单 on the real database: a draft is edited, signed and numbered; the unit receives and replies; the verdict closes it."""

from io import BytesIO
from pathlib import Path
from uuid import uuid4

from docx import Document
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import SHANGHAI, SystemClock
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.errors import PersonError
from commandcenter.services import slips
from commandcenter.services.slips import Slip, SlipChange
from tests import pdf_words
from tests.db.county import DEPARTMENT_1
from tests.pdf_words import words_in
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.whistle_desks import new_case
from ui.pages.slips import SlipsPage
from ui.session import Session


async def drafted(session: Session, kind: SlipKind = SlipKind.ORDER, **given: object) -> SlipChange:
    words = {"subject": "关于路灯长期不亮的督办", "wrong": "你单位承办的工单长期没有办结。"} | given
    return await slips.draft(session.database(), kind=kind, unit_id=DEPARTMENT_1, key=uuid4(), **words)  # type: ignore[arg-type]


async def signed(centre: RealCentre, kind: SlipKind = SlipKind.ORDER) -> SlipChange:
    director = await centre.sign_in("director")
    change = await drafted(director, kind)
    return await slips.sign(director.database(), slip_id=change.slip_id, version=change.version, key=uuid4())


async def page_of(centre: RealCentre, who: str, show: Show) -> SlipsPage:
    page = SlipsPage(await centre.sign_in(who))
    await show(page)
    await until(lambda: page._read_once and not page.reader.is_reading)
    return page


def shown_slip(page: SlipsPage) -> Slip:
    assert page.desk.slip is not None
    return page.desk.slip


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def words_of(page: SlipsPage) -> str:
    document = page.preview.paper.document
    assert document is not None
    return pdf_words.words_of(document)


async def quiet(*pages: SlipsPage) -> None:
    """Nothing is read or set any more: the test may end."""
    await until(lambda: not any(page.reader.is_reading for page in pages))


async def confirm(page: SlipsPage, verb: str, text: str = "") -> None:
    """Press the verb's button, write what it asks for, and confirm."""
    page.desk.buttons.buttons[verb].click()
    assert not page.desk.panel.isHidden()
    page.desk.panel.text.setPlainText(text)
    page.desk.panel.send_button.click()
    await until(page.desk.panel.isHidden)


async def test_a_draft_is_edited_previewed_signed_numbered_and_saved(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    director = await real_centre.sign_in("director")
    case = await new_case(director, "学府小区路灯不亮")
    await drafted(director, case_ids=(case.case_id,))
    page = await page_of(real_centre, "director", shown)
    assert "草稿" in words_of(page)
    assert case.number in words_of(page)
    page.desk.form.wrong.setPlainText("改过的问题说明。")
    await until(lambda: page.preview.is_current and "改过的问题说明。" in words_of(page))
    assert "请先保存" in page.desk.buttons.why_not("sign")
    page.desk.form.wrong.setFocus()
    QTest.keyClick(page.desk.form.wrong, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: shown_slip(page).wrong == "改过的问题说明。")
    assert not page.desk.unsaved
    page.desk.buttons.buttons["sign"].click()
    assert "荣社督" in page.desk.panel.sentence.text()
    assert "2 小时内签收，3 个工作日内回复" in page.desk.panel.sentence.text()
    page.desk.panel.send_button.click()
    await until(lambda: shown_slip(page).state is SlipState.TO_RECEIVE and not page.reader.is_reading)
    number = shown_slip(page).number
    year = SystemClock().now().astimezone(SHANGHAI).year
    assert number == f"荣社督〔{year}〕1号"
    assert number in page.desk.where.text()
    assert "签收 剩" in page.desk.clock.text()
    assert page.desk.form.isHidden()
    assert number in words_of(page)
    await page.preview.save(tmp_path / "slip.pdf")
    for words in (number, "改过的问题说明。", case.number, "人员director"):
        assert words in words_in((tmp_path / "slip.pdf").read_bytes()), words
    assert "草稿" not in words_in((tmp_path / "slip.pdf").read_bytes())
    await page.preview.save(tmp_path / "slip.docx")
    body = Document(BytesIO((tmp_path / "slip.docx").read_bytes())).element.body
    assert number in "".join(node.text or "" for node in body.iter() if node.tag.endswith("}t"))
    await quiet(page)


async def test_the_unit_receives_and_replies_and_is_sent_back_and_passed(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    change = await signed(real_centre)
    unit = await page_of(real_centre, "department", shown)
    centre = await page_of(real_centre, "director", shown)
    assert [slip.id for slip in unit.list.model.slips] == [change.slip_id]
    assert set(unit.desk.buttons.buttons) == {"receive", "reply"}
    assert "draft" not in unit.list.stages.buttons
    await confirm(unit, "receive")
    await until(lambda: shown_slip(unit).state is SlipState.TO_REPLY)
    await until(lambda: shown_slip(centre).state is SlipState.TO_REPLY)
    unit.desk.buttons.buttons["reply"].click()
    unit.desk.panel.send_button.click()
    assert "请填写" in unit.desk.panel.problem.text()
    (tmp_path / "照片.jpg").write_bytes(b"picture")
    unit.desk.panel.add_file(tmp_path / "照片.jpg")
    unit.desk.panel.text.setPlainText("已换灯。")
    unit.desk.panel.send_button.click()
    await until(lambda: shown_slip(centre).state is SlipState.TO_JUDGE)
    assert "已换灯。" in said(centre.desk.course)
    [file] = shown_slip(centre).files
    await centre.desk.save_file(file, tmp_path / "copy.jpg")
    assert (tmp_path / "copy.jpg").read_bytes() == b"picture"
    await confirm(centre, "send_back", "还缺照片。")
    await until(lambda: shown_slip(unit).state is SlipState.SENT_BACK)
    assert "还缺照片。" in said(unit.desk.course)
    await confirm(unit, "reply", "补了照片。")
    await until(lambda: shown_slip(centre).state is SlipState.TO_JUDGE)
    await confirm(centre, "pass")
    await until(lambda: shown_slip(centre).state is SlipState.CLOSED and not centre.reader.is_reading)
    assert not centre.list.model.slips
    assert "补了照片。" in words_of(centre)
    assert "通过" in words_of(centre)
    await quiet(unit, centre)


async def test_what_somebody_else_changes_comes_in_and_what_is_typed_stays(
    real_centre: RealCentre, shown: Show
) -> None:
    supervisor = await real_centre.sign_in("supervisor")
    change = await drafted(supervisor)
    page = await page_of(real_centre, "director", shown)
    page.desk.form.contact.setText("值班室，0631-0000000")
    slip = shown_slip(page)
    await slips.edit(
        supervisor.database(),
        slip_id=change.slip_id,
        version=slip.version,
        subject="关于另一件事的督办",
        wrong=slip.wrong,
        demand=slip.demand,
        addressee=slip.addressee,
        copies=slip.copies,
        key=uuid4(),
    )
    await until(lambda: shown_slip(page).version > slip.version)
    assert page.desk.form.subject.text() == "关于另一件事的督办"
    assert page.desk.form.contact.text() == "值班室，0631-0000000"
    assert "人员supervisor" in page.desk.notice_words.text()
    assert page.desk.unsaved
    page.desk.buttons.buttons["edit"].click()
    await until(lambda: shown_slip(page).contact == "值班室，0631-0000000")
    assert shown_slip(page).subject == "关于另一件事的督办"
    await quiet(page)


async def test_a_stale_deed_says_so_and_the_page_reads_again(real_centre: RealCentre, shown: Show) -> None:
    supervisor = await real_centre.sign_in("supervisor")
    change = await drafted(supervisor)
    page = await page_of(real_centre, "director", shown)
    old = shown_slip(page)
    await slips.dismiss(
        supervisor.database(), slip_id=change.slip_id, version=change.version, reason="已办结", key=uuid4()
    )
    page.desk.panel.ask(old, "sign")
    page.desk.slip = old
    notices: list[str] = []
    page._session.noticed.connect(lambda sentence, _: notices.append(sentence))
    await page.desk._do(old, "sign", {})
    await until(lambda: shown_slip(page).state is SlipState.DISMISSED)
    assert "已办结" in said(page.desk.course)
    assert "不能签发" in page.desk.buttons.why_not("sign")
    await quiet(page)


async def test_buttons_are_grey_with_their_reason(real_centre: RealCentre, shown: Show) -> None:
    await drafted(await real_centre.sign_in("supervisor"), SlipKind.WARNING)
    page = await page_of(real_centre, "supervisor", shown)
    button = page.desk.buttons.buttons["sign"]
    assert not button.isEnabled()
    assert button.toolTip() == "由中心主任签发"
    assert page.desk.buttons.why.text() == "由中心主任签发"
    assert "没有改动" in page.desk.buttons.buttons["edit"].toolTip()
    director = await page_of(real_centre, "director", shown)
    director.desk.buttons.buttons["sign"].click()
    assert "市领导" in director.desk.panel.sentence.text()
    director.desk.panel.send_button.click()
    await until(lambda: shown_slip(director).state is SlipState.TO_COSIGN)
    assert "您已签过" in director.desk.buttons.why_not("sign")
    leader = await page_of(real_centre, "leader", shown)
    await confirm(leader, "sign")
    await until(lambda: shown_slip(leader).number.startswith("荣社警"))
    assert [signature.post for signature in shown_slip(leader).signatures] == ["director", "leader"]
    await quiet(page, director, leader)


async def test_copies_are_recorded_and_a_void_slip_keeps_its_number(real_centre: RealCentre, shown: Show) -> None:
    await signed(real_centre)
    page = await page_of(real_centre, "director", shown)
    number = shown_slip(page).number
    await confirm(page, "copy")
    await until(lambda: len(shown_slip(page).copies_sent) == 1)
    page.desk.buttons.buttons["void"].click()
    page.desk.panel.send_button.click()
    assert "理由" in page.desk.panel.problem.text()
    QTest.keyClick(page.desk.panel.text, Qt.Key.Key_Escape)
    assert page.desk.panel.isHidden()
    assert page.desk.hasFocus()  # not a field, where the next key would type
    await confirm(page, "void", "发错单位")
    await until(lambda: shown_slip(page).state is SlipState.VOID and not page.reader.is_reading)
    assert shown_slip(page).number == number
    assert "本单已作废：发错单位" in words_of(page)
    await quiet(page)


async def test_a_new_draft_by_hand(real_centre: RealCentre, shown: Show) -> None:
    page = await page_of(real_centre, "supervisor", shown)
    assert "拟单" in page.calm.accessibleName()
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert not page.new.isHidden()
    page.new.send_button.click()
    assert "单位" in page.new.problem.text()
    page.new.unit.setText("住建局")
    page.new.subject.setText("关于路灯的提示")
    page.new.wrong.setPlainText("路灯长期不亮。")
    page.new.send_button.click()
    await until(lambda: page.desk.slip is not None and page.preview.paper.document is not None)
    assert shown_slip(page).state is SlipState.DRAFT
    assert "关于路灯的提示单" in words_of(page)
    assert page.new.isHidden()
    await quiet(page)


async def test_the_register_lists_by_kind_and_unit_and_goes_out_as_xlsx(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    change = await signed(real_centre)
    page = await page_of(real_centre, "analyst", shown)
    QTest.keyClick(page, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: page.register.shown)
    assert [slip.number for slip in page.register.shown] == [change.number]
    page.register.kind.setCurrentIndex(1)
    assert not page.register.shown
    assert "没有已编号的单" in page.register.calm.accessibleName()
    page.register.kind.setCurrentIndex(0)
    page.register.unit.setCurrentIndex(page.register.unit.findData(DEPARTMENT_1))
    assert len(page.register.shown) == 1
    await page.register.export(tmp_path / "register.xlsx")
    rows = list(load_workbook(tmp_path / "register.xlsx").worksheets[0].values)
    assert rows[1][0] == change.number
    page.register.view.activated.emit(page.register.table.index(0, 0))
    assert shown_slip(page).id == change.slip_id
    assert page._whole.currentWidget() is page._room
    await quiet(page)


async def test_who_is_in_the_register_is_not_thrown_out_by_a_read(real_centre: RealCentre, shown: Show) -> None:
    await signed(real_centre)
    page = SlipsPage(await real_centre.sign_in("duty"))
    await shown(page)
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not page._read_once
    await until(lambda: page._read_once and not page.reader.is_reading)
    await until(lambda: page.register.shown)
    assert page._whole.currentWidget() is page.register
    await quiet(page)


async def test_printing_asks_without_stopping_anything_and_reaches_the_paper(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    await signed(real_centre)
    page = await page_of(real_centre, "director", shown)
    page.preview.print_it()
    [dialog] = page.preview.findChildren(QPrintDialog)
    assert dialog.isVisible()
    dialog.reject()
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    document = page._document()
    assert document is not None
    await page.preview.print_on(printer, document)
    printed = QPdfDocument()
    printed.load(str(tmp_path / "printed.pdf"))
    assert page.preview.paper.document is not None
    assert printed.pageCount() == page.preview.paper.document.pageCount()
    assert round(printed.pagePointSize(0).width()) == 595
    await quiet(page)


async def test_what_was_typed_in_one_draft_waits_while_another_is_looked_at(
    real_centre: RealCentre, shown: Show
) -> None:
    supervisor = await real_centre.sign_in("supervisor")
    first = await drafted(supervisor)
    second = await drafted(supervisor, subject="关于第二件事的督办")
    page = await page_of(real_centre, "supervisor", shown)
    page.show_slip(first.slip_id)
    page.desk.form.contact.setText("写到一半")
    page.show_slip(second.slip_id)
    assert page.desk.form.contact.text() == ""
    page.show_slip(first.slip_id)
    assert page.desk.form.contact.text() == "写到一半"
    assert page.desk.unsaved
    await quiet(page)


async def test_an_error_of_the_first_read_offers_another_try(real_centre: RealCentre, shown: Show) -> None:
    page = await page_of(real_centre, "duty", shown)
    assert "没有未办结的单" in page.calm.accessibleName()
    page._read_once = False
    page._on_unread(PersonError("连不上数据库。", "请检查网络。"))
    assert "连不上" in page.calm.accessibleName()
    await quiet(page)
