"""What the citizen said, by number keys; one key saves and goes on, one sends the case back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.outcome import double_no, double_yes
from ui.widgets.role import set_role


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer and its key."""

    key: str
    name: str
    reached: bool
    solved: bool | None = None
    satisfied: str | None = None

    @property
    def both(self) -> bool:
        """双是."""
        return double_yes(self.solved, self.satisfied)


CHOICES = (
    Choice("1", "双是·满意", True, True, "满意"),
    Choice("2", "已解决·基本满意", True, True, "基本满意"),
    Choice("3", "已解决·不满意", True, True, "不满意"),
    Choice("4", "未解决·基本满意", True, False, "基本满意"),
    Choice("5", "双否·未解决不满意", True, False, "不满意"),
    Choice("6", "未解决·满意", True, False, "满意"),
    Choice("0", "未接通", False),
)
_BY_KEY = {choice.key: choice for choice in CHOICES}


class OutcomePanel(QWidget):
    """``saved``: Enter was pressed with an answer chosen; ``redo_wanted``: Ctrl+Enter; ``edited``: something else is chosen.

    A `second` panel is for 抽查: it asks the same, and sends nothing back.
    """

    saved = Signal()
    redo_wanted = Signal()
    edited = Signal()

    def __init__(self, parent: QWidget | None = None, *, second: bool = False) -> None:
        super().__init__(parent)
        self._second = second
        self.choice: Choice | None = None
        self.contacted: bool | None = None
        self._last_of_case = False
        self.buttons = {choice.key: self._button(f"{choice.key} {self.tr(choice.name)}") for choice in CHOICES}
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _=False, key=key: self.choose(key))
        self.asked = QLabel(self.tr("单位联系过您吗？"), self)
        self.asked.setProperty("role", "quiet")
        self.contacted_buttons = {True: self._button(self.tr("7 联系过")), False: self._button(self.tr("8 没有联系"))}
        for value, button in self.contacted_buttons.items():
            button.clicked.connect(lambda _=False, value=value: self.set_contacted(value))
        self.words = QLineEdit(self)
        self.words.setPlaceholderText(self.tr("诉求人怎么说（不写姓名和电话）"))
        self.words.setAccessibleName(self.tr("回访记录"))
        self.words.setMaxLength(1000)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.save_button = QPushButton(self)
        self.save_button.clicked.connect(self.save)
        self.redo_button = QPushButton(self.tr("保存并重办  Ctrl+Enter"), self)
        self.redo_button.clicked.connect(self.redo)
        self._arrange()
        self._show()

    def bind(self, owner: QWidget, may: Callable[[], bool]) -> None:
        """Let the number keys work everywhere in `owner` while `may` says so; texts being typed keep their digits."""
        for choice in CHOICES:
            QShortcut(
                QKeySequence(choice.key), owner, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
            ).activated.connect(lambda key=choice.key: self.choose(key) if may() else None)
        if not self._second:
            for key, value in (("7", True), ("8", False)):
                QShortcut(
                    QKeySequence(key), owner, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
                ).activated.connect(lambda value=value: self.set_contacted(value) if may() else None)

    def clear(self) -> None:
        """Nothing chosen."""
        self.set_answer(None, None, "")

    def set_answer(self, key: str | None, contacted: bool | None, words: str) -> None:
        """Show what was chosen before."""
        self.choice = _BY_KEY[key] if key else None
        self.contacted = contacted
        self.words.setText(words)
        self.say("")
        self._show()

    def set_last_of_case(self, last: bool) -> None:
        """Whether nobody else of the case is to be called: 双是 then archives it."""
        self._last_of_case = last
        self._show()

    @property
    def archives(self) -> bool:
        """Whether saving ends the case."""
        return self._last_of_case and not self._second and self.choice is not None and self.choice.both

    def choose(self, key: str) -> None:
        """Take an answer."""
        self.choice = _BY_KEY[key]
        self.say("")
        self._show()
        self.edited.emit()

    def set_contacted(self, value: bool) -> None:
        """The unit did or did not contact the citizen; said again, it is taken back."""
        self.contacted = None if self.contacted is value else value
        self._show()
        self.edited.emit()

    def save(self) -> None:
        """Save what is chosen (Enter)."""
        if self.choice is None:
            self.say(self.tr("先按数字键选结果：1 双是，5 双否，0 未接通。"), bad=True)
        elif self.save_button.isEnabled():
            self.saved.emit()

    def redo(self) -> None:
        """Save and send back (Ctrl+Enter)."""
        if self._second:
            return
        if self.choice is None or not self.choice.reached or self.choice.both:
            self.say(self.tr("接通且不是双是的才重办。"), bad=True)
        elif not self.words.text().strip():
            self.say(self.tr("请写一句诉求人怎么说，它就是重办的理由。"), bad=True)
            self.words.setFocus()
        elif self.redo_button.isEnabled():
            self.redo_wanted.emit()

    def answer(self) -> dict[str, Any]:
        """What the citizen said, as services take it."""
        return {
            "contacted": self.contacted,
            "solved": self.choice.solved if self.choice else None,
            "satisfied": self.choice.satisfied if self.choice else None,
            "words": self.words.text().strip(),
        }

    def reason(self) -> str:
        """The reason for a redo, from the answer and the words."""
        return f"{self.tr('回访')}：{self.tr(self.choice.name if self.choice else '')}。{self.words.text().strip()}"

    def set_busy(self, busy: bool) -> None:
        """While one answer is on its way no second one is sent."""
        self.save_button.setEnabled(not busy)
        self.redo_button.setEnabled(not busy)

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """A sentence below the answers."""
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))
        set_role(self.said, "bad" if bad else "warn")

    def _show(self) -> None:
        for key, button in self.buttons.items():
            button.setChecked(self.choice is not None and self.choice.key == key)
        for value, button in self.contacted_buttons.items():
            button.setChecked(self.contacted is value)
        again = self.choice is not None and self.choice.reached and not self.choice.both
        self.save_button.setText(
            self.tr("保存并归档，下一位  Enter") if self.archives
            else self.tr("只保存，下一位  Enter") if again and not self._second
            else self.tr("保存，下一位  Enter")
        )  # fmt: skip
        self.redo_button.setVisible(again and not self._second)
        for button, primary in ((self.save_button, not again or self._second), (self.redo_button, again)):
            set_role(button, "primary" if primary else "")
        if self.choice is not None and double_no(self.choice.solved, self.choice.satisfied) and not self._second:
            self.say(self.tr("双否：会标给领导看，直到这位诉求人改口为双是。"))

    def _button(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("role", "chip")
        button.setCheckable(True)
        button.setMinimumHeight(32)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _arrange(self) -> None:
        answers = QGridLayout()
        answers.setSpacing(6)
        for number, key in enumerate(("1", "2", "3", "0", "4", "5", "6")):
            answers.addWidget(self.buttons[key], number // 4, number % 4)
        asked = QHBoxLayout()
        asked.setSpacing(6)
        asked.addWidget(self.asked)
        for button in self.contacted_buttons.values():
            asked.addWidget(button)
        asked.addStretch(1)
        for widget in (self.asked, *self.contacted_buttons.values()):
            widget.setVisible(not self._second)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        foot.addWidget(self.redo_button)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(answers)
        column.addLayout(asked)
        column.addWidget(self.words)
        column.addWidget(self.said)
        column.addStretch(1)  # a sentence that comes moves nothing that is being pressed
        column.addLayout(foot)
        self.setFocusProxy(self.words)
