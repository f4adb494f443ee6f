"""A case whose citizens were all called: archived in one key, or sent back, or left to a supervisor's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.services.calls import Todo
from ui.widgets.role import set_role

if TYPE_CHECKING:
    from commandcenter.services.calls import Call


class SettlePanel(QWidget):
    """``archive_wanted`` and ``redo_wanted(reason)``."""

    archive_wanted = Signal()
    redo_wanted = Signal(str)

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._todo = Todo.ARCHIVE
        self.sentence = QLabel(self)
        self.sentence.setWordWrap(True)
        self.reason = QLineEdit(self)
        self.reason.setAccessibleName(self.tr("重办理由"))
        self.reason.setPlaceholderText(self.tr("重办理由"))
        self.said = QLabel(self)
        self.said.setProperty("role", "bad")
        self.said.setWordWrap(True)
        self.archive_button = QPushButton(self)
        self.archive_button.clicked.connect(self.archive)
        self.redo_button = QPushButton(self.tr("重办  Ctrl+Enter"), self)
        self.redo_button.clicked.connect(self.redo)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.archive_button)
        foot.addWidget(self.redo_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.sentence, self.reason, self.said):
            column.addWidget(widget)
        column.addLayout(foot)

    def show_call(self, call: Call, reason: str) -> None:
        """Show what is left to do; `reason` is proposed for a redo."""
        self._todo = call.todo
        unhappy = call.todo is Todo.REDO
        self.sentence.setText(
            self.tr("诉求人都已回访，其中 %n 位未解决或不满意：重办，或由督导审定归档。", "", call.unhappy)
            if unhappy
            else self.tr("诉求人都已回访，或拨满次数未接通：可以归档。")
        )
        self.reason.setText(reason)
        self.reason.setVisible(unhappy)
        self.redo_button.setVisible(unhappy)
        self.archive_button.setVisible(not unhappy or self._role is Role.SUPERVISOR)
        self.archive_button.setText(self.tr("审定归档") if unhappy else self.tr("归档，下一件  Enter"))
        for button, primary in ((self.archive_button, not unhappy), (self.redo_button, unhappy)):
            set_role(button, "primary" if primary else "")
        self.say("")

    def enter(self) -> None:
        """What Enter does here."""
        if self._todo is Todo.ARCHIVE:
            self.archive()

    def archive(self) -> None:
        """End the case."""
        if self.archive_button.isEnabled():
            self.archive_wanted.emit()

    def redo(self) -> None:
        """Send it back."""
        if self._todo is not Todo.REDO or not self.isVisible() or not self.redo_button.isEnabled():
            return
        if not self.reason.text().strip():
            self.say(self.tr("请写明重办理由。"))
            self.reason.setFocus()
            return
        self.redo_wanted.emit(self.reason.text().strip())

    def set_busy(self, busy: bool) -> None:
        """While one deed is on its way no second one is sent."""
        self.archive_button.setEnabled(not busy)
        self.redo_button.setEnabled(not busy)

    def say(self, sentence: str) -> None:
        """What is wrong."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
