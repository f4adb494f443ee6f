"""Lines below the tables of 管理 by which something is added: a department or utility, a category."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from commandcenter.domain.case import Grade
from commandcenter.services import settings
from ui.admin.tab import AdminTab
from ui.models.choices import category_choices
from ui.session import Session
from ui.widgets import words
from ui.widgets.field_box import FieldBox
from ui.widgets.type_ahead import TypeAhead

_KINDS = (("部门", "department"), ("公用企业", "utility"))


def tr(text: str) -> str:
    """`text` in the language of the screen (context "admin")."""
    return QCoreApplication.translate("admin", text)


def add_unit_line(session: Session, tab: AdminTab) -> None:
    """名称、简称、类型 and a button; towns and communities come with their areas."""
    name, short, kind = QLineEdit(tab), QLineEdit(tab), QComboBox(tab)
    for word, value in _KINDS:
        kind.addItem(tr(word), value)

    def add() -> None:
        work = settings.add_unit(
            session.database(), name=name.text(), short_name=short.text(), kind=str(kind.currentData())
        )
        tab.do(work, tr("已新增 %s") % name.text().strip())

    _line(tab, tr("新增单位"), add, (tr("名称"), name, 3), (tr("简称（可不填）"), short, 2), (tr("类型"), kind, 1))


def add_category_line(session: Session, tab: AdminTab) -> None:
    """上级、名称、默认等级 and a button."""
    above = TypeAhead(lambda: category_choices(session.reference), tab)
    name, grade = QLineEdit(tab), QComboBox(tab)
    for each in Grade:
        grade.addItem(words.grade_word(each), int(each))
    grade.setCurrentIndex(int(Grade.GREEN))
    session.reference_changed.connect(above.reload)

    def add() -> None:
        if above.is_unknown():
            tab.say(tr("没有这个上级，请从列表中选，或清空。"), bad=True)
            return
        work = settings.add_category(
            session.database(), name=name.text(), parent_id=above.value(), default_grade=int(grade.currentData())
        )
        tab.do(work, tr("已新增 %s") % name.text().strip())

    _line(
        tab,
        tr("新增分类"),
        add,
        (tr("上级（空为最上一层）"), above, 3),
        (tr("名称"), name, 2),
        (tr("默认等级"), grade, 1),
    )


def _line(tab: AdminTab, title: str, add: Callable[[], None], *fields: tuple[str, QWidget, int]) -> None:
    tools = QWidget(tab)
    row = QHBoxLayout(tools)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    for label, widget, stretch in fields:
        row.addWidget(FieldBox(label, widget, tools), stretch)
    button = QPushButton(title, tools)
    button.clicked.connect(add)
    row.addWidget(FieldBox(" ", button, tools))
    tools.setVisible(tab.table.may_edit)
    tab.room.addWidget(tools)
    button.setObjectName("add")
