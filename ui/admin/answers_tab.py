"""常见问题: what the desk answers on the spot, edited in place and in spreadsheets; and the templates beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QTabWidget, QVBoxLayout, QWidget

from commandcenter.services import answer_sheet, answers, settings
from ui.admin.sheet_files import SheetFiles
from ui.admin.tab import AdminTab
from ui.admin.tables import keywords, tr
from ui.admin.words_panel import WordsPanel
from ui.models.row_table import Column, Row, day_or_none, needed
from ui.session import Session


class AnswersTab(QWidget):
    """Two tables one behind the other, chosen above."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.known = KnownTab(session, self)
        self.templates = TemplatesTab(session, self)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        for tab, title in ((self.known, tr("问与答")), (self.templates, tr("话术模板"))):
            self.tabs.addTab(tab, title)
            tab.view.setAccessibleName(title)
        self.tabs.tabBar().setAccessibleName(tr("问与答、话术模板"))
        self.tabs.currentChanged.connect(self.refresh)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.tabs)
        self.setFocusProxy(self.tabs)

    def refresh(self) -> None:
        """Show what holds now."""
        tab = self.tabs.currentWidget()
        if isinstance(tab, AdminTab):
            tab.refresh()

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence above the table that is looked at."""
        tab = self.tabs.currentWidget()
        if isinstance(tab, AdminTab):
            tab.say(sentence, bad=bad)


class _LongWordsTab(AdminTab):
    """A table whose rows have one long text, shown and edited below it; a new row begins there as well."""

    long = ""
    """The column of the long text."""

    def __init__(
        self, session: Session, table: str, columns: list[Column], stretch: str, hint: str, parent: QWidget
    ) -> None:
        super().__init__(session, columns, stretch, self._read, self._change, hint, parent)
        self._name = table
        self.add_button = QPushButton(tr("新增"), self)
        self.remove_button = QPushButton(tr("删除"), self)
        self.panel = WordsPanel(self)
        self.panel.setReadOnly(not self.table.may_edit)
        self.panel.wanted.connect(self._save_words)
        self.add_button.clicked.connect(self.begin_new)
        self.remove_button.clicked.connect(self.remove)
        for button in (self.add_button, self.remove_button):
            button.setVisible(self.table.may_edit)
        self.above = QHBoxLayout()
        self.above.setSpacing(10)
        self.above.addWidget(self.add_button)
        self.above.addWidget(self.remove_button)
        self.room.insertLayout(1, self.above)
        self.room.addWidget(self.panel)
        self.view.selectionModel().currentChanged.connect(self._show_words)
        self.table.modelReset.connect(self._show_words)
        self.table.dataChanged.connect(self._show_words)

    def begin_new(self) -> None:
        """Type a new one below."""
        self.view.selectionModel().clear()
        self.panel.begin(self._new_title())

    def remove(self) -> None:
        """Take the chosen one away."""
        row = self.view.current_row
        if row is None:
            self.say(tr("请先选一行。"), bad=True)
        else:
            self.do(self._refreshed(self._remove(row)), tr("已删除"))

    def _show_words(self) -> None:
        row = self.view.current_row
        if row is None:
            self.panel.clear()
        else:
            self.panel.show_words(self._title_of(row), row[self.long], row)

    def _save_words(self, row: Row | None, title: str, text: str) -> None:
        if row is None:
            self.do(self._refreshed(self._add(title, text)), tr("已新增 %s") % title)
        else:
            self.do(self._refreshed(self._change(row, self.long, text)), tr("已保存"))

    async def _refreshed(self, work: Any) -> None:
        await work
        await self._fill(self._read())

    async def _change(self, row: Row, column: str, value: Any) -> None:
        await settings.change(
            self._session.database(), table=self._name, key=row["id"],
            was={column: _stored(row[column])}, becomes={column: _stored(value)},
        )  # fmt: skip

    async def _read(self) -> list[Row]:
        raise NotImplementedError

    async def _add(self, title: str, text: str) -> None:
        raise NotImplementedError

    async def _remove(self, row: Row) -> None:
        raise NotImplementedError

    def _title_of(self, row: Row) -> str:
        raise NotImplementedError

    def _new_title(self) -> str:
        raise NotImplementedError


class KnownTab(_LongWordsTab):
    """问与答, with a filter and spreadsheets in and out."""

    long = "answer"

    def __init__(self, session: Session, parent: QWidget) -> None:
        def categories() -> list[tuple[str, int | None]]:
            found = sorted(
                (each.path_name.partition(" › ")[2] or each.path_name, each.id)
                for each in session.reference.categories.values()
            )
            return [("", None), *found]

        def units() -> list[tuple[str, int | None]]:
            found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
            return [("", None), *((unit.short_name, unit.id) for unit in found if unit.active)]

        columns = [
            Column("question", tr("问题"), editable=True, read=needed),
            Column("category_id", tr("分类"), editable=True, choices=categories),
            Column("keywords", tr("关键词"), editable=True, show="、".join, read=keywords),
            Column("unit_id", tr("答复单位"), editable=True, choices=units),
            Column("valid_until", tr("有效期至"), editable=True, read=day_or_none),
        ]
        hint = tr("受理时边输入边按这些字词找答复；过了有效期的不再提供。选一行，在下面看和改答复全文。")
        self.filter = QLineEdit()
        super().__init__(session, "answers", columns, "question", hint, parent)
        self.filter.setParent(self)
        self.filter.setPlaceholderText(tr("按问题、答复、关键词筛选"))
        self.filter.setAccessibleName(tr("筛选常见问题"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.refresh)
        self.files = SheetFiles(
            self,
            session,
            title=tr("常见问题"),
            columns=("问题",),
            done=tr("已导出 %d 条常见问题到 %s"),
            export=lambda path: answer_sheet.export(session.database(), path),
            import_=lambda path, dry_run: answer_sheet.import_file(session.database(), path, dry_run=dry_run),
        )
        self.preview = self.files.preview
        self.files.taken_in.connect(self.refresh)
        self.files.import_button.setVisible(self.table.may_edit)
        self.above.insertWidget(0, self.filter, 1)
        self.above.addWidget(self.files.import_button)
        self.above.addWidget(self.files.export_button)
        self.room.insertWidget(3, self.preview)

    async def _read(self) -> list[Row]:
        wanted = self.filter.text().strip()
        self.view.is_filtered = bool(wanted)
        found = [asdict(each) for each in await answers.read_answers(self._session.database())]
        return [
            row for row in found if not wanted or wanted in "|".join((row["question"], row["answer"], *row["keywords"]))
        ]

    async def _add(self, title: str, text: str) -> None:
        await answers.add_answer(self._session.database(), answers.KnownAnswer(0, title, text))

    async def _remove(self, row: Row) -> None:
        await answers.remove_answer(self._session.database(), answer_id=row["id"], question=row["question"])

    def _title_of(self, row: Row) -> str:
        return str(row["question"])

    def _new_title(self) -> str:
        return tr("新的问题")


class TemplatesTab(_LongWordsTab):
    """话术模板; what is in 【】 is filled in while typing."""

    long = "words"

    def __init__(self, session: Session, parent: QWidget) -> None:
        parts = [(tr(name), part) for part, name in answers.PARTS.items()]
        columns = [
            Column("name", tr("名称"), editable=True, read=needed),
            Column("part", tr("用在"), editable=True, choices=lambda: parts),
            Column("words", tr("内容")),
        ]
        hint = tr("受理时按 Alt+T 选用；【】里的由值班员填。新增的先归入“诉求内容”，再在“用在”一列改。")
        super().__init__(session, "templates", columns, "words", hint, parent)
        self.above.addStretch(1)

    async def _read(self) -> list[Row]:
        return [asdict(each) for each in await answers.read_templates(self._session.database())]

    async def _add(self, title: str, text: str) -> None:
        await answers.add_template(self._session.database(), name=title, part="content", words=text)

    async def _remove(self, row: Row) -> None:
        await answers.remove_template(self._session.database(), template_id=row["id"], name=row["name"])

    def _title_of(self, row: Mapping[str, Any]) -> str:
        return str(row["name"])

    def _new_title(self) -> str:
        return tr("新的模板")


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
