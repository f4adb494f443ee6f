"""Below the head of a case: its citizens (masked), its units with their clocks, and its timeline."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.moment import micros
from ui.case.journal_words import moment_of
from ui.case.timeline import Timeline
from ui.dialogs.reveal import RevealForm
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.case_file import Assignment, CaseFile, Report

MOST_REPORTS = 5


class CaseDetails(QWidget):
    """Everything that had to be read from the database."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.is_empty = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look: everything here is dressed by the style sheet."""

    def clear(self) -> None:
        """Show nothing."""
        self.is_empty = True
        while self._column.count():
            item = self._column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.deleteLater()

    def show_file(self, file: CaseFile) -> None:
        """Show the case's file in place of what was there."""
        self.clear()
        self.is_empty = False
        if file.reports:
            self._heading(self.tr("诉求 %n 件", "", len(file.reports)))
            for report in file.reports[:MOST_REPORTS]:
                self._column.addWidget(self._report(report))
            if len(file.reports) > MOST_REPORTS:
                more = self.tr("其余 %n 件见工单页", "", len(file.reports) - MOST_REPORTS)
                self._column.addWidget(plain_label(self, "quiet", more, wrap=False))
        if file.assignments:
            self._heading(self.tr("承办单位"))
            for assignment in file.assignments:
                self._column.addWidget(self._assignment(assignment))
        if file.timeline:
            self._heading(self.tr("经过"))
            timeline = Timeline(self)
            timeline.show_moments([moment_of(entry, self._session.reference) for entry in file.timeline])
            self._column.addWidget(timeline)
        for place in range(self._column.count()):
            # at once, not with the next event: else the page is short for a moment and loses the place one reads at
            if (item := self._column.itemAt(place)) is not None and (widget := item.widget()) is not None:
                widget.show()

    def _report(self, report: Report) -> QWidget:
        card = self._card()
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        line = QHBoxLayout()
        who = " ".join(part for part in (report.name_masked, report.phone_masked) if part) or self.tr("未留联系方式")
        line.addWidget(plain_label(self, "strong", who))
        show = QPushButton(self.tr("显示"), card)
        show.setProperty("role", "link")
        show.setToolTip(self.tr("查看姓名电话会留下记录"))
        show.clicked.connect(lambda: RevealForm(self._session, report.id, self.window()).open())
        line.addWidget(show)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(plain_label(self, "normal", report.content, selectable=True))
        channel = self._session.reference.channels.get(report.channel_id)
        whence = (channel.name if channel else "", _clock(report.received_at))
        column.addWidget(plain_label(self, "quiet", " · ".join(part for part in whence if part)))
        return card

    def _assignment(self, assignment: Assignment) -> QWidget:
        now = self._session.bridge.now_us()
        unit = self._session.reference.units.get(assignment.unit_id)
        part = self.tr("主责") if assignment.part == "lead" else self.tr("配合")
        late = assignment.accepted_at is None and assignment.ended_at is None and now > micros(assignment.accept_due_at)
        card = self._card("alarm" if late else "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addWidget(plain_label(self, "strong", f"{part} {unit.name if unit else ''}"))
        steps = [self.tr("派单 %s") % _clock(assignment.assigned_at)]
        if assignment.accepted_at is not None:
            steps.append(self.tr("签收 %s") % _clock(assignment.accepted_at))
        elif assignment.ended_at is None and assignment.accept_due_at is not None:
            words = self.tr("■ 未签收，应于 %s 前") if late else self.tr("待签收，%s 前")
            steps.append(words % _clock(assignment.accept_due_at))
        if assignment.ended_at is not None:
            steps.append(self.tr("结束 %s") % _clock(assignment.ended_at))
        elif assignment.due_at is not None:
            steps.append(self.tr("应办结 %s") % _clock(assignment.due_at))
        column.addWidget(plain_label(self, "bad" if late else "normal", " → ".join(steps)))
        return card

    def _heading(self, text: str) -> None:
        self._column.addWidget(plain_label(self, "strong", text, wrap=False))

    def _card(self, surface: str = "card") -> QFrame:
        card = QFrame(self)
        card.setProperty("surface", surface)
        return card


def _clock(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
