"""The alarms of the desk, under the bell: not modal; read, opened, acknowledged and shelved by the keyboard."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from commandcenter.domain.alarm import TOLERABLE, Alarm, Kind, Line, Standing
from commandcenter.errors import PersonError
from ui.alarm.list import ROW, AlarmList
from ui.alarm.shelf import AlarmShelf
from ui.alarm.words import kind_word
from ui.widgets.role import set_role

if TYPE_CHECKING:
    from ui.session import Session
    from ui.theme.tokens import Tokens

WIDTH, MARGIN = 560, 12


class AlarmPanel(QWidget):
    """Laid over its parent at the top right. F12 and the bell open and close it, Esc closes it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._room = parent
        self._opened: frozenset[Kind] = frozenset()
        self._came_from: QWidget | None = None
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("告警"))
        self.head = QLabel(self)
        self.head.setProperty("role", "heading")
        self.rate = QLabel(self)
        self.rate.setProperty("role", "quiet")
        self.rate.setWordWrap(True)
        self.flood = QLabel(self)
        self.flood.setProperty("role", "warn")
        self.flood.setWordWrap(True)
        self.empty = QLabel(self.tr("没有告警。红、橙级工单和吹哨、三单都在时限之内，或已有人处理。"), self)
        self.empty.setProperty("role", "quiet")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.list = AlarmList(session, self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.handled = QCheckBox(self.tr("显示已确认和搁置的"), self)
        self.mute = QCheckBox(self.tr("静音"), self)
        self.mute.setChecked(session.alarms.muted)
        self.open_button = self._button(self.tr("打开 Enter"), self.open)
        self.acknowledge_button = self._button(self.tr("确认 A"), self.acknowledge)
        self.shelve_button = self._button(self.tr("搁置 S"), self.begin_shelving)
        self.shelf = AlarmShelf(self)
        self._arrange()
        self.list.entered.connect(self._on_entered)
        self.list.pressed_key.connect(self._on_key)
        self.list.selectionModel().currentChanged.connect(self._show_buttons)
        self.handled.toggled.connect(self.refresh)
        self.mute.toggled.connect(lambda muted: session.alarms.mute(muted=muted))
        self.shelf.wanted.connect(self._shelve)
        self.shelf.refused.connect(lambda sentence: self._say(sentence, bad=True))
        session.alarms.changed.connect(self._on_changed)
        session.bridge.ticked.connect(self._on_changed)
        self.set_tokens(session.tokens)
        self.hide()

    def toggle(self) -> None:
        """Open with the keyboard in the list, or close and give the keyboard back."""
        if self.isVisible():
            self.close_panel()
            return
        self._came_from = QApplication.focusWidget()
        self.said.hide()
        self.shelf.hide()
        self.place()
        self.show()
        self.raise_()
        self.refresh()
        (self.list if self.list.lines else self.handled).setFocus()

    def close_panel(self) -> None:
        """Go, and give the keyboard back."""
        self.hide()
        if self._came_from is not None and isValid(self._came_from) and self._came_from.isVisible():
            self._came_from.setFocus()
        self._came_from = None

    def place(self) -> None:
        """Stand at the right under the top line, as high as there is room."""
        room = self._room.rect()
        width = min(WIDTH, room.width() - 2 * MARGIN)
        rows = max(2, len(self.list.lines))
        height = min(260 + rows * ROW, 720, room.height() - 52 - 2 * MARGIN)
        self.setGeometry(room.right() - width - MARGIN, 52 + MARGIN // 2, width, height)

    def refresh(self) -> None:
        """Show what stands now."""
        alarms = self._session.alarms
        lines = alarms.lines(self._opened, with_handled=self.handled.isChecked())
        self.list.show_lines(lines)
        if self.list.current is None and lines:
            self.list.setCurrentIndex(self.list.model().index(0, 0))
        self.list.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.head.setText(self.tr("告警 %d") % alarms.waiting)
        rate = alarms.rate
        self.rate.setText(
            self.tr("近 10 分钟新增 %d 条；近 1 小时平均每 10 分钟 %s 条（每席宜不超过 %g 条）")
            % (rate.new, f"{rate.usual:.1f}", TOLERABLE)
        )
        self.flood.setVisible(alarms.flood)
        self.flood.setText(self.tr("▲ 短时间内告警太多，同类的合并成一行；Enter 展开。先处理“紧急”的。"))
        self._show_buttons()
        self.place()

    def open(self) -> None:
        """Go to what the current line is about; a line of several opens and closes."""
        if (line := self.list.current) is not None:
            self._on_entered(line)

    def acknowledge(self) -> None:
        """Say by name that the current one is heard."""
        if (alarm := self._single()) is not None:
            done = self.tr("已确认：%s") % kind_word(alarm.kind)
            self._session.spawn(self._do(self._session.alarms.acknowledge(alarm), done), "acknowledge alarm")

    def begin_shelving(self) -> None:
        """Ask for how long, and why."""
        if (alarm := self._single()) is not None:
            self.shelf.ask(alarm, self._session.work.shelf_minutes)

    def _shelve(self, alarm: Alarm, minutes: int, reason: str) -> None:
        done = self.tr("已搁置 %d 分钟，到时会再提醒") % minutes
        self._session.spawn(self._do(self._session.alarms.shelve(alarm, minutes, reason), done), "shelve alarm")

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.shelf.isVisible():
            self._end_shelving()
        else:
            self.close_panel()

    async def _do(self, work: Coroutine[Any, Any, None], done: str) -> None:
        try:
            await work
        except PersonError as error:
            self._say(str(error), bad=True)
        else:
            self._say(done)
            self._end_shelving()

    def _end_shelving(self) -> None:
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.shelf.isAncestorOf(focus)
        self.shelf.end()
        if had_focus:
            self.list.setFocus()

    def _single(self) -> Alarm | None:
        """The current alarm, where it may be answered; otherwise says why not."""
        line = self.list.current
        if line is None:
            return None
        if len(line.alarms) > 1:
            self._say(self.tr("先按 Enter 展开，再逐条确认或搁置。"))
            return None
        if line.standing is Standing.ACKNOWLEDGED:
            self._say(self.tr("已经有人确认了。"))
            return None
        return line.first

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        self.said.setText(sentence)
        set_role(self.said, "bad" if bad else "good")
        self.said.show()

    def _on_key(self, key: str) -> None:
        if key == "A":
            self.acknowledge()
        else:
            self.begin_shelving()

    def _on_entered(self, line: Line) -> None:
        if len(line.alarms) > 1:
            self._opened = self._opened ^ {line.first.kind}
            self.refresh()
            return
        self.hide()
        self._came_from = None
        self._session.alarms.open(line.first)

    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show_buttons(self) -> None:
        line = self.list.current
        single = line is not None and len(line.alarms) == 1 and line.standing is not Standing.ACKNOWLEDGED
        self.open_button.setEnabled(line is not None)
        self.acknowledge_button.setEnabled(single)
        self.shelve_button.setEnabled(single)

    def _button(self, text: str, call: Any) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(lambda _=False: call())
        return button

    def _arrange(self) -> None:
        close = QPushButton("✕", self)
        close.setProperty("role", "link")
        close.setAccessibleName(self.tr("关闭告警"))
        close.clicked.connect(self.close_panel)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(self.head)
        top.addStretch(1)
        top.addWidget(self.handled)
        top.addWidget(self.mute)
        top.addWidget(close)
        foot = QHBoxLayout()
        for button in (self.open_button, self.acknowledge_button, self.shelve_button):
            foot.addWidget(button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self.rate)
        column.addWidget(self.flood)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.said)
        column.addWidget(self.shelf)
        column.addLayout(foot)
