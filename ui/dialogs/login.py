"""Who is there: server, login and password; in a demo database a list of accounts plainly marked 演示账号."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.widgets.account_list import AccountList, DemoAccount

__all__ = ["DemoAccount", "LoginDialog", "LoginRequest"]


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What was entered."""

    server: str
    login: str
    password: str = field(repr=False)


class LoginDialog(QDialog):
    """``asked(LoginRequest)`` on Enter or a click; whoever listens calls `refuse` or `accept`."""

    asked = Signal(object)

    def __init__(
        self,
        title: str,
        server: str = "",
        login: str = "",
        demo: Sequence[DemoAccount] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._demo = list(demo)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setWindowTitle(self.tr("登录"))
        self.setMinimumWidth(720 if self._demo else 440)
        head = QLabel(title, self)
        head.setProperty("role", "title")
        self.server = QLineEdit(server, self)
        self.server.setPlaceholderText(self.tr("留空使用本机数据"))
        self.login = QLineEdit(login, self)
        self.password = QLineEdit(self)
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(10)
        fields = ((self.tr("服务器"), self.server), (self.tr("登录名"), self.login), (self.tr("密码"), self.password))
        for label, line in fields:
            line.setAccessibleName(label)
            form.addRow(label, line)
        self.problem = QLabel(self)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.sign_in = QPushButton(self.tr("登录"), self)
        self.sign_in.setProperty("role", "primary")
        self.sign_in.setDefault(True)
        self.sign_in.clicked.connect(self._ask)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.sign_in)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(head)
        if self._demo:
            column.addWidget(self._demo_card())
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addLayout(buttons)
        (self.found if self._demo else self.password if login else self.login).setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why it did not work; the person tries again."""
        self.problem.setText(sentence)
        self.problem.show()
        self.sign_in.setEnabled(True)
        self.password.selectAll()
        self.password.setFocus()

    def _demo_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("surface", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(12, 10, 12, 12)
        head = QLabel(self.tr("演示账号"), card)
        head.setProperty("role", "strong")
        hint = QLabel(self.tr("演示数据为虚构，可任选岗位进入（双击或 Enter）"), card)
        hint.setProperty("role", "quiet")
        self.found = AccountList(self._demo, card)
        self.accounts = self.found.rows
        self.found.chosen.connect(self._fill_demo)
        self.found.entered.connect(self._ask)
        column.addWidget(head)
        column.addWidget(hint)
        column.addWidget(self.found)
        return card

    def _fill_demo(self, account: DemoAccount) -> None:
        self.login.setText(account.login)
        self.password.setText(account.password)

    def _ask(self) -> None:
        if not self.sign_in.isEnabled():
            return
        if not self.login.text().strip():
            self.refuse(self.tr("请填写登录名"))
            self.login.setFocus()
            return
        self.problem.hide()
        self.sign_in.setEnabled(False)
        self.asked.emit(LoginRequest(self.server.text().strip(), self.login.text().strip(), self.password.text()))
