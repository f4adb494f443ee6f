"""The buttons under a case's head: its next step in blue, more lawful ones, and everything else under 更多."""

from functools import partial

from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from commandcenter.domain.case import Verb
from ui.case.actions import WHISTLE_ACTION, WHISTLE_KEY, action_id, ordered_verbs, remark, step_of, why_not
from ui.session import Session
from ui.whistles.may import may_ever_blow, why_not_blow
from ui.widgets import words
from ui.widgets.flow import FlowLayout
from ui.widgets.role import set_role
from ui.widgets.verb_spec import SPECS

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
        self.whistle = QPushButton(self.tr("吹哨 %s") % WHISTLE_KEY, self)
        self.whistle.clicked.connect(lambda: session.actions.trigger(WHISTLE_ACTION))
        layout.addWidget(self.whistle)

    def show_case(self, case_id: int) -> None:
        """Offer what can be done to that case."""
        self._case_id = case_id
        self.refresh()

    def refresh(self) -> None:
        """Ask anew what is lawful."""
        if self._case_id is None:
            return
        self._verbs = ordered_verbs(self._session, self._case_id)[:SHOWN]
        step = step_of(self._session, self._case_id)
        for button, verb in zip(self.buttons, self._verbs, strict=True):
            reason = why_not(self._session, self._case_id, verb)
            key = SPECS[verb].shortcut
            button.setText(f"{words.verb_word(verb)} {key}".strip())
            button.setEnabled(not reason)
            said = reason or remark(self._session, self._case_id, verb)
            button.setToolTip(said)
            button.setAccessibleDescription(said)
            self._dress(button, is_step=verb is step and not reason)
        reason = why_not_blow(self._session)
        self.whistle.setVisible(may_ever_blow(self._session))
        self.whistle.setEnabled(not reason)
        self.whistle.setToolTip(reason)
        self.whistle.setAccessibleDescription(reason)

    @staticmethod
    def _dress(button: QPushButton, *, is_step: bool) -> None:
        """Only what the case waits for from this person is blue."""
        role = "primary" if is_step else ""
        set_role(button, role)

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self._case_id is None:
            return
        for verb in ordered_verbs(self._session, self._case_id):
            if verb in self._verbs:
                continue
            reason = why_not(self._session, self._case_id, verb)
            held = remark(self._session, self._case_id, verb)
            text = words.verb_word(verb) + (f"（{held}）" if held and not reason else "")
            entry = self._menu.addAction(text, partial(self._trigger, verb))
            entry.setEnabled(not reason)
            entry.setToolTip(reason)

    def _trigger(self, verb: Verb) -> None:
        self._session.actions.trigger(action_id(verb))
