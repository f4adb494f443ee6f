"""One form for every verb: asks what the verb needs, sends it once, and stays open with the reason when refused."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Verb
from commandcenter.errors import PersonError, StaleVersion
from ui.dialogs.inputs import Input, make_input
from ui.session import Session
from ui.widgets import words
from ui.widgets.plain_label import plain_label
from ui.widgets.verb_spec import SPECS

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile


class VerbForm(QDialog):
    """``completed(CaseChange)`` when the service has done it. The idempotency key is born with the form.

    A retry after a lost answer sends the same key, so nothing is done twice.
    """

    completed = Signal(object)

    def __init__(
        self, session: Session, case_id: int, verb: Verb, file: CaseFile | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._case_id = case_id
        self._verb = verb
        self._spec = SPECS[verb]
        self._key = uuid4()
        slot = session.mirror.slot_of(case_id)
        self._version = int(session.mirror.version[slot]) if slot is not None else 0
        self.setModal(False)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(words.verb_word(verb))
        self.setMinimumWidth(480)
        self.inputs: dict[str, Input] = {}
        self.problem = plain_label(self, "bad")
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        if slot is not None:
            column.addWidget(plain_label(self, "heading", session.mirror.texts["title"][slot]))
            column.addWidget(plain_label(self, "quiet", session.mirror.texts["number"][slot]))
        column.addLayout(self._form(file))
        self.send_button = QPushButton(words.verb_word(verb), self)
        self.send_button.setProperty("role", "primary")
        self.send_button.setDefault(True)
        self.send_button.setToolTip(self.tr("Ctrl+Enter"))
        self.send_button.setShortcut("Ctrl+Return")
        self.send_button.clicked.connect(self.send)
        column.addLayout(self._foot())
        next(iter(self.inputs.values())).widget.setFocus()

    def _form(self, file: CaseFile | None) -> QFormLayout:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        for field in self._spec.fields:
            asked = make_input(field, self._session, self._case_id, file, self)
            self.inputs[field.name] = asked
            label = QLabel(field.title() + ("" if field.optional else " *"), self)
            label.setBuddy(asked.widget)
            form.addRow(label, asked.widget)
        return form

    def _foot(self) -> QHBoxLayout:
        cancel = QPushButton(self.tr("取消"), self)
        cancel.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(self.problem, 1)
        foot.addStretch(0)
        foot.addWidget(cancel)
        foot.addWidget(self.send_button)
        return foot

    def missing(self) -> list[str]:
        """Labels of the inputs that still need a value."""
        return [
            field.title()
            for field in self._spec.fields
            if not field.optional and self.inputs[field.name].value() in ("", None, ())
        ]

    def send(self) -> None:
        """Send what was entered, or say what is missing."""
        if missing := self.missing():
            self._say(self.tr("请填写：%s") % "、".join(missing))
            return
        self.send_button.setEnabled(False)
        self._say("")
        self._session.spawn(self._send(), self._spec.function)

    async def _send(self) -> None:
        from commandcenter.services import cases

        values = {name: asked.value() for name, asked in self.inputs.items()}
        try:
            change = await getattr(cases, self._spec.function)(
                self._session.database(), case_id=self._case_id, version=self._version, key=self._key, **values
            )
        except PersonError as error:
            if isinstance(error, StaleVersion):
                self._take_version()
            self._say(str(error))
        else:
            self._session.noticed.emit(self.tr("%s 已%s") % (change.number, words.verb_word(self._verb)), "")
            self.completed.emit(change)
            self.accept()
        finally:
            self.send_button.setEnabled(True)

    def _take_version(self) -> None:
        """Somebody changed the case: the person has been told, the next try is about the case as it is now."""
        slot = self._session.mirror.slot_of(self._case_id)
        if slot is not None:
            self._version = int(self._session.mirror.version[slot])

    def _say(self, problem: str) -> None:
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
