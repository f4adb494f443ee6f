"""事项清单: the items with their versions, edited in place; new ones, rulings that may become some, spreadsheets in and out."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services import duty_list
from commandcenter.services.reference import DutyItem
from ui.admin.duty_candidates import DutyCandidates
from ui.admin.duty_preview import DutyPreview
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.models.row_table import Column, Row, needed
from ui.session import Session
from ui.widgets.field_box import FieldBox
from ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from commandcenter.services.duty_sheet import Imported


def read_day(text: str) -> date:
    """2026-11-22 or 2026/11/22; raises ValueError with a sentence."""
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in text.strip().replace("/", "-").split("-")))
    except ValueError:
        raise ValueError("日期请写成 2026-11-22。") from None


class DutiesTab(AdminTab):
    """Rows are versions; those that hold no more are shown when asked for and cannot be changed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            session,
            _columns(session),
            "matter",
            self._rows_shown,
            self._change,
            tr(
                "吹哨和派单按此定主责和配合单位，并引用依据。已被吹哨引用的事项改动后另起一版，旧版仍可查看。“至”留空为长期有效。"
            ),
            parent,
        )
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText(tr("按领域、事项、单位筛选"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName(tr("筛选事项"))
        self.filter.textChanged.connect(self.refresh)
        self.old = QCheckBox(tr("显示旧版和失效的"), self)
        self.old.toggled.connect(self.refresh)
        self.import_button = QPushButton(tr("导入…"), self)
        self.import_button.clicked.connect(self.choose_import)
        self.export_button = QPushButton(tr("导出…"), self)
        self.export_button.clicked.connect(self.choose_export)
        self.candidates = DutyCandidates(session, self)
        self.candidates.told.connect(self.say)
        self.preview = DutyPreview(self)
        self.preview.wanted.connect(self.import_for_good)
        self.code, self.new_matter = QLineEdit(self), QLineEdit(self)
        self.field, self.ground = QComboBox(self), QComboBox(self)
        self.field.setEditable(True)
        self.field.activated.connect(self._propose_code)
        self.ground.addItems(list(duty_list.GROUNDS))
        self.category = TypeAhead(partial(_categories, session), self)
        self.lead = TypeAhead(partial(_leads, session), self)
        self.assist = QLineEdit(self)
        self.add_button = QPushButton(tr("新增事项"), self)
        self.add_button.clicked.connect(self.add_item)
        self.tools = QWidget(self)
        self._arrange()
        session.reference_changed.connect(self._reload)
        self._reload()

    def refresh(self) -> None:
        """Show what holds now."""
        super().refresh()
        self.candidates.refresh()

    def add_item(self) -> None:
        """Make the item that is typed, from today on."""
        lead = self.lead.value()
        if lead is None or self.category.is_unknown():
            self.say(tr("请从列表中选主责单位（或“事发镇街”）和分类。"), bad=True)
            return
        try:
            assist = _read_units(self._session, self.assist.text())
        except ValueError as error:
            self.say(str(error), bad=True)
            return
        item = DutyItem(
            0,
            self.code.text().strip(),
            self.field.currentText().strip(),
            self.new_matter.text().strip(),
            self.category.value(),
            lead or None,
            assist,
            self.ground.currentText(),
            self._today(),
            None,
        )
        work = duty_list.save(self._session.database(), was=None, becomes=item)
        self._session.spawn(self._finish(work, tr("已新增 %s") % item.code), "add duty item")

    def choose_import(self) -> None:
        """Ask for a file and say what it would change."""
        dialog = QFileDialog(self, tr("导入事项清单"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter("Excel (*.xlsx)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.look_at(Path(path)))
        dialog.open()

    def choose_export(self) -> None:
        """Ask where to, and write all items with their versions."""
        dialog = QFileDialog(self, tr("导出事项清单"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("Excel (*.xlsx)")
        dialog.setDefaultSuffix("xlsx")
        dialog.selectFile(tr("事项清单.xlsx"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.write_out(Path(path)))
        dialog.open()

    def look_at(self, path: Path) -> None:
        """Show what a file would change, row by row; nothing is written."""
        self._session.spawn(self._import(path, dry_run=True), "look at duty list")

    def import_for_good(self, path: Path) -> None:
        """Take a file in that was looked at."""
        self._session.spawn(self._import(path, dry_run=False), "import duty list")

    def write_out(self, path: Path) -> None:
        """Write all items to a file."""
        from commandcenter.services import duty_sheet

        async def write() -> None:
            try:
                count = await duty_sheet.export(self._session.database(), path)
            except PersonError as error:
                self.say(str(error), bad=True)
            else:
                self.say(tr("已导出 %d 个事项到 %s") % (count, path.name))

        self._session.spawn(write(), "export duty list")

    async def _import(self, path: Path, *, dry_run: bool) -> None:
        from commandcenter.services import duty_sheet

        try:
            done: Imported = await duty_sheet.import_file(
                self._session.database(), path, today=self._today(), dry_run=dry_run
            )
        except PersonError as error:
            self.say(str(error), bad=True)
            return
        self.preview.show_found(path, done, tried=dry_run)
        if not dry_run:
            self.say(self.preview.summary.text())

    async def _finish(self, work: Awaitable[object], sentence: str) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self.say(sentence)
            for line in (self.code, self.new_matter, self.assist, self.lead, self.category):
                line.clear()

    async def _change(self, row: Row, column: str, value: Any) -> None:
        was: DutyItem = row["item"]
        if was.valid_to is not None and was.valid_to < self._today():
            raise PersonError(tr("这一版已失效，只供查看。"), tr("请改现行的一版。"))
        if column == "assists":
            column = "assist_unit_ids"
        await duty_list.save(self._session.database(), was=was, becomes=replace(was, **{column: value}))

    def _rows_shown(self) -> list[Row]:
        wanted = self.filter.text().strip()
        rows: list[Row] = []
        for item in self._session.reference.duty_list:
            if not self.old.isChecked() and item.valid_to is not None and item.valid_to < self._today():
                continue
            row = asdict(item) | {"assists": item.assist_unit_ids, "item": item}
            if wanted and not any(wanted in words for words in self._words(item)):
                continue
            rows.append(row)
        return rows

    def _words(self, item: DutyItem) -> list[str]:
        units = self._session.reference.units
        named = [units[each].name for each in (item.lead_unit_id or 0, *item.assist_unit_ids) if each in units]
        short = [units[each].short_name for each in (item.lead_unit_id or 0, *item.assist_unit_ids) if each in units]
        return [item.code, item.field, item.matter, item.ground, *named, *short]

    def _today(self) -> date:
        return self._session.clock.now().astimezone(SHANGHAI).date()

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

    def _arrange(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.filter, 1)
        above.addWidget(self.old)
        above.addWidget(self.import_button)
        above.addWidget(self.export_button)
        self.room.insertLayout(1, above)
        row = QHBoxLayout(self.tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for title, widget, stretch in (
            (tr("领域"), self.field, 3),
            (tr("序号"), self.code, 2),
            (tr("事项"), self.new_matter, 4),
            (tr("分类"), self.category, 4),
            (tr("主责"), self.lead, 3),
            (tr("配合（以“、”隔开）"), self.assist, 3),
            (tr("依据"), self.ground, 1),
        ):
            row.addWidget(FieldBox(title, widget, self), stretch)
        row.addWidget(FieldBox(" ", self.add_button, self))
        for tool in (self.tools, self.import_button):
            tool.setVisible(self.table.may_edit)
        self.room.addWidget(self.preview)
        self.room.addWidget(self.candidates)
        self.room.addWidget(self.tools)


def _columns(session: Session) -> list[Column]:
    def assists(value: Any) -> str:
        known = session.reference.units
        return "、".join(known[each].short_name for each in value if each in known)

    def leads() -> list[tuple[str, int | None]]:
        found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
        return [(tr(duty_list.TOWN), None), *((unit.short_name, unit.id) for unit in found)]

    def categories() -> list[tuple[str, int | None]]:  # without the first part, so that the matter has room
        return [("", None), *((name.partition(" › ")[2] or name, number) for name, number in _categories(session))]

    grounds = [(each, each) for each in duty_list.GROUNDS]
    return [
        Column("code", tr("序号")),
        Column("field", tr("领域"), editable=True, read=needed),
        Column("matter", tr("事项"), editable=True, read=needed),
        Column("category_id", tr("分类"), editable=True, choices=categories),
        Column("lead_unit_id", tr("主责"), editable=True, choices=leads),
        Column("assists", tr("配合"), editable=True, show=assists, read=partial(_read_units, session)),
        Column("ground", tr("依据"), editable=True, choices=lambda: grounds),
        Column("valid_from", tr("自"), editable=True, read=read_day),
        Column("valid_to", tr("至"), editable=True, read=lambda text: read_day(text) if text.strip() else None),
    ]


def _leads(session: Session) -> list[tuple[str, int]]:
    """Who can lead; 0 is the town of the place."""
    found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
    return [(tr(duty_list.TOWN), 0), *((unit.name, unit.id) for unit in found if unit.active)]


def _categories(session: Session) -> list[tuple[str, int]]:
    return sorted((each.path_name, each.id) for each in session.reference.categories.values())


def _read_units(session: Session, text: str) -> tuple[int, ...]:
    """住建局、公安局 as ids, by name or short name; raises ValueError with a sentence."""
    by_name: dict[str, int] = {}
    for unit in session.reference.units.values():
        if unit.active:
            by_name[unit.name] = by_name[unit.short_name] = unit.id
    found = []
    for part in text.replace("；", "、").replace(";", "、").replace("，", "、").split("、"):
        if name := part.strip():
            if name not in by_name:
                raise ValueError(f"没有单位叫“{name}”，或它已停用。请以“、”隔开，用名称或简称。")
            found.append(by_name[name])
    return tuple(found)
