"""应哨 on the real database: what calls my unit, what happened to it elsewhere, a photo, and an empty page."""

from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from commandcenter.domain.whistle import Level, PartyState
from commandcenter.services import whistles
from commandcenter.services.case_file import read_case
from tests.db.county import DEPARTMENT_1, UTILITY
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.whistle_desks import new_case, pushed, with_list
from ui.pages.answer import AnswerPage
from ui.pages.case import CasePage
from ui.session import Session
from ui.widgets.story import event_words

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


async def answers(session: Session, show: Show) -> AnswerPage:
    page = AnswerPage(session)
    await show(page)
    await until(lambda: not page.reader.is_reading)
    return page


async def test_empty_it_says_so_and_a_call_comes_by_itself(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    page = await answers(await real_centre.sign_in("utility"), shown)
    assert "现在没有哨叫您的单位" in page.calm.accessibleName()
    assert page._room.currentWidget() is page.calm
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    case = await new_case(duty)
    await pushed(head, case)
    await until(lambda: page.call.party is not None)
    assert page._room.currentWidget() is page.area
    assert page.call.clock.text().startswith("应哨 剩 0时5")
    assert page.call.case_button.text() == f"工单 {case.number}"
    QTest.keyClick(page.list, ENTER)
    await until(lambda: page.call.party is not None and page.call.party.state == PartyState.ANSWERED)
    state = await real_centre.root("select state from cc.whistle_parties where unit_id = $1", DEPARTMENT_1)
    assert state == PartyState.CALLED  # the other unit's part is its own


async def test_the_most_urgent_of_several_is_looked_at(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    await pushed(head, await new_case(duty, "一"), Level.JOINT)  # an hour to answer
    urgent = await pushed(head, await new_case(duty, "二"), Level.USUAL)  # half an hour
    page = await answers(await real_centre.sign_in("department"), shown)
    await until(lambda: page.call.whistle is not None)
    assert page.call.whistle is not None
    assert page.call.whistle.id == urgent.id


async def test_a_photo_is_enough_and_becomes_a_file_of_the_case(
    real_centre: RealCentre, shown: Show, tmp_path: Path
) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    case = await new_case(duty)
    await pushed(head, case)
    page = await answers(await real_centre.sign_in("department"), shown)
    await until(lambda: page.call.party is not None)
    QTest.keyClick(page, Qt.Key.Key_F6)
    await until(lambda: "check_in" in page.call.boxes)
    box = page.call.boxes["check_in"]
    box.set_value("place", "")
    box.send()
    await until(lambda: bool(box.problem.text()))  # neither place nor photo
    photo = tmp_path / "现场.jpg"
    photo.write_bytes(b"\xff\xd8" + b"x" * 2000)
    box.set_photo(photo)
    box.send()
    await until(lambda: "stand_down" in page.call.boxes)
    file = await read_case(duty.database(), case.case_id)
    assert [each.name for each in file.attachments] == ["现场.jpg"]


async def test_what_was_ended_elsewhere_leaves_by_itself(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    whistle = await pushed(head, await new_case(duty))
    page = await answers(await real_centre.sign_in("utility"), shown)
    await until(lambda: page.call.party is not None)
    supervisor = await real_centre.sign_in("supervisor")
    await whistles.withdraw(
        supervisor.database(), whistle_id=whistle.id, version=whistle.version, reason="误吹", key=uuid4()
    )
    await until(lambda: page._room.currentWidget() is page.calm)
    assert page.list.cards.whistles == []


async def test_every_step_is_in_the_cases_one_timeline_in_words(real_centre: RealCentre) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    case = await new_case(duty)
    whistle = await pushed(head, case)
    department = await real_centre.sign_in("department")
    party = next(each for each in whistle.parties if each.unit_id == DEPARTMENT_1)
    answered = await whistles.answer(department.database(), party_id=party.id, version=party.version, key=uuid4())
    await whistles.check_in(
        department.database(), party_id=party.id, version=answered.version, came="值班员", place="现场", key=uuid4()
    )
    utility = await real_centre.sign_in("utility")
    other = next(each for each in whistle.parties if each.unit_id == UTILITY)
    await whistles.object_to(
        utility.database(), party_id=other.id, version=other.version, reason="不是我们的管线", key=uuid4()
    )
    file = await read_case(duty.database(), case.case_id)
    assert [each.id for each in file.whistles] == [whistle.id]
    told = [event_words(event, duty.reference) for event in file.timeline]
    assert told[0] == ("人员utility（承办人） 提出异议 → 有异议", "单位：燃气公司；理由：不是我们的管线")
    assert told[1] == ("人员department（承办人） 报到 → 处置中", "单位：住建局；按时")
    assert told[2] == ("人员department（承办人） 应哨 → 待报到", "单位：住建局；按时")
    assert {head for head, _ in told[3:5]} == {"人员head（呼叫员） 推送"}
    blown = next(facts for head, facts in told if head == "人员head（呼叫员） 吹哨")
    assert blown.startswith("联合哨；依据：7 燃气·地下管线抢修（法定）主责：住建局；配合：燃气公司")


async def test_the_cases_page_has_its_whistle_and_follows_it(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    case = await new_case(duty)
    await until(lambda: duty.mirror.slot_of(case.case_id) is not None)
    page = CasePage(duty)
    await shown(page)
    page.show_case(case.case_id)
    await until(lambda: page.file is not None)
    assert page.parts.whistles.isHidden()
    page.note.setPlainText("写到一半")
    await pushed(head, case)
    await until(lambda: len(page.parts.whistles.cards) == 1)
    card = page.parts.whistles.cards[0]
    texts = [label.text() for label in card.findChildren(QLabel)]
    assert "联合哨　进行中 · 缺 2/2" in texts
    assert "主责　住建局" in texts
    assert sum(text.startswith("应哨 剩 0时5") for text in texts) == 2
    assert page.note.toPlainText() == "写到一半"
    wanted: list[tuple[str, object]] = []
    duty.page_wanted.connect(lambda page_id, case_id: wanted.append((page_id, case_id)))
    card.findChild(QPushButton).click()
    assert wanted == [("whistles", case.case_id)]
