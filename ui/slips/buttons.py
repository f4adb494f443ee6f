"""What can be done to the slip: one button a verb of the person's role, the impossible ones grey and saying why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.session import Session
from ui.slips import may as slip_may
from ui.slips import words as slip_words
from ui.widgets.flow import FlowLayout
from ui.widgets.role import set_role

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip

KEYS = {
    "edit": "Ctrl+S",
    "sign": "Ctrl+Shift+S",
    "receive": "Ctrl+R",
    "reply": "Ctrl+Shift+R",
    "pass": "Ctrl+J",
    "send_back": "Ctrl+B",
}
_NEXT = ("receive", "reply", "pass", "sign", "edit")
"""The first of these that is possible is the likely next step."""


class SlipButtons(QWidget):
    """``wanted(verb)``."""

    wanted = Signal(str)

    def __init__(self, session: Session, unsaved: Callable[[], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unsaved = unsaved
        self._slip: Slip | None = None
        self.buttons: dict[str, QPushButton] = {}
        self.why = QLabel(self)
        self.why.setProperty("role", "quiet")
        self.why.setWordWrap(True)
        line = QWidget(self)
        row = FlowLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        for verb in slip_may.verbs_of(session.reference, session.role):
            button = QPushButton(slip_words.verb_word(verb), line)
            button.clicked.connect(lambda _, verb=verb: self.wanted.emit(verb))
            row.addWidget(button)
            self.buttons[verb] = button
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(line)
        column.addWidget(self.why)
        line.setVisible(bool(self.buttons))

    def add_keys(self, owner: QWidget) -> None:
        """Let the verbs' keys work everywhere in `owner`."""
        for verb in self.buttons.keys() & KEYS.keys():
            QShortcut(QKeySequence(KEYS[verb]), owner, lambda verb=verb: self.trigger(verb))

    def trigger(self, verb: str) -> None:
        """Do as if the button were pressed; where it is grey, say why."""
        if reason := self.why_not(verb):
            self._session.noticed.emit(reason, "")
        else:
            self.wanted.emit(verb)

    def why_not(self, verb: str) -> str:
        """Why the verb is impossible now; '' when it is possible."""
        return slip_may.why_not(self._session, self._slip, verb, unsaved=self._unsaved())

    def show_slip(self, slip: Slip | None) -> None:
        """Be about this slip from now on."""
        self._slip = slip
        self.refresh()

    def refresh(self) -> None:
        """Look again at what is possible."""
        reasons = {verb: self.why_not(verb) for verb in self.buttons}
        likely = next((verb for verb in _NEXT if verb in reasons and not reasons[verb]), "")
        for verb, button in self.buttons.items():
            button.setEnabled(not reasons[verb])
            key = KEYS.get(verb, "")
            button.setToolTip(reasons[verb] or key)
            button.setAccessibleDescription(reasons[verb])
            role = "primary" if verb == likely else ""
            set_role(button, role)
        slip = self._slip
        waiting = [
            reasons[verb]
            for verb in ("sign", "receive", "reply")
            if slip is not None and reasons.get(verb) and slip_may.is_lawful(self._session, slip, verb)
        ]
        said = waiting[0] if waiting and likely in {"", "edit"} else ""
        self.why.setText(said)
        self.why.setVisible(bool(said))
