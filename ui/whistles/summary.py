"""One whistle of a case in short: level, state, matter, and every unit with its steps and clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.whistle import WhistleState
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.facts import ground_words, missing_first, missing_words, party_clock, unit_name
from ui.whistles.marks import LevelMark
from ui.widgets.marks import LampMark
from ui.widgets.role import LAMP_ROLES, set_role
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle


class WhistleSummary(QFrame):
    """A card on the case's page; its clocks run with the session's, and a button leads to the console."""

    def __init__(self, session: Session, whistle: Whistle, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._whistle = session, whistle
        self._rows: list[tuple[Party, LampMark, QLabel]] = []
        self.setProperty("surface", "card")
        self._level = LevelMark(self)
        self._level.set_level(whistle.level)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._level)
        name = self.tr("%s哨　%s") % (
            whistle_words.level_word(whistle.level),
            whistle_words.whistle_state_word(whistle.state),
        )
        head.addWidget(self._text(" · ".join(p for p in (name, missing_words(whistle)) if p), "strong"), 1)
        self.open_button = QPushButton(self.tr("到吹哨报到"), self)
        self.open_button.setProperty("role", "link")
        self.open_button.clicked.connect(lambda: session.open_page("whistles", whistle.case_id))
        self.open_button.setVisible(whistle.state < WhistleState.CLOSED)
        head.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._text(f"{whistle.matter}：{whistle.demand}"))
        if ground := ground_words(whistle):
            column.addWidget(self._text(self.tr("依据：%s") % ground, "quiet"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setColumnStretch(0, 1)
        for row, party in enumerate(missing_first(whistle, session.clock.now())):
            part = whistle_words.part_word(party.part)
            grid.addWidget(self._text(f"{part}　{unit_name(session.reference, party.unit_id)}"), row, 0)
            lamp, clock = LampMark(self), self._text("")
            clock.setWordWrap(False)
            grid.addWidget(lamp, row, 1)
            grid.addWidget(clock, row, 2, Qt.AlignmentFlag.AlignRight)
            self._rows.append((party, lamp, clock))
        column.addLayout(grid)
        caller = unit_name(session.reference, whistle.caller_unit_id)
        column.addWidget(self._text(f"{whistle.number} · {caller} · {clock_words(whistle.blown_at)}", "quiet"))
        session.bridge.ticked.connect(self.refresh)
        session.themed.connect(self.set_tokens)
        self.set_tokens(session.tokens)
        self.refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._level.set_tokens(tokens)
        for _, lamp, _ in self._rows:
            lamp.set_tokens(tokens)

    def refresh(self) -> None:
        """Bring the clocks to this second."""
        now = self._session.clock.now()
        for party, lamp, label in self._rows:
            clock = party_clock(party, self._whistle.level, self._session.reference, now)
            lamp.set_lamp(clock.lamp)
            lamp.setVisible(clock.due is not None)
            if label.text() != clock.text:
                label.setText(clock.text)
                set_role(label, LAMP_ROLES[clock.lamp])

    def _text(self, text: str, role: str = "normal") -> QLabel:
        label = QLabel(text, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
