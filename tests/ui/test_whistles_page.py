"""吹哨报到 and 应哨 on the real database: a whistle from the first key to the last score, and what stays as it was."""

from datetime import timedelta
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Lamp
from commandcenter.domain.whistle import Level, PartyState, WhistleState
from commandcenter.services import whistles
from tests.db.county import DEPARTMENT_1, DEPARTMENT_2, UTILITY
from tests.ui.real_desk import RealCentre, Show, until
from tests.ui.whistle_desks import MATTER, new_case, pushed, with_list
from ui.pages.answer import AnswerPage
from ui.pages.whistles import MINE, WhistlesPage
from ui.session import Session
from ui.whistles.facts import missing_words, party_clock
from ui.whistles.party_card import PartyCard
from ui.widgets.units_line import UnitsLine

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


async def console(session: Session, show: Show) -> WhistlesPage:
    page = WhistlesPage(session)
    await show(page)
    await until(lambda: not page.reader.is_reading)
    return page


async def answers(session: Session, show: Show) -> AnswerPage:
    page = AnswerPage(session)
    await show(page)
    await until(lambda: not page.reader.is_reading)
    return page


def card_of(page: WhistlesPage, unit: int) -> PartyCard:
    return next(card for card in page.side.detail.cards if card.party.unit_id == unit)


async def to_front(page: QWidget) -> None:
    """Keys go to the window in front, as at a desk."""
    page.activateWindow()
    await until(page.isActiveWindow)


def press(button: QPushButton) -> None:
    """By the keyboard: the focus, then the space bar."""
    assert button.isEnabled(), button.toolTip()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


