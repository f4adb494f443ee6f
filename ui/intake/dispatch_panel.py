"""Where a new case goes: the lead unit and those assisting, proposed from the responsibility list with its ground."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.services.proposal import Proposal, propose_units
from commandcenter.services.spool import DispatchTo
from ui.session import Session
from ui.widgets.field_box import FieldBox
from ui.widgets.flow import FlowLayout
from ui.widgets.type_ahead import TypeAhead


class DispatchPanel(QFrame):
    """Opens below the form, takes no window of its own; Esc folds it away (``folded``)."""

    folded = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None, new_key: Callable[[], UUID] = uuid4) -> None:
        super().__init__(parent)
        self._session = session
        self._new_key = new_key
        self._proposals: tuple[Proposal, ...] = ()
        self.setProperty("surface", "card")
        self.lead = TypeAhead(self._units, self)
        self.lead_box = FieldBox(self.tr("主责单位"), self.lead, self)
        self.grounds = QComboBox(self)
        self.grounds.currentIndexChanged.connect(self._take)
        self.grounds_box = FieldBox(self.tr("依据"), self.grounds, self)
        self.more = TypeAhead(self._units, self)
        self.more.setPlaceholderText(self.tr("再加一个配合单位"))
        self.more.picked.connect(self._on_more)
        more_box = FieldBox(self.tr("配合单位"), self.more, self)
        self._chips = QWidget(self)
        self._flow = FlowLayout(self._chips)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._assists: dict[int, QPushButton] = {}
        self.none = QLabel(self.tr("事项清单里没有这一分类的条目，请自行选择主责单位。"), self)
        self.none.setProperty("role", "quiet")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.lead_box, 2)
        row.addWidget(self.grounds_box, 3)
        row.addWidget(more_box, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self.none)
        column.addWidget(self._chips)

    def open_for(self, category_id: int | None, area_id: int | None, now: datetime) -> None:
        """Come up with what the list proposes for this matter and place."""
        today = now.astimezone(SHANGHAI).date()
        reference = self._session.reference
        self.offer(propose_units(reference, category_id=category_id, area_id=area_id, today=today))

    def offer(self, proposals: tuple[Proposal, ...], at: int = 0) -> None:
        """Come up with these proposals, one of them taken."""
        self._proposals = proposals
        self.grounds.blockSignals(True)
        self.grounds.clear()
        for proposal in self._proposals:
            self.grounds.addItem(proposal.ground)
        self.grounds.setCurrentIndex(at)
        self.grounds.blockSignals(False)
        self.grounds_box.setVisible(bool(self._proposals))
        self.none.setVisible(not self._proposals)
        self.lead_box.say("")
        self._take(at)
        self.show()
        self.lead.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.lead.selectAll()

    def dispatch(self) -> DispatchTo | None:
        """What was chosen; None, with a sentence, where the lead unit is missing."""
        lead = self.lead.value()
        if lead is None:
            self.lead_box.say(
                self.tr("没有这个单位，请从列表中选。") if self.lead.is_unknown() else self.tr("请选主责单位。")
            )
            self.lead.setFocus()
            return None
        assists = tuple(unit for unit, chip in self._assists.items() if chip.isChecked() and unit != lead)
        return DispatchTo(lead, assists, self._new_key())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.folded.emit()
        else:
            super().keyPressEvent(event)

    def _units(self) -> list[tuple[str, int]]:
        units = sorted(self._session.reference.units.values(), key=lambda unit: unit.path)
        return [(unit.name, unit.id) for unit in units if unit.active]

    def _take(self, place: int) -> None:
        for chip in self._assists.values():
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._assists = {}
        proposal = self._proposals[place] if 0 <= place < len(self._proposals) else None
        self.lead.set_value(proposal.lead_unit_id if proposal else None)
        for unit in proposal.assist_unit_ids if proposal else ():
            self._add(unit)
        self._chips.setVisible(bool(self._assists))

    def _add(self, unit_id: int) -> None:
        if unit_id in self._assists:
            self._assists[unit_id].setChecked(True)
            return
        chip = QPushButton(self._session.reference.units[unit_id].name, self._chips)
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setToolTip(self.tr("空格键：去掉或加回"))
        self._flow.addWidget(chip)
        chip.show()
        self._assists[unit_id] = chip
        self._chips.show()

    def _on_more(self, unit_id: int | None) -> None:
        if unit_id is not None:
            self._add(unit_id)
            self.more.clear()
