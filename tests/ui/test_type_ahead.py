"""The line that finds one of many: what the keys take."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.type_ahead import TypeAhead


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Return])
def test_tab_and_enter_take_the_first_that_fits(qtbot: QtBot, key: Qt.Key) -> None:
    room = QWidget()
    column = QVBoxLayout(room)
    line, after = TypeAhead(lambda: [("Chengshan", 1), ("Buliu", 2)], room), QLineEdit(room)
    column.addWidget(line)
    column.addWidget(after)
    qtbot.addWidget(room)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    line.setFocus()
    QTest.keyClicks(line, "sha")
    QTest.keyClick(line.completer().popup(), key)
    assert (line.text(), line.value()) == ("Chengshan", 1)
    assert room.focusWidget() is (after if key == Qt.Key.Key_Tab else line)
