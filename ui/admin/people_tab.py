"""人员: who may sign in, in which role, for which unit; new people and new passwords in a line below the table."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict, replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import people
from commandcenter.services.reference import Person
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.models.row_table import Column, Row, needed
from ui.session import Session
from ui.slips.words import post_word
from ui.widgets import words
from ui.widgets.field_box import FieldBox
from ui.widgets.type_ahead import TypeAhead

POSTS = ("town_head", "section_head", "director", "leader")
"""职务, as table ``cc.people`` names them: who approves whistles and signs slips."""


class PeopleTab(AdminTab):
    """Names, roles, units and admission are edited in the table."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        def units() -> list[tuple[str, int]]:
            found = sorted(session.reference.units.values(), key=lambda unit: unit.path)
            return [(unit.name, unit.id) for unit in found if unit.active]

        roles = [(words.role_word(role), role) for role in Role]
        posts = [("", ""), *((post_word(post), post) for post in POSTS)]
        columns = [
            Column("login", tr("登录名")),
            Column("name", tr("姓名"), editable=True, read=needed),
            Column("role", tr("岗位"), editable=True, choices=lambda: roles),
            Column("unit_id", tr("单位"), editable=True, choices=units),
            Column("post", tr("职务"), editable=True, choices=lambda: posts),
            Column("active", tr("启用"), editable=True, is_tick=True),
            Column("demo", tr("演示账号"), is_tick=True),
        ]

        async def change(row: Row, column: str, value: Any) -> None:
            was = session.reference.people[row["login"]]
            if asdict(was) != dict(row):
                raise PersonError(tr("这个人员的信息刚被别人改过。"), tr("已读入最新内容，请看过再改。"))
            if was.login == session.reference.me.login and column in {"role", "active"}:
                raise PersonError(tr("不能改自己的岗位或停用自己。"), tr("请另一位管理员来改。"))
            if column == "post":
                await people.set_post(session.database(), login=was.login, post=value)
                return
            if column == "role":
                value = Role(value)  # Qt hands back plain text
            await people.change(session.database(), was=was, becomes=replace(was, **{column: value}))

        super().__init__(
            session,
            columns,
            "unit_id",
            lambda: [asdict(person) for person in session.reference.people.values()],
            change,
            tr(
                "每人一个登录名，就是数据库里的身份。停用后不能再登录，经过里的名字不变。双击或 F2 修改，空格切换启用。"
            ),
            parent,
            find=tr("按登录名、姓名、岗位、单位筛选人员"),
        )
        self.login, self.name, self.password = QLineEdit(self), QLineEdit(self), QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.role = QComboBox(self)
        for text, role in roles:
            self.role.addItem(text, role)
        self.unit = TypeAhead(units, self)
        self.add_button = QPushButton(tr("新增人员"), self)
        self.add_button.clicked.connect(self.add_person)
        self.password_button = QPushButton(tr("给选中的人换密码"), self)
        self.password_button.clicked.connect(self.change_password)
        row = QHBoxLayout()
        row.setSpacing(10)
        for title, widget, stretch in (
            (tr("登录名"), self.login, 2),
            (tr("姓名"), self.name, 2),
            (tr("岗位"), self.role, 1),
            (tr("单位"), self.unit, 3),
            (tr("密码（至少 8 个字符）"), self.password, 2),
        ):
            row.addWidget(FieldBox(title, widget, self), stretch)
        row.addWidget(FieldBox(" ", self.add_button, self))
        row.addWidget(FieldBox(" ", self.password_button, self))
        self.tools = QWidget(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.tools.setLayout(row)
        self.tools.setVisible(self.table.may_edit)
        self.room.addWidget(self.tools)

    def add_person(self) -> None:
        """Make the person that is typed."""
        unit = self.unit.value()
        if not self.login.text().strip() or not self.name.text().strip() or unit is None:
            self.say(tr("请填写登录名、姓名，并从列表中选单位。"), bad=True)
            return
        self._session.spawn(
            self._finish(
                people.add(
                    self._session.database(),
                    login=self.login.text().strip(),
                    name=self.name.text().strip(),
                    role=str(self.role.currentData()),
                    unit=str(unit),
                    password=self.password.text(),
                ),
                tr("已新增 %s") % self.login.text().strip(),
            ),
            "add_person",
        )

    def change_password(self) -> None:
        """Give the person whose row has the keyboard the password that is typed."""
        row = self.view.current_row
        if row is None:
            self.say(tr("请先在表里选一个人，再在下面填新密码。"), bad=True)
            return
        work = people.change_password(self._session.database(), row["login"], self.password.text())
        self._session.spawn(self._finish(work, tr("已给 %s 换密码") % row["login"]), "change_password")

    async def _finish(self, work: Awaitable[Person | None], sentence: str) -> None:
        try:
            await work
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self.say(sentence)
            for line in (self.login, self.name, self.password):
                line.clear()
