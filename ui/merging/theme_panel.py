"""聚合: cases under one title, each still handled by itself; what they come to, and the queue of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.case_file import read_briefs
from ui.merging.ask import MergeAsk
from ui.merging.beside import stand_beside
from ui.merging.lines import LineList
from ui.merging.nothing import say_nothing
from ui.merging.theme_deeds import ThemeDeeds
from ui.merging.theme_words import facts_words, line_of
from ui.models.queue_order import Filter
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.brief_list import BriefList
from ui.widgets.calm import CalmState
from ui.widgets.flow import FlowLayout
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label
from ui.widgets.shortcut import shortcut

if TYPE_CHECKING:
    from commandcenter.services.case_file import Brief
    from commandcenter.services.merging import Theme

KINDS = frozenset({"theme", "case"})


class ThemePanel(QWidget):
    """``counted(n)``: open themes; ``opened(case id)``: to be shown whole."""

    counted = Signal(int)
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._themes: dict[int, Theme] = {}
        self._briefs: dict[int, Brief] = {}
        self._read_once = False
        self.list = LineList(session, self.tr("聚合"), self)
        self.ended = QPushButton(self.tr("含已结束"), self)
        self.ended.setCheckable(True)
        self.ended.setProperty("role", "chip")
        self.new_button = QPushButton(self.tr("新建聚合 Ctrl+N"), self)
        self.title, self.facts = plain_label(self, "title"), plain_label(self, "normal")
        self.cases = BriefList(session, self)
        self.cases.setAccessibleName(self.tr("聚合里的工单"))
        self.ask = MergeAsk(self)
        self.deeds = ThemeDeeds(session, self.ask, self.list)
        self.said = plain_label(self, "normal")
        self.calm = CalmState(self)
        self.buttons: dict[str, QPushButton] = {}
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
        self.deeds.made.connect(self.list.expect)
        self.deeds.done.connect(self._on_done)
        self.deeds.refused.connect(self._say)
        self.list.chosen.connect(lambda _: self._show())
        self.list.opened.connect(lambda _: self.to_queue())
        self.cases.opened.connect(self.opened)
        self.ended.toggled.connect(lambda _: self.reader.ask())
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._show()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)
        self.cases.set_tokens(tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def to_queue(self) -> None:
        """The theme's open cases in the queue of the desk."""
        theme = self._theme()
        if theme is not None and theme.case_ids:
            self._session.open_page("desk")
            self._session.filter_wanted.emit(Filter(ids=frozenset(theme.case_ids)))

    async def _read(self) -> None:
        db = self._session.database()
        found = await merging.read_themes(db, open_only=not self.ended.isChecked())
        ids = list(dict.fromkeys(each for theme in found for each in theme.case_ids))
        self._briefs = {brief.id: brief for brief in (await read_briefs(db, ids) if ids else ())}
        self._themes, self._read_once = {theme.id: theme for theme in found}, True
        self.list.show_lines([line_of(theme, self._of(theme), self._session.mirror) for theme in found])
        self.counted.emit(sum(theme.closed_at is None for theme in found))
        self._show()

    def _of(self, theme: Theme) -> list[Brief]:
        return [self._briefs[each] for each in theme.case_ids if each in self._briefs]

    def _theme(self) -> Theme | None:
        return self._themes.get(self.list.key) if isinstance(self.list.key, int) else None

    def _show(self) -> None:
        theme = self._theme()
        self._say_buttons(theme)
        if theme is None:
            say_nothing(
                self.calm,
                self._session,
                read=self._read_once,
                reading=self.tr("正在读聚合…"),
                none=self.tr("还没有聚合"),
                advice=self.tr("把相关而不是同一件的工单放在一个标题下看，各办各的"),
            )
            self._room.setCurrentWidget(self.calm)
            return
        briefs = self._of(theme)
        self.title.setText(theme.title)
        self.facts.setText(facts_words(theme, briefs, self._session.reference, self._session.mirror))
        if [brief.id for brief in self.cases.briefs] != [brief.id for brief in briefs]:
            self.cases.show_briefs(briefs)
        self._room.setCurrentWidget(self._work)

    def _say_buttons(self, theme: Theme | None) -> None:
        mine = self._session.role in {Role.DUTY, Role.SUPERVISOR}
        why = "" if mine else self.tr("您的岗位只能查看")
        self.new_button.setEnabled(mine)
        self.new_button.setToolTip(why)
        for name, button in self.buttons.items():
            reason = self.tr("没有选中的聚合") if theme is None else why if name != "queue" else ""
            if not reason and theme is not None and theme.closed_at is not None and name != "queue":
                reason = self.tr("这个聚合已经结束")
            button.setEnabled(not reason)
            button.setToolTip(reason)

    def begin_new(self) -> None:
        """Ask for the title of a new theme."""
        if self.new_button.isEnabled():
            self.deeds.ask_title()

    def _with_theme(self, deed: Callable[[Theme], None]) -> None:
        if (theme := self._theme()) is not None:
            deed(theme)

    def _remove(self, theme: Theme) -> None:
        row = self.cases.currentIndex().row()
        if 0 <= row < len(self.cases.briefs):
            self.deeds.remove(theme, self.cases.briefs[row])
        else:
            self._say(self.tr("请先在右边选一件工单"))

    def _on_done(self, sentence: str) -> None:
        self._say(sentence)
        self.reader.ask()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._say(str(error))
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)

    def _add_buttons(self) -> None:
        for name, text, key, call in (
            ("queue", self.tr("在队列里看"), "Q", self.to_queue),
            ("add", self.tr("加入工单"), "A", lambda: self._with_theme(self.deeds.ask_add)),
            ("remove", self.tr("移出所选"), "Delete", lambda: self._with_theme(self._remove)),
            ("rename", self.tr("改名"), "F2", lambda: self._with_theme(self.deeds.ask_rename)),
            ("close", self.tr("结束聚合"), "E", lambda: self._with_theme(self.deeds.ask_close)),
        ):
            button = QPushButton(f"{text} {key}", self)
            button.clicked.connect(lambda _=False, call=call: call())
            shortcut(self, key, button.click)
            self.buttons[name] = button
        self.new_button.clicked.connect(self.begin_new)
        QShortcut(QKeySequence("Ctrl+N"), self, self.begin_new)

    def _arrange(self) -> None:
        self._add_buttons()
        left = QWidget(self)
        left.setProperty("surface", "panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 8, 0, 0)
        bar = QWidget(left)
        chips = FlowLayout(bar)
        chips.setContentsMargins(12, 0, 12, 4)
        chips.addWidget(self.new_button)
        chips.addWidget(self.ended)
        column.addWidget(bar)
        column.addWidget(self.list, 1)
        self._work = QWidget(self)
        self._work.setProperty("surface", "panel")
        inner = QVBoxLayout(self._work)
        inner.setContentsMargins(18, 12, 18, 8)
        inner.setSpacing(8)
        tools = QWidget(self._work)
        row = FlowLayout(tools, spacing=8)
        row.setContentsMargins(0, 0, 0, 0)
        for button in self.buttons.values():
            row.addWidget(button)
        for widget in (self.title, self.facts, tools):
            inner.addWidget(widget)
        inner.addWidget(self.cases, 1)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._work)
        right = QWidget(self)
        right.setProperty("surface", "panel")
        outer = QVBoxLayout(right)
        outer.setContentsMargins(0, 0, 0, 8)
        outer.addWidget(self._room, 1)
        outer.addWidget(self.ask)
        outer.addWidget(self.said)
        self.said.setContentsMargins(18, 0, 18, 0)
        self.said.hide()
        stand_beside(self, left, right)
