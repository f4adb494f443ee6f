"""管理 → 导入: folders whose files are taken in as they come, and what a later export of the same cases may change."""

from __future__ import annotations

import socket
from collections.abc import Awaitable
from dataclasses import asdict

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.intake.field import LABELS
from commandcenter.services import import_profiles, watching
from ui.admin.settings_tab import without_source
from ui.admin.tab import AdminTab
from ui.admin.tables import edit
from ui.importing.columns import SYSTEMS
from ui.models.row_table import Column, Row, RowTable, needed
from ui.session import Session
from ui.widgets.field_box import FieldBox
from ui.widgets.row_view import RowView
from ui.widgets.story import FIELD_WORDS

RULES = (
    ("随对方更新（另存）", "source"),
    ("我方没有时补上", "missing"),
    ("无人经手时更新", "untouched"),
    ("不动，只报告", "never"),
)


def tr(text: str) -> str:
    """`text` in the language of the screen (context "admin")."""
    return QCoreApplication.translate("admin", text)


class ImportsTab(AdminTab):
    """Two tables: watched folders, and rules of updating; a line that adds a folder, a button to the page 导入."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        self._session = session  # the columns ask for channels
        systems = [(tr("同方案"), ""), *SYSTEMS]
        columns = [
            Column("machine", tr("电脑"), editable=True, read=needed),
            Column("folder", tr("文件夹"), editable=True, read=needed),
            Column("channel_id", tr("渠道"), editable=True, choices=self._channels),
            Column("profile", tr("导入方案"), editable=True),
            Column("crs", tr("坐标系"), editable=True, choices=lambda: systems),
            Column("active", tr("启用"), editable=True, is_tick=True),
        ]
        super().__init__(
            session,
            columns,
            "folder",
            self._folders,
            edit(session, "watched_folders", "id"),
            tr(
                "文件放进这些文件夹，该电脑上的后台程序（worker）自动导入，移到“已导入”或“被退回”，并留一份结果。方案留空即按表头辨认。"
            ),
            parent,
        )
        self.view.empty = tr("还没有自动导入的文件夹")
        self.rules = RowTable(
            [
                Column(
                    "field", tr("再次导出里的"), show=lambda name: tr(FIELD_WORDS.get(name, LABELS.get(name, name)))
                ),
                Column(
                    "rule", tr("如何更新"), editable=True, choices=lambda: [(tr(text), rule) for text, rule in RULES]
                ),
                Column("note", tr("说明"), show=without_source),
            ],
            self,
        )
        self.rules.may_edit = self.table.may_edit
        self.rules.changed.connect(self._on_rule)
        self.rules_view = RowView(self.rules, "note", self)
        self.rules_view.setAccessibleName(tr("再次导出时如何更新"))
        self.machine, self.folder, self.profile = (
            QLineEdit(socket.gethostname(), self),
            QLineEdit(self),
            QLineEdit(self),
        )
        self.channel, self.crs = QComboBox(self), QComboBox(self)
        for name, number in self._channels():
            self.channel.addItem(name, number)
        for name, value in systems:
            self.crs.addItem(name, value)
        self.add_button = QPushButton(tr("新增文件夹"), self)
        self.add_button.clicked.connect(self.add)
        self.drop_button = QPushButton(tr("去掉所选"), self)
        self.drop_button.clicked.connect(self.drop)
        self.open_button = QPushButton(tr("导入一个文件…"), self)
        self.open_button.clicked.connect(lambda: session.open_page("import"))
        tools = QWidget(self)
        line = QHBoxLayout(tools)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        for title, inside, share in (
            (tr("电脑"), self.machine, 1),
            (tr("文件夹"), self.folder, 3),
            (tr("渠道"), self.channel, 1),
            (tr("导入方案"), self.profile, 1),
            (tr("坐标系"), self.crs, 1),
        ):
            line.addWidget(FieldBox(title, inside, tools), share)
        for button in (self.add_button, self.drop_button):
            button.setVisible(session.role is Role.ADMIN)
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        tools.setVisible(session.role is Role.ADMIN)
        heading = QLabel(tr("同一批工单再次导出时"), self)
        heading.setProperty("role", "strong")
        below = QHBoxLayout()
        below.addWidget(heading, 1)
        below.addWidget(self.open_button)
        self.room.addWidget(tools)
        self.room.addLayout(below)
        self.room.addWidget(self.rules_view, 1)

    def refresh(self) -> None:
        """Show what holds now."""
        if self._session.db is None:
            self.say(tr("未连接数据库，暂时只能查看。"), bad=True)
            return
        super().refresh()
        self._session.spawn(self._read_rules(), "read import rules")

    def add(self) -> None:
        """Have a folder watched from now on."""
        work = watching.add_watched(
            self._session.database(),
            machine=self.machine.text(),
            folder=self.folder.text(),
            channel_id=int(self.channel.currentData()),
            profile=self.profile.text(),
            crs=str(self.crs.currentData()),
        )
        self._session.spawn(self._then(work, tr("已新增 %s") % self.folder.text().strip()), "add folder")

    def drop(self) -> None:
        """Watch the selected one no more."""
        row = self.view.current_row
        if row is None:
            self.say(tr("请先选一行。"), bad=True)
            return
        work = watching.drop_watched(self._session.database(), watched_id=row["id"])
        self._session.spawn(self._then(work, tr("已去掉 %s") % row["folder"]), "drop folder")

    async def _then(self, work: Awaitable[object], done: str) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self.say(done)
            self.table.show_rows(await self._folders())

    async def _folders(self) -> list[Row]:
        return [asdict(each) for each in await watching.read_watched(self._session.database())]

    async def _read_rules(self) -> None:
        rules = await import_profiles.read_rules(self._session.database())
        self.rules.show_rows([asdict(each) for each in rules])

    def _on_rule(self, row: Row, column: str, value: object) -> None:
        async def change() -> None:
            await edit(self._session, "import_fields", "field")(row, column, value)
            await self._read_rules()

        self._session.spawn(self._then(change(), tr("已保存")), "change import rule")

    def _channels(self) -> list[tuple[str, int]]:
        return [(each.name, each.id) for each in self._session.reference.channels.values()]
