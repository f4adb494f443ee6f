"""The bell and what is under it: read, opened, acknowledged and shelved by the keyboard; told by sound once."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from commandcenter.clock import FixedClock
from commandcenter.domain.alarm import Kind, Standing
from commandcenter.domain.case import Role, State
from commandcenter.domain.moment import NEVER, micros
from tests.db.county import DEPARTMENT_1, UNIT_A
from tests.ui import desk_county
from tests.ui.desk_county import FIRST_ID, NOW, rows, some
from tests.ui.nameless import nameless
from tests.ui.real_desk import RealCentre, Show, until
from ui.alarm.sound import BEEPS, AlarmSound
from ui.main_window import MainWindow
from ui.pages import PageSpec
from ui.session import Session


def plain_page(_: Session, parent: QWidget) -> QLineEdit:
    return QLineEdit(parent)


PAGES = [
    PageSpec("desk", "值守", "desk", "Alt+1", frozenset(), "tests.ui.test_alarm_panel:plain_page"),
    PageSpec("case", "工单", "case", "Alt+3", frozenset(), "tests.ui.test_alarm_panel:plain_page"),
    PageSpec(
        "whistles",
        "吹哨",
        "whistle",
        "Alt+4",
        frozenset(),
        "tests.ui.test_alarm_panel:plain_page",
        work=lambda waiting: waiting.whistles,
    ),
    PageSpec(
        "answer",
        "应哨",
        "answer",
        "Alt+5",
        frozenset({Role.RESPONDER}),
        "tests.ui.test_alarm_panel:plain_page",
        work=lambda waiting: waiting.parties,
    ),
]


def late(session: Session, count: int, first: int = FIRST_ID + 50_000, seconds: int = 60) -> None:
    """So many red cases more that are being worked on and overdue."""
    due = micros(NOW) - seconds * 1_000_000
    new = some(
        rows(count, first=first), list(range(count)), grade=0, state=State.WORKING, due_at=due, paused_at=NEVER, unit=14
    )
    session.mirror.apply(new)


@pytest.fixture
def quiet(qapp: object) -> Iterator[Session]:  # noqa: ARG001 - signals need an application
    """A session without any case."""
    made = desk_county.session(0)
    yield made
    made.close()


@pytest.fixture
def window(quiet: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(quiet, PAGES)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show_first()
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    quiet.bridge.tick()
    yield made
    made.close()


def test_the_bell_counts_what_waits_and_f12_opens_the_list(quiet: Session, window: MainWindow) -> None:
    panel = window.alarm_panel
    assert window.top.alarms.text() == "告警 0"
    late(quiet, 3)
    quiet.bridge.tick()
    assert window.top.alarms.text() == "告警 3"
    assert window.top.alarms.accessibleName() == "3 个告警"
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert panel.isVisible()
    assert panel.list.hasFocus()
    assert [line.first.kind for line in panel.list.lines] == [Kind.OVERDUE] * 3
    spoken = panel.list.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("紧急，超期，")
    assert "公安局" in spoken
    QTest.keyClick(panel.list, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    page = window.page("desk")
    assert page is not None
    assert page.hasFocus(), "the keyboard is back where it was"


def test_enter_opens_the_case(quiet: Session, window: MainWindow) -> None:
    late(quiet, 1)
    quiet.bridge.tick()
    window.alarm_panel.toggle()
    QTest.keyClick(window.alarm_panel.list, Qt.Key.Key_Return)
    assert quiet.selection.case_id == FIRST_ID + 50_000
    assert window.stack.currentWidget() is window.page("case")
    assert not window.alarm_panel.isVisible()


def test_nothing_is_said_in_words(window: MainWindow) -> None:
    window.alarm_panel.toggle()
    assert window.alarm_panel.empty.isVisible()
    assert "没有告警" in window.alarm_panel.empty.text()
    assert "近 10 分钟新增 0 条" in window.alarm_panel.rate.text()


def test_a_flood_is_one_line_a_kind_that_opens(quiet: Session, window: MainWindow) -> None:
    panel = window.alarm_panel
    late(quiet, 11)
    quiet.bridge.tick()
    panel.toggle()
    assert quiet.work.flood == 10
    assert panel.flood.isVisible()
    [line] = panel.list.lines
    assert len(line.alarms) == 11
    QTest.keyClick(panel.list, Qt.Key.Key_A)
    assert "展开" in panel.said.text()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert len(panel.list.lines) == 12
    assert panel.isVisible()
    assert isinstance(quiet.clock, FixedClock)
    quiet.clock.advance(timedelta(minutes=11))
    quiet.bridge.tick()
    assert not panel.flood.isVisible()
    assert len(panel.list.lines) == 11


def test_the_keyboard_stays_on_its_alarm_when_others_come(quiet: Session, window: MainWindow) -> None:
    late(quiet, 2, seconds=600)
    quiet.bridge.tick()
    panel = window.alarm_panel
    panel.toggle()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    before = panel.list.current
    late(quiet, 1, first=FIRST_ID + 60_000, seconds=5)
    quiet.bridge.tick()
    assert len(panel.list.lines) == 3
    assert before is not None
    assert panel.list.current is not None
    assert panel.list.current.first == before.first


def test_shelving_needs_a_reason_and_says_what_the_database_said(quiet: Session, window: MainWindow) -> None:
    late(quiet, 1)
    quiet.bridge.tick()
    panel = window.alarm_panel
    panel.toggle()
    QTest.keyClick(panel.list, Qt.Key.Key_S)
    assert panel.shelf.reason.hasFocus()
    panel.shelf.buttons[60].click()
    assert "为什么" in panel.said.text()
    QTest.keyClick(panel.shelf.reason, Qt.Key.Key_Escape)
    assert not panel.shelf.isVisible()
    assert panel.isVisible()
    assert panel.list.hasFocus()


def test_it_closes_though_what_had_the_keyboard_is_gone(window: MainWindow) -> None:
    """A card that is drawn anew takes its buttons along."""
    before = QLineEdit(window.centralWidget())
    before.show()
    before.setFocus()
    window.alarm_panel.toggle()
    delete(before)
    window.alarm_panel.toggle()
    assert not window.alarm_panel.isVisible()


def test_everything_that_takes_the_focus_has_a_name(quiet: Session, window: MainWindow) -> None:
    late(quiet, 2)
    quiet.bridge.tick()
    window.alarm_panel.toggle()
    window.alarm_panel.begin_shelving()
    assert nameless(window.alarm_panel) == []


def test_a_sound_for_what_is_new_and_never_two_at_a_time(quiet: Session, qtbot: QtBot) -> None:
    beeps: list[int] = []
    quiet.alarms.sound.beep = lambda: beeps.append(1)
    quiet.bridge.tick()
    late(quiet, 5)
    quiet.bridge.tick()
    late(quiet, 1, first=FIRST_ID + 60_000)
    quiet.bridge.tick()
    qtbot.waitUntil(lambda: not quiet.alarms.sound._timer.isActive())
    assert len(beeps) == BEEPS[Kind.OVERDUE], "the second came while the first sounded"
    quiet.bridge.tick()
    assert len(beeps) == BEEPS[Kind.OVERDUE]
    quiet.alarms.mute(muted=True)
    late(quiet, 1, first=FIRST_ID + 70_000)
    quiet.bridge.tick()
    assert len(beeps) == BEEPS[Kind.OVERDUE]
    again = Session(mirror=quiet.mirror, reference=quiet.reference, clock=quiet.clock)
    assert again.alarms.muted, "remembered for the person"
    again.close()


def test_kinds_of_things_sound_differently(qtbot: QtBot) -> None:
    assert len({BEEPS[kind] for kind in (Kind.OVERDUE, Kind.UNANSWERED, Kind.UNREPLIED)}) == 3
    assert set(BEEPS) == set(Kind)
    beeps: list[int] = []
    sound = AlarmSound()
    sound.beep = lambda: beeps.append(1)
    sound.play(Kind.UNREPLIED)
    qtbot.waitUntil(lambda: not sound._timer.isActive())
    assert len(beeps) == 1


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMIN, Role.FOLLOWUP])
def test_who_answers_no_alarms_has_no_bell(role: Role) -> None:
    session = desk_county.session(300, role)
    window = MainWindow(session, PAGES)
    session.bridge.tick()
    assert window.top.alarms.isHidden()
    assert "alarms" not in session.actions
    assert session.alarms.found == []
    window.close()
    window.deleteLater()
    session.close()


RED_LATE = (
    "insert into cc.cases (id, number, state, grade, flags, kind, channel_id, title, place, path, town_id, area_id, unit_id, "
    "received_at, dispatched_at, accept_due_at, soon_at, due_at, changed_at, verb, actor, detail, holder, returns, redos, "
    "reports) "
    "values (cc.new_id(), 'RC1', 3, 0, 0, '投诉', 1, '停暖', '', '01.01.', 11, 11, $1, now() - interval '2 days', "
    "now() - interval '2 days', "
    "now() - interval '1 day', now() - interval '1 day', now() - interval '1 hour', now(), 'load', 'x', '{}', '', 0, 0, 1) "
    "returning id"
)


async def open_panel(session: Session, show: Show) -> MainWindow:
    window = MainWindow(session, PAGES)
    await show(window)
    window.show_first()
    await until(lambda: session.alarms._ready)
    session.bridge.tick()
    window.alarm_panel.toggle()
    return window


async def a_late_case(centre: RealCentre) -> int:
    await centre.root("alter table cc.cases disable trigger user")
    made = int(str(await centre.root(RED_LATE, UNIT_A)))
    await centre.root("alter table cc.cases enable trigger user")
    return made


async def test_acknowledged_by_name_and_known_to_the_colleague(real_centre: RealCentre, shown: Show) -> None:
    case = await a_late_case(real_centre)
    session = await real_centre.sign_in("duty")
    window = await open_panel(session, shown)
    panel = window.alarm_panel
    assert [line.first.thing for line in panel.list.lines] == [case]
    colleague = await real_centre.sign_in("duty2")
    colleague.work.start()
    await until(lambda: colleague.alarms.waiting == 1)
    QTest.keyClick(panel.list, Qt.Key.Key_A)
    await until(lambda: session.alarms.waiting == 0)
    await until(lambda: colleague.alarms.waiting == 0)
    assert panel.list.lines == []
    panel.handled.setChecked(True)
    [line] = panel.list.lines
    assert line.standing is Standing.ACKNOWLEDGED
    said = panel.list.model().index(0, 0).data()
    assert "人员duty " in said
    assert "确认" in said
    town = await real_centre.sign_in("responder")
    town.work.start()
    await until(lambda: town.alarms.waiting == 1)


async def test_shelved_for_a_time_with_a_reason(real_centre: RealCentre, shown: Show) -> None:
    await a_late_case(real_centre)
    session = await real_centre.sign_in("duty")
    window = await open_panel(session, shown)
    panel = window.alarm_panel
    QTest.keyClick(panel.list, Qt.Key.Key_S)
    assert panel.shelf.reason.hasFocus()
    panel.shelf.reason.setText("抢修队在路上")
    panel.shelf.buttons[240].click()
    await until(lambda: session.alarms.waiting == 0)
    await until(lambda: not panel.shelf.isVisible())
    panel.handled.setChecked(True)
    assert "抢修队在路上" in panel.list.model().index(0, 0).data()
    assert await real_centre.root("select reason from cc.alarm_marks") == "抢修队在路上"


async def test_the_rail_counts_whistles_that_wait_for_me(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    window = MainWindow(session, PAGES)
    await shown(window)
    await until(lambda: session.alarms._ready)
    assert "待办" not in window.rail.buttons["whistles"].accessibleName()
    case = await a_late_case(real_centre)
    await real_centre.root("alter table cc.whistles disable trigger user")
    await real_centre.root(
        "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, matter, demand, "
        "blown_at, changed_at, verb, actor, rule_due_at) values ('S', $1, '01.01.', 2, 1, 'x', 111, 111, '无人认领', 'x', now(), "
        "now(), 'blow', 'x', now() - interval '5 minutes')",
        case,
    )
    await real_centre.root(
        "insert into cc.journal (at, actor, entity, entity_id, case_id, verb, paths, row_hash) "
        "values (now(), 'x', 'whistle', 1, $1, 'blow', '{01.01.}', '')",
        case,
    )
    await until(lambda: "1 件待办" in window.rail.buttons["whistles"].accessibleName())
    await until(lambda: any(alarm.kind is Kind.UNRULED for alarm in session.alarms.found))
    window.alarm_panel.toggle()
    window.alarm_panel.refresh()
    assert any("无人认领" in window.alarm_panel.list.model().index(row, 0).data() for row in range(2))


def test_the_panel_fits_the_smallest_window(quiet: Session, window: MainWindow) -> None:
    late(quiet, 3)
    quiet.bridge.tick()
    window.resize(1180, 680)
    panel = window.alarm_panel
    panel.toggle()
    room = panel.parentWidget().rect()
    assert room.contains(panel.geometry())


async def test_a_called_unit_is_told_and_enter_opens_its_answer(real_centre: RealCentre, shown: Show) -> None:
    case = await a_late_case(real_centre)
    for table in ("whistles", "whistle_parties"):
        await real_centre.root(f"alter table cc.{table} disable trigger user")
    await real_centre.root("insert into cc.case_scope (case_id, path, reason) values ($1, '01.901.', 'whistle')", case)
    whistle = await real_centre.root(
        "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, matter, "
        "demand, danger, blown_at, changed_at, verb, actor) values ('S1', $1, '01.01.', 3, 1, 'x', 111, 111, '管网漏水', 'x', "
        "true, now(), now(), 'approve', 'x') returning id",
        case,
    )
    await real_centre.root(
        "insert into cc.whistle_parties (whistle_id, case_id, unit_id, part, ground, state, called_at, answer_due_at, "
        "arrive_due_at, finish_due_at, changed_at, verb, actor) select $1, $2, $3, 'lead', '法定', 0, t - interval '1 hour', "
        "t - interval '5 minutes', t, t, t, 'call', 'x' from now() t",
        whistle,
        case,
        DEPARTMENT_1,
    )
    session = await real_centre.sign_in("department")
    window = await open_panel(session, shown)
    assert "1 件待办" in window.rail.buttons["answer"].accessibleName()
    [line] = window.alarm_panel.list.lines
    assert (line.first.kind, line.first.unit_id) == (Kind.UNANSWERED, DEPARTMENT_1)
    said = window.alarm_panel.list.model().index(0, 0).data()
    assert said.startswith("紧急，未应哨，管网漏水，S1 · 住建局 · 有危险")
    QTest.keyClick(window.alarm_panel.list, Qt.Key.Key_A)
    await until(lambda: session.alarms.waiting == 0)
    window.alarm_panel.handled.setChecked(True)
    QTest.keyClick(window.alarm_panel.list, Qt.Key.Key_Return)
    assert window.current_page == "answer"
