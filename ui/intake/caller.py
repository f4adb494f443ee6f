"""What is known of the number on the line, in one sentence below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QWidget

from commandcenter.clock import SHANGHAI
from ui.widgets import words

if TYPE_CHECKING:
    from commandcenter.services.callers import Caller


_TITLE = 10
"""Characters of the latest case's title: one line, however narrow the window."""


class CallerLine(QLabel):
    """Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "warn")
        self.setWordWrap(True)
        self.hide()

    def show_caller(self, caller: Caller | None) -> None:
        """Say how often the number called; None, or a number that never called, says nothing."""
        self.setText(caller_words(caller) if caller is not None and caller.calls else "")
        self.setVisible(bool(self.text()))


def caller_words(caller: Caller) -> str:
    """此号码 30 天内来电 3 次，未结 1 件；最近 11-20 路灯不亮（办理中）."""
    said = _tr("此号码 %s 天内来电 %s 次") % (caller.days, caller.calls)
    if caller.open:
        said += _tr("，未结 %s 件") % caller.open
    if caller.last_at is not None and caller.state is not None:
        day = caller.last_at.astimezone(SHANGHAI).strftime("%m-%d")
        title = caller.title if len(caller.title) <= _TITLE else caller.title[: _TITLE - 1] + "…"
        said += _tr("；最近 %s %s（%s）") % (day, title, words.state_word(caller.state))
    return said


def _tr(text: str) -> str:
    return QCoreApplication.translate("caller_line", text)
