"""One unit of a whistle as a card: its five steps, the running clock, what it did and said, and what can be done to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.whistle import PartyState
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import party_clock, step_moments
from ui.whistles.marks import StepsLine
from ui.whistles.may import next_verb, why_not_party
from ui.widgets.flow import FlowLayout
from ui.widgets.marks import LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Score, Whistle
    from commandcenter.services.reference import Reference


def party_words(party: Party, reference: Reference, widget: QWidget) -> list[tuple[str, str]]:
    """What a party did and said, as lines with the role of their label."""
    say = widget.tr
    lines: list[tuple[str, str]] = []
    if party.answered_at is not None:
        lines.append((say("%s 应哨") % person_name(reference, party.answered_by or ""), "quiet"))
    if party.objection:
        lines.append((say("异议：%s") % party.objection, "normal"))
    if party.ruling:
        lines.append((say("裁定：%s") % party.ruling, "normal"))
    if party.checked_in_at is not None:
        where = party.check_in_place or (say("地图位置") if party.lon is not None else "")
        photo = say("有照片") if party.photo_id is not None else ""
        facts = [say("到场：%s") % party.came, where, photo]
        lines.append((" · ".join(part for part in facts if part), "normal"))
    if party.done_words:
        met = say("见到了当事人") if party.met else say("没有见到当事人")
        lines.append((say("做了：%s（%s）") % (party.done_words, met), "normal"))
    if party.sent_back:
        lines.append((say("退回 %d 次：%s") % (party.sent_back, party.sent_back_words), "warn"))
    missed = [
        word
        for at, word in (
            (party.answer_missed_at, say("逾时未应哨")),
            (party.arrive_missed_at, say("逾时未报到")),
            (party.finish_missed_at, say("逾时未办完")),
        )
        if at is not None
    ]
    if missed:
        lines.append(("■ " + "、".join(missed), "bad"))
    return lines


def score_words(score: Score, reference: Reference, widget: QWidget) -> list[tuple[str, str]]:
    """A score as lines: the points, the three rates, the words, and what the scored one says to it."""
    say = widget.tr
    unit = reference.units.get(score.scorer_unit_id)
    asked = {None: say("不清楚"), True: say("是"), False: say("否")}
    lines = [
        (say("速度 %d（建议 %d）　质量 %d") % (score.speed, score.proposed_speed, score.quality), "strong"),
        (say("见面：%s　办结：%s　满意：%s") % (asked[score.met], asked[score.finished], asked[score.satisfied]), "normal"),
    ]  # fmt: skip
    if score.words:
        lines.append((say("评语：%s") % score.words, "normal"))
    who = person_name(reference, score.scored_by)
    lines.append((f"{unit.name if unit else ''} {who} · {clock_words(score.scored_at)}".strip(), "quiet"))
    if score.answer:
        lines.append((say("回应：%s") % score.answer, "normal"))
    return lines


class PartyCard(QFrame):
    """``asked(verb, party)`` when a button is pressed; `refresh` lets the clock run."""

    asked = Signal(str, object)

    def __init__(
        self,
        session: Session,
        whistle: Whistle,
        party: Party,
        score: Score | None,
        verbs: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._whistle, self.party = session, whistle, party
        self.buttons: dict[str, QPushButton] = {}
        self.setProperty("surface", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(6)
        self._lamp = LampMark(self)
        self.clock = plain_label(self, "normal", selectable=True)
        column.addLayout(self._head())
        self._steps = StepsLine(self)
        if party.state != PartyState.RELEASED:
            column.addWidget(self._steps)
        else:
            self._steps.hide()
        reference = session.reference
        for text, role in party_words(party, reference, self):
            column.addWidget(plain_label(self, role, text, wrap=role != "strong", selectable=True))
        if score is not None:
            for text, role in score_words(score, reference, self):
                column.addWidget(plain_label(self, role, text, wrap=role != "strong", selectable=True))
        if offered := self._offered(verbs):
            column.addWidget(offered)
        self.set_tokens(session.tokens)
        self.refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._lamp.set_tokens(tokens)
        self._steps.set_tokens(tokens)

    def refresh(self) -> None:
        """Bring the clock to this second."""
        party = self.party
        clock = party_clock(party, self._whistle.level, self._session.reference, self._session.clock.now())
        self._lamp.set_lamp(clock.lamp)
        self._lamp.setVisible(clock.due is not None)
        if self.clock.text() != clock.text:
            self.clock.setText(clock.text)
            set_role(self.clock, LAMP_ROLES[clock.lamp])
        self.setAccessibleName(f"{self.name.text()} {clock.text}")
        self._steps.show_way(whistle_words.party_reached(party.state), clock.lamp, step_moments(party))

    def _head(self) -> QHBoxLayout:
        party, reference = self.party, self._session.reference
        unit = reference.units.get(party.unit_id)
        name = f"{whistle_words.part_word(party.part)}　{unit.name if unit else ''}"
        self.name = plain_label(self, "strong", name, wrap=False, selectable=True)
        ground = plain_label(self, "quiet", party.ground, selectable=True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.name, 1)
        row.addWidget(ground)
        row.addWidget(self._lamp)
        row.addWidget(self.clock)
        return row

    def _offered(self, verbs: Sequence[str]) -> QWidget | None:
        """A button for each verb somebody might do in this state; greyed ones say why they cannot be done now."""
        session, state = self._session, self.party.state
        box = QWidget(self)
        flow = FlowLayout(box, spacing=8)
        flow.setContentsMargins(0, 2, 0, 0)
        step = next_verb(self._whistle, self.party)
        for verb in verbs:
            law = "rule" if verb == "rule_objection" else verb
            if not any(e == "party" and s == state and v == law for e, s, v, _, _ in session.reference.steps):
                continue
            reason = why_not_party(session, self._whistle, self.party, verb)
            button = QPushButton(whistle_words.verb_word(verb), box)
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)
            if verb == step and not reason:
                button.setProperty("role", "primary")
            button.clicked.connect(partial(self._ask, verb))
            flow.addWidget(button)
            self.buttons[verb] = button
        if not self.buttons:
            box.deleteLater()
            return None
        return box

    def _ask(self, verb: str) -> None:
        self.asked.emit(verb, self.party)
