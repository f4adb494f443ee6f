"""事项清单: the items with their versions, edited in place; new ones, rulings that may become some, spreadsheets in and out."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services import duty_list, duty_sheet
from commandcenter.services.reference import DutyItem
from ui.admin.duty_candidates import DutyCandidates
from ui.admin.duty_columns import duty_columns
from ui.admin.duty_new import DutyNew
from ui.admin.sheet_files import SheetFiles
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.models.row_table import Row
from ui.session import Session


class DutiesTab(AdminTab):
    """Rows are versions; those that hold no more are shown when asked for and cannot be changed."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            session,
            duty_columns(session),
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
        self.files = SheetFiles(
            self,
            session,
            title=tr("事项清单"),
            columns=("序号", "事项"),
            done=tr("已导出 %d 个事项到 %s"),
            export=lambda path: duty_sheet.export(session.database(), path),
            import_=lambda path, dry_run: duty_sheet.import_file(
                session.database(), path, today=self._today(), dry_run=dry_run
            ),
        )
        self.preview = self.files.preview
        self.candidates = DutyCandidates(session, self)
        self.candidates.told.connect(self.say)
        self.new = DutyNew(session, self)
        self.new.wanted.connect(self._add)
        self.new.refused.connect(lambda sentence: self.say(sentence, bad=True))
        self._arrange()

    def refresh(self) -> None:
        """Show what holds now."""
        super().refresh()
        self.candidates.refresh()

    def _add(self, item: DutyItem) -> None:
        work = duty_list.save(self._session.database(), was=None, becomes=item)
        self._session.spawn(self._finish(work, tr("已新增 %s") % item.code), "add duty item")

    async def _finish(self, work: Awaitable[object], sentence: str) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self.say(sentence)
            self.new.clear()

    async def _change(self, row: Row, column: str, value: Any) -> None:
        was: DutyItem = row["item"]
        if was.valid_to is not None and was.valid_to < self._today():
            raise PersonError(tr("这一版已失效，只供查看。"), tr("请改现行的一版。"))
        if column == "assists":
            column = "assist_unit_ids"
        await duty_list.save(self._session.database(), was=was, becomes=replace(was, **{column: value}))

    def _rows_shown(self) -> list[Row]:
        wanted = self.filter.text().strip()
        self.view.is_filtered = bool(wanted)
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

    def _arrange(self) -> None:
        above = QHBoxLayout()
        above.setSpacing(10)
        above.addWidget(self.filter, 1)
        above.addWidget(self.old)
        above.addWidget(self.files.import_button)
        above.addWidget(self.files.export_button)
        self.room.insertLayout(1, above)
        for tool in (self.new, self.files.import_button):
            tool.setVisible(self.table.may_edit)
        self.room.addWidget(self.preview)
        self.room.addWidget(self.candidates)
        self.room.addWidget(self.new)
