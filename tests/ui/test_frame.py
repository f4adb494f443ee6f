import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QWidget
from pytestqt.qtbot import QtBot

from commandcenter.clock import FixedClock
from commandcenter.domain.case import Role, State, Verb
from commandcenter.errors import PersonError
from commandcenter.live.desk import Health
from tests.ui.desk_county import FIRST_ID, NOW, rows, some
from tests.ui.desk_county import session as make_session
from tests.ui.nameless import nameless
from ui import tasks
from ui.actions import Action, Actions
from ui.case.actions import SPECS, action_id, ordered_verbs, why_not
from ui.dialogs.login import DemoAccount, LoginDialog, LoginRequest
from ui.dialogs.verb_form import VerbForm
from ui.main_window import MainWindow
from ui.pages import PageSpec
from ui.pages.desk import DeskPage
from ui.session import Session
from ui.theme.tokens import NIGHT, Tokens
from ui.widgets.health_badge import HealthBadge


class PlainMap(QWidget):
    """A map that only remembers what the desk asked of it."""

    case_clicked = Signal(object)
    cases_boxed = Signal(list)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.panned = False
        self.asked: list[tuple[str, object]] = []

    def start(self) -> None:
        self.asked.append(("start", None))

    def select(self, case_id: int | None, pan: bool = False) -> None:
        self.panned = pan
        self.asked.append(("select", case_id))

    def set_filter(self, slots: object) -> None:
        self.asked.append(("filter", None if slots is None else len(slots)))  # type: ignore[arg-type]

    def set_theme(self, tokens: Tokens) -> None:
        self.asked.append(("theme", tokens.look))

    def close_map(self) -> None:
        self.asked.append(("close", None))


def desk_with_plain_map(session: Session, parent: QWidget) -> DeskPage:
    return DeskPage(session, parent, PlainMap)


def plain_table(_: Session, parent: QWidget) -> QTableWidget:
    table = QTableWidget(2, 2, parent)
    table.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
    return table


SPECS_OF_PAGES = [
    PageSpec("desk", "值守", "desk", "Alt+1", frozenset(), "tests.ui.test_frame:desk_with_plain_map", on_cases=True),
    PageSpec("intake", "受理", "intake", "Alt+2", frozenset(), "no.such.page:Page", lambda c: c.states[State.NEW]),
    PageSpec("table", "表", "admin", "Alt+3", frozenset(), "tests.ui.test_frame:plain_table"),
    PageSpec("admin", "管理", "admin", "Alt+5", frozenset({Role.ADMIN}), "no.such.page:Page"),
]


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(session, SPECS_OF_PAGES)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show_first()
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: desk(made).map is not None)
    yield made
    made.close()


def desk(window: MainWindow) -> DeskPage:
    page = window.page("desk")
    assert isinstance(page, DeskPage)
    return page


def map_of(window: MainWindow) -> PlainMap:
    made = desk(window).map
    assert isinstance(made, PlainMap)
    return made


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    heavy = "('pyqtgraph', 'PySide6.QtWebEngineCore', 'PySide6.QtWebEngineWidgets', 'folium', 'openpyxl', 'shapely')"
    code = f"import sys, ui.app, ui.pages.desk; print([name for name in {heavy} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_one_selection_for_map_queue_and_panel(session: Session, window: MainWindow) -> None:
    page = desk(window)
    page.queue.view.setCurrentIndex(page.queue.model.index(4))
    chosen = page.queue.model.id_at(4)
    assert session.selection.case_id == chosen
    assert map_of(window).asked[-1] == ("select", chosen)
    assert page.panel.currentIndex() == 1
    other = page.queue.model.id_at(9)
    map_of(window).case_clicked.emit(other)
    assert page.queue.view.currentIndex().row() == 9
    title = session.mirror.texts["title"][session.mirror.slot_of(other)]  # type: ignore[arg-type,index]
    assert page.panel.head._title.text() == title


