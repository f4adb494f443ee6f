"""What calls my unit: the clock large, what is asked, and the form of the next step already open; one key to answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.whistle import PartyState
from commandcenter.errors import StaleVersion
from ui.keys import Keys
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import grade_of, party_clock, step_moments, unit_name
from ui.whistles.form import DeedBox
from ui.whistles.marks import LevelMark, StepsLine
from ui.whistles.may import why_not_party
from ui.whistles.party_card import party_words, score_words
from ui.whistles.party_facts import PartyFacts
from ui.whistles.step_forms import StepForms
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle


class MyCall(QWidget):
    """One party of my unit. ``changed(whistle id)`` after a deed; ``case_wanted(case id)`` to read the case."""

    changed = Signal(object)
    case_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self.whistle: Whistle | None = None
        self.party: Party | None = None
        self._flag, self._level, self._lamp = GradeFlag(Grade.GREEN, 28, self), LevelMark(self), LampMark(self)
        self.level, self.clock = plain_label(self, "strong", wrap=False, selectable=True), QLabel(self)
        self.title, self.waiting, self.danger = (
            plain_label(self, role, selectable=True) for role in ("title", "heading", "bad")
        )
        self.clock.setFont(fonts.font(fonts.FIGURE, bold=True))
        self.case_button = QPushButton(self)
        self.case_button.setProperty("role", "link")
        self.case_button.clicked.connect(self._open_case)
        self._steps = StepsLine(self)
        self.answer_button = QPushButton(self.tr("应哨　Enter / F6"), self)
        self.answer_button.setProperty("role", "primary")
        self.answer_button.setMinimumHeight(48)
        self.answer_button.setMinimumWidth(240)
        self.answer_button.clicked.connect(self.next_step)
        self.object_button = QPushButton(self.tr("有异议…"), self)
        self.object_button.clicked.connect(self.object_to)
        self._facts = PartyFacts(session, self)
        self._forms = StepForms(session, self)
        self._forms.done.connect(self._on_done)
        self._said = QVBoxLayout()
        self._arrange()
        self.set_tokens(session.tokens)

    @property
    def boxes(self) -> Mapping[str, DeedBox]:
        """The forms that are open, by their verb."""
        return self._forms.boxes

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for mark in (self._flag, self._level, self._lamp, self._steps):
            mark.set_tokens(tokens)

    def show_party(self, whistle: Whistle, party: Party) -> None:
        """Show a call, or the same one as it has become; a form that is still right stays with what is typed in it."""
        self.whistle, self.party = whistle, party
        session, reference = self._session, self._session.reference
        self._flag.set_grade(grade_of(whistle))
        self._level.set_level(whistle.level)
        rule = reference.levels.get(whistle.level)
        part = whistle_words.part_word(party.part)
        self.level.setText(f"{rule.name if rule else ''}　{unit_name(reference, party.unit_id)} {part}")
        self.title.setText(whistle.case_title)
        self.case_button.setText(self.tr("工单 %s") % whistle.case_number)
        self.danger.setText(self.tr("▲ 危险：%s") % whistle.danger_words)
        self.danger.setVisible(whistle.danger)
        self._facts.show_party(whistle, party)
        self.waiting.setText(self._waits(party))
        self.waiting.setVisible(bool(self.waiting.text()))
        self._say_lines()
        is_called = party.state == PartyState.CALLED
        for button, verb in ((self.answer_button, "answer"), (self.object_button, "object")):
            reason = why_not_party(session, whistle, party, verb)
            button.setVisible(is_called)
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
        self._forms.show_party(whistle, party)
        self.refresh()

    def refresh(self) -> None:
        """Bring the clock to this second."""
        if self.party is None or self.whistle is None:
            return
        party = self.party
        clock = party_clock(party, self.whistle.level, self._session.reference, self._session.clock.now())
        self._lamp.set_lamp(clock.lamp)
        self._lamp.setVisible(clock.due is not None)
        due = self.tr("%s 前") % clock_words(clock.due) if clock.due is not None else ""
        text = f"{clock.text}　{due}".strip()
        if self.clock.text() != text:
            self.clock.setText(text)
            set_role(self.clock, LAMP_ROLES[clock.lamp])
        self._steps.show_way(whistle_words.party_reached(party.state), clock.lamp, step_moments(party))

    def next_step(self) -> None:
        """The one key: answer; once answered, to the form of what comes next."""
        if self.whistle is None or self.party is None:
            return
        if self.party.state == PartyState.CALLED:
            if not (reason := why_not_party(self._session, self.whistle, self.party, "answer")):
                self._session.spawn(self._answer(self.whistle, self.party), "answer")
            else:
                self._session.noticed.emit(reason, "")
        else:
            self._forms.enter()

    def object_to(self) -> None:
        """Open the form for an objection."""
        self._forms.open("object")

    async def _answer(self, whistle: Whistle, party: Party) -> None:
        from commandcenter.services import whistles

        deed = ("answer", party.id, party.version)
        try:
            await whistles.answer(
                self._session.database(), party_id=party.id, version=party.version, key=self._keys.of(deed)
            )
        except StaleVersion:
            self.changed.emit(whistle.id)  # read again: the next try is about it as it is now
            raise
        self._keys.done(deed)
        self._session.noticed.emit(self.tr("已应哨 %s") % whistle.case_number, self.tr("到了现场请报到。"))
        self.changed.emit(whistle.id)

    def _on_done(self, verb: str, change: Any) -> None:
        number = self.whistle.case_number if self.whistle is not None else ""
        self._session.noticed.emit(self.tr("%s 已%s") % (number, whistle_words.verb_word(verb)), "")
        self.changed.emit(change.whistle_id)

    def _waits(self, party: Party) -> str:
        """What a call that asks nothing of us waits for."""
        waiting = {
            PartyState.OBJECTED: self.tr("异议已报市中心，等待裁定"),
            PartyState.DONE: self.tr("已申请销哨，等吹哨单位确认"),
            PartyState.CONFIRMED: self.tr("已销哨，等吹哨单位评哨"),
            PartyState.RELEASED: self.tr("免到"),
        }
        return waiting.get(PartyState(party.state), "")

    def _say_lines(self) -> None:
        """What was done so far, and the score."""
        assert self.whistle is not None
        assert self.party is not None
        while item := self._said.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        reference = self._session.reference
        lines = party_words(self.party, reference, self)
        for score in self.whistle.scores:
            if score.party_id == self.party.id:
                lines += score_words(score, reference, self)
        for text, role in lines:
            self._said.addWidget(plain_label(self, role, text, selectable=True))

    def _open_case(self) -> None:
        if self.whistle is not None:
            self.case_wanted.emit(self.whistle.case_id)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._level, self.level):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.case_button)
        clock = QHBoxLayout()
        clock.setSpacing(10)
        clock.addWidget(self._lamp)
        clock.addWidget(self.clock, 1)
        title = QHBoxLayout()
        title.setSpacing(10)
        title.addWidget(self._flag, 0, Qt.AlignmentFlag.AlignTop)
        title.addWidget(self.title, 1)
        keys = QHBoxLayout()
        keys.setSpacing(10)
        keys.addWidget(self.answer_button)
        keys.addWidget(self.object_button)
        keys.addStretch(1)
        self._said.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addLayout(line)
        column.addLayout(clock)
        column.addLayout(title)
        column.addWidget(self.danger)
        column.addLayout(keys)
        column.addWidget(self._steps)
        column.addWidget(self.waiting)
        column.addWidget(self._facts)
        column.addLayout(self._said)
        column.addWidget(self._forms)
        column.addStretch(1)
