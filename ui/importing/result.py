"""Last step of 导入: what became of the file, where the rows are that did not come in, and what is next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.services.importing import Imported
from ui.importing.file import tr
from ui.importing.trial import Counts, note_words
from ui.models.row_table import Column, RowTable
from ui.widgets.row_view import RowView
from ui.widgets.story import FIELD_WORDS


class ImportResult(QWidget):
    """Counts, which case a duplicate is, what was brought up to date and what not, the reject file."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = QLabel(self)
        self.title.setProperty("role", "heading")
        self.counts = Counts(self)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.hints = QLabel(self)
        self.hints.setProperty("role", "quiet")
        self.reject_file: Path | None = None
        self.rejects = QLabel(self)
        self.rejects.setWordWrap(True)
        self.folder_button = QPushButton(tr("打开所在文件夹"), self)
        self.folder_button.clicked.connect(self.open_folder)
        self.table = RowTable(
            [
                Column("row", tr("行"), is_number=True),
                Column("number", tr("已有的工单")),
                Column("updated", tr("已更新")),
                Column("untouched", tr("不同，按规定未改")),
            ],
            self,
        )
        self.heading = QLabel(self)
        self.heading.setProperty("role", "strong")
        self.view = RowView(self.table, "untouched", self)
        self.view.setAccessibleName(tr("重复的行"))
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.rejects, 1)
        line.addWidget(self.folder_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for widget in (self.title, self.counts, self.told, self.hints):
            column.addWidget(widget)
        column.addLayout(line)
        column.addWidget(self.heading)
        column.addWidget(self.view, 1)
        column.addStretch(0)
        self.setFocusProxy(self.view)

    def show_result(self, done: Imported, name: str) -> None:
        """Show what became of a file."""
        self.title.setText(tr("已导入 %s") % name)
        self.counts.show_counts(done)
        parts = []
        if done.accepted:
            parts.append(tr("受理的 %d 件在“待受理”里，等着定级派单。") % done.accepted)
        if done.unplaced:
            parts.append(tr("%d 件还没有地点，请在“归并”页的待定位里补。") % done.unplaced)
        if not done.accepted and done.duplicates:
            parts.append(tr("这些诉求先前都已登记，没有新增。"))
        self.told.setText("".join([*parts, *note_words(done)]))
        self.reject_file = done.reject_file
        self.rejects.setText(
            tr("未导入的 %d 行及原因在：%s　改好后直接导入那个文件。") % (done.rejected, done.reject_file)
            if done.reject_file
            else tr("没有未导入的行。")
        )
        self.folder_button.setVisible(done.reject_file is not None)
        renewed = {each.row_no: each for each in done.renewed}
        rows = dict(done.duplicate_of) | {each.row_no: each.number for each in done.renewed}
        self.table.show_rows(
            [
                {
                    "row": row,
                    "number": number,
                    "updated": _words(renewed[row].updated) if row in renewed else "",
                    "untouched": _words(renewed[row].untouched) if row in renewed else "",
                }
                for row, number in sorted(rows.items())
            ]
        )
        self.heading.setText(
            tr("重复的行（前 %d 行，全部在：%s）") % (len(done.duplicate_of), done.duplicate_file)
            if done.duplicate_file
            else tr("重复的行")
        )
        for widget in (self.heading, self.view):
            widget.setVisible(bool(rows))

    def show_hints(self, count: int | None) -> None:
        """Say how the search for repeats among what came in stands; None: it is not known."""
        self.hints.setText(
            tr("正在查找重复…") if not count else tr("正在查找重复…　已有 %d 处疑似重复，在“归并”页处理。") % count
        )

    def open_folder(self) -> None:
        """Show the folder of the reject file in the system's own file manager."""
        if self.reject_file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.reject_file.parent)))


def _words(fields: tuple[str, ...]) -> str:
    return "、".join(tr(FIELD_WORDS.get(field, field)) for field in fields)
