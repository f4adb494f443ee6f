"""The line below the responsibility list in which a new item is typed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.services import duty_list
from commandcenter.services.reference import DutyItem
from ui.admin.duty_columns import read_units
from ui.admin.tables import tr
from ui.models.choices import category_choices
from ui.session import Session
from ui.widgets.field_box import FieldBox
from ui.widgets.type_ahead import TypeAhead


class DutyNew(QWidget):
    """``wanted(DutyItem)``: one that holds from today on; ``refused(sentence)``: what is typed is none."""

    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.code, self.matter, self.assist = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.field, self.ground = QComboBox(self), QComboBox(self)
        self.field.setEditable(True)
        self.field.activated.connect(self._propose_code)
        self.ground.addItems(list(duty_list.GROUNDS))
        self.category = TypeAhead(lambda: category_choices(session.reference), self)
        self.lead = TypeAhead(self._leads, self)
        self.add_button = QPushButton(tr("新增事项"), self)
        self.add_button.clicked.connect(self.add)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for title, widget, stretch in (
            (tr("领域"), self.field, 3),
            (tr("序号"), self.code, 2),
            (tr("事项"), self.matter, 4),
            (tr("分类"), self.category, 4),
            (tr("主责"), self.lead, 3),
            (tr("配合（以“、”隔开）"), self.assist, 3),
            (tr("依据"), self.ground, 1),
        ):
            row.addWidget(FieldBox(title, widget, self), stretch)
        row.addWidget(FieldBox(" ", self.add_button, self))
        session.reference_changed.connect(self._reload)
        self._reload()

    def add(self) -> None:
        """Hand out the item that is typed."""
        lead = self.lead.value()
        if lead is None or self.category.is_unknown():
            self.refused.emit(tr("请从列表中选主责单位（或“事发镇街”）和分类。"))
            return
        try:
            assist = read_units(self._session.reference, self.assist.text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self.wanted.emit(
            DutyItem(
                0,
                self.code.text().strip(),
                self.field.currentText().strip(),
                self.matter.text().strip(),
                self.category.value(),
                lead or None,
                assist,
                self.ground.currentText(),
                self._session.clock.now().astimezone(SHANGHAI).date(),
                None,
            )
        )

    def clear(self) -> None:
        """It is made: room for the next one of the same field."""
        for line in (self.code, self.matter, self.assist, self.lead, self.category):
            line.clear()

    def _reload(self) -> None:
        fields = list(dict.fromkeys(item.field for item in self._session.reference.duty_list))
        typed = self.field.currentText()
        self.field.clear()
        self.field.addItems(fields)
        self.field.setCurrentText(typed)
        self.lead.reload()
        self.category.reload()

    def _propose_code(self) -> None:
        self.code.setText(duty_list.next_code(self._session.reference.duty_list, self.field.currentText().strip()))

    def _leads(self) -> list[tuple[str, int]]:
        """Who can lead; 0 is the town of the place."""
        found = sorted(self._session.reference.units.values(), key=lambda unit: unit.path)
        return [(tr(duty_list.TOWN), 0), *((unit.name, unit.id) for unit in found if unit.active)]
