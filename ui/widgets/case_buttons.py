"""The buttons under a case's head: its next step, two more lawful ones, and everything else under 更多."""

from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from commandcenter.domain.case import Verb
from ui.session import Session
from ui.widgets import words
from ui.widgets.case_actions import action_id, ordered_verbs, why_not
from ui.widgets.flow import FlowLayout
from ui.widgets.verb_spec import NEXT_STEP, SPECS

SHOWN = 3


class CaseButtons(QWidget):
    """Each button triggers the verb's command; one that cannot run is grey and says why."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._case_id: int | None = None
        layout = FlowLayout(self, spacing=8)
        layout.setContentsMargins(0, 0, 0, 0)
        self.buttons = [QPushButton(self) for _ in range(SHOWN)]
        self.buttons[0].setProperty("role", "primary")
        self._verbs: list[Verb] = []
        for place, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, place=place: self._trigger(self._verbs[place]))
            layout.addWidget(button)
        self.more = QPushButton(self.tr("更多…"), self)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more.setMenu(self._menu)
        layout.addWidget(self.more)

    def show_case(self, case_id: int) -> None:
        """Offer what can be done to that case."""
        self._case_id = case_id
        self.refresh()

    def refresh(self) -> None:
        """Ask anew what is lawful."""
        if self._case_id is None:
            return
        self._verbs = ordered_verbs(self._session, self._case_id)[:SHOWN]
        slot = self._session.mirror.slot_of(self._case_id)
        step = NEXT_STEP.get(self._session.mirror.state[slot]) if slot is not None else None
        if step is not None and why_not(self._session, self._case_id, self._verbs[0]):
            self._verbs = [step, *(verb for verb in self._verbs if verb is not step)][:SHOWN]
        for button, verb in zip(self.buttons, self._verbs, strict=True):
            reason = why_not(self._session, self._case_id, verb)
            key = SPECS[verb].shortcut
            button.setText(f"{words.verb_word(verb)} {key}".strip())
            button.setEnabled(not reason)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self._case_id is None:
            return
        for verb in ordered_verbs(self._session, self._case_id):
            if verb in self._verbs:
                continue
            reason = why_not(self._session, self._case_id, verb)
            entry = self._menu.addAction(words.verb_word(verb), partial(self._trigger, verb))
            entry.setEnabled(not reason)
            entry.setToolTip(reason)

    def _trigger(self, verb: Verb) -> None:
        self._session.actions.trigger(action_id(verb))
