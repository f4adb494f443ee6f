"""First step of 导入: which file; by dialog, by dropping it, or by typing its path; and what was imported lately."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.services.importing import Run
from ui.dialogs.file_dialog import ask_open
from ui.models.row_table import Column, RowTable
from ui.widgets.row_view import RowView

KINDS = "*.xlsx *.xls *.xlsm *.xlsb *.csv *.tsv *.txt"


def tr(text: str) -> str:
    """`text` in the language of the screen (context "import")."""
    return QCoreApplication.translate("import", text)


class FilePick(QWidget):
    """``picked(Path)``: somebody chose a file."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.area = QFrame(self)
        self.area.setProperty("surface", "card")
        self.words = QLabel(tr("把别的系统导出的表格拖到这里"), self.area)
        self.words.setProperty("role", "heading")
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        kinds = QLabel(
            tr("Excel（xlsx、xls）或文本表格（csv、tsv）；编码、表头、各列的含义自动辨认，导入前可以改"), self.area
        )
        kinds.setProperty("role", "quiet")
        kinds.setAlignment(Qt.AlignmentFlag.AlignCenter)
        kinds.setWordWrap(True)
        self.path = QLineEdit(self.area)
        self.path.setPlaceholderText(tr("或在这里写文件的路径，按 Enter"))
        self.path.setAccessibleName(tr("文件的路径"))
        self.path.returnPressed.connect(self._on_typed)
        self.choose_button = QPushButton(tr("选择文件…  Ctrl+O"), self.area)
        self.choose_button.setProperty("role", "primary")
        self.choose_button.setShortcut("Ctrl+O")
        self.choose_button.clicked.connect(self.choose)
        self.runs = RowTable(
            [
                Column("began_at", tr("时间"), show=lambda at: at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")),
                Column("file_name", tr("文件")),
                Column("state", tr("情况")),
                Column("rows", tr("行"), is_number=True),
                Column("accepted", tr("受理"), is_number=True),
                Column("duplicates", tr("重复"), is_number=True),
                Column("rejected", tr("未导入"), is_number=True),
                Column("who", tr("导入人")),
            ],
            self,
        )
        self.view = RowView(self.runs, "file_name", self)
        self.view.setAccessibleName(tr("最近的导入"))
        self.view.empty = self.tr("还没有导入过文件")
        self.heading = QLabel(tr("最近的导入"), self)
        self.heading.setProperty("role", "strong")
        self._arrange()
        self.setFocusProxy(self.path)

    def choose(self) -> None:
        """Ask for a file."""
        filters = (tr("表格 (%s)") % KINDS, tr("所有文件 (*)"))
        ask_open(self, tr("选择要导入的表格"), self.picked.emit, *filters)

    def show_runs(self, runs: Sequence[Run], names: dict[str, str]) -> None:
        """Show what was imported lately; `names` of logins."""
        rows: list[dict[str, Any]] = [
            {
                "began_at": run.began_at,
                "file_name": run.file_name,
                "state": self._state(run),
                "rows": "" if run.rows is None else run.rows,
                "accepted": run.accepted,
                "duplicates": run.duplicates,
                "rejected": "" if run.rejected is None else run.rejected,
                "who": names.get(run.actor, run.actor),
            }
            for run in runs
        ]
        self.runs.show_rows(rows)

    @staticmethod
    def _state(run: Run) -> str:
        if run.state == "done":
            return tr("完成")
        if run.state == "running":
            return tr("进行中，或被中断：到第 %d 行") % run.last_row
        return tr("停在第 %d 行，再选此文件即接着导入") % run.last_row

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Let one file in."""
        urls = event.mimeData().urls()
        if len(urls) == 1 and urls[0].isLocalFile():
            event.acceptProposedAction()
            self.words.setText(tr("松开即读取"))

    def dragLeaveEvent(self, _: QDragLeaveEvent) -> None:
        """It went away again."""
        self.words.setText(tr("把别的系统导出的表格拖到这里"))

    def dropEvent(self, event: QDropEvent) -> None:
        """Take it."""
        self.words.setText(tr("把别的系统导出的表格拖到这里"))
        event.acceptProposedAction()
        self.picked.emit(Path(event.mimeData().urls()[0].toLocalFile()))

    def _on_typed(self) -> None:
        text = self.path.text().strip().strip("\"'“”")
        if text:
            self.picked.emit(Path(text).expanduser())

    def _arrange(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.path, 1)
        line.addWidget(self.choose_button)
        inside = QVBoxLayout(self.area)
        inside.setContentsMargins(28, 34, 28, 28)
        inside.setSpacing(10)
        for label in self.area.findChildren(QLabel):
            inside.addWidget(label)
        inside.addSpacing(10)
        inside.addLayout(line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.area)
        column.addWidget(self.heading)
        column.addWidget(self.view, 1)