def test_a_box_on_the_map_becomes_the_queue(window: MainWindow, qtbot: QtBot) -> None:
    page = desk(window)
    ids = page.queue.model.ids[:7].tolist()
    map_of(window).cases_boxed.emit(ids)
    assert page.queue.model.ids.tolist() == ids
    qtbot.waitUntil(lambda: ("filter", 7) in map_of(window).asked)
    page.queue.filters.boxed.click()
    assert page.queue.model.rowCount() == 300


def test_an_empty_panel_says_what_to_do(session: Session, window: MainWindow) -> None:
    session.selection.select(None)
    assert desk(window).panel.currentIndex() == 0
    assert "未选择工单" in desk(window).panel.calm.accessibleName()


def test_a_page_that_cannot_be_made_leaves_the_others_alone(window: MainWindow, expect_log: object) -> None:
    expect_log("page intake cannot be made")  # type: ignore[operator]
    window.show_page("intake")
    assert window.stack.currentWidget() is window.page("intake")
    window.show_page("desk")
    assert window.stack.currentWidget() is desk(window)


def test_pages_of_other_roles_are_not_there(window: MainWindow) -> None:
    assert list(window.rail.buttons) == ["desk", "intake", "table"]
    assert "page.admin" not in window._session.actions
    window.show_page("admin")
    assert window.stack.currentWidget() is desk(window)
    assert window.toast.isVisible()


def test_the_rail_counts_what_waits(session: Session, window: MainWindow) -> None:
    waiting = session.bridge.counts.states[State.NEW]
    assert str(waiting) in window.rail.buttons["intake"].accessibleName()
    session.mirror.apply(some(rows(1, first=FIRST_ID + 1000), [0], state=State.NEW))
    session.bridge.recount()
    assert str(waiting + 1) in window.rail.buttons["intake"].accessibleName()


def test_everything_that_takes_the_focus_has_a_name(session: Session, window: MainWindow) -> None:
    session.selection.select(FIRST_ID)
    assert nameless(window) == []


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_comes_by_everything_that_takes_the_keyboard(window: MainWindow, qtbot: QtBot, key: Qt.Key) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    desk(window).setFocus()
    found = set()
    while (held := window.focusWidget()) not in found:
        assert held is not None
        found.add(held)
        QTest.keyClick(held, key)
    every = {  # of buttons that exclude one another Qt leaves one in the chain, and the arrows go on
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.window() is window
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    }  # fmt: skip
    assert {desk(window).queue.view, window.top.search} < every
    assert every & set(window.rail.buttons.values())
    assert found == every


def test_ctrl_k_finds_a_case_by_its_number_and_a_command_by_its_name(session: Session, window: MainWindow) -> None:
    session.actions.trigger("palette")
    palette = window.palette_window
    number = session.mirror.texts["number"][42]
    palette.box.setText(number)
    palette.search()
    assert [hit.hint.split(" · ")[0] for hit in palette.hits] == [number]
    QTest.keyClick(palette.box, Qt.Key.Key_Return)
    assert session.selection.case_id == session.mirror.id[42]
    assert not palette.isVisible()
    session.actions.trigger("palette")
    palette.box.setText("夜间")
    palette.search()
    QTest.keyClick(palette.box, Qt.Key.Key_Return)
    assert session.tokens is NIGHT
    assert ("theme", "night") in map_of(window).asked


def test_the_keys_of_the_verbs_work_only_where_the_cases_are(
    session: Session, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(session.actions, "trigger", done.append)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_page("table")
    table = window.page("table")
    assert isinstance(table, QTableWidget)
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_F2)
    assert done == []
    assert table.state() is QAbstractItemView.State.EditingState
    window.show_page("desk")
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert done == ["case.take_next", "case.note"]


