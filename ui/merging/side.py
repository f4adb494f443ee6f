"""One of the two cases that may be the same: its text with what both say marked, citizens masked, place, time, clocks, unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Lamp
from commandcenter.domain.lamp import lamp
from commandcenter.domain.moment import micros
from ui.merging.words import marked
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.services.case_file import Case, CaseFile, Report

MOST_REPORTS = 4


class MergeSide(QFrame):
    """``opened(case id)``: to be shown whole."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._file: CaseFile | None = None
        self._other = ""
        self.setProperty("surface", "card")
        self._flag = GradeFlag(Grade.GREEN, 24, self)
        self._lamp = LampMark(self)
        self.role, self.state = (plain_label(self, "strong", wrap=False) for _ in range(2))
        self.due = plain_label(self, "quiet")
        self.title, self.number = plain_label(self, "heading"), plain_label(self, "quiet")
        self.facts, self.reports = plain_label(self, "normal"), plain_label(self, "normal")
        self.reports.setTextFormat(Qt.TextFormat.RichText)
        self.reports.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.open_button = QPushButton(self.tr("看工单"), self)
        self.open_button.setProperty("role", "link")
        self.open_button.clicked.connect(self._open)
        head = QHBoxLayout()
        head.setSpacing(8)
        for widget in (self._flag, self.role, self.state, self._lamp, self.due):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(6)
        column.addLayout(head)
        for widget in (self.title, self.number, self.facts, self.reports):
            column.addWidget(widget)
        column.addStretch(1)

    def show_file(self, file: CaseFile, other: str) -> None:
        """Show a case beside one that says `other`."""
        self._file, self._other = file, other
        case, reference = file.case, self._session.reference
        self._flag.set_grade(case.grade)
        self.state.setText(words.state_word(case.state))
        self._show_clock(case)
        channel = reference.channels.get(case.channel_id)
        received = self.tr("%s 受理") % clock_words(case.received_at)
        self.number.setText(" · ".join(p for p in (case.number, channel.name if channel else "", received) if p))
        area = reference.areas.get(case.area_id or case.town_id or 0)
        unit = reference.units.get(case.unit_id or 0)
        category = reference.categories.get(case.category_id or 0)
        photos = sum(each.media_type.startswith("image/") for each in file.attachments)
        facts = [
            self.tr("地点：%s")
            % (" ".join(p for p in (area.name if area else "", case.place) if p) or self.tr("未定位")),
            self.tr("分类：%s　承办：%s")
            % (category.name if category else self.tr("未分类"), unit.name if unit else self.tr("未派单")),
            self.tr("%n 件诉求", "", len(file.reports)) + (self.tr("，%n 张照片", "", photos) if photos else ""),
        ]
        self.facts.setText("\n".join(facts))
        self._write()

    def say_role(self, text: str) -> None:
        """Kept or merged, in a word."""
        self.role.setText(text)
        self.role.setVisible(bool(text))

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._flag.set_tokens(tokens)
        self._lamp.set_tokens(tokens)
        self._write()

    def _write(self) -> None:
        """Title and reports, what the other says too marked in the colours of the look."""
        if self._file is None:
            return
        tokens = self._session.tokens
        self.title.setText(marked(self._file.case.title, self._other, tokens))
        said = [self._report(report) for report in self._file.reports[:MOST_REPORTS]]
        if (more := len(self._file.reports) - MOST_REPORTS) > 0:
            said.append(self.tr("其余 %n 件见工单页", "", more))
        self.reports.setText("<br><br>".join(said))

    def _report(self, report: Report) -> str:
        tokens, reference = self._session.tokens, self._session.reference
        channel = reference.channels.get(report.channel_id)
        masked = " ".join(part for part in (report.name_masked, report.phone_masked) if part)
        who = (masked or self.tr("未留联系方式"), channel.name if channel else "", clock_words(report.received_at))
        head = marked(" · ".join(part for part in who if part), "", tokens)
        return f'<span style="color:{tokens.ink_quiet};">{head}</span><br>{marked(report.content, self._other, tokens)}'

    def _show_clock(self, case: Case) -> None:
        if case.due_at is None:
            self._lamp.hide()
            self.due.setText(self.tr("未派单，未计时"))
            return
        now = micros(self._session.clock.now())
        shown = lamp(now, micros(case.soon_at), micros(case.due_at), micros(case.paused_at))
        self._lamp.show()
        self._lamp.set_lamp(Lamp(shown))
        self.due.setText(self.tr("%s 前办结") % clock_words(case.due_at))

    def _open(self) -> None:
        if self._file is not None:
            self.opened.emit(self._file.case.id)
