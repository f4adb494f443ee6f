"""What was decided in the last days: a list of it, chips of days above, and below it the deeds on what is looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import PersonError
from ui.merging.chips import chips, midnight, spans
from ui.merging.lines import Line, LineList
from ui.merging.nothing import say_nothing
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label
from ui.widgets.shortcut import shortcut

if TYPE_CHECKING:
    from ui.merging.undo import LastDeed

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class LatelyWords:
    """What the list is called, and what is said while there is nothing in it."""

    name: str
    reading: str
    none: str
    advice: str = ""


class Lately(QWidget, Generic[Each]):
    """``opened(case id)``: to be shown whole; ``counted(n)``: how many of those that count.

    Who inherits adds deeds and openings, says its words with `begin`, and gives `read` (database, `since`, `until`)
    and `line`: how one is listed.
    """

    opened = Signal(object)
    counted = Signal(int)

    def __init__(
        self,
        session: Session,
        last: LastDeed,
        kinds: frozenset[str],
        read: Callable[..., Awaitable[Sequence[Each]]],
        line: Callable[[Each], Line],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._last = session, last
        self._read_days, self._line = read, line
        self._all: Sequence[Each] = ()
        self._by_key: dict[Hashable, Each] = {}
        self._read_once = False
        self._days = 0
        self._words = LatelyWords("", "", "")
        self._deeds: list[tuple[QPushButton, Callable[[], str]]] = []
        self._openings: list[QPushButton] = []
        self.list = LineList(session, "", self)
        self.said = plain_label(self, "")
        self.calm = CalmState(self)
        self._room = QStackedWidget(self)
        self.reader = LiveRead(session, kinds, self._read, self._on_unread, self)
        self.setFocusProxy(self.list)
        self.list.chosen.connect(lambda _: self._show())
        shortcut(self, "Ctrl+Z", last.undo)
        last.told.connect(self._on_told)
        session.themed.connect(self.set_tokens)

    def add_deed(self, text: str, key: str, call: Callable[[], object], why_not: Callable[[], str]) -> QPushButton:
        """A button and its key; grey, with the reason, while `why_not` gives one."""
        button = self._button(f"{text} {key}", call)
        shortcut(self, key, call)
        self._deeds.append((button, why_not))
        return button

    def add_opening(self, text: str, key: str, case_of: Callable[[Each], int]) -> QPushButton:
        """A button that opens a case of what is looked at, and its key; Enter is the list's own."""

        def call() -> None:
            if (each := self.current) is not None:
                self.opened.emit(case_of(each))

        button = self._button(f"{text} {key}", call)
        if key == "Enter":
            self.list.opened.connect(call)
        else:
            shortcut(self, key, call)
        self._openings.append(button)
        return button

    def begin(self, words: LatelyWords, *, sorts: Sequence[QPushButton] = (), ask: QWidget | None = None) -> None:
        """Put everything in its place: `sorts` before the days, `ask` between the list and the buttons."""
        self._words = words
        self.list.setAccessibleName(words.name)
        self._arrange(sorts, ask)
        self.set_tokens(self._session.tokens)
        self._say_calm()

    @property
    def current(self) -> Each | None:
        """The one that is looked at."""
        return self._by_key.get(self.list.key)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    async def _read(self) -> None:
        now = self._session.clock.now()
        since, until = midnight(now, self._days), midnight(now) + timedelta(days=1)
        self._all = await self._read_days(self._session.database(), since=since, until=until)
        self._read_once = True
        self._fill()

    def _fill(self) -> None:
        wanted = [each for each in self._all if self._wants(each)]
        lines = [self._line(each) for each in wanted]
        self._by_key = {line.key: each for line, each in zip(lines, wanted, strict=True)}
        self.list.show_lines(lines)
        self.counted.emit(sum(self._counts(each) for each in self._all))
        comes = bool(wanted) and self._room.currentWidget() is self.calm
        self._room.setCurrentWidget(self.list if wanted else self.calm)
        if comes and self.isVisible():  # it could not take the keyboard while there was nothing in it
            self.list.setFocus()
        self._say_calm()
        self._show()

    def _wants(self, _each: Each, /) -> bool:
        """Whether it is listed now."""
        return True

    def _counts(self, _each: Each, /) -> bool:
        """Whether the tab counts it."""
        return True

    def _show(self) -> None:
        """Say which buttons do something for the one that is looked at."""
        for button, why_not in self._deeds:
            reason = why_not()
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
        for button in self._openings:
            button.setEnabled(self.current is not None)

    def _on_told(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

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
        words = self._words
        say_nothing(
            self.calm, self._session, read=self._read_once, reading=words.reading, none=words.none, advice=words.advice
        )

    def _button(self, text: str, call: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: call())
        return button

    def _arrange(self, sorts: Sequence[QPushButton], ask: QWidget | None) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(12, 8, 12, 4)
        bar.setSpacing(8)
        for chip in sorts:
            bar.addWidget(chip)
        if sorts:
            bar.addSpacing(24)
        self.spans = chips(self, spans(), self._choose_span)
        for chip in self.spans:
            bar.addWidget(chip)
        bar.addStretch(1)
        for widget in (self.calm, self.list):
            self._room.addWidget(widget)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 8)
        foot.setSpacing(8)
        for button in (*(button for button, _ in self._deeds), *self._openings):
            foot.addWidget(button)
        foot.addWidget(self.said, 1)
        foot.addStretch(0)
        self.said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._room, 1)
        if ask is not None:
            column.addWidget(ask)
        column.addLayout(foot)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
