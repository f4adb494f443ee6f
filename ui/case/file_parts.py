"""The parts of a case's file as cards: reports, units with their clocks, four elements, calls back, files, whistles, slips."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Flag
from ui.case.citizen_line import CitizenLine
from ui.models.row_facts import person_name
from ui.session import Session
from ui.slips import words as slip_words
from ui.whistles.summary import WhistleSummary
from ui.widgets.section import Section
from ui.widgets.story import clock_words, size_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle
    from commandcenter.services.case_file import Assignment, Attachment, Case, CaseFile, Finish, FollowUp, Report
    from commandcenter.services.slips import Slip
    from ui.merging.file import MergeFile


class FileParts:
    """Makes the cards of one session's files; reports can be taken out of them where there is a `merging`."""

    def __init__(
        self,
        session: Session,
        parent: QWidget,
        download: Callable[[Attachment], None],
        merging: MergeFile | None = None,
    ) -> None:
        self._session = session
        self._merging = merging
        self._parent = parent
        self._download = download
        tr = parent.tr
        self.reports = Section(tr("诉求"), parent)
        self.finishes = Section(tr("四要素"), parent)
        self.follow_ups = Section(tr("回访"), parent)
        self.attachments = Section(tr("附件"), parent)
        self.assignments = Section(tr("承办单位"), parent)
        self.whistles = Section(tr("吹哨报到"), parent)
        self.slips = Section(tr("督办文书"), parent)

    def show(self, file: CaseFile) -> None:
        """Show a file; keys carry everything that a card says, so that only what changed is made anew."""
        now = self._session.clock.now()
        split = self._merging.why_not_split(file) if self._merging is not None else None
        self.reports.show_cards(
            [((each.id, each.home_number, split), partial(self._report, each, split)) for each in file.reports]
        )
        self.finishes.show_cards([(each, partial(self._finish, each)) for each in reversed(file.finishes)])
        order = [report.id for report in file.reports]
        self.follow_ups.show_cards(
            [(each, partial(self._follow_up, each, order)) for each in reversed(file.follow_ups)]
        )
        self.attachments.show_cards([(each, partial(self._attachment, each)) for each in file.attachments])
        self.assignments.show_cards(
            [
                ((each, file.case.flags, late), partial(self._assignment, each, file.case, late))
                for each in file.assignments
                for late in [_late(each, now)]
            ]
        )

        self.whistles.show_cards([(each, partial(self._whistle, each)) for each in file.whistles])
        self.slips.show_cards([((each.id, each.version), partial(self._slip, each)) for each in reversed(file.slips)])

    def _whistle(self, whistle: Whistle) -> QWidget:
        return WhistleSummary(self._session, whistle, self._parent)

    def _slip(self, slip: Slip) -> QWidget:
        card, column = self._card()
        name = f"{slip_words.kind_word(slip.kind)}　{slip.number or ''}".strip()
        column.addWidget(self._text(name, "strong"))
        state = slip_words.state_word(slip.state)
        clock = slip_words.clock_words(slip, self._session.reference, self._session.clock.now())
        column.addWidget(self._text(" · ".join(part for part in (slip.unit_name, state, clock.text) if part)))
        column.addWidget(self._text(slip.subject, "quiet"))
        return card

    def _report(self, report: Report, why_not_split: str | None) -> QWidget:
        tr = self._parent.tr
        card, column = self._card()
        column.addWidget(CitizenLine(self._session, report, card))
        column.addWidget(self._text(report.content))
        channel = self._session.reference.channels.get(report.channel_id)
        parts = [
            channel.name if channel else "",
            report.foreign_number,
            report.kind,
            report.place,
            clock_words(report.received_at),
            tr("%s 登记") % person_name(self._session.reference, report.registered_by),
        ]
        column.addWidget(self._text(" · ".join(part for part in parts if part), "quiet"))
        line = QHBoxLayout()
        if report.kept_number:
            line.addWidget(self._text(tr("现随 %s 办理") % report.kept_number, "strong"), 1)
        elif report.home_number:
            line.addWidget(self._text(tr("自己的编号 %s，已并入本单") % report.home_number, "strong"), 1)
        merging = self._merging
        if merging is not None and why_not_split is not None and not report.kept_number:
            split = QPushButton(tr("拆单"), card)
            split.setProperty("role", "link")
            split.setEnabled(not why_not_split)
            split.setToolTip(why_not_split)
            split.clicked.connect(lambda: merging.ask_split(report))
            line.addStretch(0)
            line.addWidget(split, 0, Qt.AlignmentFlag.AlignRight)
        column.addLayout(line)
        return card

    def _assignment(self, assignment: Assignment, case: Case, late: str) -> QWidget:
        tr = self._parent.tr
        unit = self._session.reference.units.get(assignment.unit_id)
        part = tr("主责") if assignment.part == "lead" else tr("配合")
        card, column = self._card("alarm" if late else "card")
        ended = tr("（已结束）") if assignment.ended_at is not None else ""
        column.addWidget(self._text(f"{part}　{unit.name if unit else ''}{ended}", "strong"))
        steps = [tr("派单 %s") % clock_words(assignment.assigned_at)]
        provisional = tr("（按暂定日历）") if case.flags & Flag.PROVISIONAL else ""
        if assignment.accepted_at is not None:
            who = person_name(self._session.reference, assignment.accepted_by or "")
            steps.append(tr("%s 签收 %s") % (who, clock_words(assignment.accepted_at)))
        elif assignment.ended_at is None and assignment.accept_due_at is not None:
            steps.append(tr("待签收，%s 前%s") % (clock_words(assignment.accept_due_at), provisional))
        if assignment.ended_at is not None:
            steps.append(tr("结束 %s") % clock_words(assignment.ended_at))
        elif assignment.due_at is not None:
            steps.append(tr("%s 前办结%s") % (clock_words(assignment.due_at), provisional))
        column.addWidget(self._text(" → ".join(steps)))
        if late:
            column.addWidget(self._text(f"■ {tr(late)}", "bad"))
        return card

    def _finish(self, finish: Finish) -> QWidget:
        tr = self._parent.tr
        card, column = self._card()
        who = person_name(self._session.reference, finish.actor)
        column.addWidget(self._text(tr("%s 于 %s 报办结") % (who, clock_words(finish.at)), "quiet"))
        for name, value in (
            (tr("与谁商议"), finish.discussed_with),
            (tr("何时商议"), clock_words(finish.discussed_at)),
            (tr("做了什么"), finish.done),
            (tr("何时办成"), clock_words(finish.done_by)),
        ):
            column.addWidget(self._text(f"{name}：{value}"))
        return card

    def _follow_up(self, call: FollowUp, order: list[int]) -> QWidget:
        tr = self._parent.tr
        card, column = self._card()
        answers = [tr("已接通") if call.reached else tr("未接通，不计入")]
        if call.reached:
            answers += [tr("已解决") if call.solved else tr("未解决"), call.satisfied or ""]
            if call.contacted is not None:
                answers.append(tr("单位联系过") if call.contacted else tr("单位没有联系"))
        column.addWidget(self._text(" · ".join(answer for answer in answers if answer), "strong"))
        if call.words:
            column.addWidget(self._text(call.words))
        which = tr("第 %d 件诉求") % (order.index(call.report_id) + 1) if call.report_id in order else ""
        who = person_name(self._session.reference, call.actor)
        column.addWidget(self._text(" · ".join(p for p in (which, who, clock_words(call.at)) if p), "quiet"))
        return card

    def _attachment(self, attachment: Attachment) -> QWidget:
        tr = self._parent.tr
        card, column = self._card()
        line = QHBoxLayout()
        line.addWidget(self._text(attachment.name), 1)
        save = QPushButton(tr("另存"), card)
        save.setProperty("role", "link")
        save.clicked.connect(lambda: self._download(attachment))
        line.addWidget(save)
        column.addLayout(line)
        who = person_name(self._session.reference, attachment.added_by)
        facts = f"{size_words(attachment.size)} · {who} · {clock_words(attachment.added_at)}"
        column.addWidget(self._text(facts, "quiet"))
        return card

    def _card(self, surface: str = "card") -> tuple[QFrame, QVBoxLayout]:
        card = QFrame(self._parent)
        card.setProperty("surface", surface)
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        return card, column

    def _text(self, text: str, role: str = "normal") -> QLabel:
        label = QLabel(text, self._parent)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


def _late(assignment: Assignment, now: datetime) -> str:
    """What the unit is late with now; '' where with nothing."""
    if assignment.ended_at is not None:
        return ""
    if assignment.accepted_at is None and assignment.accept_due_at is not None and now > assignment.accept_due_at:
        return "签收超期"
    return "办理超期" if assignment.due_at is not None and now > assignment.due_at else ""
