"""A field of a form: its name above it, and below it one sentence where what was typed will not do."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget


class FieldBox(QWidget):
    """Puts a label and a place for a sentence around any input."""

    def __init__(self, title: str, inside: QWidget, parent: QWidget | None = None, stretch: int = 0) -> None:
        super().__init__(parent)
        self.inside = inside
        self.label = QLabel(title, self)
        self.label.setProperty("role", "quiet")
        self.label.setBuddy(inside)
        inside.setAccessibleName(title)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.setFocusProxy(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.label)
        column.addWidget(inside, stretch)
        column.addWidget(self.problem)

    def say(self, sentence: str) -> None:
        """Show what is wrong, or nothing."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.inside.setAccessibleDescription(sentence)
