"""What a place says when it has nothing to show: empty, loading, or an error with a way on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget


class CalmState(QWidget):
    """One sentence in the middle, a quieter one below, and where it helps a button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = QLabel(self)
        self._sentence.setProperty("role", "heading")
        self._advice = QLabel(self)
        self._advice.setProperty("role", "quiet")
        for label in (self._sentence, self._advice):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
        self._button = QPushButton(self)
        self._call: Callable[[], object] | None = None
        self._button.clicked.connect(self._on_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._sentence)
        column.addWidget(self._advice)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)

    def say(self, sentence: str, advice: str = "", button: str = "", call: Callable[[], object] | None = None) -> None:
        """Show a sentence, and a button that calls `call` where it has a text."""
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._call = call
        self.setAccessibleName(f"{sentence} {advice}".strip())

    def _on_clicked(self) -> None:
        if self._call is not None:
            self._call()
