"""The right side of the console: one whistle with everything about it, and below it the form of the deed begun on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.whistle import Party, SpeedWeights, proposed_speed
from commandcenter.errors import StaleVersion
from ui.keys import Keys
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.whistles import words as whistle_words
from ui.whistles.blow import BlowPanel
from ui.whistles.detail import WhistleDetail
from ui.whistles.facts import unit_name
from ui.whistles.form import DeedBox
from ui.whistles.spec import SPECS
from ui.widgets.calm import CalmState

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Whistle


class WhistleSide(QStackedWidget):
    """``changed(whistle id)`` after a deed; ``left()`` when a form or the blowing of a whistle was closed."""

    changed = Signal(object)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._keys = Keys()
        self.box: DeedBox | None = None
        self.calm = CalmState(self)
        self.detail = WhistleDetail(session, self)
        self.blow = BlowPanel(session, self)
        self.area = QScrollArea(self)
        self._blow_area = QScrollArea(self)
        for area, inside in ((self.area, self.detail), (self._blow_area, self.blow)):
            area.setWidgetResizable(True)
            area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            inside.setProperty("surface", "panel")
            area.setWidget(inside)
        self._room = QWidget(self)
        self._column = QVBoxLayout(self._room)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.area, 1)
        for widget in (self.calm, self._room, self._blow_area):
            self.addWidget(widget)
        self.detail.asked.connect(self.begin)
        self.blow.closed.connect(self._leave_blow)
        self.blow.blown.connect(self._on_blown)
        session.bridge.ticked.connect(self._on_tick)

    @property
    def is_blowing(self) -> bool:
        """Whether a whistle is being written."""
        return self.currentWidget() is self._blow_area

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.detail.set_tokens(tokens)
        self.blow.set_tokens(tokens)

    def show_whistle(self, whistle: Whistle | None) -> None:
        """Show a whistle as it is now; a form for the same one stays, and so does a whistle that is being written."""
        if whistle is not None:
            if self.detail.whistle is None or self.detail.whistle.id != whistle.id:
                self.area.verticalScrollBar().setValue(0)
                self.close_box()
            at = self.area.verticalScrollBar().value()
            self.detail.show_whistle(whistle)
            self.area.verticalScrollBar().setValue(at)
        if not self.is_blowing:
            self.setCurrentWidget(self._room if whistle is not None else self.calm)

    def show_blow(self, slot: int) -> None:
        """Write a whistle for the open case in that slot."""
        self.close_box()
        self.blow.show_case(slot)
        self._to_blow()

    def begin(self, verb: str, party: Party | None) -> None:
        """Begin a deed on the whistle shown: at once where it asks nothing, else in a form at the foot."""
        whistle = self.detail.whistle
        assert whistle is not None
        if verb == "amend":
            self.close_box()
            self.blow.show_declined(whistle)
            self._to_blow()
        elif not SPECS[verb].fields and not SPECS[verb].points:
            self._session.spawn(self._do(verb, whistle, party), verb)
        else:
            self._open(DeedBox(self._session, verb, whistle, party, self._room, **self._prepared(verb, party)))

    def close_box(self) -> None:
        """Let the form be."""
        if self.box is not None:
            self._column.removeWidget(self.box)
            self.box.hide()
            self.box.deleteLater()
            self.box = None

    def _prepared(self, verb: str, party: Party | None) -> dict[str, Any]:
        """What a form is opened with: a score with the speed that the measured times propose, and its arithmetic."""
        if verb != "score" or party is None:
            return {}
        weights = self._session.reference.speed_weights
        parts = (
            (self.tr("按时应哨"), SpeedWeights(weights.answer, 0, 0)),
            (self.tr("按时报到"), SpeedWeights(0, weights.arrive, 0)),
            (self.tr("按时办完"), SpeedWeights(0, 0, weights.finish)),
        )
        speed = proposed_speed(party, weights)
        said = " ＋ ".join(f"{name} {proposed_speed(party, weight)}" for name, weight in parts)
        hint = self.tr("按实际用时建议速度分：%s ＝ %d。任一项低于 %d 分须写评语。") % (
            said,
            speed,
            self._session.reference.score_low,
        )
        return {"given": {"speed": speed, "met": bool(party.met)}, "hint": hint}

    async def _do(self, verb: str, whistle: Whistle, party: Party | None) -> None:
        from commandcenter.services import whistles

        of = party if SPECS[verb].of_party and party is not None else whistle
        deed = (verb, of.id, of.version)
        target = {"party_id": of.id} if SPECS[verb].of_party else {"whistle_id": of.id}
        try:
            await getattr(whistles, SPECS[verb].function)(
                self._session.database(), **target, version=of.version, key=self._keys.of(deed)
            )
        except StaleVersion:
            self.changed.emit(whistle.id)  # read again: the next try is about it as it is now
            raise
        self._keys.done(deed)
        self._tell(verb, whistle, party)

    def _open(self, box: DeedBox) -> None:
        self.close_box()
        self.box = box
        self._column.addWidget(box)
        box.completed.connect(self._on_completed)
        box.closed.connect(self._on_closed)
        box.show()
        box.setFocus()

    def _on_completed(self, _: object) -> None:
        box, whistle = self.box, self.detail.whistle
        if box is None or whistle is None:
            return
        party = next((each for each in whistle.parties if each.id == box.party_id), None)
        self.close_box()
        self._tell(box.verb, whistle, party)
        self.left.emit()

    def _tell(self, verb: str, whistle: Whistle, party: Party | None) -> None:
        who = unit_name(self._session.reference, party.unit_id) if party is not None else whistle.case_number
        self._session.noticed.emit(self.tr("%s 已%s") % (who, whistle_words.verb_word(verb)), "")
        self.changed.emit(whistle.id)

    def _on_closed(self) -> None:
        self.close_box()
        self.left.emit()

    def _to_blow(self) -> None:
        self.setCurrentWidget(self._blow_area)
        self.blow.setFocus()

    def _leave_blow(self) -> None:
        self.setCurrentWidget(self._room if self.detail.whistle is not None else self.calm)
        self.left.emit()

    def _on_blown(self, change: Any) -> None:
        self.setCurrentWidget(self._room if self.detail.whistle is not None else self.calm)
        self.changed.emit(change.whistle_id)
        self.left.emit()

    def _on_tick(self) -> None:
        if self.isVisible():
            self.detail.refresh()
