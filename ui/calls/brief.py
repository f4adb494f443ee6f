"""What to know before a call: the citizen, what was reported, what the unit says it did, and what was said before."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Flag, Verb
from commandcenter.errors import PersonError
from commandcenter.services.calls import read_beside
from commandcenter.services.case_file import read_case
from ui.calls.words import LEVELS, SLIPS, span_words, tr
from ui.case.citizen_line import CitizenLine
from ui.case.file_parts import FileParts
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState
from ui.widgets.marks import GradeFlag

if TYPE_CHECKING:
    from commandcenter.services.calls import Beside
    from commandcenter.services.case_file import CaseFile


class CallBrief(QWidget):
    """One citizen's report in its case. ``looked(case id)``: the citizen's number is on the screen; ``read``: it is shown.

    Without `with_answers` what the citizen said before is kept back: a second call (抽查) is made without knowing it.
    """

    looked = Signal(object)
    read = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, *, with_answers: bool = True) -> None:
        super().__init__(parent)
        self._session = session
        self._with_answers = with_answers
        self._wanted: tuple[int, int] | None = None
        self.file: CaseFile | None = None
        self.calm = CalmState(self)
        inside = QWidget(self)
        inside.setProperty("surface", "panel")
        self.parts = FileParts(session, inside, lambda _: None)
        self.flag: GradeFlag | None = None
        self.title = QLabel(inside)
        self.title.setProperty("role", "heading")
        self.title.setWordWrap(True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.facts = QLabel(inside)
        self.facts.setProperty("role", "quiet")
        self.facts.setWordWrap(True)
        self.history = QLabel(inside)
        self.history.setProperty("role", "warn")
        self.history.setWordWrap(True)
        self.open_button = QPushButton(self.tr("打开工单"), inside)
        self.open_button.setProperty("role", "link")
        self.open_button.clicked.connect(self._open)
        self._head = QHBoxLayout()
        self._head.setSpacing(10)
        self._head.addWidget(self.title, 1)
        self._head.addWidget(self.open_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 14, 20, 14)
        column.setSpacing(10)
        column.addLayout(self._head)
        for widget in (self.facts, self.history, self.parts.reports, self.parts.finishes, self.parts.follow_ups):
            column.addWidget(widget)
        column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(inside)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self._scroll)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._room)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        if self.flag is not None:
            self.flag.set_tokens(tokens)

    def say(self, sentence: str, advice: str = "", button: str = "", call: object = None) -> None:
        """Nobody to call: say so."""
        self._wanted, self.file = None, None
        self.calm.say(sentence, advice, button, call)  # type: ignore[arg-type]
        self._room.setCurrentWidget(self.calm)

    def show_report(self, case_id: int, report_id: int) -> None:
        """Read about a report anew; what is on the screen stays until the answer is there."""
        if self._wanted != (case_id, report_id):
            self._wanted, self.file = (case_id, report_id), None
        self._session.spawn(self._read(case_id, report_id), "read_case")

    async def _read(self, case_id: int, report_id: int) -> None:
        try:
            db = self._session.database()
            file, beside = await read_case(db, case_id), await read_beside(db, case_id)
        except PersonError as error:
            if self._wanted == (case_id, report_id) and self.file is None:
                self.calm.say(
                    error.sentence, error.advice, self.tr("再试一次"), partial(self.show_report, case_id, report_id)
                )
                self._room.setCurrentWidget(self.calm)
            return
        if self._wanted == (case_id, report_id):
            self._show(file, report_id, beside)

    def _show(self, file: CaseFile, report_id: int, beside: tuple[Beside, ...]) -> None:
        fresh = self.file is None
        self.file = file
        case, reference = file.case, self._session.reference
        if self.flag is None:
            self.flag = GradeFlag(case.grade, 24, self)
            self._head.insertWidget(0, self.flag, 0, Qt.AlignmentFlag.AlignTop)
        self.flag.set_tokens(self._session.tokens)
        self.flag.set_grade(case.grade)
        self.title.setText(case.title)
        unit = reference.units.get(case.unit_id or 0)
        parts = [case.number, unit.name if unit else "", case.place]
        if case.reports > 1:
            parts.append(self.tr("共 %n 件诉求，每位都要回访", "", case.reports))
        self.facts.setText(" · ".join(part for part in parts if part))
        history = self._history(file, beside)
        self.history.setText("\n".join(history))
        self.history.setVisible(bool(history))
        self.parts.show(
            replace(
                file,
                reports=tuple(each for each in file.reports if each.id == report_id),
                follow_ups=file.follow_ups if self._with_answers else (),
                assignments=(),
                attachments=(),
                whistles=(),
                slips=(),
            )
        )
        for line in self.parts.reports.findChildren(CitizenLine):
            if not line.property("heard"):
                line.setProperty("heard", True)
                line.looked.connect(lambda case_id=case.id: self.looked.emit(case_id))
        self._room.setCurrentWidget(self._scroll)
        if fresh:
            self._scroll.verticalScrollBar().setValue(0)
        self.read.emit()

    def _history(self, file: CaseFile, beside: tuple[Beside, ...]) -> list[str]:
        """What went wrong before, one line each."""
        case = file.case
        lines = [
            self.tr("第 %d 次重办：%s") % (number, event.detail.get("reason", ""))
            for number, event in enumerate((event for event in reversed(file.timeline) if event.verb == Verb.REDO), 1)
        ]
        if case.redos > len(lines):  # of an older system, without its reasons
            lines.append(self.tr("已重办 %d 次") % case.redos)
        if not file.finishes:
            lines.append(self.tr("单位没有留下四要素"))
        if case.returns:
            lines.append(self.tr("退单 %n 次", "", case.returns))
        if case.finished_at is not None and case.due_at is not None and case.finished_at > case.due_at:
            lines.append(self.tr("超期 %s 办结") % span_words(case.finished_at - case.due_at))
        if case.flags & Flag.DOUBLE_NO and self._with_answers:
            lines.append(self.tr("有诉求人双否，还没有改口"))
        names = [
            f"{tr(LEVELS[each.what])} {each.number}"
            if each.kind == "whistle"
            else f"{tr(SLIPS[each.what])} {each.number}"
            for each in beside
        ]
        return lines + (["、".join(names)] if names else [])

    def _open(self) -> None:
        if self._wanted is not None:
            self._session.open_page("case", self._wanted[0])
