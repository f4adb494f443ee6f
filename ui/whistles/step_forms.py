"""The forms of a called unit's next step, open without being asked for; what is typed stays as long as the form is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from commandcenter.domain.whistle import PartyState
from ui.session import Session
from ui.whistles.form import DeedBox
from ui.whistles.may import why_not_party

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle

_FORMS = {
    PartyState.ANSWERED: ("check_in",),
    PartyState.CHECKED_IN: ("progress", "stand_down"),
    PartyState.SCORED: ("answer_score",),
}
"""The forms that are open in a state, without being asked for."""


class StepForms(QWidget):
    """One below the other. ``done(verb, change)`` after the deed of one."""

    done = Signal(str, object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.boxes: dict[str, DeedBox] = {}
        self._whistle: Whistle | None = None
        self._party: Party | None = None
        self._shown_for: tuple[int, int] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def show_party(self, whistle: Whistle, party: Party) -> None:
        """The forms of the state the party is in; those of another state or party go."""
        self._whistle, self._party = whistle, party
        state = PartyState(party.state)
        wanted = [verb for verb in _FORMS.get(state, ()) if not why_not_party(self._session, whistle, party, verb)]
        subject = (party.id, int(state))
        for verb in [verb for verb in self.boxes if subject != self._shown_for or verb not in (*wanted, "object")]:
            self._drop(verb)
        self._shown_for = subject
        for verb in wanted:
            if verb not in self.boxes:
                self._add(verb, closable=False)
        for place, verb in enumerate(wanted):
            if self._column.indexOf(self.boxes[verb]) != place:
                self._column.insertWidget(place, self.boxes[verb])

    def open(self, verb: str) -> None:
        """Open a form that was asked for, with the keyboard in it; it can be closed again."""
        if verb not in self.boxes:
            self._add(verb, closable=True)
        self.boxes[verb].setFocus()

    def enter(self) -> None:
        """The keyboard goes to the first form."""
        if self.boxes:
            next(iter(self.boxes.values())).setFocus()

    def _add(self, verb: str, *, closable: bool) -> None:
        assert self._whistle is not None
        given: dict[str, Any] = {}
        position = None
        if verb == "check_in":
            given = {"came": self._session.reference.me.name, "place": self._whistle.case_place}
            if self._whistle.lon is not None and self._whistle.lat is not None:
                position = (self._whistle.lon, self._whistle.lat)
        box = DeedBox(
            self._session, verb, self._whistle, self._party, self, given=given, position=position, closable=closable
        )
        box.completed.connect(lambda change, verb=verb: self._on_completed(verb, change))
        box.closed.connect(lambda verb=verb: self._drop(verb))
        self.boxes[verb] = box
        self._column.addWidget(box)
        box.show()

    def _drop(self, verb: str) -> None:
        box = self.boxes.pop(verb, None)
        if box is not None:
            self._column.removeWidget(box)
            box.hide()
            box.deleteLater()

    def _on_completed(self, verb: str, change: Any) -> None:
        self._drop(verb)
        for box in self.boxes.values():
            box.seen(change.version)
        self.done.emit(verb, change)
