"""The widgets of 受理 and where they stand: form, suggestions beside it, the queue at the right; and what the page says."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.intake.answer import AnswerPanel
from ui.intake.dispatch_panel import DispatchPanel
from ui.intake.form import IntakeForm
from ui.intake.keys import Key, cap, table
from ui.intake.recent import RecentList
from ui.intake.strip import QueueStrip
from ui.intake.suggestions import SuggestionPanel
from ui.intake.templates import TemplatePopup, select_blank
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.role import set_role


class IntakeLayout(QWidget):
    """What is on the page, without what it does."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = IntakeForm(session, self)
        self.units = DispatchPanel(session, self)
        self.units.hide()
        self.answer = AnswerPanel(self)
        self.suggestions = SuggestionPanel(session, self)
        self.templates = TemplatePopup(self)
        self.strip = QueueStrip(session, self)
        self.recent = RecentList(session, self)
        self.done = self._label("", "good")
        self.done.setWordWrap(True)
        self.open_done = self._link(self.tr("打开"))
        self.undo_button = self._link(self.tr("撤销并案  %s") % cap(Key.UNDO))
        self.register_button = QPushButton(self.tr("登记  %s") % cap(Key.REGISTER), self)
        self.register_button.setProperty("role", "primary")
        self.dispatch_button = QPushButton(self.tr("登记并派单  %s") % cap(Key.DISPATCH), self)
        self.answer_button = QPushButton(self.tr("直办  %s") % cap(Key.ANSWER_NOW), self)
        self.clear_button = QPushButton(self.tr("清空"), self)
        self.help_button = QPushButton(self.tr("按键  F1"), self)
        self.import_button = QPushButton(self.tr("导入表格…"), self)
        self.import_button.clicked.connect(lambda: session.open_page("import"))
        for button in (self.clear_button, self.help_button, self.import_button):
            button.setProperty("role", "link")
        self.help_button.clicked.connect(self.toggle_help)
        self.kept = QFrame(self)
        self.kept.setProperty("surface", "alarm")
        self.kept_words = QLabel(self.kept)
        self.kept_words.setWordWrap(True)
        self.mend_button = QPushButton(self.tr("取回修改"), self.kept)
        self.help = self._help()
        self._arrange()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for widget in (self.form, self.recent, self.suggestions, self.strip):
            widget.set_tokens(tokens)

    def say(self, sentence: str, *, bad: bool = False) -> None:
        """One sentence at the foot of the form; it lasts until something else is to be said."""
        self.done.setText(sentence)
        role = "bad" if bad else "good"
        set_role(self.done, role)
        self.open_done.hide()
        self.undo_button.hide()
        for button in (self.import_button, self.help_button):
            button.setVisible(not sentence)

    def show_kept(self, waiting: int, problems: Sequence[str], *, live: bool) -> None:
        """Say how many wait for the database, and what was refused."""
        parts = []
        if waiting:
            parts.append(self.tr("已暂存 %n 件，连上后自动登记。", "", waiting))
        elif not live:
            parts.append(self.tr("连不上数据库：可以照常登记，先暂存在本机。"))
        if problems:
            parts.append(self.tr("%n 件没有登记成：", "", len(problems)) + problems[0])
        self.kept_words.setText("\n".join(parts))
        self.mend_button.setVisible(bool(problems))
        self.kept.setVisible(bool(parts))

    def show_rights(self, *, dispatch: bool, answer: bool, merge: bool) -> None:
        """Grey what the role may not do, and say why."""
        why = self.tr("您的岗位只登记，由市中心定级派单。")
        self.dispatch_button.setEnabled(dispatch)
        self.dispatch_button.setToolTip("" if dispatch else why)
        self.answer_button.setEnabled(answer)
        self.answer_button.setToolTip("" if answer else why)
        self.suggestions.may_merge, self.suggestions.may_answer = merge, answer

    def open_answer(self, text: str) -> None:
        """The panel for an answer comes up, and answers that fit beside it; '' leaves what was written before."""
        self.units.hide()
        self.answer.open_with(text)
        self.suggestions.set_answering(answering=True, content=self.form.content.toPlainText())

    def fold_answer(self) -> None:
        """The answer goes out of sight; what is written stays, should it be wanted after all."""
        self.answer.hide()
        self.suggestions.set_answering(answering=False, content=self.form.content.toPlainText())

    def writing(self) -> QPlainTextEdit:
        """The text that is being written: the answer, where one is and the keyboard is not in the content."""
        answering = self.answer.isVisible() and not self.form.content.hasFocus()
        return self.answer.text if answering else self.form.content

    def next_blank(self) -> None:
        """Go to the next 【…】 that a template left to be filled in."""
        text = self.writing()
        if select_blank(text, text.textCursor().selectionEnd()):
            text.setFocus()

    def toggle_help(self) -> None:
        """The key table comes up, or goes (F1)."""
        if self.help.isVisible():
            self.help.hide()
            return
        self.help.adjustSize()
        middle = self.mapToGlobal(self.rect().center()) - self.help.rect().center()
        self.help.move(middle)
        self.help.show()

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", role)
        return label

    def _link(self, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setProperty("role", "link")
        button.hide()
        return button

    def _help(self) -> QFrame:
        popup = QFrame(self, Qt.WindowType.Popup)
        popup.setProperty("surface", "card")
        popup.setAccessibleName(self.tr("受理页的按键"))
        grid = QGridLayout(popup)
        grid.setContentsMargins(20, 16, 20, 16)
        grid.setHorizontalSpacing(20)
        for row, line in enumerate(table()):
            for column, (text, role) in enumerate(((line.keys, "strong"), (line.does, "normal"))):
                label = QLabel(text, popup)
                label.setProperty("role", role)
                grid.addWidget(label, row, column)
        return popup

    def _arrange(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(self._left(), 11)
        for widget, stretch in ((self._line(), 0), (self.suggestions, 9), (self._line(), 0), (self._right(), 6)):
            row.addWidget(widget, stretch)
        self.suggestions.setMinimumWidth(330)

    def _left(self) -> QVBoxLayout:
        said = QHBoxLayout()
        said.setSpacing(8)
        said.addWidget(self.done, 1)
        for button in (self.undo_button, self.open_done, self.import_button, self.help_button, self.clear_button):
            said.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch(1)
        for button in (self.answer_button, self.dispatch_button, self.register_button):
            foot.addWidget(button)
        kept = QVBoxLayout(self.kept)
        kept.setContentsMargins(12, 4, 12, 4)
        kept.addWidget(self.kept_words)
        kept.addWidget(self.mend_button, 0, Qt.AlignmentFlag.AlignLeft)
        left = QVBoxLayout()
        left.setContentsMargins(20, 10, 16, 10)
        left.setSpacing(6)
        left.addWidget(self.form, 1)
        for widget in (self.units, self.answer):
            left.addWidget(widget)
        left.addLayout(said)
        left.addLayout(foot)
        left.addWidget(self.kept)
        return left

    def _right(self) -> QWidget:
        beside = QWidget(self)
        beside.setProperty("surface", "panel")
        beside.setMinimumWidth(230)
        beside.setMaximumWidth(460)
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(6)
        for heading, widget, stretch in (
            (self.tr("最急的工单"), self.strip, 7),
            (self.tr("我最近登记的"), self.recent, 3),
        ):
            label = self._label(heading, "strong")
            label.setContentsMargins(12, 0, 12, 0)
            column.addWidget(label)
            column.addWidget(widget, stretch)
        return beside

    def _line(self) -> QFrame:
        line = QFrame(self)
        line.setFixedWidth(1)
        line.setProperty("surface", "bar")
        return line
