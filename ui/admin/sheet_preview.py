"""What a spreadsheet would change in a list of rules, row by row, before it is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.services.sheet import Imported, Outcome
from ui.admin.tables import tr
from ui.models.row_table import Column, RowTable
from ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from pathlib import Path

HIGH = 200
_WORDS = {Outcome.NEW: "新增", Outcome.CHANGED: "修改", Outcome.UNCHANGED: "未变", Outcome.REJECTED: "不导入"}


class SheetPreview(QWidget):
    """Hidden until a file was looked at. ``wanted(path)``: take it in. `columns`: those of the file that tell its rows apart."""

    wanted = Signal(object)

    def __init__(self, parent: QWidget, columns: Sequence[str]) -> None:
        super().__init__(parent)
        self._columns = columns
        self._path: Path | None = None
        self.summary = QLabel(self)
        self.summary.setProperty("role", "strong")
        self.summary.setWordWrap(True)
        shown = [
            Column("row_no", tr("行"), is_number=True),
            Column("outcome", tr("结果")),
            *(Column(name, tr(name)) for name in columns),
            Column("reason", tr("原因")),
        ]
        self.table = RowTable(shown, self)
        self.view = RowView(self.table, "reason", self)
        self.view.setMaximumHeight(HIGH)
        self.view.setAccessibleName(tr("导入预览"))
        self.import_button = QPushButton(tr("导入"), self)
        self.import_button.setProperty("role", "primary")
        self.import_button.clicked.connect(lambda: self.wanted.emit(self._path))
        self.close_button = QPushButton(tr("关闭"), self)
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout()
        row.addWidget(self.summary, 1)
        row.addWidget(self.import_button)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.view)
        self.hide()

    def show_found(self, path: Path, found: Imported[Any], *, tried: bool) -> None:
        """Say what a file would change (`tried`), or has changed."""
        self._path = path
        counts = "，".join(f"{tr(_WORDS[each])} {found.count(each)}" for each in Outcome)
        words = tr("%s：预览 %d 行，%s。") if tried else tr("%s：已读入 %d 行，%s。")
        said = words % (path.name, len(found.rows), counts)
        if found.reject_file is not None:
            said += tr("不导入的行及原因在 %s。") % found.reject_file.name
        self.summary.setText(said)
        wanted = [row for row in found.rows if row.outcome is not Outcome.UNCHANGED]
        self.table.show_rows(
            [
                {
                    "row_no": row.row_no,
                    "outcome": tr(_WORDS[row.outcome]),
                    **{name: row.word(name) for name in self._columns},
                    "reason": row.reason,
                }
                for row in wanted
            ]
        )
        self.view.setVisible(bool(wanted))
        self.import_button.setVisible(tried and found.count(Outcome.NEW) + found.count(Outcome.CHANGED) > 0)
        self.show()
