"""Pages in windows of their own: the same page, the same keys; closing gives it back, and where it stood is remembered."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.main_window import MainWindow
from ui.page_window import PageWindow
from ui.pages import PageSpec
from ui.session import Session


def line(_: Session, parent: QWidget) -> QLineEdit:
    return QLineEdit(parent)


PAGES = [
    PageSpec("desk", "值守", "desk", "Alt+1", frozenset(), "tests.ui.test_page_window:line", on_cases=True),
    PageSpec("intake", "受理", "intake", "Alt+2", frozenset(), "tests.ui.test_page_window:line"),
]


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(session, PAGES)
    qtbot.addWidget(made)
    made.show_first()
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()


def torn(window: MainWindow, page_id: str) -> PageWindow:
    return window._windows[page_id]


def test_a_page_goes_and_comes_back_as_it_was(window: MainWindow, qtbot: QtBot) -> None:
    page = window.page("desk")
    assert isinstance(page, QLineEdit)
    page.setText("halb getippt")
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    own = torn(window, "desk")
    assert page.window() is own
    assert page.isVisible()
    assert window.current_page == "intake"
    assert window.rail.buttons["intake"].isChecked()
    assert own.windowTitle().startswith("值守 — ")
    window.show_page("desk")
    qtbot.waitUntil(own.isActiveWindow)
    assert window.current_page == "intake", "it is brought to the front where it is"
    assert window.rail.buttons["intake"].isChecked()
    own.close()
    assert window._windows == {}
    window.show_page("desk")
    assert window.stack.currentWidget() is page
    assert page.text() == "halb getippt"


def test_the_last_page_stays(window: MainWindow) -> None:
    window.tear_off()
    window.tear_off()
    assert list(window._windows) == ["desk"]
    assert window.current_page == "intake"


def test_the_keys_of_the_verbs_follow_the_window_in_front(session: Session, window: MainWindow, qtbot: QtBot) -> None:
    done: list[str] = []
    window.tear_off()
    own = torn(window, "desk")
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    session.actions.trigger = done.append  # type: ignore[assignment,method-assign]
    QTest.keyClick(own, Qt.Key.Key_F4)
    assert done == ["case.note"]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    QTest.keyClick(window, Qt.Key.Key_F4)
    assert done == ["case.note"], "on 受理 the key is left to the page"


def test_a_notice_is_said_where_the_person_looks(session: Session, window: MainWindow, qtbot: QtBot) -> None:
    window.tear_off()
    own = torn(window, "desk")
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    session.noticed.emit("不行", "换个办法")
    assert own.toast.isVisible()
    assert not window.toast.isVisible()


def test_where_it_stood_is_remembered_for_the_person(window: MainWindow) -> None:
    window.tear_off()
    own = torn(window, "desk")
    own.resize(700, 500)
    own.close()
    window.show_page("desk")
    window.tear_off()
    assert (torn(window, "desk").width(), torn(window, "desk").height()) == (700, 500)


def test_closing_the_main_window_closes_them_all(window: MainWindow) -> None:
    window.tear_off()
    own = torn(window, "desk")
    window.close()
    assert not own.isVisible()
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible()] == []
