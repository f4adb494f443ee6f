"""疑似重复: what the machine found among cases at rest; a person says for each pair what it is, by one key."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QLabel, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import NotVisible, PersonError, StaleVersion
from commandcenter.intake.repeats.report import Verdict
from commandcenter.services import merging
from commandcenter.services.case_file import read_case
from ui.keys import Keys
from ui.merging import words as merge_words
from ui.merging.ask import MergeAsk
from ui.merging.buttons import MergeButtons
from ui.merging.lines import Line, LineList
from ui.merging.pair import MergePair
from ui.merging.undo import LastDeed
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead

if TYPE_CHECKING:
    from commandcenter.services.merging import Hint

KINDS = frozenset({"hint", "case"})
Pair = tuple[int, int]


class MergeHints(QWidget):
    """List, pair and keys. ``counted(n)``: open hints; ``opened(case id)``: to be shown whole."""

    counted = Signal(int)
    opened = Signal(object)

    def __init__(self, session: Session, last: LastDeed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self._hints: dict[Pair, Hint] = {}
        self._read_once = False
        self._last = last
        self.list = LineList(session, self.tr("疑似重复"), self)
        self.pair = MergePair(session, self)
        self.ask = MergeAsk(self)
        self.buttons = MergeButtons(self)
        self.said = QLabel(self)
        self.said.setProperty("role", "normal")
        self.said.setWordWrap(True)
        self.said.setContentsMargins(18, 0, 18, 0)
        self.calm = CalmState(self)
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self._arrange()
        self.setFocusProxy(self.list)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(lambda _: self.merge())
        for side in (self.pair.left, self.pair.right):
            side.opened.connect(self.opened)
        for name, call in (
            ("merge", self.merge), ("swap", self._swap), ("different", self._ask_different), ("related", self._relate),
            ("opposite", self._oppose), ("next", self.list.step), ("undo", last.undo),
        ):  # fmt: skip
            self.buttons.add(name, call, self)
        for key, way in (("PgDown", 1), ("PgUp", -1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self._scroll, way))
        last.told.connect(self._say)
        last.reopened.connect(self._on_reopened)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self._show_state()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)
        self.pair.set_tokens(tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def merge(self) -> None:
        """Merge the right case into the left one, or say why not."""
        kept, source, hint = self.pair.kept, self.pair.source, self._hint()
        if said := self.pair.why_not():
            self._say(said)
        elif kept is not None and source is not None and hint is not None:
            deed = ("merge", kept.case.id, kept.case.version, source.case.id, source.case.version)

            async def act() -> None:
                change = await merging.merge(
                    self._session.database(),
                    kept_id=kept.case.id,
                    kept_version=kept.case.version,
                    source_id=source.case.id,
                    source_version=source.case.version,
                    score=hint.score,
                    reasons=hint.reasons,
                    key=self._keys.of(deed),
                )
                self._last.remember(change.merge_id)
                self._say(self.tr("%s 已并入 %s，Ctrl+Z 撤销") % (change.source.number, change.kept.number))

            self._do(deed, act)

    def _ask_different(self) -> None:
        if self._hint() is not None:
            self.ask.ask(
                self.tr("不是同一件：记下以后不再提示这一对"),
                self.tr("记下"),
                self._dismiss,
                presets=[merge_words.tr(each) for each in merge_words.REASONS],
                hint=self.tr("为什么不是同一件"),
                back=self.list,
            )

    def _dismiss(self, reason: str) -> None:
        hint = self._hint()
        if hint is None:
            return
        deed = ("dismiss", hint.case_id, hint.other_id)

        async def act() -> None:
            await merging.dismiss_hint(
                self._session.database(),
                case_id=hint.case_id,
                other_id=hint.other_id,
                reason=reason,
                key=self._keys.of(deed),
            )
            self._last.remember_dismissed(hint.case_id, hint.other_id)
            self._say(self.tr("记下了：不是同一件（%s），以后不再提示；Ctrl+Z 撤回") % reason)

        self._do(deed, act)

    def _relate(self) -> None:
        self._mark("related", self.tr("标为相关，各办各的"))

    def _oppose(self) -> None:
        self._mark("opposite", self.tr("标为要求相反，各办各的"))

    def _mark(self, kind: str, said: str) -> None:
        hint = self._hint()
        if hint is None:
            return
        deed = ("relate", hint.case_id, hint.other_id, kind)

        async def act() -> None:
            db, one, other = self._session.database(), hint.case_id, hint.other_id
            relation = await merging.relate(db, case_id=one, other_id=other, kind=kind, key=self._keys.of(deed))
            also = self._keys.of((*deed, "dismiss"))
            await merging.dismiss_hint(db, case_id=one, other_id=other, reason=said, key=also)
            self._last.remember_dismissed(one, other, relation)
            self._say(self.tr("%s；Ctrl+Z 撤回") % said)

        self._do(deed, act)

    def _on_reopened(self, one: int, other: int) -> None:
        """Look at that pair as soon as it is here again."""
        self.list.expect((one, other))
        self.reader.ask()

    def _scroll(self, way: int) -> None:
        """Let the pair be read on by keys, with the list in hand."""
        bar = self.pair.verticalScrollBar()
        bar.setValue(bar.value() + way * bar.pageStep())

    def _swap(self) -> None:
        if not self.pair.swap():
            self._say(self.pair.why_not_swap())
        self._refresh_buttons()

    def _do(self, deed: tuple[object, ...], act: Callable[[], Awaitable[None]]) -> None:
        """One deed at a time; refused, the sentence stands below and what was typed stays."""
        if not self.buttons.busy:
            self.buttons.set_busy(busy=True)
            self._session.spawn(self._act(deed, act), str(deed[0]))

    async def _act(self, deed: tuple[object, ...], act: Callable[[], Awaitable[None]]) -> None:
        hint = self._hint()
        try:
            await act()
        except PersonError as error:
            (self.ask.say if not self.ask.isHidden() else self._say)(str(error))
            if isinstance(error, StaleVersion | NotVisible):
                self._begin_pair()
                self.reader.ask()
        else:
            self._keys.done(deed)
            self.ask.close_ask()
            if hint is not None:
                self._hints.pop((hint.case_id, hint.other_id), None)
            self._fill()
            self.list.setFocus()
        finally:
            self.buttons.set_busy(busy=False)
            self._refresh_buttons()

    async def _read(self) -> None:
        found = await merging.read_open_hints(self._session.database())
        self._hints = {(hint.case_id, hint.other_id): hint for hint in found}
        self._read_once = True
        self._fill()
        if self.pair.ids and not self._is_current():
            self._begin_pair()

    def _fill(self) -> None:
        self._show_state()
        was = self.list.key
        self.list.show_lines([self._line(pair, hint) for pair, hint in self._hints.items()])
        if self.list.key == was and isinstance(was, tuple) and self.pair.ids != set(was):
            self._begin_pair()
        self.counted.emit(len(self._hints))

    def _line(self, pair: Pair, hint: Hint) -> Line:
        mirror, reference = self._session.mirror, self._session.reference
        slots = [slot for each in pair if (slot := mirror.slot_of(each)) is not None]
        facts = []
        if len(slots) == 2:
            metres = merge_words.metres_between(*((float(mirror.lon[slot]), float(mirror.lat[slot])) for slot in slots))
            facts.append(merge_words.distance_words(None if math.isnan(metres) else metres))
            facts.append(merge_words.gap_us(int(mirror.received_at[slots[1]] - mirror.received_at[slots[0]])))
            channels = dict.fromkeys(int(mirror.channel[slot]) for slot in slots)
            facts.append("、".join(reference.channels[each].name for each in channels if each in reference.channels))
        opposite = merge_words.is_opposite(hint.verdict, hint.reasons)
        verdict = Verdict.RELATED if opposite else hint.verdict
        return Line(
            pair,
            (hint.title, hint.other_title, " · ".join(fact for fact in facts if fact)),
            merge_words.sure_word(hint.score),
            merge_words.verdict_word(verdict),
            merge_words.verdict_colour(verdict),
            bright=2,
        )

    def _hint(self) -> Hint | None:
        key = self.list.key
        return self._hints.get(key) if isinstance(key, tuple) else None

    def _on_chosen(self, _: object) -> None:
        self.ask.close_ask()
        self._begin_pair()

    def _begin_pair(self) -> None:
        hint = self._hint()
        if hint is not None:
            self._session.spawn(self._read_pair(hint), "read pair")
        self._show_state()

    async def _read_pair(self, hint: Hint) -> None:
        db = self._session.database()
        try:
            one, other = await read_case(db, hint.case_id), await read_case(db, hint.other_id)
        except PersonError as error:
            self._say(str(error))
            return
        if self.list.key == (hint.case_id, hint.other_id):  # the list may have been read anew meanwhile
            self.pair.show_files(one, other, verdict=hint.verdict, score=hint.score, reasons=hint.reasons)
            self._show_state()

    def _is_current(self) -> bool:
        """Whether the pair that is shown is as the desk knows it."""
        mirror = self._session.mirror
        for file in (self.pair.kept, self.pair.source):
            slot = mirror.slot_of(file.case.id) if file is not None else None
            if file is None or slot is None or int(mirror.version[slot]) != file.case.version:
                return False
        return True

    def _refresh_buttons(self) -> None:
        hint = self._hint()
        known = hint is not None and self.pair.ids == {hint.case_id, hint.other_id}
        none = "" if known else self.tr("没有选中的一对")
        none = none or self._why_not_me()
        self.buttons.refresh(
            merge=none or self.pair.why_not(),
            swap=none or self.pair.why_not_swap(),
            different=none,
            related=none,
            opposite=none,
            next="",
            undo=self._last.why_not(),
        )

    def _why_not_me(self) -> str:
        if self._session.role not in {Role.DUTY, Role.SUPERVISOR}:
            return self.tr("您的岗位只能查看，并单由值班员和督导操作")
        return "" if self._session.db is not None else self.tr("未连接数据库，暂时只能查看")

    def _show_state(self) -> None:
        """The pair, or why there is none to see."""
        hint = self._hint()
        if hint is not None and self.pair.ids == {hint.case_id, hint.other_id}:
            self._room.setCurrentWidget(self.pair)
        else:
            self._room.setCurrentWidget(self.calm)
            if hint is not None:
                self.calm.say(self.tr("正在读这两件…"))
            elif self._read_once:
                self.calm.say(self.tr("没有等着判断的疑似重复"), self.tr("新工单来了机器会自己比对，够把握的直接并单"))
            elif self._session.db is None:
                self.calm.say(self.tr("未连接数据库，暂时只能查看"))
            else:
                self.calm.say(self.tr("正在读疑似重复…"))
        self._refresh_buttons()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        self._refresh_buttons()

    def _on_unread(self, error: PersonError) -> None:
        if self._read_once:
            self._say(str(error))
        else:
            self.calm.say(error.sentence, error.advice, self.tr("再试一次"), self.reader.ask)

    def _arrange(self) -> None:
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self.pair)
        right = QWidget(self)
        right.setProperty("surface", "panel")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        column.addWidget(self._room, 1)
        column.addWidget(self.ask)
        column.addWidget(self.said)
        column.addWidget(self.buttons)
        self.said.hide()
        whole = QSplitter(self)
        whole.setHandleWidth(1)
        whole.setChildrenCollapsible(False)
        self.list.setMinimumWidth(300)
        whole.addWidget(self.list)
        whole.addWidget(right)
        whole.setStretchFactor(1, 1)
        whole.setSizes([360, 1000])
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(whole)
