"""What the forms inside a page share, in place of a dialog: Ctrl+Enter sends, Esc leaves, and a refusal is said on the card."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from ui.widgets.plain_label import plain_label


class AskCard(QFrame):
    """Who derives from it says what `send` and `leave` do, and lays out its fields, `problem` and at the end the `foot`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.problem = plain_label(self, "bad")
        self.problem.hide()

    def foot(self, send: str, *aside: QWidget) -> QHBoxLayout:
        """A line with `aside` at the left and the buttons at the right; asked for last, Tab comes to them last."""
        self.cancel_button = QPushButton(self.tr("取消 Esc"), self)
        self.cancel_button.clicked.connect(self.leave)
        self.send_button = QPushButton(send, self)
        self.send_button.setProperty("role", "primary")
        self.send_button.setToolTip("Ctrl+Enter")
        self.send_button.clicked.connect(self.send)
        foot = QHBoxLayout()
        for widget in aside:
            foot.addWidget(widget)
        foot.addStretch(1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.send_button)
        return foot

    def send(self) -> None:
        """Send what was entered, or say what is missing."""
        raise NotImplementedError

    def leave(self) -> None:
        """Let it be."""
        raise NotImplementedError

    def say(self, problem: str) -> None:
        """Why it was not sent, '' for nothing; what was typed stays."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Wherever on the card the keyboard is."""
        entered = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.send()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
