"""The inputs of a form: one widget for each way of asking, and the value it gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QDateTime, Qt, QTimeZone
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QCompleter,
    QDateTimeEdit,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade
from ui.session import Session
from ui.widgets import words
from ui.widgets.verb_spec import Ask, Field

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile


@dataclass(frozen=True, slots=True)
class Input:
    """A widget, and what it says now."""

    widget: QWidget
    value: Callable[[], Any]


def tr(text: str) -> str:
    """`text` in the language of the screen (context "inputs")."""
    return QCoreApplication.translate("inputs", text)


def make_input(field: Field, session: Session, case_id: int, file: CaseFile | None, parent: QWidget) -> Input:
    """The input for `field` of a form about the case; REPORT needs the case's file."""
    made = _MAKERS[field.ask](field, session, case_id, file, parent)
    made.widget.setAccessibleName(field.title())
    return made


def _line(_f: Field, _s: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    line = QLineEdit(parent)
    return Input(line, lambda: line.text().strip())


def _text(_f: Field, _s: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    text = QPlainTextEdit(parent)
    text.setTabChangesFocus(True)
    text.setFixedHeight(88)
    return Input(text, lambda: text.toPlainText().strip())


def _grade(_f: Field, session: Session, case_id: int, _file: CaseFile | None, parent: QWidget) -> Input:
    slot = session.mirror.slot_of(case_id)
    now = int(session.mirror.grade[slot]) if slot is not None else Grade.GREEN
    return _choice([(words.grade_word(grade), grade) for grade in Grade], Grade(now), parent)


def _yes_no(_f: Field, _s: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    return _choice([(tr("是"), True), (tr("否"), False)], None, parent)


def _satisfaction(_f: Field, _s: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    return _choice([(word, word) for word in ("满意", "基本满意", "不满意")], None, parent)


def _days(_f: Field, _s: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    days = QSpinBox(parent)
    days.setRange(1, 30)
    days.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)  # ↑↓ and typing do
    days.setSuffix(tr(" 天"))
    return Input(days, days.value)


def _moment(_f: Field, session: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    zone = QTimeZone(SHANGHAI.utcoffset(None).seconds)
    edit = QDateTimeEdit(parent)
    edit.setTimeZone(zone)
    edit.setDateTime(QDateTime.fromSecsSinceEpoch(int(session.clock.now().timestamp()), zone))
    edit.setDisplayFormat("yyyy-MM-dd HH:mm")
    edit.setCalendarPopup(True)
    return Input(edit, lambda: datetime.fromtimestamp(edit.dateTime().toSecsSinceEpoch(), SHANGHAI))


def _unit(field: Field, session: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    units = sorted((unit for unit in session.reference.units.values() if unit.active), key=lambda unit: unit.path)
    return _search_box([(unit.name, unit.id) for unit in units], parent, optional=field.optional)


def _category(field: Field, session: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    categories = sorted(session.reference.categories.values(), key=lambda category: category.path_name)
    return _search_box([(each.path_name, each.id) for each in categories], parent, optional=field.optional)


def _units(_f: Field, session: Session, _c: int, _file: CaseFile | None, parent: QWidget) -> Input:
    chosen = QListWidget(parent)
    chosen.setFixedHeight(124)
    for unit in sorted(session.reference.units.values(), key=lambda unit: unit.path):
        if unit.active:
            item = QListWidgetItem(unit.name, chosen)
            item.setData(Qt.ItemDataRole.UserRole, unit.id)
            item.setCheckState(Qt.CheckState.Unchecked)

    def value() -> tuple[int, ...]:
        items = [chosen.item(row) for row in range(chosen.count())]
        ticked = [item for item in items if item.checkState() is Qt.CheckState.Checked]
        return tuple(item.data(Qt.ItemDataRole.UserRole) for item in ticked)

    return Input(chosen, value)


def _report(_f: Field, _s: Session, _c: int, file: CaseFile | None, parent: QWidget) -> Input:
    box = _box(parent)
    for report in file.reports if file is not None else ():
        box.addItem(f"{report.received_at.astimezone(SHANGHAI):%m-%d %H:%M}　{report.content[:24]}", report.id)
    return Input(box, box.currentData)


def _box(parent: QWidget) -> QComboBox:
    """A box that is as wide as the form lets it, whatever its longest entry."""
    box = QComboBox(parent)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(16)
    box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return box


def _search_box(choices: list[tuple[str, int]], parent: QWidget, *, optional: bool) -> Input:
    """A box that finds by any part of a name; what is no name of the list counts as nothing."""
    box = _box(parent)
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setMaxVisibleItems(16)
    for name, number in choices:
        box.addItem(name, number)
    completer = QCompleter(box.model(), box)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    box.setCompleter(completer)
    box.setCurrentIndex(-1)
    line = box.lineEdit()
    if line is not None:
        line.setPlaceholderText(tr("可不选；输入任意字查找") if optional else tr("输入任意字查找"))

    def value() -> int | None:
        row = box.findText(box.currentText(), Qt.MatchFlag.MatchExactly)
        return box.itemData(row) if row >= 0 else None

    return Input(box, value)


def _choice(choices: list[tuple[str, Any]], now: object, parent: QWidget) -> Input:
    """Buttons side by side, one of them pressed, or none yet."""
    row = QWidget(parent)
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(6)
    group = QButtonGroup(row)
    for number, (text, value) in enumerate(choices):
        button = QPushButton(text, row)
        button.setProperty("role", "chip")
        button.setCheckable(True)
        button.setChecked(value == now)
        group.addButton(button, number)
        layout.addWidget(button)
        if number == 0:
            row.setFocusProxy(button)
    layout.addStretch(1)
    return Input(row, lambda: choices[group.checkedId()][1] if group.checkedId() >= 0 else None)


_MAKERS: dict[Ask, Callable[[Field, Session, int, CaseFile | None, QWidget], Input]] = {
    Ask.LINE: _line,
    Ask.TEXT: _text,
    Ask.GRADE: _grade,
    Ask.CATEGORY: _category,
    Ask.UNIT: _unit,
    Ask.UNITS: _units,
    Ask.DAYS: _days,
    Ask.YES_NO: _yes_no,
    Ask.MOMENT: _moment,
    Ask.REPORT: _report,
    Ask.SATISFACTION: _satisfaction,
}