async def test_a_whistle_from_the_first_key_to_the_last_score(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty = await real_centre.sign_in("duty")
    case = await new_case(duty)
    blower = await real_centre.sign_in("community")
    await until(lambda: blower.mirror.slot_of(case.case_id) is not None)
    page = await console(blower, shown)
    assert "没有进行中的哨" in page.side.calm.accessibleName()

    # F10, the matter is there already, 2 for the level, the demand, Ctrl+Enter
    blower.selection.select(case.case_id)
    QTest.keyClick(page, Qt.Key.Key_F10)
    await until(lambda: page.side.is_blowing)
    blow = page.side.blow
    assert MATTER in blow.matter.item_line.text()
    assert blow.matter.units_line.text() == "主责 住建局　配合 燃气公司"
    assert "法定" in blow.matter.ground_line.text()
    assert "镇街主要负责人审签" in blow.course_line.text()
    blow.level_picker.setFocus()
    QTest.keyClick(blow.level_picker, Qt.Key.Key_4)
    assert blow.level_picker.level is Level.USUAL  # a community may not blow the highest
    QTest.keyClick(blow.level_picker, Qt.Key.Key_2)
    assert "1小时内应哨，4小时内报到，3个工作日内办完" in blow.limits_line.text()
    QTest.keyClick(blow.demand_text, ENTER, CTRL)
    assert "要求" in blow.problem.text()
    QTest.keyClicks(blow.demand_text, "close the valve")
    QTest.keyClick(blow.demand_text, ENTER, CTRL)
    await until(lambda: page.list.whistle is not None and page.list.whistle.state == WhistleState.TO_APPROVE)
    assert not page.side.is_blowing
    assert "主要负责人审签" in page.side.detail.buttons["approve"].toolTip()
    assert not page.side.detail.buttons["approve"].isEnabled()

    # the head of the town approves
    head = await real_centre.sign_in("head")
    approval = await console(head, shown)
    await until(lambda: approval.list.whistle is not None)
    assert approval.chips.button(MINE).text() == "待我处理 1"
    press(approval.side.detail.buttons["approve"])
    await until(lambda: page.list.whistle is not None and len(page.list.whistle.parties) == 2)
    assert missing_words(page.list.whistle) == "缺 2/2"

    # the utility objects, the centre refuses; the department answers with one key
    utility = await answers(await real_centre.sign_in("utility"), shown)
    await until(lambda: utility.call.party is not None)
    press(utility.call.object_button)
    box = utility.call.boxes["object"]
    QTest.keyClicks(box.inputs["reason"].widget, "not our pipe")
    QTest.keyClick(box.inputs["reason"].widget, ENTER, CTRL)
    await until(lambda: utility.call.party is not None and utility.call.party.state == PartyState.OBJECTED)
    ruling = await console(duty, shown)
    await until(lambda: ruling.list.whistle is not None and bool(ruling.side.detail.cards))
    await until(lambda: "rule_objection" in card_of(ruling, UTILITY).buttons)
    press(card_of(ruling, UTILITY).buttons["rule_objection"])
    rule = ruling.side.box
    assert rule is not None
    rule.set_value("upheld", False)
    QTest.keyClicks(rule.inputs["reason"].widget, "it is on the list")
    QTest.keyClick(rule.inputs["reason"].widget, ENTER, CTRL)
    await until(lambda: utility.call.party is not None and utility.call.party.state == PartyState.CALLED)
    assert not utility.call.object_button.isEnabled()
    assert "已经裁定过" in utility.call.object_button.toolTip()

    department = await answers(await real_centre.sign_in("department"), shown)
    for page_of in (utility, department):
        await until(lambda page_of=page_of: page_of.call.party is not None)
        await to_front(page_of)
        QTest.keyClick(page_of, Qt.Key.Key_F6)
        await until(lambda page_of=page_of: "check_in" in page_of.call.boxes)
        arrival = page_of.call.boxes["check_in"]
        assert arrival.inputs["place"].value() == "学府小区3号楼"
        assert arrival.position_tick.isChecked()
        arrival.setFocus()
        QTest.keyClick(arrival.inputs["came"].widget, ENTER, CTRL)
        await until(lambda page_of=page_of: "stand_down" in page_of.call.boxes)
        progress = page_of.call.boxes["progress"].inputs["text"].widget
        finish = page_of.call.boxes["stand_down"]
        QTest.keyClicks(finish.inputs["done"].widget, "pipe ")
        progress.setFocus()
        QTest.keyClicks(progress, "valve closed")
        QTest.keyClick(progress, ENTER, CTRL)
        fresh = page_of.call.boxes.get
        await until(
            lambda fresh=fresh, old=progress: (box := fresh("progress")) and box.inputs["text"].widget is not old
        )
        assert page_of.call.boxes["stand_down"] is finish  # with what is half typed in it
        finish.set_value("met", True)
        finish.setFocus()
        QTest.keyClicks(finish.inputs["done"].widget, "mended")
        QTest.keyClick(finish.inputs["done"].widget, ENTER, CTRL)
        await until(lambda page_of=page_of: "等吹哨单位确认" in page_of.call.waiting.text())
    assert await real_centre.root("select count(*) from cc.whistle_parties where lon = 122.41 and lat = 37.16") == 2

    await to_front(page)
    # who blew it confirms both and scores both; the speed is the measured times'
    for unit in (DEPARTMENT_1, UTILITY):
        await until(lambda unit=unit: "confirm" in card_of(page, unit).buttons)
        press(card_of(page, unit).buttons["confirm"])
        await until(lambda unit=unit: "score" in card_of(page, unit).buttons)
    for unit in (DEPARTMENT_1, UTILITY):
        press(card_of(page, unit).buttons["score"])
        score = page.side.box
        assert score is not None
        assert score.inputs["speed"].value() == 100  # answered, arrived and finished in time: 40 + 30 + 30
        score.send()
        assert "质量分" in score.problem.text()
        score.set_value("quality", 55)
        score.set_value("finished", True)
        score.send()
        await until(
            lambda score=score: "须写明理由" in score.problem.text()
        )  # under 60 it needs words, says the database
        QTest.keyClicks(score.inputs["words"].widget, "came late in the end")
        QTest.keyClick(score.inputs["words"].widget, ENTER, CTRL)
        await until(lambda: page.side.box is None)
    await until(lambda: page.list.whistle is None)
    assert await real_centre.root("select state from cc.whistles") == WhistleState.CLOSED
    assert await real_centre.root("select array_agg(speed order by unit_id) from cc.whistle_scores") == [100, 100]

    # the scored one answers, once
    await until(lambda: len(department._scored) == 1)
    await to_front(department)
    department.chips.button(1).click()
    await until(lambda: "answer_score" in department.call.boxes)
    reply = department.call.boxes["answer_score"].inputs["text"].widget
    QTest.keyClicks(reply, "the road was closed")
    QTest.keyClick(reply, ENTER, CTRL)
    await until(lambda: "回应：the road was closed" in said(department.call))
    assert "answer_score" not in department.call.boxes


async def test_others_deeds_arrive_and_half_typed_words_and_the_selection_stay(
    real_centre: RealCentre, shown: Show
) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    first = await pushed(head, await new_case(duty, "一"))
    second = await pushed(head, await new_case(duty, "二"))
    page = await console(head, shown)
    await until(lambda: len(page.list.cards.whistles) == 2)
    page.list.choose(second.id)
    page.side.begin("escalate", None)
    box = page.side.box
    assert box is not None
    QTest.keyClicks(box.inputs["reason"].widget, "half a wo")
    department = await real_centre.sign_in("department")
    party = next(each for each in second.parties if each.unit_id == DEPARTMENT_1)
    await whistles.answer(department.database(), party_id=party.id, version=party.version, key=uuid4())
    await until(lambda: card_of(page, DEPARTMENT_1).party.state == PartyState.ANSWERED)
    assert page.side.box is box
    assert box.inputs["reason"].value() == "half a wo"
    assert page.list.whistle is not None
    assert page.list.whistle.id == second.id
    await pushed(head, await new_case(duty, "三"), Level.ASSAULT)
    await until(lambda: len(page.list.cards.whistles) == 3)
    assert page.list.whistle.id == second.id
    assert page.list.currentIndex().row() == page.list.cards.row_of(second.id)
    assert page.side.box is box
    QTest.keyClick(box.inputs["reason"].widget, ENTER, CTRL)
    await until(lambda: page.list.whistle is not None and page.list.whistle.level == Level.ASSAULT)
    assert [each.level for each in page.side.detail.whistle.rounds] == [Level.JOINT, Level.ASSAULT]  # type: ignore[union-attr]
    assert first.id in [whistle.id for whistle in page.list.cards.whistles]


async def test_a_changed_whistle_is_read_again_and_the_next_try_succeeds(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    whistle = await pushed(head, await new_case(duty))
    page = await console(head, shown)
    await until(lambda: page.list.whistle is not None)
    page.side.begin("meet", None)
    box = page.side.box
    assert box is not None
    supervisor = await real_centre.sign_in("supervisor")
    await whistles.escalate(
        supervisor.database(), whistle_id=whistle.id, version=whistle.version, reason="再升一级", key=uuid4()
    )
    QTest.keyClicks(box.inputs["place"].widget, "town hall")
    head.clock = FixedClock(head.clock.now())
    moment = head.clock.now() + timedelta(hours=3)
    box.inputs["at"].widget.setDateTime(moment)  # type: ignore[attr-defined]
    box.send()
    await until(lambda: bool(box.problem.text()) and box.send_button.isEnabled())
    assert page.side.box is box
    box.send()
    await until(lambda: page.side.box is None)
    assert await real_centre.root("select meeting_place from cc.whistles") == "town hall"


async def test_without_an_item_the_centre_says_who_comes(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty = await real_centre.sign_in("duty")
    case = await new_case(duty)
    head = await real_centre.sign_in("head")
    await whistles.blow(
        head.database(), case_id=case.case_id, case_version=case.version, level=Level.KEY, matter="围墙倒塌",
        demand="来人", danger=True, danger_words="有人被压", key=uuid4(),
    )  # fmt: skip
    page = await console(duty, shown)
    await until(lambda: page.list.whistle is not None)
    assert "由市中心指定" in said(page.side.detail)
    assert page.side.detail.clock.text().startswith("指定 剩 ")
    press(page.side.detail.buttons["rule"])
    box = page.side.box
    assert box is not None
    unit = box.inputs["lead_unit_id"].widget
    unit.setCurrentIndex(unit.findText("城管局"))  # type: ignore[attr-defined]
    units = box.inputs["assist_ids"].widget
    assert isinstance(units, UnitsLine)
    for name in ("燃气公司", "住建局"):
        units.line.setText(name[:2])
        QTest.keyClick(units.line, ENTER)
    assert units.value() == (UTILITY, DEPARTMENT_1)
    QTest.keyClick(units.line, Qt.Key.Key_Backspace)
    assert units.value() == (UTILITY,)
    QTest.keyClicks(box.inputs["reason"].widget, "walls are theirs")
    QTest.keyClick(box.inputs["reason"].widget, ENTER, CTRL)
    await until(lambda: len(page.side.detail.cards) == 2)
    assert {card.party.unit_id: card.party.part for card in page.side.detail.cards} == {
        DEPARTMENT_2: "lead",
        UTILITY: "assist",
    }
    assert card_of(page, DEPARTMENT_2).party.ground == "指定"


async def test_the_clock_runs_by_itself_and_its_lamp_is_a_shape(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    whistle = await pushed(head, await new_case(duty))  # 联合哨: an hour to answer
    page = await console(duty, shown)
    await until(lambda: bool(page.side.detail.cards))
    party = next(each for each in whistle.parties if each.unit_id == UTILITY)
    for minutes, lamp, text in ((30, Lamp.NORMAL, "应哨 剩 0时29分"), (46, Lamp.SOON, "应哨 剩 0时13分")):
        now = party.answer_due_at - timedelta(minutes=60 - minutes, seconds=1)
        clock = party_clock(party, whistle.level, duty.reference, now + timedelta(seconds=2))
        assert (clock.lamp, clock.text) == (lamp, text)
    duty.clock = FixedClock(party.answer_due_at + timedelta(minutes=5))
    duty.bridge.ticked.emit(duty.clock.now())
    assert card_of(page, UTILITY).clock.text() == "应哨 超 0时5分"


async def test_who_may_not_is_told_why(real_centre: RealCentre, shown: Show) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    await pushed(head, await new_case(duty))
    page = await console(await real_centre.sign_in("analyst"), shown)
    await until(lambda: bool(page.side.detail.cards))
    assert page.blow_button.toolTip() == "您的岗位不能吹哨"
    assert not page.blow_button.isEnabled()
    assert "您的岗位（研判员）不能升级" in page.side.detail.buttons["escalate"].toolTip()
    notices: list[str] = []
    page._session.noticed.connect(lambda sentence, _: notices.append(sentence))
    QTest.keyClick(page, Qt.Key.Key_F10)
    assert notices == ["您的岗位不能吹哨"]


async def test_figures_show_their_numbers_and_a_dash_without_a_denominator(
    real_centre: RealCentre, shown: Show
) -> None:
    await with_list(real_centre)
    duty, head = await real_centre.sign_in("duty"), await real_centre.sign_in("head")
    whistle = await pushed(head, await new_case(duty))
    department = await real_centre.sign_in("department")
    party = next(each for each in whistle.parties if each.unit_id == DEPARTMENT_1)
    await whistles.answer(department.database(), party_id=party.id, version=party.version, key=uuid4())
    page = await console(duty, shown)
    page.tabs.setCurrentIndex(1)
    await until(lambda: len(page.figures.units.rows) == 2)
    row = next(row for row in page.figures.units.rows if row["unit"] == "住建局")
    assert (row["called"], row["answer"], row["arrive"]) == (1, "100.0%（1/1）", "–")
    assert (row["scored"], row["quality"], row["satisfied"]) == (0, "–", "–")
    towns = {row["town"]: (row["whistles"], row["cases"], row["rate"]) for row in page.figures.towns.rows}
    assert towns["甲镇"] == (1, 1, "100.00")
    assert towns["乙镇"][2] == "–"
