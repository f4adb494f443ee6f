"""A new draft by hand, on a leader's note: what kind, to whom, about what; the rest is written in the draft itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.slip import SlipKind
from commandcenter.errors import PersonError
from commandcenter.services import slips
from ui.session import Session
from ui.slips import words as slip_words
from ui.widgets.ask_card import AskCard
from ui.widgets.type_ahead import TypeAhead

if TYPE_CHECKING:
    from collections.abc import Iterator


class SlipNew(AskCard):
    """``drafted(slip id)``; ``left()`` when it is closed without. What was typed stays until it is drafted or cancelled."""

    drafted = Signal(object)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._key = uuid4()
        self.kind = QComboBox(self)
        for kind in SlipKind:
            self.kind.addItem(slip_words.kind_word(kind), kind)
        self.unit = TypeAhead(self._units, self)
        self.subject = QLineEdit(self)
        self.subject.setPlaceholderText(self.tr("例如：关于某某事项的督办"))
        self.wrong = QPlainTextEdit(self)
        self.wrong.setTabChangesFocus(True)
        self.wrong.setFixedHeight(110)
        self.urgency = QComboBox(self)
        self.urgency.addItems(slip_words.URGENCIES)
        self.with_case = QCheckBox(self)
        self._arrange()
        self.hide()

    def ask(self) -> None:
        """Begin; with the selected case as its ground where there is one."""
        slot = None
        if (case_id := self._session.selection.case_id) is not None:
            slot = self._session.mirror.slot_of(case_id)
        self.with_case.setVisible(slot is not None)
        self.with_case.setChecked(slot is not None)
        if slot is not None:
            number, title = (self._session.mirror.texts[name][slot] for name in ("number", "title"))
            self.with_case.setText(self.tr("附上所选工单 %s　%s") % (number, title))
        self.say("")
        self.show()
        self.kind.setFocus()

    def leave(self) -> None:
        """Close it; what was typed is there the next time."""
        self.hide()
        self.left.emit()

    def send(self) -> None:
        """Draft it, or say what is missing."""
        missing = [
            words
            for words, empty in (
                (self.tr("单位"), self.unit.value() is None),
                (self.tr("事由"), not self.subject.text().strip()),
                (self.tr("存在问题"), not self.wrong.toPlainText().strip()),
            )
            if empty
        ]
        if missing:
            self.say(self.tr("请填写：%s") % "、".join(missing))
            return
        self.send_button.setEnabled(False)
        self._session.spawn(self._send(), "draft slip")

    async def _send(self) -> None:
        unit_id, case_id = self.unit.value(), self._session.selection.case_id
        assert unit_id is not None
        with_case = not self.with_case.isHidden() and self.with_case.isChecked() and case_id is not None
        try:
            change = await slips.draft(
                self._session.database(),
                kind=self.kind.currentData(),
                unit_id=unit_id,
                subject=self.subject.text().strip(),
                wrong=self.wrong.toPlainText().strip(),
                case_ids=(case_id,) if with_case and case_id is not None else (),
                urgency=self.urgency.currentText(),
                key=self._key,
            )
        except PersonError as error:
            self.say(str(error))
            return
        finally:
            self.send_button.setEnabled(True)
        self._key = uuid4()
        self.subject.clear()
        self.wrong.clear()
        self.hide()
        self.drafted.emit(change.slip_id)

    def _units(self) -> Iterator[tuple[str, int]]:
        units = sorted(self._session.reference.units.values(), key=lambda unit: unit.path)
        return ((unit.name, unit.id) for unit in units if unit.active and unit.kind != "centre")

    def _arrange(self) -> None:
        heading = QLabel(self.tr("拟一份单"), self)
        heading.setProperty("role", "heading")
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        for words, field in (
            (self.tr("种类"), self.kind),
            (self.tr("单位"), self.unit),
            (self.tr("事由"), self.subject),
            (self.tr("存在问题"), self.wrong),
            (self.tr("紧急程度"), self.urgency),
        ):
            label = QLabel(words, self)
            label.setBuddy(field)
            field.setAccessibleName(words)
            form.addRow(label, field)
        form.addRow("", self.with_case)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(heading)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addLayout(self.foot(self.tr("起草")))
