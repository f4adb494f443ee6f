"""模板: blocks of text for what is said again and again, chosen by number or by typing a part of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from commandcenter.services.answers import Template

_MOST = 9
_ROW = 46


_BLANK = re.compile(r"【[^【】]*】")


def select_blank(text: QPlainTextEdit, start: int) -> bool:
    """Select the first 【…】 from a place on, from the beginning where none follows; what is typed next takes its place."""
    words = text.toPlainText()
    found = _BLANK.search(words, start) or _BLANK.search(words)
    if found is None:
        return False
    # Qt counts as UTF-16 does
    before, blank = (len(part.encode("utf-16-le")) // 2 for part in (words[: found.start()], found[0]))
    cursor = text.textCursor()
    cursor.setPosition(before)
    cursor.setPosition(before + blank, QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    return True


class TemplatePopup(QFrame):
    """Comes up over the text it serves and goes with Esc; digits choose while nothing is typed. ``chosen(Template)``."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("surface", "card")
        self.setAccessibleName(self.tr("模板"))
        self._all: tuple[Template, ...] = ()
        self.shown: list[Template] = []
        self._target: QPlainTextEdit | None = None
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("按序号选，或输入几个字查找"))
        self.box.installEventFilter(self)
        self.box.textChanged.connect(self._list)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._take_current)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.box)
        column.addWidget(self.list)

    def open_over(self, target: QPlainTextEdit, templates: Sequence[Template]) -> None:
        """Offer these for a text."""
        self._target = target
        self._all = tuple(templates)
        self.box.clear()
        self._list()
        self.resize(max(420, min(560, target.width())), 92 + _ROW * min(_MOST, max(1, len(self._all))))
        self.move(target.mapToGlobal(target.rect().topLeft()))
        self.show()
        self.box.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The box keeps the keyboard; arrows, digits and Enter work on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_current()
                return True
            digit = event.key() - Qt.Key.Key_1
            if not self.box.text() and 0 <= digit < min(_MOST, len(self.shown)):
                self._take(digit)
                return True
        return super().eventFilter(watched, event)

    def _list(self) -> None:
        part = self.box.text().strip()
        self.shown = [each for each in self._all if part in each.name or part in each.words]
        self.list.clear()
        for number, each in enumerate(self.shown, 1):
            digit = f"{number}  " if number <= _MOST and not part else ""
            first = each.words.replace("\n", " ")
            item = QListWidgetItem(f"{digit}{each.name}\n{first[:60]}{'…' if len(first) > 60 else ''}", self.list)
            item.setToolTip(each.words)
        if not self.shown:
            none = self.tr("没有这样的模板") if self._all else self.tr("还没有模板，管理员可在 管理 → 常见问题 里添加")
            QListWidgetItem(none, self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)

    def _take_current(self) -> None:
        if 0 <= self.list.currentRow() < len(self.shown):
            self._take(self.list.currentRow())

    def _take(self, at: int) -> None:
        template, target = self.shown[at], self._target
        self.hide()
        if target is not None:
            start = target.textCursor().selectionStart()
            target.insertPlainText(template.words)
            target.setFocus()
            select_blank(target, start)
        self.chosen.emit(template)
