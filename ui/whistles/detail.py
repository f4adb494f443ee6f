"""Everything about one whistle: its case, matter, ground, units with their clocks, meeting, plan, and every level it had."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Lamp
from commandcenter.domain.whistle import WhistleState
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import grade_of, ground_words, missing_first, missing_words, whistle_clock
from ui.whistles.marks import LevelMark
from ui.whistles.may import CALLER_VERBS, WHISTLE_VERBS, why_not_party, why_not_whistle
from ui.whistles.party_card import PartyCard
from ui.widgets.flow import FlowLayout
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.section import Section
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Round, Whistle

_LAMP_ROLES = {Lamp.NORMAL: "normal", Lamp.SOON: "warn", Lamp.OVERDUE: "bad"}
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
        self.level, self.state, self.clock = self._label("strong"), self._label("strong"), self._label("normal")
        self.missing, self.number = self._label("warn"), self._label("quiet")
        self.title, self.danger = self._label("title"), self._label("bad")
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
        self._facts: dict[str, tuple[QLabel, QLabel]] = {}
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
        self._say_facts(whistle)
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
            self.clock.setProperty("role", _LAMP_ROLES[clock.lamp])
            self.clock.style().polish(self.clock)
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
        text = self._label("normal", card)
        text.setWordWrap(True)
        text.setText(" · ".join(part for part in parts if part))
        row.addWidget(text, 1)
        return card

    def _say_facts(self, whistle: Whistle) -> None:
        reference = self._session.reference
        town = reference.areas.get(whistle.town_id or 0)
        caller = reference.units.get(whistle.caller_unit_id)
        approver = reference.units.get(whistle.approver_unit_id)
        approved = ""
        if whistle.approval_skipped:
            approved = self.tr("紧急，免审签，已记录")
        elif whistle.approved_at is not None:
            approved = f"{person_name(reference, whistle.approved_by or '')} {clock_words(whistle.approved_at)}"
        elif whistle.state in {WhistleState.TO_APPROVE, WhistleState.DECLINED}:
            approved = self.tr("等%s审签") % (approver.name if approver else "")
        rule = reference.levels.get(whistle.level)
        meeting = [rule.meeting if rule else ""]
        if whistle.meeting_at is not None:
            meeting += [clock_words(whistle.meeting_at), whistle.meeting_place]
        plan = [self.tr("%s 前办完") % clock_words(whistle.plan_until)] if whistle.plan_until else []
        if whistle.report_due_at is not None:
            plan.append(self.tr("下次报进展 %s 前") % clock_words(whistle.report_due_at))
        blown = (
            f"{caller.name if caller else ''} {person_name(reference, whistle.caller)} {clock_words(whistle.blown_at)}"
        )
        limits = whistle_words.limits_words(rule, danger=whistle.danger) if rule else ""
        ground = ground_words(whistle)
        texts = {
            "place": " ".join(part for part in (town.name if town else "", whistle.case_place) if part),
            "matter": whistle.matter,
            "demand": whistle.demand,
            "ground": ground or self.tr("事项清单没有，由市中心指定"),
            "blown": blown,
            "approved": approved,
            "limits": limits,
            "meeting": " · ".join(part for part in meeting if part),
            "plan": "，".join(plan),
        }
        for name, (label, value) in self._facts.items():
            value.setText(texts[name])
            for each in (label, value):
                each.setVisible(bool(texts[name]))

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
            if button.property("role") != role:
                button.setProperty("role", role)
                button.style().unpolish(button)
                button.style().polish(button)
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
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        names = {
            "place": self.tr("地点"),
            "matter": self.tr("事项"),
            "demand": self.tr("要求"),
            "ground": self.tr("依据"),
            "blown": self.tr("吹哨"),
            "approved": self.tr("审签"),
            "limits": self.tr("时限"),
            "meeting": self.tr("会商"),
            "plan": self.tr("计划"),
        }
        for row, (name, text) in enumerate(names.items()):
            label, value = self._label("quiet"), self._label("")
            label.setText(text)
            value.setWordWrap(True)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            self._facts[name] = (label, value)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 14, 20, 16)
        column.setSpacing(10)
        column.addLayout(line)
        column.addLayout(case)
        column.addWidget(self.danger)
        column.addLayout(grid)
        column.addWidget(self._button_box)
        column.addWidget(self.parties)
        column.addWidget(self.rounds)
        column.addStretch(1)

    def _label(self, role: str, parent: QWidget | None = None) -> QLabel:
        label = QLabel(parent or self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(role in {"title", "bad"})
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
