"""Below the buttons, in place of a dialog: says what a step will do, asks what it needs, and waits for one more key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from commandcenter.domain.slip import SlipKind
from commandcenter.errors import PersonError
from ui.dialogs.attached_file import AttachedFile, read_now
from ui.session import Session
from ui.slips import may as slip_may
from ui.slips import words as slip_words
from ui.widgets.ask_card import AskCard
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip


class SlipPanel(AskCard):
    """``confirmed(verb, inputs)``: a dict of text, plan, recipient, files; `done` when it is done.

    ``closing()`` while it still has the keyboard, which would else go on to the next field, as if to be typed over.
    """

    confirmed = Signal(str, object)
    closing = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._slip: Slip | None = None
        self.verb = ""
        self.files: list[AttachedFile] = []
        self.sentence = plain_label(self, "strong")
        self.recipient = QComboBox(self)
        self.recipient.setAccessibleName(self.tr("抄送单位"))
        self.text = self._field()
        self.plan = self._field()
        self.plan.setPlaceholderText(self.tr("整改方案：做什么、谁负责、何时完成"))
        self.plan.setAccessibleName(self.tr("整改方案"))
        self.file_words = plain_label(self, "quiet")
        self.file_button = QPushButton(self.tr("添加附件…"), self)
        self.file_button.clicked.connect(self.choose_files)
        self._arrange()
        self.hide()

    def ask(self, slip: Slip, verb: str) -> None:
        """Ask about `verb`; what was typed for the same before is still there."""
        if self._slip is None or (slip.id, verb) != (self._slip.id, self.verb):
            self.text.clear()
            self.plan.clear()
            self.files = []
        self._slip, self.verb = slip, verb
        self.sentence.setText(self._consequence(slip, verb))
        hint = self._hint(verb)
        self.text.setVisible(bool(hint))
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        self.plan.setVisible(verb == "reply" and slip.kind is SlipKind.WARNING)
        self.recipient.setVisible(verb == "copy")
        self.recipient.clear()
        self.recipient.addItems(slip_may.copies_left(slip))
        self.file_button.setVisible(verb == "reply")
        self._tell_files()
        self.say("")
        self.send_button.setText(self.tr("确定%s") % slip_words.verb_word(verb))
        self.send_button.setEnabled(True)
        self.show()
        (self.text if hint else self.recipient if verb == "copy" else self.send_button).setFocus()

    def follow(self, slip: Slip) -> None:
        """The slip came anew: ask on about it, or give up where the step is no longer lawful."""
        if self.isHidden() or self._slip is None:
            return
        if slip.id != self._slip.id or slip_may.why_not(self._session, slip, self.verb):
            self.close_panel()
        else:
            self._slip = slip
            self.sentence.setText(self._consequence(slip, self.verb))

    def close_panel(self) -> None:
        """Ask nothing any more."""
        self.closing.emit()
        self.hide()

    def leave(self) -> None:
        """The same, by Esc or the button."""
        self.close_panel()

    def done(self) -> None:
        """It was done: forget what was typed."""
        self._slip = None
        self.close_panel()

    def say(self, problem: str) -> None:
        """Why it was not done; it can be sent again."""
        super().say(problem)
        self.send_button.setEnabled(True)

    def send(self) -> None:
        """Hand out what was entered, or say what is missing."""
        text, plan = self.text.toPlainText().strip(), self.plan.toPlainText().strip()
        needs_text = self.verb in {"dismiss", "void", "send_back", "reply"}
        if needs_text and not text:
            self.say(self.tr("请填写：%s") % self.text.placeholderText().split("：")[0])
        elif not self.plan.isHidden() and not plan:
            self.say(self.tr("警示单的回复要有整改方案"))
        else:
            self.say("")
            self.send_button.setEnabled(False)
            inputs: dict[str, Any] = {"text": text, "plan": plan, "files": tuple(self.files)}
            self.confirmed.emit(self.verb, inputs | {"recipient": self.recipient.currentText()})

    def choose_files(self) -> None:
        """Ask for the reply's files."""
        dialog = QFileDialog(self, self.tr("回复的附件（每个不超过 20 MB）"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(self.add_files)
        dialog.open()

    def add_files(self, paths: list[str]) -> None:
        """Take files into the reply."""
        for path in paths:
            self.add_file(Path(path))

    def add_file(self, path: Path) -> None:
        """Take a file into the reply; says why where it cannot."""
        try:
            added = read_now(path)
        except PersonError as error:
            self.say(str(error))
            return
        self.files = [file for file in self.files if file[0] != path.name] + [added]
        self._tell_files()

    def _consequence(self, slip: Slip, verb: str) -> str:
        """What will be when it is done."""
        kind = self._session.reference.slip_kinds[slip.kind]
        if verb == "sign" and not slip_may.is_last_signature(slip, self._session.reference):
            others = "、".join(slip_words.post_word(post) for post in kind.signers[len(slip.signatures) + 1 :])
            return self.tr("您签后送%s签发；最后一人签发时取得编号。") % others
        return {
            "edit": self.tr("已有的签名在保存后作废，要重新签。"),
            "sign": self.tr(
                "签发后取得%s的下一个编号（%s〔年〕n号），立即送达%s：%s签收，%s 个工作日内回复。之后不能再改，只能作废。"
            )
            % (kind.name, kind.word, slip.unit_name, _span(kind.receipt_minutes), kind.reply_days),
            "dismiss": self.tr("不发这份草稿；同样的事实不会再起草一份。"),
            "void": self.tr("作废 %s：编号保留，不再使用；单位不用再办。") % slip.number,
            "send_back": self.tr("退回%s再复，重新给 %s 个工作日。") % (slip.unit_name, kind.reply_days),
            "pass": self.tr("评定通过，%s 就此办结。") % slip.number,
            "receive": self.tr("代表%s签收 %s，记您的姓名和现在的时间。") % (slip.unit_name, slip.number),
            "reply": self.tr("书面回复 %s；送出后不能再改。") % slip.number,
            "copy": self.tr("登记抄送件已送出，一个单位登记一次。"),
        }[verb]

    def _hint(self, verb: str) -> str:
        return {
            "dismiss": self.tr("理由：为什么不发"),
            "void": self.tr("理由：为什么作废"),
            "send_back": self.tr("退回意见：还缺什么"),
            "pass": self.tr("评定意见：可以不填"),
            "reply": self.tr("办理情况：做了什么、结果怎样"),
        }.get(verb, "")

    def _tell_files(self) -> None:
        self.file_words.setText("、".join(name for name, _, _ in self.files))
        self.file_words.setVisible(self.verb == "reply" and bool(self.files))

    def _field(self) -> QPlainTextEdit:
        field = QPlainTextEdit(self)
        field.setTabChangesFocus(True)
        field.setFixedHeight(84)
        return field

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (self.sentence, self.recipient, self.text, self.plan, self.file_words, self.problem):
            column.addWidget(widget)
        column.addLayout(self.foot("", self.file_button))


def _span(minutes: int) -> str:
    """4 小时, 90 分钟."""
    return f"{minutes // 60} 小时内" if minutes % 60 == 0 else f"{minutes} 分钟内"
