"""The calls of a clerk: the list, what to know, what was said; saved, the next one is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services.calls import Todo
from ui.calls.brief import CallBrief
from ui.calls.day import CallDay
from ui.calls.list import CallList
from ui.calls.outcome import OutcomePanel
from ui.calls.queue import CallQueue, Key, key_of
from ui.calls.settle import SettlePanel
from ui.calls.words import counts_words, when_words
from ui.calls.writing import CallWriting
from ui.session import Session
from ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from commandcenter.services.calls import Call
    from commandcenter.services.cases import CaseChange

THREE_COLUMNS = 1200
"""Width of this widget from which the day stands beside it: a window of 1366 without its rail."""
WIDE = 1600


class CallDesk(QWidget):
    """`changed` is called when something was written, so that the page reads anew."""

    def __init__(self, session: Session, changed: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._changed = changed
        self._shown: Call | None = None
        self._queue = CallQueue()
        self._writing = CallWriting(session, self._queue, self)
        self._typed: dict[Key, tuple[str | None, bool | None, str]] = {}
        self.counted = QLabel(self)
        self.counted.setProperty("role", "quiet")
        self.list = CallList(session, self)
        self.brief = CallBrief(session, self)
        self.outcome = OutcomePanel(self)
        self.settle = SettlePanel(session.role, self)
        self.day = CallDay(self)
        self.answers = QStackedWidget(self)
        self.answers.addWidget(self.outcome)
        self.answers.addWidget(self.settle)
        self._arrange()
        self._writing.busy.connect(self.outcome.set_busy)
        self._writing.busy.connect(self.settle.set_busy)
        self._writing.written.connect(self._go_on)
        self._writing.refused.connect(self._on_refused)
        self.list.chosen.connect(self._on_chosen)
        self.brief.looked.connect(self._hold)
        self.outcome.saved.connect(self._save)
        self.outcome.redo_wanted.connect(self._save_and_redo)
        self.settle.archive_wanted.connect(self._archive)
        self.settle.redo_wanted.connect(self._redo)
        self.outcome.bind(self, lambda: self.answers.isVisible() and self.answers.currentWidget() is self.outcome)
        for owner, context in (
            (self.list, Qt.ShortcutContext.WidgetShortcut),
            (self._foot, Qt.ShortcutContext.WidgetWithChildrenShortcut),
        ):
            for keys, do in ((("Return", "Enter"), self.enter), (("Ctrl+Return", "Ctrl+Enter"), self.send_back)):
                for key in keys:
                    QShortcut(QKeySequence(key), owner, context=context).activated.connect(do)
        self.setFocusProxy(self.list)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.list.set_tokens(tokens)
        self.brief.set_tokens(tokens)

    def show_calls(self, found: Sequence[Call]) -> None:
        """Show what was read; the citizen that is looked at stays, with what is chosen and typed."""
        self._queue.take(found)
        before = self.list.currentIndex().row()
        was, selected = self._shown, self._queue.same(self._shown)
        if selected is None:
            gone = was is not None and not self._queue.is_ours(was) and not self._writing.is_busy
            if was is not None and gone:
                self._session.noticed.emit(self.tr("%s 已由别人处理") % was.case_number, "")
            selected = self._next(max(0, before) if gone else None)
        self.counted.setText(counts_words(self._queue.waiting, self._session.clock.now()))
        self.list.show_calls(self._queue.waiting, selected)
        if selected is None:
            self._show_nobody()
        elif was is None or key_of(was) != key_of(selected):
            self._on_chosen(selected)
        else:
            self._refresh(was, selected)

    def fail(self, error: PersonError) -> None:
        """Say why there is no list; one that is there stays."""
        if not self.list.calls:
            self._shown = None
            self._foot.hide()
            self.brief.say(error.sentence, error.advice, self.tr("再试一次"), self._changed)

    def enter(self) -> None:
        """Enter: save, or archive."""
        if self.answers.isVisible():
            if self.answers.currentWidget() is self.outcome:
                self.outcome.save()
            else:
                self.settle.enter()

    def send_back(self) -> None:
        """Ctrl+Enter: save and send back."""
        if self.answers.isVisible():
            if self.answers.currentWidget() is self.outcome:
                self.outcome.redo()
            else:
                self.settle.redo()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The day stands beside where there is room; a wide screen gives the list more."""
        super().resizeEvent(event)
        self.day.setVisible(self.width() >= THREE_COLUMNS)
        self._left.setFixedWidth(420 if self.width() >= WIDE else 340)
        self.day.setFixedWidth(300 if self.width() >= WIDE else 244)

    def _next(self, at: int | None = None) -> Call | None:
        return self._queue.next(self._session.clock.now(), self._session.reference.me.login, at)

    def _show_nobody(self) -> None:
        self._shown = None
        self._foot.hide()
        later = min((each.next_at for each in self._queue.waiting), default=None)
        if later is None:
            self.brief.say(self.tr("今天的回访都打完了"), self.tr("有新办结的工单，会自动出现在左边"))
        else:
            when = when_words(later, self._session.clock.now())
            self.brief.say(
                self.tr("现在没有该拨的"),
                self.tr("还有 %d 位在左边等下一个时段，最早 %s；诉求人自己打来的，选中即可记录")
                % (len(self._queue.waiting), when),
            )

    def _on_chosen(self, call: Call) -> None:
        """Another line: keep what is typed for the one before."""
        if self._shown is not None and not self._queue.is_done(self._shown):
            choice = self.outcome.choice
            typed = (choice.key if choice else None, self.outcome.contacted, self.outcome.words.text())
            if typed != (None, None, "") and self._shown.todo is Todo.CALL:
                self._typed[key_of(self._shown)] = typed
        self._shown = call
        self._foot.show()
        if call.todo is Todo.CALL:
            with QSignalBlocker(self.outcome):
                self.outcome.set_answer(*self._typed.pop(key_of(call), (None, None, "")))
            self.outcome.set_last_of_case(call.left == 1 and call.unhappy == 0)
            self.answers.setCurrentWidget(self.outcome)
        else:
            self.settle.show_call(call, "")
            self.answers.setCurrentWidget(self.settle)
        self._fit()
        self.brief.show_report(call.case_id, call.report_id)
        self._session.selection.select(call.case_id)

    def _refresh(self, was: Call, call: Call) -> None:
        self._shown = call
        self.outcome.set_last_of_case(call.left == 1 and call.unhappy == 0)
        if was.case_version != call.case_version:
            self.brief.show_report(call.case_id, call.report_id)

    def _fit(self) -> None:
        """Only as high as what is asked."""
        if (current := self.answers.currentWidget()) is not None:
            self.answers.setFixedHeight(max(current.sizeHint().height(), 96 if current is self.settle else 216))

    def _hold(self, case_id: int) -> None:
        """The number is on the screen: nobody else calls the same citizen now."""
        call = self._shown
        if call is not None and call.case_id == case_id and call.holder == "":
            self._writing.hold(call)

    def _save(self) -> None:
        call, choice = self._shown, self.outcome.choice
        if call is not None and choice is not None:
            self._writing.save(call, self.outcome.answer(), reached=choice.reached, archive=self.outcome.archives)

    def _save_and_redo(self) -> None:
        if self._shown is not None and self.outcome.choice is not None:
            self._writing.save_and_redo(self._shown, self.outcome.answer(), self.outcome.reason())

    def _archive(self) -> None:
        if self._shown is not None:
            self._writing.archive(self._shown)

    def _redo(self, reason: str) -> None:
        if self._shown is not None:
            self._writing.redo(self._shown, reason)

    def _on_refused(self, call: Call, error: PersonError) -> None:
        (self.outcome.say(str(error), bad=True) if call.todo is Todo.CALL else self.settle.say(str(error)))
        self._fit()
        if isinstance(error, StaleVersion):
            self._changed()

    def _go_on(self, call: Call, done: str, change: CaseChange) -> None:
        """The next one at once, from what is known; the list follows when it is read."""
        self._session.noticed.emit(f"{done} {change.number}", "")
        self._queue.wrote(call, change.version)
        self._typed.pop(key_of(call), None)
        self.outcome.clear()
        following = self._next()
        self.list.show_calls(self._queue.waiting, following)
        if following is None:
            self._show_nobody()
        else:
            self._on_chosen(following)
        self.list.setFocus()
        self._changed()

    def _arrange(self) -> None:
        self._left = QWidget(self)
        self._left.setProperty("surface", "panel")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 10, 0, 0)
        left.setSpacing(8)
        self.counted.setContentsMargins(14, 0, 14, 0)
        left.addWidget(self.counted)
        left.addWidget(self.list, 1)
        self._foot = QFrame(self)
        self._foot.setProperty("surface", "panel")
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(20, 12, 20, 14)
        foot.addWidget(self.answers)
        middle = QVBoxLayout()
        middle.setSpacing(1)
        middle.addWidget(self.brief, 1)
        middle.addWidget(self._foot)
        self._foot.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self._left)
        row.addLayout(middle, 1)
        row.addWidget(self.day)
