"""One slip on the desk: its head, what can be done, what is written in it, and its course; the preview follows by signal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.slip import SlipState
from commandcenter.errors import PersonError, StaleVersion
from commandcenter.services.slips import read_file
from ui.dialogs.attached_file import write_attached
from ui.dialogs.file_dialog import ask_save
from ui.keys import Keys
from ui.session import Session
from ui.slips import deeds as slip_deeds
from ui.slips import may as slip_may
from ui.slips import words as slip_words
from ui.slips.buttons import SlipButtons
from ui.slips.course import SlipCourse
from ui.slips.form import SlipForm
from ui.slips.panel import SlipPanel
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip, SlipFile

_AT_ONCE = frozenset({"edit"})
"""Verbs that need no second word."""


class SlipDesk(QScrollArea):
    """``written()``: the words of the slip are others now. ``done()``: something was done, or turned out to be stale."""

    written = Signal()
    done = Signal()
    slip_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self.slip: Slip | None = None
        self.setAccessibleName(self.tr("单的内容，方向键滚动"))
        self.title = plain_label(self, "heading")
        self.where = plain_label(self, "quiet")
        self.clock = plain_label(self, "normal")
        self.notice = QFrame(self)
        self.notice.setProperty("surface", "card")
        self.notice_words = plain_label(self, "warn")
        self.forget_button = QPushButton(self.tr("放弃我的改动"), self.notice)
        self.forget_button.clicked.connect(self.forget)
        self.form = SlipForm(session.clock, self)
        self.form.changed.connect(self._on_written)
        self.buttons = SlipButtons(session, lambda: self.form.unsaved, self)
        self.buttons.wanted.connect(self._on_wanted)
        self.panel = SlipPanel(session, self)
        self.panel.confirmed.connect(self._start)
        self.panel.closing.connect(self._take_keyboard)
        self.course = SlipCourse(session, self)
        self.course.file_wanted.connect(self._ask_where)
        self.course.slip_wanted.connect(self.slip_wanted)
        self._arrange()

    @property
    def unsaved(self) -> bool:
        """Whether the person has typed something that is not stored."""
        return self.slip is not None and not self.form.isHidden() and self.form.unsaved

    def shown(self) -> Slip | None:
        """The slip with what is typed in it: what the preview shows."""
        if self.slip is None or self.form.isHidden():
            return self.slip
        return replace(self.slip, **self.form.values())

    def show_slip(self, slip: Slip) -> None:
        """Show this slip; the same one anew keeps what was typed, and says so where somebody changed it meanwhile."""
        old, self.slip = self.slip, slip
        again = old is not None and old.id == slip.id
        if again and old == slip:
            self.refresh()
            return
        at = self.verticalScrollBar().value() if again else 0
        was_unsaved = again and self.unsaved
        editable = slip_may.is_editable(self._session, slip)
        clash = self.form.show_slip(slip)
        self.form.say_days(self._session.reference.slip_kinds[slip.kind].reply_days)
        self.form.setVisible(slip.state in {SlipState.DRAFT, SlipState.TO_COSIGN})
        self.form.let_edit(may=editable)
        self.notice.hide()
        if again and was_unsaved and old is not None and old.version != slip.version:
            self._notice(slip, clash=clash, lost=not editable)
        if again:
            self.panel.follow(slip)
        else:
            self.panel.close_panel()
        self.course.show_slip(slip)
        self.refresh()
        self.verticalScrollBar().setValue(at)
        self.written.emit()

    def refresh(self) -> None:
        """Say the clock's words, and what can be done, anew."""
        slip = self.slip
        self.buttons.show_slip(slip)
        if slip is None:
            return
        self.title.setText(slip.subject)
        parts = (
            slip.number or slip_words.kind_word(slip.kind),
            slip_words.state_word(slip.state),
            slip.unit_short_name,
            slip.rule_name or self.tr("领导批示"),
        )
        self.where.setText(" · ".join(part for part in parts if part))
        clock = slip_words.clock_words(slip, self._session.reference, self._session.clock.now())
        self.clock.setText(f"{'○△■'[clock.lamp]} {clock.text}")
        self.clock.setVisible(bool(clock.text))
        role = LAMP_ROLES[clock.lamp]
        set_role(self.clock, role)

    def forget(self) -> None:
        """Take back what was typed."""
        self.form.forget()
        self.notice.hide()
        self.refresh()

    def _notice(self, slip: Slip, *, clash: bool, lost: bool) -> None:
        who = slip_words.name_of(slip.actor, self._session.reference)
        if lost:
            words = self.tr("%s刚%s了这份单，您的改动没有保存，也不能再保存。") % (who, slip_words.verb_word(slip.verb))
        elif clash:
            words = self.tr("%s刚改过这份单，改了您也在改的地方；您的改动还在，保存就以您的为准。") % who
        else:
            words = self.tr("%s刚改过这份单，已读入；您的改动还在，没有保存。") % who
        self.notice_words.setText(words)
        self.forget_button.setVisible(not lost)
        self.notice.show()

    def _take_keyboard(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self.panel.isAncestorOf(focused):
            self.setFocus()

    def _on_written(self) -> None:
        self.buttons.refresh()
        self.written.emit()

    def _on_wanted(self, verb: str) -> None:
        assert self.slip is not None
        voids = verb == "edit" and bool(self.slip.signatures)
        if verb in _AT_ONCE and not voids:
            self._start(verb, {})
        else:
            self.panel.ask(self.slip, verb)
            self.ensureWidgetVisible(self.panel)

    def _start(self, verb: str, inputs: dict[str, Any]) -> None:
        assert self.slip is not None
        given = self.form.values() if verb == "edit" else inputs
        self._session.spawn(self._do(self.slip, verb, given), f"slip {verb}")

    async def _do(self, slip: Slip, verb: str, inputs: dict[str, Any]) -> None:
        deed = (slip.id, slip.version, verb, repr(sorted(inputs.items())))
        try:
            change = await slip_deeds.do(self._session.database(), slip, verb, inputs, self._keys.of(deed))
        except PersonError as error:
            if self.panel.isHidden():
                self._session.noticed.emit(error.sentence, error.advice)
            else:
                self.panel.say(str(error))
            if isinstance(error, StaleVersion):
                self.done.emit()
            return
        self._keys.done(deed)
        self.panel.done()
        if verb == "edit":
            self.form.keep_as_stored()
        what = self.tr("已保存") if verb == "edit" else self.tr("已%s") % slip_words.verb_word(verb)
        self._session.noticed.emit(f"{change.number} {what}".strip(), "")
        self.done.emit()

    def _ask_where(self, file: SlipFile) -> None:
        ask_save(
            self,
            self.tr("另存附件"),
            file.name,
            lambda path: self._session.spawn(self.save_file(file, path), "slip file"),
        )

    async def save_file(self, file: SlipFile, path: Path) -> None:
        """Write a reply's file to `path`. Raises PersonError where it cannot be written."""
        await write_attached(path, await read_file(self._session.database(), file.id))

    def _arrange(self) -> None:
        row = QHBoxLayout(self.notice)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self.notice_words, 1)
        row.addWidget(self.forget_button)
        self.notice.hide()
        inside = QWidget()
        inside.setProperty("surface", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 14, 18, 18)
        column.setSpacing(10)
        head = QVBoxLayout()
        head.setSpacing(3)
        for label in (self.title, self.where, self.clock):
            head.addWidget(label)
        column.addLayout(head)
        for widget in (self.notice, self.buttons, self.panel, self.form, self.course):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)
