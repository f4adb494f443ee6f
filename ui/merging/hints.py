"""疑似重复: what the machine found among cases at rest; a person says for each pair what it is, by one key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import merging
from commandcenter.services.case_file import read_case
from ui.merging.ask import MergeAsk
from ui.merging.beside import stand_beside
from ui.merging.buttons import MergeButtons
from ui.merging.hint_deeds import HintDeeds
from ui.merging.hint_line import line_of
from ui.merging.lines import LineList
from ui.merging.nothing import say_nothing
from ui.merging.pair import MergePair
from ui.merging.undo import LastDeed
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label
from ui.widgets.shortcut import shortcut

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
        self._hints: dict[Pair, Hint] = {}
        self._read_once = False
        self._last = last
        self.list = LineList(session, self.tr("疑似重复"), self)
        self.pair = MergePair(session, self)
        self.ask = MergeAsk(self)
        self.buttons = MergeButtons(self)
        self.deeds = HintDeeds(session, self.ask, self.buttons, last, self.list)
        self.said = plain_label(self, "normal")
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
            ("merge", self.merge),
            ("swap", self._swap),
            ("different", lambda: self._with_hint(self.deeds.ask_different)),
            ("related", lambda: self._with_hint(self.deeds.relate)),
            ("opposite", lambda: self._with_hint(self.deeds.oppose)),
            ("next", self.list.step),
            ("undo", last.undo),
        ):
            self.buttons.add(name, call, self)
        for key, way in (("PgDown", 1), ("PgUp", -1)):
            shortcut(self, key, partial(self._scroll, way))
        self.deeds.judged.connect(self._on_judged)
        self.deeds.stale.connect(self._on_stale)
        self.deeds.done.connect(self._say)
        self.deeds.refused.connect(self._say)
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
        """Merge the right case into the left one, or say why not; nothing while another pair is shown than is chosen."""
        hint, kept, source = self._hint(), self.pair.kept, self.pair.source
        if hint is None or kept is None or source is None or not self._is_shown(hint):
            return
        if said := self.pair.why_not():
            self._say(said)
        else:
            self.deeds.merge(hint, kept.case, source.case)

    def _with_hint(self, deed: Callable[[Hint], None]) -> None:
        if (hint := self._hint()) is not None:
            deed(hint)

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

    def _on_judged(self, pair: Pair) -> None:
        self._hints.pop(pair, None)
        self._fill()
        self.list.setFocus()

    def _on_stale(self) -> None:
        self._begin_pair()
        self.reader.ask()

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
        self.list.show_lines(
            [line_of(hint, self._session.mirror, self._session.reference) for hint in self._hints.values()]
        )
        if self.list.key == was and isinstance(was, tuple) and self.pair.ids != set(was):
            self._begin_pair()
        self.counted.emit(len(self._hints))

    def _hint(self) -> Hint | None:
        key = self.list.key
        return self._hints.get(key) if isinstance(key, tuple) else None

    def _is_shown(self, hint: Hint | None) -> bool:
        """Whether it is the chosen pair that stands beside the list: another one may still be read."""
        return hint is not None and self.pair.ids == {hint.case_id, hint.other_id}

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
        none = "" if self._is_shown(self._hint()) else self.tr("没有选中的一对")
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
        self._room.setCurrentWidget(self.pair if self._is_shown(hint) else self.calm)
        if hint is not None:
            self.calm.say(self.tr("正在读这两件…"))
        else:
            say_nothing(
                self.calm,
                self._session,
                read=self._read_once,
                reading=self.tr("正在读疑似重复…"),
                none=self.tr("没有等着判断的疑似重复"),
                advice=self.tr("新工单来了机器会自己比对，够把握的直接并单"),
            )
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
        stand_beside(self, self.list, right)
