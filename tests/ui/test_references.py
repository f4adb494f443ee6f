"""Some PySide6 builds lose a reference to True at every signal and to None at every call: after seconds Python aborts."""

import sys

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

TIMES = 20_000
SLACK = 2_000
"""Other code comes and goes between the two counts; a lost reference a call would be ten times that."""


class Teller(QObject):
    told = Signal(bool)


def steady(before: int, after: int) -> bool:
    immortal = 1 << 30  # from Python 3.12 on, True and None are not counted at all
    return before >= immortal or abs(after - before) < SLACK


def test_signals_and_calls_keep_their_references(qtbot: QtBot) -> None:
    teller = Teller()
    heard = 0

    def hear(value: bool) -> None:
        nonlocal heard
        heard += value

    teller.told.connect(hear)
    widget = QWidget()
    qtbot.addWidget(widget)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    before_true, before_none = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(TIMES):
        teller.told.emit(True)
        widget.update()
        widget.setToolTip("")
        painter.fillRect(QRect(0, 0, 2, 2), QColor("red"))
    after_true, after_none = sys.getrefcount(True), sys.getrefcount(None)
    painter.end()
    assert heard == TIMES
    assert steady(before_true, after_true)
    assert steady(before_none, after_none)
