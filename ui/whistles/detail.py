"""Everything about one whistle: its case, matter, ground, units with their clocks, meeting, plan, and every level it had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.whistle import WhistleState
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import grade_of, missing_first, missing_words, whistle_clock
from ui.whistles.marks import LevelMark
from ui.whistles.may import CALLER_VERBS, WHISTLE_VERBS, why_not_party, why_not_whistle
from ui.whistles.party_card import PartyCard
from ui.whistles.whistle_facts import WhistleFacts
from ui.widgets.flow import FlowLayout
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role
from ui.widgets.section import Section
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Round, Whistle

_STEP = {WhistleState.TO_APPROVE: "approve", WhistleState.TO_RULE: "rule", WhistleState.DECLINED: "amend"}
"""What a whistle waits for from those who may."""


class WhistleDetail(QWidget):
    """``asked(verb, party or None)`` when a button is pressed; ``case_wanted(case id)`` when the case is to be opened."""

    asked = Signal(str, object)
    case_wanted = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.whistle: Whistle | None = None
        self._flag = GradeFlag(Grade.GREEN, 26, self)
        self._level, self._lamp = LevelMark(self), LampMark(self)
        self.level, self.state, self.clock, self.missing, self.number = (
            plain_label(self, role, wrap=False, selectable=True)
            for role in ("strong", "strong", "normal", "warn", "quiet")
        )
        self.title, self.danger = (plain_label(self, role, selectable=True) for role in ("title", "bad"))
        self.case_button = QPushButton(self)
        self.case_button.setProperty("role", "link")
        self.case_button.clicked.connect(self._open_case)
        self.buttons: dict[str, QPushButton] = {}
        self._button_box = QWidget(self)
        flow = FlowLayout(self._button_box, spacing=8)
        flow.setContentsMargins(0, 0, 0, 0)
        for verb in WHISTLE_VERBS:
            button = QPushButton(whistle_words.verb_word(verb), self._button_box)
            button.clicked.connect(partial(self._ask, verb, None))
            flow.addWidget(button)
            self.buttons[verb] = button
        self.parties = Section(self.tr("单位"), self)
        self.rounds = Section(self.tr("层级"), self)
        self._facts = WhistleFacts(session, self)
        self._arrange()
        self.set_tokens(session.tokens)

    @property
    def cards(self) -> list[PartyCard]:
        """The units' cards, who is missing first."""
        return [card for card in self.parties.cards if isinstance(card, PartyCard)]

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for mark in (self._flag, self._level, self._lamp):
            mark.set_tokens(tokens)
        for card in self.cards:
            card.set_tokens(tokens)

    def show_whistle(self, whistle: Whistle) -> None:
        """Show a whistle, or the same one as it has become; cards of units that have not changed stay."""
        self.whistle = whistle
        session, reference = self._session, self._session.reference
        self._flag.set_grade(grade_of(whistle))
        self._level.set_level(whistle.level)
        rule = reference.levels.get(whistle.level)
        kind = self.tr("集结") if whistle.gather else self.tr("职能")
        self.level.setText(f"{rule.name if rule else ''} · {kind}")
        self.state.setText(whistle_words.whistle_state_word(whistle.state))
        self.title.setText(whistle.case_title)
        self.number.setText(self.tr("哨 %s　第 %d 版") % (whistle.number, whistle.version))
        self.case_button.setText(self.tr("工单 %s") % whistle.case_number)
        self.danger.setText(self.tr("▲ 危险：%s") % whistle.danger_words)
        self.danger.setVisible(whistle.danger)
        self._facts.show_whistle(whistle)
        self._say_buttons(whistle)
        now = session.clock.now()
        scores = {score.party_id: score for score in whistle.scores}
        self.parties.show_cards(
            [
                (
                    (party, scores.get(party.id), whistle.level, self._reasons(whistle, party)),
                    partial(self._card, party),
                )
                for party in missing_first(whistle, now)
            ]
        )
        self.rounds.show_cards([(each, partial(self._round, each)) for each in reversed(whistle.rounds)])
        self.refresh()

    def refresh(self) -> None:
        """Bring the clocks to this second."""
        if self.whistle is None:
            return
        clock = whistle_clock(self.whistle, self._session.reference, self._session.clock.now())
        self._lamp.set_lamp(clock.lamp)
        self._lamp.setVisible(clock.due is not None)
        self.missing.setText(missing_words(self.whistle))
        if self.clock.text() != clock.text:
            self.clock.setText(clock.text)
            set_role(self.clock, LAMP_ROLES[clock.lamp])
        for card in self.cards:
            card.refresh()

    def _reasons(self, whistle: Whistle, party: Party) -> tuple[str, ...]:
        return tuple(why_not_party(self._session, whistle, party, verb) for verb in CALLER_VERBS)

    def _card(self, party: Party) -> QWidget:
        assert self.whistle is not None
        score = next((each for each in self.whistle.scores if each.party_id == party.id), None)
        card = PartyCard(self._session, self.whistle, party, score, CALLER_VERBS, self)
        card.asked.connect(self._ask)
        return card

    def _round(self, each: Round) -> QWidget:
        card = QFrame(self)
        card.setProperty("surface", "card")
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 6, 12, 6)
        mark = LevelMark(card)
        mark.set_level(each.level)
        mark.set_tokens(self._session.tokens)
        reference = self._session.reference
        unit = reference.units.get(each.convener_unit_id or 0)
        parts = [
            self.tr("第 %d 轮　%s哨") % (each.round, whistle_words.level_word(each.level)),
            whistle_words.cause_word(each.cause) + (f"：{each.reason}" if each.reason else ""),
            self.tr("召集 %s") % unit.name if unit else "",
            person_name(reference, each.began_by),
            clock_words(each.began_at),
        ]
        row.addWidget(mark)
        words = " · ".join(part for part in parts if part)
        row.addWidget(plain_label(card, "normal", words, selectable=True), 1)
        return card

    def _say_buttons(self, whistle: Whistle) -> None:
        """Those somebody might press in this state; greyed ones say why not."""
        shown = False
        steps = self._session.reference.steps
        for verb, button in self.buttons.items():
            possible = any(e == "whistle" and s == whistle.state and v == verb for e, s, v, _, _ in steps)
            reason = why_not_whistle(self._session, whistle, verb)
            button.setVisible(possible)
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
            role = "primary" if verb == _STEP.get(WhistleState(whistle.state)) and not reason else ""
            set_role(button, role)
            shown = shown or possible
        self._button_box.setVisible(shown)

    def _ask(self, verb: str, party: object = None) -> None:
        self.asked.emit(verb, party)

    def _open_case(self) -> None:
        if self.whistle is not None:
            self.case_wanted.emit(self.whistle.case_id)

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._level, self.level, self.state, self._lamp, self.clock, self.missing):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.number)
        case = QHBoxLayout()
        case.setSpacing(8)
        case.addWidget(self._flag, 0, Qt.AlignmentFlag.AlignTop)
        case.addWidget(self.title, 1)
        case.addWidget(self.case_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(10)
        column.addLayout(line)
        column.addLayout(case)
        column.addWidget(self.danger)
        column.addWidget(self._facts)
        column.addWidget(self._button_box)
        column.addWidget(self.parties)
        column.addWidget(self.rounds)
        column.addStretch(1)
