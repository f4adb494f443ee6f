"""聚合: cases under one title, each still handled by itself; what they come to, and the queue of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.case_file import find_number, read_briefs
from ui.keys import Keys
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.lines import Line, LineList
from ui.merging.theme_facts import facts_of
from ui.models.queue_order import Filter
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.brief_list import BriefList
from ui.widgets.calm import CalmState
from ui.widgets.flow import FlowLayout
from ui.widgets.live_read import LiveRead
from ui.widgets.story import clock_words

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
        self._keys = Keys()
        self._themes: dict[int, Theme] = {}
        self._briefs: dict[int, Brief] = {}
        self._read_once = False
        self.list = LineList(session, self.tr("聚合"), self)
        self.ended = QPushButton(self.tr("含已结束"), self)
        self.ended.setCheckable(True)
        self.ended.setProperty("role", "chip")
        self.new_button = QPushButton(self.tr("新建聚合 Ctrl+N"), self)
        self.title, self.facts = self._label("title"), self._label("normal")
        self.cases = BriefList(session, self)
        self.cases.setAccessibleName(self.tr("聚合里的工单"))
        self.ask = MergeAsk(self)
        self.said = self._label("normal")
        self.calm = CalmState(self)
        self.buttons: dict[str, QPushButton] = {}
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
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
        self.list.show_lines([self._line(theme) for theme in found])
        self.counted.emit(sum(theme.closed_at is None for theme in found))
        self._show()

    def _line(self, theme: Theme) -> Line:
        facts = facts_of(self._of(theme), self._session.mirror)
        span = ""
        if facts.first is not None and facts.last is not None:
            span = f"{merge_words.day_words(facts.first)} – {merge_words.day_words(facts.last)}"
        count = self.tr("%n 件", "", facts.cases)
        state = self.tr("未结 %d 件") % facts.open if theme.closed_at is None else self.tr("已结束")
        return Line(theme.id, (theme.title, " · ".join(part for part in (state, span) if part)), right=count)

    def _of(self, theme: Theme) -> list[Brief]:
        return [self._briefs[each] for each in theme.case_ids if each in self._briefs]

    def _theme(self) -> Theme | None:
        return self._themes.get(self.list.key) if isinstance(self.list.key, int) else None

    def _show(self) -> None:
        theme = self._theme()
        self._say_buttons(theme)
        if theme is None:
            if self._read_once:
                self.calm.say(self.tr("还没有聚合"), self.tr("把相关而不是同一件的工单放在一个标题下看，各办各的"))
            elif self._session.db is None:
                self.calm.say(self.tr("未连接数据库，暂时只能查看"))
            else:
                self.calm.say(self.tr("正在读聚合…"))
            self._room.setCurrentWidget(self.calm)
            return
        briefs = self._of(theme)
        self.title.setText(theme.title)
        self.facts.setText(self._facts(theme, briefs))
        if [brief.id for brief in self.cases.briefs] != [brief.id for brief in briefs]:
            self.cases.show_briefs(briefs)
        self._room.setCurrentWidget(self._work)

    def _facts(self, theme: Theme, briefs: list[Brief]) -> str:
        reference = self._session.reference
        facts = facts_of(briefs, self._session.mirror)
        said = [
            self.tr("%n 件工单", "", facts.cases)
            + (
                self.tr("，另有 %n 件不在您的辖区", "", hidden) if (hidden := len(theme.case_ids) - len(briefs)) else ""
            ),
            self.tr("等级：%s") % "　".join(f"{words.grade_word(grade)} {many}" for grade, many in facts.grades),
            self.tr("状态：%s") % "　".join(f"{words.state_word(state)} {many}" for state, many in facts.states),
        ]
        units = [
            f"{reference.units[unit].short_name or reference.units[unit].name} {many}"
            for unit, many in facts.units
            if unit in reference.units
        ]
        if units:
            said.append(self.tr("承办：%s") % "　".join(units))
        if facts.first is not None and facts.last is not None:
            said.append(self.tr("最早 %s，最近 %s") % (clock_words(facts.first), clock_words(facts.last)))
        opened = self.tr("%s 建于 %s") % (merge_words.whose(theme.opened_by, reference), clock_words(theme.opened_at))
        closed = ""
        if theme.closed_at is not None:
            closed = self.tr("，%s 结束于 %s") % (
                merge_words.whose(theme.closed_by, reference),
                clock_words(theme.closed_at),
            )
        return "\n".join([*said, opened + closed])

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
            self.ask.ask(
                self.tr("新建聚合：先起标题，再加入工单"),
                self.tr("建立"),
                self._open_new,
                hint=self.tr("标题（60 个字以内）"),
                back=self.list,
            )

    def _open_new(self, title: str) -> None:
        deed = ("open", title)

        async def act() -> None:
            made = await merging.open_theme(self._session.database(), title=title, key=self._keys.of(deed))
            self.list.expect(made)

        self._start(deed, act)

    def _ask_add(self) -> None:
        if self._theme() is not None:
            self.ask.ask(
                self.tr("加入工单"),
                self.tr("加入"),
                self._add,
                hint=self.tr("工单编号，多个用空格隔开"),
                back=self.list,
            )

    def _add(self, text: str) -> None:
        theme = self._theme()
        if theme is None:
            return
        numbers = text.upper().split()
        deed = ("add", theme.id, *numbers)

        async def act() -> None:
            db = self._session.database()
            found = {number: await find_number(db, number) for number in numbers}
            if missing := [number for number, case_id in found.items() if case_id is None]:
                raise PersonError(self.tr("没有找到：%s") % "、".join(missing), self.tr("请核对编号。"))
            ids = [case_id for case_id in found.values() if case_id is not None]
            many = await merging.add_to_theme(db, theme_id=theme.id, case_ids=ids, key=self._keys.of(deed))
            self._say(self.tr("加入了 %n 件", "", many))

        self._start(deed, act)

    def _remove(self) -> None:
        theme, row = self._theme(), self.cases.currentIndex().row()
        if theme is None or not 0 <= row < len(self.cases.briefs):
            self._say(self.tr("请先在右边选一件工单"))
            return
        brief = self.cases.briefs[row]
        deed = ("remove", theme.id, brief.id)

        async def act() -> None:
            await merging.remove_from_theme(
                self._session.database(), theme_id=theme.id, case_id=brief.id, key=self._keys.of(deed)
            )
            self._say(self.tr("%s 已移出") % brief.number)

        self._start(deed, act)

    def _ask_rename(self) -> None:
        if (theme := self._theme()) is not None:
            self.ask.ask(
                self.tr("改名：%s") % theme.title,
                self.tr("改名"),
                self._rename,
                hint=self.tr("新的标题"),
                back=self.list,
            )

    def _rename(self, title: str) -> None:
        if (theme := self._theme()) is not None:
            deed = ("rename", theme.id, title)

            async def act() -> None:
                await merging.rename_theme(
                    self._session.database(), theme_id=theme.id, title=title, key=self._keys.of(deed)
                )

            self._start(deed, act)

    def _ask_close(self) -> None:
        if (theme := self._theme()) is not None:
            self.ask.ask(
                self.tr("结束“%s”：其中的工单照常办理") % theme.title,
                self.tr("结束聚合"),
                self._close,
                needed=False,
                back=self.list,
            )

    def _close(self, _: str) -> None:
        if (theme := self._theme()) is not None:
            deed = ("close", theme.id)

            async def act() -> None:
                await merging.close_theme(self._session.database(), theme_id=theme.id, key=self._keys.of(deed))
                self._say(self.tr("“%s”已结束") % theme.title)

            self._start(deed, act)

    def _start(self, deed: tuple[object, ...], act: Callable[[], Awaitable[None]]) -> None:
        self._session.spawn(self._act(deed, act), f"theme {deed[0]}")

    async def _act(self, deed: tuple[object, ...], act: Callable[[], Awaitable[None]]) -> None:
        try:
            await act()
        except PersonError as error:
            (self.ask.say if not self.ask.isHidden() else self._say)(str(error))
            return
        self._keys.done(deed)
        self.ask.close_ask()
        self.reader.ask()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._say(str(error))
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        return label

    def _add_buttons(self) -> None:
        for name, text, key, call in (
            ("queue", self.tr("在队列里看"), "Q", self.to_queue),
            ("add", self.tr("加入工单"), "A", self._ask_add),
            ("remove", self.tr("移出所选"), "Delete", self._remove),
            ("rename", self.tr("改名"), "F2", self._ask_rename),
            ("close", self.tr("结束聚合"), "E", self._ask_close),
        ):
            button = QPushButton(f"{text} {key}", self)
            button.clicked.connect(lambda _=False, call=call: call())
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(button.click)
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
        left.setMinimumWidth(300)
        whole = QSplitter(self)
        whole.setHandleWidth(1)
        whole.setChildrenCollapsible(False)
        whole.addWidget(left)
        whole.addWidget(right)
        whole.setStretchFactor(1, 1)
        whole.setSizes([360, 1000])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(whole)
