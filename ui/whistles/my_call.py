"""What calls my unit: the clock large, what is asked, and the form of the next step already open; one key to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Lamp
from commandcenter.domain.whistle import PartyState
from commandcenter.errors import StaleVersion
from ui.keys import Keys
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import grade_of, ground_words, party_clock, step_moments, unit_name
from ui.whistles.form import DeedBox
from ui.whistles.marks import LevelMark, StepsLine
from ui.whistles.may import why_not_party
from ui.whistles.party_card import party_words, score_words
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle

_LAMP_ROLES = {Lamp.NORMAL: "normal", Lamp.SOON: "warn", Lamp.OVERDUE: "bad"}
_FORMS = {
    PartyState.ANSWERED: ("check_in",),
    PartyState.CHECKED_IN: ("progress", "stand_down"),
    PartyState.SCORED: ("answer_score",),
}
"""The forms that are open in a state, without being asked for."""


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
        self.boxes: dict[str, DeedBox] = {}
        self._drawn_for: tuple[int, int] | None = None
        self._flag, self._level, self._lamp = GradeFlag(Grade.GREEN, 28, self), LevelMark(self), LampMark(self)
        self.level, self.clock, self.title = self._label("strong"), QLabel(self), self._label("title")
        self.clock.setFont(fonts.font(fonts.FIGURE, bold=True))
        self.waiting = self._label("heading")
        self.danger, self.case_button = self._label("bad"), QPushButton(self)
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
        self._facts: dict[str, tuple[QLabel, QLabel]] = {}
        self._forms, self._said = QVBoxLayout(), QVBoxLayout()
        self._arrange()
        self.set_tokens(session.tokens)

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
        self._say_facts()
        self._say_lines()
        is_called = party.state == PartyState.CALLED
        for button, verb in ((self.answer_button, "answer"), (self.object_button, "object")):
            reason = why_not_party(session, whistle, party, verb)
            button.setVisible(is_called)
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
        self._draw_forms()
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
            self.clock.setProperty("role", _LAMP_ROLES[clock.lamp])
            self.clock.style().polish(self.clock)
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
        elif self.boxes:
            next(iter(self.boxes.values())).setFocus()

    def object_to(self) -> None:
        """Open the form for an objection."""
        if "object" not in self.boxes:
            self._add_box("object", closable=True)
        self.boxes["object"].setFocus()

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

    def _draw_forms(self) -> None:
        """The forms of the state the party is in; those of another state or party go."""
        assert self.whistle is not None
        assert self.party is not None
        whistle, party = self.whistle, self.party
        state = PartyState(party.state)
        wanted = [verb for verb in _FORMS.get(state, ()) if not why_not_party(self._session, whistle, party, verb)]
        subject = (party.id, int(state))
        for verb in [verb for verb in self.boxes if subject != self._drawn_for or verb not in (*wanted, "object")]:
            self._drop_box(verb)
        self._drawn_for = subject
        for verb in wanted:
            if verb not in self.boxes:
                self._add_box(verb, closable=False)
        for place, verb in enumerate(verb for verb in wanted if verb in self.boxes):
            if self._forms.indexOf(self.boxes[verb]) != place:
                self._forms.insertWidget(place, self.boxes[verb])

    def _add_box(self, verb: str, *, closable: bool) -> None:
        assert self.whistle is not None
        given: dict[str, Any] = {}
        position = None
        if verb == "check_in":
            given = {"came": self._session.reference.me.name, "place": self.whistle.case_place}
            if self.whistle.lon is not None and self.whistle.lat is not None:
                position = (self.whistle.lon, self.whistle.lat)
        box = DeedBox(
            self._session, verb, self.whistle, self.party, self, given=given, position=position, closable=closable
        )
        box.completed.connect(lambda change, verb=verb: self._on_done(verb, change))
        box.closed.connect(lambda verb=verb: self._drop_box(verb))
        self.boxes[verb] = box
        self._forms.addWidget(box)
        box.show()

    def _drop_box(self, verb: str) -> None:
        box = self.boxes.pop(verb, None)
        if box is not None:
            self._forms.removeWidget(box)
            box.hide()
            box.deleteLater()

    def _on_done(self, verb: str, change: Any) -> None:
        self._drop_box(verb)
        for box in self.boxes.values():
            box.seen(change.version)
        number = self.whistle.case_number if self.whistle is not None else ""
        self._session.noticed.emit(self.tr("%s 已%s") % (number, whistle_words.verb_word(verb)), "")
        self.changed.emit(change.whistle_id)

    def _say_facts(self) -> None:
        assert self.whistle is not None
        whistle, reference = self.whistle, self._session.reference
        town = reference.areas.get(whistle.town_id or 0)
        caller = reference.units.get(whistle.caller_unit_id)
        who = person_name(reference, whistle.caller)
        others = [
            f"{unit_name(reference, each.unit_id)}（{whistle_words.party_state_word(each.state)}）"
            for each in whistle.parties
            if self.party is not None and each.id != self.party.id
        ]
        meeting = ""
        if whistle.meeting_at is not None:
            meeting = f"{clock_words(whistle.meeting_at)} {whistle.meeting_place}"
        texts = {
            "place": " ".join(part for part in (town.name if town else "", whistle.case_place) if part),
            "demand": whistle.demand,
            "matter": whistle.matter,
            "ground": ground_words(whistle),
            "caller": f"{caller.name if caller else ''} {who} {clock_words(whistle.blown_at)}",
            "meeting": meeting,
            "others": "、".join(others),
        }
        for name, (label, value) in self._facts.items():
            value.setText(texts[name])
            for each in (label, value):
                each.setVisible(bool(texts[name]))
        waiting = {
            PartyState.OBJECTED: self.tr("异议已报市中心，等待裁定"),
            PartyState.DONE: self.tr("已申请销哨，等吹哨单位确认"),
            PartyState.CONFIRMED: self.tr("已销哨，等吹哨单位评哨"),
            PartyState.RELEASED: self.tr("免到"),
        }
        self.waiting.setText(waiting.get(PartyState(self.party.state), "") if self.party is not None else "")
        self.waiting.setVisible(bool(self.waiting.text()))

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
            label = self._label(role)
            label.setText(text)
            label.setWordWrap(True)
            self._said.addWidget(label)

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
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        names = {
            "place": self.tr("地点"),
            "demand": self.tr("要求"),
            "matter": self.tr("事项"),
            "ground": self.tr("依据"),
            "caller": self.tr("吹哨"),
            "meeting": self.tr("会商"),
            "others": self.tr("同来"),
        }
        for row, (name, text) in enumerate(names.items()):
            label, value = self._label("quiet"), self._label("")
            label.setText(text)
            value.setWordWrap(True)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            self._facts[name] = (label, value)
        keys = QHBoxLayout()
        keys.setSpacing(10)
        keys.addWidget(self.answer_button)
        keys.addWidget(self.object_button)
        keys.addStretch(1)
        self._said.setSpacing(4)
        self._forms.setSpacing(10)
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
        column.addLayout(grid)
        column.addLayout(self._said)
        column.addLayout(self._forms)
        column.addStretch(1)

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(role in {"title", "bad", "heading"})
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
