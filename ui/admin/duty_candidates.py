"""Rulings (指定) that may become items of the responsibility list: taken with a code and a field, or dismissed."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import duty_list
from ui.admin.tables import tr
from ui.models.row_table import Column, Row, RowTable
from ui.session import Session
from ui.widgets.field_box import FieldBox
from ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from commandcenter.services.duty_list import Candidate

HIGH = 190


class DutyCandidates(QWidget):
    """Hidden while none waits. ``told(sentence)`` when one is decided."""

    told = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.heading = QLabel(self)
        self.heading.setProperty("role", "strong")
        self.problem = QLabel(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        columns = [
            Column("number", tr("吹哨")),
            Column("matter", tr("事项")),
            Column("lead", tr("指定主责")),
            Column("assists", tr("配合")),
            Column("reason", tr("裁定理由")),
        ]
        self.table = RowTable(columns, self)
        self.view = RowView(self.table, "reason", self)
        self.view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.view.setMaximumHeight(HIGH)
        self.view.setAccessibleName(tr("待定的裁定"))
        self.field, self.code, self.matter = QComboBox(self), QLineEdit(self), QLineEdit(self)
        self.field.setEditable(True)
        self.field.currentTextChanged.connect(self._propose_code)
        self.take_button = QPushButton(tr("列入清单"), self)
        self.take_button.clicked.connect(self.take)
        self.dismiss_button = QPushButton(tr("不列入"), self)
        self.dismiss_button.clicked.connect(self.dismiss)
        self.tools = QWidget(self)
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        for title, widget, stretch in (
            (tr("领域"), self.field, 2),
            (tr("序号"), self.code, 1),
            (tr("清单中的事项"), self.matter, 4),
        ):
            row.addWidget(FieldBox(title, widget, self), stretch)
        row.addWidget(FieldBox(" ", self.take_button, self))
        row.addWidget(FieldBox(" ", self.dismiss_button, self))
        self.tools.setVisible(session.role is Role.ADMIN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.heading, self.problem, self.view, self.tools):
            column.addWidget(part)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        session.entities_changed.connect(self._on_entities)
        self.hide()

    def refresh(self) -> None:
        """Read them anew."""
        if self._session.db is not None and self._session.role in {Role.ADMIN, Role.SUPERVISOR, Role.DUTY}:
            self._session.spawn(self._read(), "read candidates")

    def take(self) -> None:
        """Make an item of the current one."""
        row = self._row()
        if row is None:
            return
        work = duty_list.take_candidate(
            self._session.database(),
            candidate_id=row["id"],
            code=self.code.text().strip(),
            field=self.field.currentText().strip(),
            matter=self.matter.text().strip(),
            category_id=row["category_id"],
        )
        self._session.spawn(self._do(work, tr("已列入清单：%s") % self.code.text().strip()), "take candidate")

    def dismiss(self) -> None:
        """Leave the current one a single ruling."""
        if (row := self._row()) is not None:
            work = duty_list.dismiss_candidate(self._session.database(), candidate_id=row["id"])
            self._session.spawn(self._do(work, tr("不列入清单")), "dismiss candidate")

    async def _do(self, work: Awaitable[object], sentence: str) -> None:
        try:
            await work
        except PersonError as error:
            self.problem.setText(str(error))
            self.problem.show()
        else:
            self.problem.hide()
            self.told.emit(sentence)
        await self._read()

    async def _read(self) -> None:
        try:
            found = await duty_list.read_candidates(self._session.database())
        except PersonError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        waiting = [self._shown(each) for each in found if not each.decision]
        self.table.show_rows(waiting)
        self.heading.setText(tr("裁定 %d 条，可列入清单") % len(waiting))
        self.setVisible(bool(waiting))
        if waiting and not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self.table.index(0, 0))
        self._on_row()

    def _shown(self, each: Candidate) -> Row:
        units = self._session.reference.units
        return {
            "id": each.id,
            "number": each.whistle_number,
            "matter": each.matter,
            "category_id": each.category_id,
            "lead": units[each.lead_unit_id].short_name if each.lead_unit_id in units else "",
            "assists": "、".join(units[unit].short_name for unit in each.assist_unit_ids if unit in units),
            "reason": each.reason,
        }

    def _row(self) -> Row | None:
        row: Row | None = self.view.current_row
        return row

    def _on_row(self) -> None:
        row = self._row()
        if row is None:
            return
        fields = list(dict.fromkeys(item.field for item in self._session.reference.duty_list))
        typed = self.field.currentText()
        if [self.field.itemText(number) for number in range(self.field.count())] != fields:
            self.field.clear()
            self.field.addItems(fields)
            self.field.setCurrentText(typed or (fields[0] if fields else ""))
        self.matter.setText(row["matter"])
        self._propose_code()

    def _propose_code(self) -> None:
        self.code.setText(duty_list.next_code(self._session.reference.duty_list, self.field.currentText().strip()))

    def _on_entities(self, entities: frozenset[str]) -> None:
        if entities & {"whistle", "duty_candidates", "everything"} and (self.isVisible() or self._parent_visible()):
            self.refresh()

    def _parent_visible(self) -> bool:
        parent = self.parentWidget()
        return parent is not None and parent.isVisible()
