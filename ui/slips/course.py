"""Everything about a slip but the words that are edited: what it was drafted for, who signed, and how it went on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.slip import SlipState
from commandcenter.reports.slip_facts import fact_line
from commandcenter.reports.slip_of import verdict_words
from ui.session import Session
from ui.slips import words as slip_words
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip, SlipFact, SlipFile

MOST_FACTS = 12


class SlipCourse(QWidget):
    """``file_wanted(SlipFile)`` to save one; ``slip_wanted(id)`` for another slip that is a ground of this one."""

    file_wanted = Signal(object)
    slip_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_slip(self, slip: Slip) -> None:
        """Show this one in place of what was there."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._steps(slip)
        if slip.reply:
            self._block(self.tr("回复"), slip.reply)
        if slip.plan:
            self._block(self.tr("整改方案"), slip.plan)
        for file in slip.files:
            self._file(file)
        if verdict := verdict_words(slip):
            self._block(self.tr("评定"), verdict)
        if slip.ended_words:
            self._block(self.tr("作废") if slip.state is SlipState.VOID else self.tr("不发"), slip.ended_words)
        self._copies(slip)
        self._facts(slip)
        for at in range(self._column.count()):
            if (item := self._column.itemAt(at)) is not None and (widget := item.widget()) is not None:
                widget.show()  # at once: else the column is short for a moment and loses the place one reads at

    def _steps(self, slip: Slip) -> None:
        """签名, 签收, 回复, 评定: who and when, and what is still to come."""
        reference = self._session.reference
        self._heading(self.tr("签名与办理"))
        signers = reference.slip_kinds[slip.kind].signers
        for signature in slip.signatures:
            post = slip_words.post_word(signature.post)
            self._line(f"● {post}　{signature.name}　{slip_words.moment(signature.signed_at)}", "normal")
        if slip.state is not SlipState.DISMISSED:
            for post in signers[len(slip.signatures) :]:
                self._line(self.tr("○ %s　待签") % slip_words.post_word(post), "quiet")
        if slip.signed_at is None:
            return
        self._step(slip.received_at, slip.received_by, self.tr("签收"), slip.receipt_due_at, slip)
        self._step(slip.replied_at, slip.replied_by, self.tr("回复"), slip.reply_due_at, slip)
        if slip.judged_at is not None:
            who = slip_words.name_of(slip.judged_by, reference)
            self._line(f"● {self.tr('评定')}　{who}　{slip_words.moment(slip.judged_at)}", "normal")
        if slip.sent_back:
            self._line(self.tr("曾退回 %n 次", "", slip.sent_back), "warn")

    def _step(self, at: datetime | None, who: str, what: str, due: datetime | None, slip: Slip) -> None:
        limit = self.tr("限 %s") % slip_words.moment(due) if due is not None else ""
        if at is not None:
            late = due is not None and at > due and slip.state is not SlipState.SENT_BACK
            name = slip_words.name_of(who, self._session.reference)
            words = f"● {what}　{name}　{slip_words.moment(at)}　{limit}" + (self.tr("　逾期") if late else "")
            self._line(words, "bad" if late else "normal")
        elif slip.state is not SlipState.VOID:
            late = due is not None and self._session.clock.now() > due
            self._line(f"{'■' if late else '○'} {self.tr('待%s') % what}　{limit}", "bad" if late else "quiet")

    def _copies(self, slip: Slip) -> None:
        if not slip.copies or slip.signed_at is None:
            return
        self._heading(self.tr("抄送"))
        sent = {copy.recipient: copy for copy in slip.copies_sent}
        for recipient in slip.copies:
            if (copy := sent.get(recipient)) is not None:
                who = slip_words.name_of(copy.sent_by, self._session.reference)
                self._line(f"● {recipient}　{who}　{slip_words.moment(copy.sent_at)}", "normal")
            else:
                self._line(self.tr("○ %s　未登记送出") % recipient, "quiet")

    def _facts(self, slip: Slip) -> None:
        self._heading(self.tr("依据 %n 项", "", len(slip.facts)) + (f"　{slip.rule_name}" if slip.rule_name else ""))
        if not slip.facts:
            self._line(self.tr("没有所附工单"), "quiet")
        for fact in slip.facts[:MOST_FACTS]:
            self._column.addWidget(self._fact(fact))
        if len(slip.facts) > MOST_FACTS:
            self._line(self.tr("其余 %n 项见预览", "", len(slip.facts) - MOST_FACTS), "quiet")

    def _fact(self, fact: SlipFact) -> QWidget:
        line = fact_line(fact)
        card = QFrame(self)
        card.setProperty("surface", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(plain_label(self, "strong", " ".join(part for part in (line.grade, line.matter) if part)), 1)
        for words, open_it in self._links(fact):
            link = QPushButton(words, card)
            link.setProperty("role", "link")
            link.clicked.connect(open_it)
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(plain_label(self, "quiet", " · ".join(part for part in (line.number, line.finding) if part)))
        return card

    def _links(self, fact: SlipFact) -> list[tuple[str, Callable[[], None]]]:
        open_page = self._session.open_page
        found: list[tuple[str, Callable[[], None]]] = []
        if fact.whistle_id is not None and fact.case_id is not None:
            found.append((self.tr("吹哨"), lambda: open_page("whistles", fact.case_id)))
        if fact.case_id is not None:
            found.append((self.tr("工单"), lambda: open_page("case", fact.case_id)))
        if fact.of_slip_id is not None:
            found.append((self.tr("原单"), lambda: self.slip_wanted.emit(fact.of_slip_id)))
        return found

    def _file(self, file: SlipFile) -> None:
        button = QPushButton(self.tr("附件　%s（%s）") % (file.name, _size(file.size)), self)
        button.setProperty("role", "link")
        button.setToolTip(self.tr("另存"))
        button.clicked.connect(lambda: self.file_wanted.emit(file))
        self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _block(self, title: str, text: str) -> None:
        self._heading(title)
        label = plain_label(self, "normal", text)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)

    def _heading(self, text: str) -> None:
        self._line(text, "strong")

    def _line(self, text: str, role: str) -> None:
        self._column.addWidget(plain_label(self, role, text))


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} KB"
