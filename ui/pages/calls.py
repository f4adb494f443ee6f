"""回访: whom to call next and what to know before; second calls, applications, and who is missing today."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services import calls
from commandcenter.services.call_review import LATELY_DAYS, read_unhappy
from ui.calls.appeals import Appeals
from ui.calls.desk import CallDesk
from ui.calls.seconds import SecondCalls
from ui.calls.words import missing_words, why_word
from ui.models.row_table import Column, RowTable
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.live_read import LiveRead
from ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from commandcenter.services.calls import DayProgress

_CONCERNS = frozenset({"case", "second_call", "appeal", "settings"})
_CALLERS = frozenset({Role.FOLLOWUP, Role.SUPERVISOR})


class CallsPage(QWidget):
    """Tabs for who calls; units that only apply see 剔除/申诉 alone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._minute = -1
        self._failed = False
        self.setProperty("surface", "panel")
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.desk = CallDesk(session, self.reload, self)
        self.seconds = SecondCalls(session, self.reload, self)
        self.appeals = Appeals(session, self.reload, self)
        self.missing = RowTable(
            [
                Column("case_number", self.tr("工单")),
                Column("title", self.tr("标题")),
                Column("why", self.tr("为什么"), show=why_word),
                Column("when", self.tr("何时")),
            ],
            self,
        )
        self.missing_view = RowView(self.missing, "title", self)
        self.missing_view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.missing_view.setAccessibleName(self.tr("没回访到的"))
        self.missing_view.empty = self.tr("今天应回访的都回访到了")
        self.missing_view.activated.connect(self._open_missing)
        calls_back = session.role in _CALLERS
        for tab, shown in (
            (self.desk, calls_back),
            (self.seconds, calls_back),
            (self.appeals, True),
            (self.missing_view, calls_back),
        ):
            if shown:
                self.tabs.addTab(tab, "")
            else:
                tab.hide()
        self.tabs.tabBar().setVisible(calls_back)
        self.tabs.tabBar().setAccessibleName(self.tr("回访的各项"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self._name_tabs(0, 0, 0)
        self.desk.day.missing_wanted.connect(lambda: self.tabs.setCurrentWidget(self.missing_view))
        self.setFocusProxy(self.desk if calls_back else self.appeals)
        session.themed.connect(self.set_tokens)
        session.bridge.ticked.connect(self._on_tick)
        self.set_tokens(session.tokens)
        self.reader = LiveRead(session, _CONCERNS, self._read, self._fail, self)
        self.desk.brief.say(self.tr("正在读取…"))
        self.reload()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.desk.set_tokens(tokens)
        self.seconds.set_tokens(tokens)

    def reload(self) -> None:
        """Read anew; asked again while it reads, it reads once more."""
        if not self.reader.ask_soon():
            self._fail(Unreachable(self.tr("未连接数据库。"), self.tr("连上后再看。")))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def _fail(self, error: PersonError) -> None:
        self._failed = True
        self.desk.fail(error)
        self.appeals.say(str(error), bad=True)

    async def _read(self) -> None:
        db, now = self._session.database(), self._session.clock.now()
        calls_back = self._session.role in _CALLERS
        if calls_back:
            self.desk.show_calls(await calls.read_call_list(db, now=now))
            day = await calls.day_progress(db, day=now.astimezone(SHANGHAI).date())
            self.desk.day.show_progress(day)
            self._show_missing(day)
        applications = await calls.read_appeals(db, open_only=False)
        answers = await read_unhappy(db, since=now - timedelta(days=LATELY_DAYS)) if self.appeals.may_apply else ()
        if self._failed:
            self._failed = False
            self.appeals.say("")
        self.appeals.show_appeals(applications, answers)
        if not calls_back:
            return
        seconds = await calls.read_second_calls(db)
        self.seconds.show_calls(seconds)
        self._name_tabs(
            sum(1 for each in seconds if each.called_at is None),
            sum(1 for each in applications if each.granted is None),
            day.due - day.reached,
        )

    def _show_missing(self, day: DayProgress) -> None:
        order = {why: number for number, why in enumerate(("nobody", "retry", "unreachable", "not_due"))}
        rows = sorted(day.missing, key=lambda each: (order[each.why], each.at or self._session.clock.now()))
        now = self._session.clock.now()
        self.missing.show_rows([asdict(each) | {"when": missing_words(each, now)} for each in rows])

    def _name_tabs(self, seconds: int, applications: int, missing: int) -> None:
        for tab, title, count in (
            (self.desk, self.tr("回访"), 0),
            (self.seconds, self.tr("抽查"), seconds),
            (self.appeals, self.tr("剔除/申诉"), applications),
            (self.missing_view, self.tr("没回访到的"), missing),
        ):
            self.tabs.setTabText(self.tabs.indexOf(tab), f"{title} {count}" if count else title)

    def _on_tick(self) -> None:
        """Each minute somebody's time to be called may have come."""
        minute = self._session.clock.now().minute
        if self.isVisible() and minute != self._minute:
            self._minute = minute
            self.reload()

    def _open_missing(self) -> None:
        row = self.missing_view.current_row
        if row is not None:
            self._session.open_page("case", row["case_id"])
