"""已排除: pairs that a person said are not the same, lately; taken back by one key, so that they can be judged again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role, State
from commandcenter.errors import PersonError
from commandcenter.services import merging
from ui.merging import words as merge_words
from ui.merging.chips import chips, midnight, spans
from ui.merging.lines import Line, LineList
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.services.merging import Dismissed
    from ui.merging.undo import LastDeed

KINDS = frozenset({"hint", "relation", "case"})
Pair = tuple[int, int]


class MergeDismissed(QWidget):
    """``opened(case id)``: to be shown whole; ``counted(n)``: how many in the days that are shown."""

    opened = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._last = session, last
        self._pairs: dict[Pair, Dismissed] = {}
        self._read_once = False
        self._days = 0
        self.list = LineList(session, self.tr("已排除"), self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.calm = CalmState(self)
        self.reopen_button = QPushButton(self.tr("撤回，重新判断 U"), self)
        self.reopen_button.clicked.connect(self.reopen)
        self.open_button = QPushButton(self.tr("看前一件 Enter"), self)
        self.open_button.clicked.connect(lambda: self._open(0))
        self.other_button = QPushButton(self.tr("看后一件 O"), self)
        self.other_button.clicked.connect(lambda: self._open(1))
        self.spans = chips(self, spans(), self._choose_span)
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(lambda _: self._show())
        self.list.opened.connect(lambda _: self._open(0))
        for key, call in (("U", self.reopen), ("O", lambda: self._open(1)), ("Ctrl+Z", last.undo)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(call)
        last.told.connect(self._on_told)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._say_calm()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def reopen(self) -> None:
        """Take back what was said of the pair, and the relation said along with it; or say why not."""
        if reason := self._why_not():
            self._on_told(reason)
        elif (pair := self._pair()) is not None:
            self._last.reopen(pair.hint.case_id, pair.hint.other_id, pair.relation_id)

    async def _read(self) -> None:
        now = self._session.clock.now()
        since, until = midnight(now, self._days), midnight(now) + timedelta(days=1)
        found = await merging.read_dismissed(self._session.database(), since=since, until=until)
        self._pairs, self._read_once = {(each.hint.case_id, each.hint.other_id): each for each in found}, True
        self._fill()

    def _fill(self) -> None:
        self.list.show_lines([self._line(key, pair) for key, pair in self._pairs.items()])
        self.counted.emit(len(self._pairs))
        comes = bool(self._pairs) and self._room.currentWidget() is self.calm
        self._room.setCurrentWidget(self.list if self._pairs else self.calm)
        if comes and self.isVisible():  # it could not take the keyboard while there was nothing in it
            self.list.setFocus()
        self._say_calm()
        self._show()

    def _line(self, key: Pair, pair: Dismissed) -> Line:
        hint = pair.hint
        kind = {"opposite": self.tr("要求相反"), "related": self.tr("相关")}.get(
            pair.relation_kind, self.tr("不是同一件")
        )
        by = merge_words.whose(hint.by, self._session.reference)
        facts = [f"{by} {merge_words.day_words(hint.at)}"] if hint.at is not None else []
        facts += [hint.words.rstrip("。")] if hint.words else []
        facts += [self.tr("机器把握 %s") % merge_words.sure_word(hint.score)] if hint.score else []
        one = self._case(hint.number, hint.title, hint.case_state)
        other = self._case(hint.other_number, hint.other_title, hint.other_state)
        return Line(
            key,
            (one, other, " · ".join(facts)),
            tag=kind,
            tag_colour="ink_normal",
            bright=2,
        )

    def _case(self, number: str, title: str, state: State | None) -> str:
        over = f"（{words.state_word(state)}）" if state is not None and state >= State.TO_FOLLOW_UP else ""
        return f"{number} {title}{over}"

    def _pair(self) -> Dismissed | None:
        return self._pairs.get(self.list.key) if isinstance(self.list.key, tuple) else None

    def _why_not(self) -> str:
        if self._pair() is None:
            return self.tr("没有选中的一对")
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return self.tr("您的岗位只能查看，由值班员和督导撤回")
        return "" if self._session.db is not None else self.tr("未连接数据库，暂时只能查看")

    def _show(self) -> None:
        reason = self._why_not()
        self.reopen_button.setEnabled(not reason)
        self.reopen_button.setToolTip(reason)
        self.reopen_button.setAccessibleDescription(reason)
        for button in (self.open_button, self.other_button):
            button.setEnabled(self._pair() is not None)

    def _on_told(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _open(self, which: int) -> None:
        if (pair := self._pair()) is not None:
            self.opened.emit((pair.hint.case_id, pair.hint.other_id)[which])

    def _choose_span(self, days: int) -> None:
        self._days = days
        self.reader.ask()

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._on_told(str(error))
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)
            self._room.setCurrentWidget(self.calm)

    def _say_calm(self) -> None:
        if self._read_once:
            self.calm.say(
                self.tr("这段时间没有排除过疑似重复"),
                self.tr("判为“不是同一件”、相关或要求相反的，会列在这里，可以撤回"),
            )
        elif self._session.db is None:
            self.calm.say(self.tr("未连接数据库，暂时只能查看"))
        else:
            self.calm.say(self.tr("正在读已排除的…"))

    def _arrange(self) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 4)
        bar.setSpacing(8)
        for chip in self.spans:
            bar.addWidget(chip)
        bar.addStretch(1)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self.list)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 8)
        foot.setSpacing(8)
        for button in (self.reopen_button, self.open_button, self.other_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            foot.addWidget(button)
        foot.addWidget(self.said, 1)
        foot.addStretch(0)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._room, 1)
        column.addLayout(foot)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
