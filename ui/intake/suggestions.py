"""Beside the form of 受理, while somebody types: likely repeats, answers, and what is suggested for the fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.services.answers import KnownAnswer, find_answers
from ui.intake.advice import Standing, rows_of
from ui.intake.keys import ANSWERS, Key
from ui.intake.repeat_card import cards_of, in_order_of, worth_showing
from ui.intake.repeats import RepeatCards
from ui.intake.rows import Row, SuggestionRows
from ui.session import Session
from ui.theme.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from commandcenter.services.advising import Advice
    from commandcenter.services.repeats import Repeat
    from ui.intake.asking import Told

_ROOMY = 860
"""From this height on each card has two lines of text and of reasons; a single card always has."""
QUESTION = "咨询"
"""The kind for which answers are looked for without being asked."""


class SuggestionPanel(QWidget):
    """``taken(Key)``: a suggestion was clicked; ``opened(case id)``. What belongs to an older text is quiet and inert."""

    taken = Signal(object)
    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.may_merge = True
        self.may_answer = True
        self.advice: Advice | None = None
        self.repeats: tuple[Repeat, ...] = ()
        self.answers: tuple[KnownAnswer, ...] = ()
        """Those that fit what is typed."""
        self._known: tuple[KnownAnswer, ...] = ()
        self._standing = Standing()
        self._answering = False
        self.state = QLabel(self)
        self.state.setProperty("role", "quiet")
        self.cards = RepeatCards(self)
        self.none = QLabel(self)
        self.none.setProperty("role", "quiet")
        self.none.setWordWrap(True)
        self.none.setContentsMargins(12, 0, 12, 0)
        self.answer_heading = self._heading(self.tr("常见问题 · 可以直办"))
        self.answer_rows = SuggestionRows(self)
        self.advice_heading = self._heading(self.tr("填写建议"))
        self.rows = SuggestionRows(self)
        self.cards.taken.connect(self.taken)
        self.cards.opened.connect(self.opened)
        self.rows.taken.connect(self.taken)
        self.answer_rows.taken.connect(self.taken)
        self._arrange()
        self.clear()

    @property
    def fresh(self) -> bool:
        """Whether everything shown belongs to what is in the form now."""
        return self.rows.fresh and self.cards.fresh

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for widget in (self.cards, self.answer_rows, self.rows):
            widget.set_tokens(tokens)

    def set_answers(self, answers: Sequence[KnownAnswer]) -> None:
        """The knowledge to look in."""
        self._known = tuple(answers)

    def set_answering(self, *, answering: bool, content: str = "") -> None:
        """Somebody writes an answer: look for some, whatever kind of report it is."""
        if answering != self._answering:
            self._answering = answering
            self._show_answers(content)

    def clear(self) -> None:
        """Nothing is typed."""
        self.advice, self.repeats, self.answers = None, (), ()
        self._show_repeats("")
        self._show_answers("")
        self._set_fresh(advice=True, repeats=True)
        self.refresh(self._standing)
        self.none.setText(self.tr("边输入边提示：疑似重复、分类、等级、地点、单位。按 F1 看按键。"))

    def set_stale(self) -> None:
        """The text is another one: what is shown is drawn quiet, and its keys do nothing, until new answers come."""
        self._set_fresh(advice=False, repeats=False)

    def show_told(self, told: Told, standing: Standing) -> None:
        """Show what is known for the present text; what has not been answered yet stays quiet."""
        if told.advice is not None:
            self.advice = told.advice
        self.refresh(standing)
        self._show_answers(told.question.content)
        answered = told.repeats is not None or bool(told.trouble)
        if answered:
            self.repeats = in_order_of(worth_showing(told.repeats or ()), self.repeats)
            self._show_repeats(told.trouble)
        self._set_fresh(advice=told.advice is not None or answered, repeats=answered)

    def refresh(self, standing: Standing) -> None:
        """Mark what the form has taken."""
        self._standing = standing
        rows = rows_of(self.advice, self._session.reference, standing) if self.advice is not None else ()
        self.rows.show_each(rows)
        self.advice_heading.setVisible(bool(rows))

    def repeat_at(self, key: Key) -> Repeat | None:
        """The repeat that a key merges into."""
        if not self.cards.fresh:
            return None
        case_id = next((card.case_id for card in self.cards.shown if card.key is key), None)
        return next((repeat for repeat in self.repeats if repeat.case_id == case_id), None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        self.cards.set_roomy(roomy=self.height() >= _ROOMY or len(self.cards.shown) == 1)

    def _show_repeats(self, trouble: str) -> None:
        now = self._session.clock.now()
        self.cards.show_each(cards_of(self.repeats, self._session.reference, now, may=self.may_merge))
        self.cards.setVisible(bool(self.repeats))
        self._give_room()
        if trouble:
            self.none.setText(self.tr("暂时查不到重复：%s") % trouble)
        elif not self.repeats:
            self.none.setText(self.tr("没有找到疑似重复"))
        self.none.setVisible(not self.repeats)

    def _show_answers(self, content: str) -> None:
        today = self._session.clock.now().astimezone(SHANGHAI).date()
        worth = bool(content) and self.may_answer and (self._answering or self._standing.kind == QUESTION)
        self.answers = find_answers(content, self._known, most=len(ANSWERS), today=today) if worth else ()
        rows = [
            Row(ANSWERS[number], each.question, why=each.answer.replace("\n", " "))
            for number, each in enumerate(self.answers)
        ]
        self.answer_rows.show_each(rows)
        self.answer_heading.setVisible(bool(rows))
        self.answer_rows.setVisible(bool(rows))

    def _set_fresh(self, *, advice: bool, repeats: bool) -> None:
        self.rows.set_fresh(fresh=advice)
        self.answer_rows.set_fresh(fresh=advice)
        self.cards.set_fresh(fresh=repeats)
        self.state.setText("" if advice and repeats else self.tr("正在更新…"))

    def _heading(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "strong")
        label.setContentsMargins(12, 0, 12, 0)
        return label

    def _arrange(self) -> None:
        inside = QWidget(self)
        inside.setProperty("surface", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 12, 0, 8)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(self._heading(self.tr("疑似重复")))
        head.addStretch(1)
        self.state.setContentsMargins(0, 0, 12, 0)
        head.addWidget(self.state)
        column.addLayout(head)
        for widget in (self.cards, self.none, self.answer_heading, self.answer_rows, self.advice_heading, self.rows):
            column.addWidget(widget)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
