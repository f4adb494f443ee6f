"""受理: one page and no mouse; what is typed is safe at every moment, and reaches the database exactly once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.config import load_settings
from commandcenter.domain.case import Grade, Role, State, Verb
from commandcenter.errors import PersonError, Unreachable
from commandcenter.services.case_file import Brief, read_registered
from commandcenter.services.proposal import town_of
from commandcenter.services.spool import Entry, Sent, Spool, as_refused, as_waiting, owner_of, send
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.brief_list import BriefList
from ui.widgets.dispatch_panel import DispatchPanel
from ui.widgets.intake_form import IntakeForm
from ui.widgets.place_finder import PlaceFinder

SAVE_AFTER_MS = 600
RECENT = timedelta(hours=24)


class IntakePage(QWidget):
    """Form at the left, what this person registered lately at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None, spool: Spool | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._spool = spool or Spool(
            load_settings().data_dir / "spool", owner_of(session.db, session.reference.me.login)
        )
        self._draining = False
        self._last: UUID | None = None
        self._opened: int | None = None
        self.form = IntakeForm(session, self)
        self.places = PlaceFinder(session, self.form)
        self.units = DispatchPanel(session, self)
        self.units.hide()
        self.done = QLabel(self)
        self.open_done = QPushButton(self.tr("打开"), self)
        self.open_done.setProperty("role", "link")
        self.open_done.clicked.connect(lambda: session.open_page("case", self._opened))
        self.open_done.hide()
        self.register_button = QPushButton(self.tr("登记  Ctrl+Enter"), self)
        self.register_button.setProperty("role", "primary")
        self.register_button.clicked.connect(self.register)
        self.dispatch_button = QPushButton(self.tr("登记并派单  Ctrl+Shift+Enter"), self)
        self.dispatch_button.clicked.connect(self.register_and_dispatch)
        self.clear_button = QPushButton(self.tr("清空"), self)
        self.clear_button.clicked.connect(self.clear)
        self.kept = QFrame(self)
        self.kept_words = QLabel(self.kept)
        self.kept_words.setWordWrap(True)
        self.mend_button = QPushButton(self.tr("取回修改"), self.kept)
        self.mend_button.clicked.connect(self.mend)
        self.recent = BriefList(session, self)
        self.nothing = QLabel(self.tr("24 小时内还没有登记"), self)
        self.nothing.setProperty("role", "quiet")
        self.recent.model().rowsInserted.connect(self.nothing.hide)
        self.recent.model().modelReset.connect(lambda: self.nothing.setVisible(not self.recent.briefs))
        self.recent.opened.connect(lambda case_id: session.open_page("case", case_id))
        self._arrange()
        self._save = QTimer(self)
        self._save.setSingleShot(True)
        self._save.setInterval(SAVE_AFTER_MS)
        self._save.timeout.connect(self.save)
        self.form.edited.connect(self._on_edited)
        self.units.folded.connect(self.form.content.setFocus)
        for keys, call in (
            (("Ctrl+Return", "Ctrl+Enter"), self.register),
            (("Ctrl+Shift+Return", "Ctrl+Shift+Enter"), self.register_and_dispatch),
        ):
            for key in keys:
                QShortcut(QKeySequence(key), self).activated.connect(call)
        session.themed.connect(self.set_tokens)
        session.reference_changed.connect(self.form.reload)
        session.bridge.health_changed.connect(self._on_health)
        self.destroyed.connect(self._spool.close)
        self.setFocusProxy(self.form.content)
        self.set_tokens(session.tokens)
        self._restore()
        if session.db is not None and session.role is not Role.INTAKE:
            session.spawn(self._read_recent(), "read_registered")

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.form.set_tokens(tokens)
        self.recent.set_tokens(tokens)

    def register(self) -> None:
        """Register what is typed (Ctrl+Enter)."""
        self._submit(with_units=False)

    def register_and_dispatch(self) -> None:
        """First ask where to, with a proposal; asked again, register and dispatch (Ctrl+Shift+Enter)."""
        if not self.dispatch_button.isEnabled() or not self.form.check():
            return
        if self.units.isHidden():
            self.units.open_for(self.form.category.value(), self.form.area.value(), self._session.clock.now())
            return
        self._submit(with_units=True)

    def clear(self) -> None:
        """Throw away what is typed."""
        entry = self.form.entry()
        self._empty()
        if entry is not None:
            self._spool.remove(entry.key)
        self._say("")

    def mend(self) -> None:
        """Take the first refused entry back into the form; what is in the form stays kept as a draft."""
        refused = next((entry for entry in self._spool.entries if entry.state == "refused"), None)
        if refused is not None:
            self.save()
            self.form.show_entry(refused)
            self.save()
            self._say(refused.problem, bad=True)
            self._tell_kept()
            self.form.content.setFocus()

    def save(self) -> None:
        """Keep what is typed where a crash cannot reach it."""
        self._save.stop()
        entry = self.form.entry()
        if entry is not None:
            try:
                self._spool.put(entry)
            except PersonError as error:
                self._say(str(error), bad=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.save()

    def _submit(self, *, with_units: bool) -> None:
        if not self.form.check():
            return
        entry = self.form.entry()
        dispatch = self.units.dispatch() if with_units else None
        if entry is None or (with_units and dispatch is None):
            return
        if with_units and entry.grade is None:
            category = self._session.reference.categories.get(entry.category_id or 0)
            self.form.grade.propose(category.default_grade if category else None)
            if self.form.grade.grade is None:
                self._say(self.tr("派单前请先定等级：按 Ctrl+1 到 Ctrl+5。"), bad=True)
                self.form.grade.setFocus()
                return
            entry = self.form.entry() or entry
        self._save.stop()
        try:
            self._spool.put(as_waiting(entry, dispatch))
        except PersonError as error:
            self._say(str(error), bad=True)
            return
        self._last = entry.key
        self._empty()
        self._say(self.tr("正在登记…") if self._is_live() else "")
        self._tell_kept()
        self._begin_drain()

    def _begin_drain(self) -> None:
        if not self._draining and self._is_live() and any(entry.state == "waiting" for entry in self._spool.entries):
            self._draining = True
            self._session.spawn(self._drain(), "register")

    async def _drain(self) -> None:
        """Send what waits, one after the other, until nothing does or the database is away."""
        try:
            while entry := next((each for each in self._spool.entries if each.state == "waiting"), None):
                try:
                    sent = await send(self._session.database(), entry)
                except Unreachable:
                    self._say("")
                    return
                except PersonError as error:
                    self._spool.put(as_refused(entry, str(error)))
                    self._on_refused(entry, str(error))
                else:
                    self._spool.remove(entry.key)
                    self._on_sent(entry, sent)
        finally:
            self._draining = False
            self._tell_kept()

    def _on_sent(self, entry: Entry, sent: Sent) -> None:
        change = sent.change
        self._opened = change.case_id
        if sent.dispatch_problem:
            self._say(self.tr("已登记 %s，没有派出：%s") % (change.number, sent.dispatch_problem), bad=True)
        elif change.state is State.TO_ACCEPT:
            self._say(self.tr("已登记并派单 %s") % change.number)
        else:
            self._say(self.tr("已登记 %s") % change.number)
        self.open_done.show()
        reference = self._session.reference
        category = reference.categories.get(entry.category_id or 0)
        grade = entry.grade if entry.grade is not None else category.default_grade if category else None
        town = town_of(reference.areas, entry.area_id)
        self.recent.add_first(
            Brief(
                change.case_id,
                change.number,
                grade if grade is not None else Grade.GREEN,
                change.state,
                entry.title or entry.content[:40],
                town.id if town else None,
                self._session.clock.now(),
            )
        )

    def _on_refused(self, entry: Entry, sentence: str) -> None:
        """Back into the form where it is still empty, so that it can be put right at once."""
        if entry.key == self._last and self.form.entry() is None:
            self.form.show_entry(entry)
            self.save()
            self._say(sentence, bad=True)
        elif entry.key == self._last:
            self._say("")

    def _empty(self) -> None:
        self.form.show_entry(None)
        self.units.hide()
        self.form.content.setFocus()

    def _restore(self) -> None:
        """What a closed or crashed window left: the newest draft into the form, what waits on its way."""
        self._spool.open()
        drafts = [entry for entry in self._spool.entries if entry.state == "draft"]
        if drafts:
            self.form.show_entry(drafts[-1])
            self._say(self.tr("已恢复上次没有登记完的内容。"))
        self._tell_kept()
        self._begin_drain()

    async def _read_recent(self) -> None:
        since = self._session.clock.now() - RECENT
        briefs = await read_registered(self._session.database(), since=since)
        known = {brief.id for brief in briefs}
        self.recent.show_briefs([*(each for each in self.recent.briefs if each.id not in known), *briefs])

    def _is_live(self) -> bool:
        health = self._session.health
        return self._session.db is not None and (health is None or health.state != "away")

    def _on_health(self) -> None:
        self._begin_drain()
        self._tell_kept()

    def _on_edited(self) -> None:
        self._save.start()
        if self.done.property("role") == "good":
            self._say("")

    def _tell_kept(self) -> None:
        """Say what waits here, and what was refused; and what the buttons can do."""
        shown = self.form.entry()
        waiting = sum(1 for entry in self._spool.entries if entry.state == "waiting") if not self._draining else 0
        refused = [
            each for each in self._spool.entries if each.state == "refused" and (not shown or each.key != shown.key)
        ]
        parts = []
        if waiting:
            parts.append(self.tr("已暂存 %n 件，连上后自动登记。", "", waiting))
        elif not self._is_live():
            parts.append(self.tr("连不上数据库：可以照常登记，先暂存在本机。"))
        if refused:
            parts.append(self.tr("%n 件没有登记成：", "", len(refused)) + refused[0].problem)
        self.kept_words.setText("\n".join(parts))
        self.mend_button.setVisible(bool(refused))
        self.kept.setVisible(bool(parts))
        lawful = any(
            verb == Verb.DISPATCH and role == self._session.role
            for _, verb, _, role in self._session.reference.transitions
        )
        self.dispatch_button.setEnabled(lawful)
        self.dispatch_button.setToolTip("" if lawful else self.tr("您的岗位只登记，由市中心定级派单。"))

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        self.done.setText(sentence)
        role = "bad" if bad else "good"
        if self.done.property("role") != role:
            self.done.setProperty("role", role)
            self.done.style().polish(self.done)
        self.open_done.hide()

    def _arrange(self) -> None:
        title = QLabel(self.tr("登记诉求"), self)
        title.setProperty("role", "title")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.clear_button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.done.setWordWrap(True)
        foot.addWidget(self.done, 1)
        foot.addWidget(self.open_done)
        foot.addWidget(self.dispatch_button)
        foot.addWidget(self.register_button)
        left = QVBoxLayout()
        left.setContentsMargins(24, 14, 20, 16)
        left.setSpacing(10)
        left.addLayout(head)
        left.addWidget(self.form, 1)
        left.addWidget(self.units)
        left.addLayout(foot)
        self.kept.setProperty("surface", "alarm")
        kept = QVBoxLayout(self.kept)
        kept.setContentsMargins(12, 10, 12, 10)
        kept.addWidget(self.kept_words)
        kept.addWidget(self.mend_button)
        beside = QWidget(self)
        beside.setProperty("surface", "panel")
        right = QVBoxLayout(beside)
        right.setContentsMargins(0, 14, 0, 0)
        right.setSpacing(10)
        heading = QLabel(self.tr("我最近登记的"), beside)
        heading.setProperty("role", "strong")
        heading.setContentsMargins(14, 0, 0, 0)
        right.addWidget(heading)
        self.nothing.setContentsMargins(14, 0, 14, 0)
        right.addWidget(self.nothing)
        right.addWidget(self.recent, 1)
        beside.setFixedWidth(372)
        left.addWidget(self.kept)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(beside)