def test_a_unit_of_the_palette_filters_the_queue_and_a_person_is_told(session: Session, window: MainWindow) -> None:
    palette = window.palette_window
    palette.box.setText("公安")
    palette.search()
    window.show_page("table")
    next(hit for hit in palette.hits if hit.text == "荣成市公安局").go()
    page = desk(window)
    assert window.stack.currentWidget() is page
    assert set(session.mirror.unit[page.queue.model.slots].tolist()) == {14}
    assert page.queue.filters.unit.text() == "公安局 ✕"
    page.queue.filters.unit.click()
    assert page.queue.model.rowCount() == 300
    assert page.queue.filters.unit.isHidden()
    palette.box.setText("李文")
    palette.search()
    [person] = [hit for hit in palette.hits if hit.text == "李文"]
    assert person.hint == "值班员 · 荣成市社会治理服务中心"


def test_a_town_of_the_palette_filters_the_queue(session: Session, window: MainWindow) -> None:
    palette = window.palette_window
    palette.box.setText("成山")
    palette.search()
    next(hit for hit in palette.hits if hit.text == "成山镇").go()
    page = desk(window)
    assert set(session.mirror.town[page.queue.model.slots].tolist()) == {4}
    assert page.queue.filters.town.text() == "成山镇"


@pytest.mark.usefixtures("window")
def test_buttons_follow_the_law_and_say_why_not(session: Session) -> None:
    session.db = object()
    slot = int((session.mirror.state == State.TO_ACCEPT).nonzero()[0][0])
    case_id = int(session.mirror.id[slot])
    assert why_not(session, case_id, Verb.REASSIGN) == ""
    assert "岗位" in why_not(session, case_id, Verb.ACCEPT)
    assert "待签收" in why_not(session, case_id, Verb.ARCHIVE)
    assert why_not(session, None, Verb.NOTE)
    assert ordered_verbs(session, case_id)[0] is Verb.REASSIGN
    session.db = None
    assert "未连接" in why_not(session, case_id, Verb.REASSIGN)
    session.selection.select(case_id)
    assert not session.actions.trigger(action_id(Verb.ARCHIVE))


async def test_a_form_keeps_what_was_typed_and_says_what_went_wrong(session: Session, qtbot: QtBot) -> None:
    form = VerbForm(session, FIRST_ID, Verb.REASSIGN, None)
    qtbot.addWidget(form)
    form.send()
    assert "改派单位" in form.problem.text()
    box = form.inputs["unit_id"].widget
    box.setCurrentIndex(2)  # type: ignore[attr-defined]
    form.inputs["reason"].widget.setPlainText("职责不符")  # type: ignore[attr-defined]
    assert form.missing() == []
    key = form._key
    form.send()
    await asyncio.wait(tasks._running)
    assert "未连接" in form.problem.text()
    assert form.inputs["reason"].value() == "职责不符"
    assert form._key == key


@pytest.mark.parametrize("verb", [verb for verb, spec in SPECS.items() if spec.fields])
def test_every_form_asks_for_exactly_what_the_service_takes(verb: Verb, session: Session, qtbot: QtBot) -> None:
    import inspect

    from commandcenter.services import cases

    form = VerbForm(session, FIRST_ID, verb, None)
    qtbot.addWidget(form)
    taken = inspect.signature(getattr(cases, SPECS[verb].function)).parameters
    by_the_page = {"db", "case_id", "version", "key", "proposed_category_id"}  # the last: a form suggests nothing
    assert set(form.inputs) == set(taken) - by_the_page
    required = {name for name, parameter in taken.items() if parameter.default is inspect.Parameter.empty}
    assert {field.name for field in SPECS[verb].fields if field.optional}.isdisjoint(required)


async def test_errors_for_people_become_notices_and_bugs_are_logged(session: Session, expect_log: object) -> None:
    expect_log("task oops failed")  # type: ignore[operator]
    notices: list[tuple[str, str]] = []
    bugs: list[str] = []
    session.noticed.connect(lambda sentence, advice: notices.append((sentence, advice)))
    session.broke.connect(bugs.append)

    async def refuse() -> None:
        raise PersonError("不行", "换个办法")

    async def oops() -> None:
        raise ValueError

    await asyncio.wait([session.spawn(refuse()), session.spawn(oops(), "oops")])
    await asyncio.sleep(0)
    assert notices == [("不行", "换个办法")]
    assert bugs == ["ValueError"]


