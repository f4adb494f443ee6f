"""直办: the answer given on the spot, editable, and what the citizen says of it, asked in two keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.services.spool import Answered
from ui.intake.keys import Key, cap

SATISFIED = ("满意", "基本满意", "不满意")


class _Asked(QWidget):
    """Two questions in a line; takes digits while it has the keyboard."""

    pressed = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0
        if 1 <= digit <= len(SATISFIED) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.pressed.emit(digit)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class AnswerPanel(QFrame):
    """``answered()``: both questions are answered well; ``folded()``: Esc. Comes up below the form."""

    answered = Signal()
    folded = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self._asking = False
        self._solved: bool | None = None
        self._satisfied = ""
        heading = QLabel(self.tr("直办：当场答复，登记即办结"), self)
        heading.setProperty("role", "strong")
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("答复"))
        self.text.setPlaceholderText(self.tr("答复诉求人的话；可按 Alt+J、K、L 取常见问题，按 Alt+T 取模板"))
        self.text.setFixedHeight(52)
        self.text.textChanged.connect(self.edited)
        self.asked = _Asked(self)
        self.solved = [self._choice(text) for text in (self.tr("1 已解决"), self.tr("2 未解决"))]
        self.satisfied = [self._choice(f"{number} {word}") for number, word in enumerate(SATISFIED, 1)]
        self.problem = QLabel(self)
        self.problem.setWordWrap(True)
        self.problem.setProperty("role", "bad")
        self.problem.hide()
        self.ask_button = QPushButton(self.tr("答复并办结  %s") % cap(Key.ANSWER_NOW), self)
        self.ask_button.clicked.connect(self.ask)
        self.asked.pressed.connect(self.press)
        self.asked.left.connect(self.text.setFocus)
        self._questions = [
            self._question(self.tr("解决了吗？按数字键"), self.solved),
            self._question(self.tr("满意吗？按数字键"), self.satisfied),
        ]
        row = QHBoxLayout(self.asked)
        row.setContentsMargins(0, 0, 0, 0)
        for question in self._questions:
            row.addWidget(question)
        row.addStretch(1)
        head = QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(self.ask_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.text)
        column.addWidget(self.asked)
        column.addWidget(self.problem)
        self._show_choices()
        self.hide()

    def open_with(self, text: str) -> None:
        """Come up, with an answer to be edited; '' leaves what is there."""
        if text:
            self.text.setPlainText(text)
        self._asking, self._solved, self._satisfied = False, None, ""
        self._show_choices()
        self.say("")
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.moveCursor(self.text.textCursor().MoveOperation.End)

    def show_answer(self, answer: Answered | None) -> None:
        """Stand as it stood before; None folds it away, empty."""
        self._asking, self._solved, self._satisfied = False, None, ""
        self.text.setPlainText(answer.text if answer is not None else "")
        self.say("")
        self._show_choices()
        self.setVisible(answer is not None)

    def answer(self) -> Answered | None:
        """What is written and answered; None while the panel is folded."""
        if self.isHidden():
            return None
        return Answered(self.text.toPlainText().strip(), self._solved, self._satisfied)

    def ask(self) -> None:
        """Ask the citizen: the next two digits are the answers."""
        if not self.text.toPlainText().strip():
            self.say(self.tr("请先写答复。"))
            self.text.setFocus()
            return
        self.say("")
        self._asking, self._solved, self._satisfied = True, None, ""
        self._show_choices()
        self.asked.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def press(self, digit: int) -> None:
        """A digit: first whether it is solved, then how content the citizen is."""
        if self._solved is None:
            if digit <= len(self.solved):
                self._solved = digit == 1
        else:
            self._satisfied = SATISFIED[digit - 1]
        if self._solved is False or self._satisfied == SATISFIED[-1]:
            self._solved, self._satisfied = None, ""
            self.say(self.tr("没有解决或不满意的不能直办：按 Esc 收起，登记并派单。"))
        self._show_choices()
        if self._satisfied:
            self.answered.emit()

    def say(self, sentence: str) -> None:
        """What stands against it, or nothing."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.folded.emit()
        else:
            super().keyPressEvent(event)

    def _question(self, asked: str, choices: list[QPushButton]) -> QWidget:
        """One question with its answers, each with its digit."""
        box = QWidget(self.asked)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        label = QLabel(asked, box)
        label.setProperty("role", "strong")
        row.addWidget(label)
        for number, choice in enumerate(choices, 1):
            choice.clicked.connect(lambda _=False, number=number: self._click(number))
            row.addWidget(choice)
        return box

    def _click(self, number: int) -> None:
        self.press(number)

    def _choice(self, text: str) -> QPushButton:
        button = QPushButton(text, self.asked)
        button.setProperty("role", "chip")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _show_choices(self) -> None:
        """One question at a time, once the answer is written."""
        self.asked.setVisible(self._asking)
        self._questions[0].setVisible(self._solved is None)
        self._questions[1].setVisible(self._solved is not None)
        for number, button in enumerate(self.solved):
            button.setChecked(self._solved is (number == 0))
        for word, button in zip(SATISFIED, self.satisfied, strict=True):
            button.setChecked(self._satisfied == word)
