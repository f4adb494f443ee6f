"""Where a slip waits, as chips with their numbers over the list: drafts, to be countersigned, received, answered, judged."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from commandcenter.domain.case import Role
from commandcenter.domain.slip import SlipState
from ui.slips.words import tr
from ui.widgets.flow import FlowLayout

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip


@dataclass(frozen=True, slots=True)
class Stage:
    """One chip."""

    id: str
    title: str
    states: frozenset[SlipState]
    inside: bool = False
    """Of the centre alone: units see nothing of it."""


STAGES = (
    Stage("all", "全部", frozenset(state for state in SlipState if state < SlipState.CLOSED)),
    Stage("draft", "草稿", frozenset({SlipState.DRAFT}), inside=True),
    Stage("cosign", "待会签", frozenset({SlipState.TO_COSIGN}), inside=True),
    Stage("receive", "待签收", frozenset({SlipState.TO_RECEIVE})),
    Stage("reply", "待回复", frozenset({SlipState.TO_REPLY, SlipState.SENT_BACK})),
    Stage("judge", "待评定", frozenset({SlipState.TO_JUDGE})),
)


class SlipStages(QWidget):
    """``chosen()`` when another chip is on."""

    chosen = Signal()

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inside = role in {Role.SUPERVISOR, Role.ADMIN}
        self._stages = {stage.id: stage for stage in STAGES if inside or not stage.inside}
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = FlowLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        for stage in self._stages.values():
            button = QPushButton(tr(stage.title), self)
            button.setProperty("role", "chip")
            button.setCheckable(True)
            button.toggled.connect(lambda on: self.chosen.emit() if on else None)
            self._group.addButton(button)
            row.addWidget(button)
            self.buttons[stage.id] = button
        self.buttons["all"].setChecked(True)

    @property
    def stage(self) -> Stage:
        """The chip that is on."""
        return next(self._stages[name] for name, button in self.buttons.items() if button.isChecked())

    def choose(self, stage_id: str) -> None:
        """Switch a chip on; one that the person has not is left alone."""
        if stage_id in self.buttons:
            self.buttons[stage_id].setChecked(True)

    def count(self, slips: Iterable[Slip]) -> None:
        """Write the numbers on the chips."""
        states = [slip.state for slip in slips]
        for name, stage in self._stages.items():
            number = sum(state in stage.states for state in states)
            self.buttons[name].setText(f"{tr(stage.title)} {number}")
