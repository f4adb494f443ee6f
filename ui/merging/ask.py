"""One question below what it is about: a sentence, presets with number keys, a line for words, and one key to go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import plain_label


class MergeAsk(QFrame):
    """Hidden until it is asked; `then` gets the words. It stays open with the reason where the deed was refused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._then: Callable[[str], object] | None = None
        self._needed = True
        self._back: QWidget | None = None
        self.sentence, self.problem = plain_label(self, "strong"), plain_label(self, "bad")
        self.presets: list[QPushButton] = []
        self._row = QWidget(self)
        self._flow = FlowLayout(self._row)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self.line = QLineEdit(self)
        self.line.setMaxLength(200)
        self.line.returnPressed.connect(self.send)
        self.line.installEventFilter(self)
        self.send_button = QPushButton(self)
        self.send_button.setProperty("role", "primary")
        self.send_button.setToolTip("Enter")
        self.send_button.clicked.connect(self.send)
        self.cancel_button = QPushButton(self.tr("取消 Esc"), self)
        self.cancel_button.clicked.connect(self.close_ask)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addWidget(self.send_button)
        foot.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(8)
        for widget in (self.sentence, self._row):
            column.addWidget(widget)
        column.addLayout(foot)
        column.addWidget(self.problem)
        self.hide()

    def ask(
        self,
        sentence: str,
        button: str,
        then: Callable[[str], object],
        *,
        presets: Sequence[str] = (),
        hint: str = "",
        needed: bool = True,
        back: QWidget | None = None,
    ) -> None:
        """Ask; `back` gets the keyboard afterwards. Without a `hint` no words are asked for."""
        self._then, self._needed, self._back = then, needed and bool(hint), back
        self.sentence.setText(sentence)
        self.send_button.setText(button)
        self.line.clear()
        self.line.setVisible(bool(hint))
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(hint)
        for chip in self.presets:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.presets = [QPushButton(f"{number} {text}", self._row) for number, text in enumerate(presets, 1)]
        for chip, text in zip(self.presets, presets, strict=True):
            chip.setProperty("role", "chip")
            chip.clicked.connect(partial(self._take, text))
            self._flow.addWidget(chip)
            chip.show()
        self._row.setVisible(bool(presets))
        self.say("")
        self.show()
        (self.line if hint else self.send_button).setFocus()

    def send(self) -> None:
        """Hand out the words, or say that they are missing."""
        text = self.line.text().strip()
        if self._needed and not text:
            self.say(self.tr("请写明理由"))
        elif self._then is not None:
            self.say("")
            self._then(text)

    def say(self, problem: str) -> None:
        """Why it was not done; what was typed stays."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def close_ask(self) -> None:
        """Ask nothing any more."""
        if self._back is not None and not self.isHidden():
            self._back.setFocus()
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A number in the empty line takes that preset."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not self.line.text():
            number = event.key() - Qt.Key.Key_1
            if 0 <= number < len(self.presets):
                self.presets[number].click()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_ask()
        else:
            super().keyPressEvent(event)

    def _take(self, text: str) -> None:
        self.line.setText(text)
        self.send()