def test_health_is_said_in_words(session: Session, qtbot: QtBot) -> None:
    assert isinstance(session.clock, FixedClock)
    badge = HealthBadge(session)
    qtbot.addWidget(badge)
    assert "未连接" in badge.text()
    session._on_health(Health("live", NOW, 0.2))
    assert badge.text() == "● 数据截至 14:03:22 · 延迟 0.2 s"
    session.clock.advance(timedelta(seconds=10))
    session.bridge.tick()
    assert badge.property("role") == "warn"
    session._on_health(Health("away", NOW, 0.2))
    assert badge.property("role") == "bad"
    assert "中断" in badge.text()


@pytest.mark.usefixtures("qapp")
def test_a_command_of_another_role_does_not_exist() -> None:
    done: list[str] = []
    actions = Actions(Role.CALLER)
    actions.add(Action("a", "甲", lambda: done.append("a"), roles=frozenset({Role.ADMIN})))
    actions.add(Action("b", "乙", lambda: done.append("b"), why_not=lambda: "现在不行"))
    actions.add(Action("c", "丙", lambda: done.append("c")))
    assert "a" not in actions
    assert [action.id for action in actions] == ["b", "c"]
    assert not actions.trigger("b")
    assert actions.trigger("c")
    assert done == ["c"]
    with pytest.raises(ValueError, match="c"):
        actions.add(Action("c", "丙", lambda: None))


def test_login_offers_demo_accounts_as_such(qtbot: QtBot) -> None:
    dialog = LoginDialog("中心", "db.example:5432", demo=[DemoAccount("yuxiao", "demo", "于晓", "值班员")])
    qtbot.addWidget(dialog)
    asked: list[LoginRequest] = []
    dialog.asked.connect(asked.append)
    dialog.sign_in.click()
    assert "登录名" in dialog.problem.text()
    dialog.accounts.setCurrentRow(0)
    dialog.accounts.itemActivated.emit(dialog.accounts.item(0))
    assert asked == [LoginRequest("db.example:5432", "yuxiao", "demo")]
    assert not dialog.sign_in.isEnabled()
    dialog.refuse("密码不对")
    assert dialog.sign_in.isEnabled()
    assert "demo" not in repr(asked[0])


def test_demo_accounts_are_found_by_any_of_their_words(qtbot: QtBot) -> None:
    accounts = [
        DemoAccount(
            f"demo_{number:02}", "demo", f"某{number}", ("值班员", "承办人")[number % 2], f"第{number}局很长的单位名称"
        )
        for number in range(30)
    ]
    dialog = LoginDialog("中心", demo=accounts)
    qtbot.addWidget(dialog)
    asked: list[LoginRequest] = []
    dialog.asked.connect(asked.append)
    with qtbot.waitExposed(dialog):
        dialog.show()
    rows = dialog.accounts
    assert not rows.horizontalScrollBar().isVisible()
    assert rows.viewport().height() // rows.sizeHintForRow(0) >= 8
    QTest.keyClicks(dialog.found.box, "_17")
    assert [row for row in range(30) if not rows.item(row).isHidden()] == [17]
    QTest.keyClick(dialog.found.box, Qt.Key.Key_Return)
    assert asked == [LoginRequest("", "demo_17", "demo")]


@pytest.mark.usefixtures("qapp")
def test_a_role_sees_its_own_commands() -> None:
    session = make_session(10, Role.RESPONDER)
    slot = int((session.mirror.state == State.WORKING).nonzero()[0][0])
    session.db = object()
    assert ordered_verbs(session, int(session.mirror.id[slot]))[0] is Verb.FINISH
    session.close()
