"""The case page's part on merging: into what it went, what came into it, hints, related cases, themes, and the deeds on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import OPEN_STATES, Role, State, Verb
from commandcenter.domain.merge import MERGEABLE
from commandcenter.services import merging
from commandcenter.services.case_file import read_briefs
from ui.merging.ask import MergeAsk
from ui.merging.cards import MergeCards
from ui.merging.case_deeds import CaseDeeds
from ui.merging.partner import MergeWith
from ui.merging.theme_join import ThemeJoin
from ui.merging.undo import LastDeed
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.flow import FlowLayout
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label
from ui.widgets.section import Section

if TYPE_CHECKING:
    from commandcenter.services.case_file import Brief, CaseFile, Report
    from commandcenter.services.merging import Hint, Link, Related, Theme

KINDS = frozenset({"relation", "theme", "hint"})
CENTRE = frozenset({Role.DUTY, Role.SUPERVISOR})
SEE_HINTS = CENTRE | {Role.ANALYST, Role.ADMIN}
Deed = tuple[str, Callable[[], object]]


class MergeFile(QWidget):
    """Follows the file that the page shows. ``changed()``: the case is to be read anew."""

    changed = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._cards = MergeCards(session, self)
        self._file: CaseFile | None = None
        self.last = LastDeed(session, self)
        self.gone, self.said = plain_label(self, "warn"), plain_label(self, "normal")
        self.open_button = self._button(self.tr("打开"), self._open_now)
        self.undo_button = self._button(self.tr("撤销并单"), self._undo_own)
        self.with_button = self._button(self.tr("并单 / 关联 Ctrl+M"), self.ask_with)
        self.with_button.setShortcut("Ctrl+M")
        self.theme_button = self._button(self.tr("加入聚合"), self._ask_theme)
        self.place_button = self._button(self.tr("改位置"), self._to_place)
        self.ask = MergeAsk(self)
        self.deeds = CaseDeeds(session, self.ask, self.last)
        self._join = ThemeJoin(session, self.ask, self._on_done)
        self.panel = MergeWith(session, self.last, self)
        self.links = Section(self.tr("并单"), self)
        self.hints = Section(self.tr("疑似重复"), self)
        self.related = Section(self.tr("相关工单"), self)
        self.themes = Section(self.tr("聚合"), self)
        self._now: Brief | None = None
        self._own: Link | None = None
        self.reader = LiveRead(session, KINDS, self._read, lambda error: self._say(str(error)), self)
        self._arrange()
        self.deeds.done.connect(self._on_done)
        self.deeds.refused.connect(self._say)
        self.deeds.stale.connect(self.changed)
        self.panel.done.connect(self._on_done)
        self.panel.opened.connect(self._open)
        self.last.told.connect(self._on_done)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.panel.set_tokens(tokens)

    def show_file(self, file: CaseFile) -> None:
        """Show what belongs to a case; what is asked for another one is given up."""
        if self._file is None or self._file.case.id != file.case.id:
            self.ask.close_ask()
            self._say("")
            self._now = self._own = None
            for section in (self.links, self.hints, self.related, self.themes):
                section.show_cards([])
        self._file = file
        self.panel.follow(file)
        self.deeds.follow(file)
        self._show_tools()
        self.reader.ask_when_shown()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.shown()

    def ask_with(self, other_id: int | None = None) -> None:
        """Ask which other case belongs to this one, or show that one beside it."""
        if self._file is not None and self.with_button.isEnabled():
            self.panel.ask(self._file, other_id or None)

    def why_not_split(self, file: CaseFile) -> str | None:
        """Why none of the reports can be taken out; '' where one can, None where the person never may."""
        if self._session.role not in CENTRE:
            return None
        if Verb.SPLIT not in self._session.reference.lawful(file.case.state, self._session.role):
            return self.tr("“%s”的工单不能拆单") % words.state_word(file.case.state)
        return "" if len(file.reports) > 1 else self.tr("只有一条诉求，不用拆")

    def ask_split(self, report: Report) -> None:
        """Ask why a report is taken out, and take it out."""
        self.deeds.ask_split(report)

    async def _read(self) -> None:
        file, db = self._file, self._session.database()
        if file is None:
            return
        links = await merging.read_links(db, file.case.id)
        related = await merging.read_related(db, file.case.id)
        themes = await merging.read_themes_of(db, file.case.id)
        hints = await merging.read_hints(db, file.case.id) if self._session.role in SEE_HINTS else ()
        now = None
        if file.case.state is State.MERGED:
            [now] = await read_briefs(db, [await merging.case_now(db, file.case.id)]) or [None]
        if self._file is None or self._file.case.id != file.case.id:
            return
        self._now = now
        self._own = next((link for link in links if link.source_id == file.case.id and link.standing), None)
        self._show_tools()
        here = file.case.id
        self.links.show_cards([(each, partial(self._link, each, here)) for each in reversed(links)])
        waiting = [each for each in hints if each.state == "open"]
        self.hints.show_cards([(each, partial(self._hint, each, here)) for each in waiting])
        self.related.show_cards([(each, partial(self._relation, each)) for each in related])
        self.themes.show_cards([(each, partial(self._theme, each)) for each in themes])

    def _show_tools(self) -> None:
        file = self._file
        if file is None:
            return
        merged, mine = file.case.state is State.MERGED, self._session.role in CENTRE
        self._gone_row.setVisible(merged)
        self.gone.setText(
            self.tr("已并入 %s") % self._now.number if self._now is not None else self.tr("已并入另一件工单")
        )
        self.open_button.setEnabled(self._now is not None)
        self.undo_button.setVisible(mine)
        self.undo_button.setEnabled(self._own is not None)
        self._tools.setVisible(not merged and (mine or self._session.role is Role.CALLER))
        self.with_button.setVisible(mine)
        lawful = file.case.state in MERGEABLE
        self.with_button.setEnabled(mine and lawful)
        self.with_button.setToolTip("" if lawful else self.tr("“%s”的工单不能并单") % words.state_word(file.case.state))
        self.theme_button.setVisible(mine)
        may_place = Verb.PLACE in self._session.reference.lawful(file.case.state, self._session.role)
        self.place_button.setVisible(may_place and file.case.state in OPEN_STATES)

    def _link(self, link: Link, case_id: int) -> QWidget:
        other = link.kept_id if link.source_id == case_id else link.source_id
        undo: list[Deed] = [(self.tr("撤销"), partial(self.deeds.ask_undo, link))] if link.standing else []
        return self._cards.link(link, case_id, [(self.tr("打开"), partial(self._open, other)), *self._mine(undo)])

    def _hint(self, hint: Hint, case_id: int) -> QWidget:
        other = hint.other_id if hint.case_id == case_id else hint.case_id
        beside = self._mine([(self.tr("并排看"), partial(self.ask_with, other))])
        return self._cards.hint(hint, case_id, [(self.tr("打开"), partial(self._open, other)), *beside])

    def _relation(self, relation: Related) -> QWidget:
        seen: list[Deed] = [(self.tr("打开"), partial(self._open, relation.case_id))] if relation.number else []
        end = self._mine([(self.tr("取消关联"), partial(self.deeds.unrelate, relation.id))])
        return self._cards.relation(relation, [*seen, *end])

    def _theme(self, theme: Theme) -> QWidget:
        leave: list[Deed] = []
        if theme.closed_at is None:
            leave.append((self.tr("移出"), partial(self.deeds.leave_theme, theme)))
        look = self._mine([(self.tr("归并页"), partial(self._session.open_page, "merging"))])
        return self._cards.theme(theme, [*look, *self._mine(leave)])

    def _mine(self, deeds: list[Deed]) -> list[Deed]:
        """Deeds of the centre; for others none."""
        return deeds if self._session.role in CENTRE else []

    def _undo_own(self) -> None:
        if self._own is not None:
            self.deeds.ask_undo(self._own)

    def _ask_theme(self) -> None:
        if self._file is not None:
            self._join.begin([self._file.case.id])

    def _on_done(self, sentence: str) -> None:
        self.ask.close_ask()
        self._say(sentence)
        self.reader.ask()

    def _open_now(self) -> None:
        if self._now is not None:
            self._open(self._now.id)

    def _open(self, case_id: int) -> None:
        self._session.open_page("case", case_id)

    def _to_place(self) -> None:
        if self._file is not None:
            self._session.open_page("merging", self._file.case.id)

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _button(self, text: str, call: Callable[[], object]) -> QPushButton:
        button = QPushButton(text, self)
        button.clicked.connect(lambda _=False: call())
        return button

    def _arrange(self) -> None:
        self._gone_row, self._tools = QWidget(self), QWidget(self)
        for row, widgets in (
            (self._gone_row, (self.gone, self.open_button, self.undo_button)),
            (self._tools, (self.with_button, self.theme_button, self.place_button)),
        ):
            flow = FlowLayout(row, spacing=8)
            flow.setContentsMargins(0, 0, 0, 0)
            for widget in widgets:
                flow.addWidget(widget)
        self.gone.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._gone_row, self._tools, self.said, self.ask, self.panel):
            column.addWidget(part)
        self.said.hide()
