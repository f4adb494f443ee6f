"""抽查: citizens who said they were content, called once more by somebody else, who does not see the first answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import PersonError
from commandcenter.services import calls
from ui.calls.brief import CallBrief
from ui.calls.outcome import OutcomePanel
from ui.calls.words import answer_words, when_words
from ui.keys import Keys
from ui.models.row_table import Column, RowTable
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from commandcenter.services.call_review import SecondCall


class SecondCalls(QWidget):
    """The list at the left, the citizen and the answer at the right; those made stay in the list for a month."""

    def __init__(self, session: Session, changed: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._changed = changed
        self._keys = Keys()
        self._shown: SecondCall | None = None
        self._calls: dict[int, SecondCall] = {}
        self._busy = False
        self.table = RowTable(
            [
                Column("case_number", self.tr("工单")),
                Column("title", self.tr("标题")),
                Column("day", self.tr("回访日"), show=lambda day: f"{day:%m-%d}"),
                Column("result", self.tr("结果")),
            ],
            self,
        )
        self.view = RowView(self.table, "title", self)
        self.view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.view.setAccessibleName(self.tr("抽查名单"))
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.brief = CallBrief(session, self, with_answers=False)
        self.outcome = OutcomePanel(self, second=True)
        self.outcome.saved.connect(self._save)
        self.verdict = QLabel(self)
        self.verdict.setWordWrap(True)
        self.calm = CalmState(self)
        self._foot = QFrame(self)
        self._foot.setProperty("surface", "panel")
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(20, 12, 20, 14)
        foot.addWidget(self.verdict)
        foot.addWidget(self.outcome)
        right = QVBoxLayout()
        right.setSpacing(1)
        right.addWidget(self.brief, 1)
        right.addWidget(self._foot)
        work = QWidget(self)
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.view, 5)
        row.addLayout(right, 6)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(work)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._room)
        self.outcome.bind(self, self.outcome.isVisible)
        for owner, context in (
            (self.view, Qt.ShortcutContext.WidgetShortcut),
            (self._foot, Qt.ShortcutContext.WidgetWithChildrenShortcut),
        ):
            for key in ("Return", "Enter"):
                QShortcut(QKeySequence(key), owner, context=context).activated.connect(self._enter)
        self.setFocusProxy(self.view)
        self.calm.say(self.tr("正在读取…"))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.brief.set_tokens(tokens)

    def show_calls(self, found: Sequence[SecondCall]) -> None:
        """Show what was drawn; the one that is looked at stays."""
        self._calls = {each.follow_up_id: each for each in found}
        keep = self._shown.follow_up_id if self._shown is not None else 0
        self.table.show_rows([asdict(each) | {"result": self._result(each)} for each in found])
        if not found:
            self._shown = None
            self.calm.say(
                self.tr("没有要抽查的回访"), self.tr("每天从前一天的双是中按比例抽出，由另一位回访员再拨一次")
            )
            self._room.setCurrentWidget(self.calm)
            return
        self._room.setCurrentIndex(1)
        ids = [each.follow_up_id for each in found]
        row = ids.index(keep) if keep in ids else 0
        self.view.setCurrentIndex(self.table.index(row, 0))
        self._show(found[row])

    def _on_current(self) -> None:
        row: Any = self.view.current_row
        if row is not None and row["follow_up_id"] in self._calls:
            self._show(self._calls[row["follow_up_id"]])

    def _show(self, call: SecondCall) -> None:
        if self._shown is None or self._shown.follow_up_id != call.follow_up_id:
            self.outcome.clear()
            self.brief.show_report(call.case_id, call.report_id)
        self._shown = call
        made = call.called_at is not None
        self.outcome.setVisible(not made)
        self.verdict.setVisible(made)
        if made:
            first = answer_words(solved=call.first_solved, satisfied=call.first_satisfied)
            again = answer_words(solved=call.solved, satisfied=call.satisfied)
            self.verdict.setText(
                f"{self._result(call)}　{self.tr('首次回访')}：{first}　{self.tr('抽查')}：{again}　{call.words}"
            )

    def _result(self, call: SecondCall) -> str:
        if call.called_at is None:
            if not call.tries or call.tried_at is None:
                return self.tr("待抽查")
            return self.tr("未接通 %d 次，%s") % (call.tries, when_words(call.tried_at, self._now()))
        if not call.reached:
            return self.tr("拨满次数未接通")
        return self.tr("✓ 一致") if call.agrees else self.tr("✗ 不一致")

    def _now(self) -> datetime:
        return self._session.clock.now()

    def _enter(self) -> None:
        if self.outcome.isVisible():
            self.outcome.save()

    def _save(self) -> None:
        call, choice = self._shown, self.outcome.choice
        if call is None or choice is None or self._busy:
            return
        self._busy = True
        self._session.spawn(self._send(call), "second_call")

    async def _send(self, call: SecondCall) -> None:
        choice, said = self.outcome.choice, self.outcome.words.text().strip()
        assert choice is not None
        deed = (call.follow_up_id, call.tries, choice, said)
        try:
            await calls.record_second_call(
                self._session.database(), follow_up_id=call.follow_up_id, reached=choice.reached, solved=choice.solved,
                satisfied=choice.satisfied, words=said, key=self._keys.of(deed),
            )  # fmt: skip
        except PersonError as error:
            self.outcome.say(str(error), bad=True)
            return
        finally:
            self._busy = False
        self._keys.done(deed)
        self._shown = None
        self._session.noticed.emit(self.tr("已记录抽查 %s") % call.case_number, "")
        self._changed()
