"""The calls of a clerk: the list, what to know, what was said; saved, the next one is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services import calls, cases
from commandcenter.services.calls import Todo
from ui.calls.brief import CallBrief
from ui.calls.day import CallDay
from ui.calls.list import CallList
from ui.calls.outcome import OutcomePanel
from ui.calls.settle import SettlePanel
from ui.calls.words import when_words
from ui.keys import Keys
from ui.session import Session
from ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from commandcenter.services.calls import Call
    from commandcenter.services.cases import CaseChange

THREE_COLUMNS = 1200
"""Width of this widget from which the day stands beside it: a window of 1366 without its rail."""
WIDE = 1600

_Key = tuple[int, int, Todo]


def _key(call: Call) -> _Key:
    return call.case_id, call.report_id, call.todo


class CallDesk(QWidget):
    """`changed` is called when something was written, so that the page reads anew."""

    def __init__(self, session: Session, changed: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._changed = changed
        self._keys = Keys()
        self._shown: Call | None = None
        self._done: dict[_Key, int] = {}
        """What was written, and the case's version since: a list read before still has it."""
        self._versions: dict[int, int] = {}
        self._typed: dict[_Key, tuple[str | None, bool | None, str]] = {}
        self._busy = False
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
        there = {_key(each): each for each in found}
        self._done = {key: version for key, version in self._done.items() if key in there}
        waiting = [each for each in found if not self._is_done(each)]
        self._versions = {each.case_id: max(each.case_version, self._versions.get(each.case_id, 0)) for each in waiting}
        before = self.list.currentIndex().row()
        selected = there.get(_key(self._shown)) if self._shown is not None else None
        if selected is None or self._is_done(selected):
            gone = self._shown is not None and _key(self._shown) not in self._done and not self._busy
            if self._shown is not None and gone:
                self._session.noticed.emit(self.tr("%s 已由别人处理") % self._shown.case_number, "")
            selected = self._next(waiting, max(0, before) if gone else None)
        self._show_counts(waiting)
        was = self._shown
        self.list.show_calls(waiting, selected)
        if selected is None:
            self._show_nobody(waiting)
        elif was is None or _key(was) != _key(selected):
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

    def _next(self, found: Sequence[Call], at: int | None) -> Call | None:
        """Whom to call now: the first that may be called and nobody else is calling, then what is to be ended; else the line `at`."""
        now, me = self._session.clock.now(), self._session.reference.me.login
        for each in found:
            if each.todo is Todo.CALL and each.next_at <= now and each.holder in {"", me}:
                return each
        due = [each for each in found if each.todo is not Todo.CALL]
        if due:
            return due[0]
        return found[min(at, len(found) - 1)] if at is not None and found else None

    def _is_done(self, call: Call) -> bool:
        return call.case_version < self._done.get(_key(call), 0)

    def _show_counts(self, found: Sequence[Call]) -> None:
        now = self._session.clock.now()
        by_call = [each for each in found if each.todo is Todo.CALL]
        ready = sum(1 for each in by_call if each.next_at <= now)
        parts = [self.tr("现在该拨 %d") % ready]
        if len(found) > len(by_call):
            parts.append(self.tr("待处置 %d") % (len(found) - len(by_call)))
        if len(by_call) > ready:
            parts.append(self.tr("稍后 %d") % (len(by_call) - ready))
        self.counted.setText("　".join(parts))

    def _show_nobody(self, found: Sequence[Call]) -> None:
        self._shown = None
        self._foot.hide()
        later = min((each.next_at for each in found), default=None)
        if later is None:
            self.brief.say(self.tr("今天的回访都打完了"), self.tr("有新办结的工单，会自动出现在左边"))
        else:
            when = when_words(later, self._session.clock.now())
            self.brief.say(
                self.tr("现在没有该拨的"),
                self.tr("还有 %d 位在左边等下一个时段，最早 %s；诉求人自己打来的，选中即可记录") % (len(found), when),
            )

    def _on_chosen(self, call: Call) -> None:
        """Another line: keep what is typed for the one before."""
        if self._shown is not None and not self._is_done(self._shown):
            choice = self.outcome.choice
            typed = (choice.key if choice else None, self.outcome.contacted, self.outcome.words.text())
            if typed != (None, None, "") and self._shown.todo is Todo.CALL:
                self._typed[_key(self._shown)] = typed
        self._shown = call
        self._foot.show()
        if call.todo is Todo.CALL:
            with QSignalBlocker(self.outcome):
                self.outcome.set_answer(*self._typed.pop(_key(call), (None, None, "")))
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
            self._session.spawn(self._take(case_id), "take")

    async def _take(self, case_id: int) -> None:
        try:
            change = await cases.take(
                self._session.database(),
                case_id=case_id,
                version=self._versions[case_id],
                key=self._keys.of(("take", case_id)),
            )
        except StaleVersion:  # it will be read anew, and the call is not held up
            return
        self._keys.done(("take", case_id))
        self._versions[case_id] = max(change.version, self._versions.get(case_id, 0))

    def _save(self) -> None:
        call, choice = self._shown, self.outcome.choice
        if call is None or choice is None or self._busy:
            return
        answers = {"reached": choice.reached, "contacted": self.outcome.contacted, "solved": choice.solved,
                   "satisfied": choice.satisfied, "words": self.outcome.words.text().strip()}  # fmt: skip
        do = calls.archive_in_one if self.outcome.archives else calls.record
        said = (
            self.tr("已归档")
            if self.outcome.archives
            else self.tr("已记录")
            if choice.reached
            else self.tr("未接通，改时再拨")
        )
        self._begin(call, do, answers, said)

    def _save_and_redo(self) -> None:
        call, choice = self._shown, self.outcome.choice
        if call is None or choice is None or self._busy:
            return
        answers = {"contacted": self.outcome.contacted, "solved": choice.solved, "satisfied": choice.satisfied,
                   "words": self.outcome.words.text().strip(), "reason": self.outcome.reason()}  # fmt: skip
        self._begin(call, calls.redo_in_one, answers, self.tr("已重办"))

    def _archive(self) -> None:
        if self._shown is not None and not self._busy:
            self._begin(self._shown, cases.archive, {}, self.tr("已归档"), of_report=False)

    def _redo(self, reason: str) -> None:
        if self._shown is not None and not self._busy:
            self._begin(self._shown, cases.redo, {"reason": reason}, self.tr("已重办"), of_report=False)

    def _begin(
        self,
        call: Call,
        do: Callable[..., Awaitable[CaseChange]],
        facts: dict[str, Any],
        said: str,
        *,
        of_report: bool = True,
    ) -> None:
        self._busy = True
        self.outcome.set_busy(True)
        self.settle.set_busy(True)
        if of_report:
            facts = facts | {"report_id": call.report_id}
        self._session.spawn(self._do(call, do, facts, said), "follow_up")

    async def _do(self, call: Call, do: Callable[..., Awaitable[CaseChange]], facts: dict[str, Any], said: str) -> None:
        deed = (_key(call), do.__name__, tuple(sorted(facts.items(), key=lambda each: each[0])))
        try:
            change = await do(
                self._session.database(), case_id=call.case_id, version=self._versions.get(call.case_id, call.case_version),
                key=self._keys.of(deed), **facts,
            )  # fmt: skip
        except PersonError as error:
            (self.outcome.say(str(error), bad=True) if call.todo is Todo.CALL else self.settle.say(str(error)))
            self._fit()
            if isinstance(error, StaleVersion):
                self._changed()
            return
        finally:
            self._busy = False
            self.outcome.set_busy(False)
            self.settle.set_busy(False)
        self._keys.done(deed)
        self._session.noticed.emit(f"{said} {change.number}", "")
        self._go_on(call, change)

    def _go_on(self, call: Call, change: CaseChange) -> None:
        """The next one at once, from what is known; the list follows when it is read."""
        self._versions[call.case_id] = max(change.version, self._versions.get(call.case_id, 0))
        self._done[_key(call)] = change.version
        self._typed.pop(_key(call), None)
        left = [each for each in self.list.calls if not self._is_done(each)]
        self.outcome.clear()
        following = self._next(left, None)
        self.list.show_calls(left, following)
        if following is None:
            self._show_nobody(left)
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
