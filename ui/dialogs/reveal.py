"""A citizen's name and phone behind a reason: the look is recorded before anything is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.errors import PersonError
from ui.session import Session


class RevealForm(QDialog):
    """Asks why, then shows the citizen of one report until it is closed."""

    def __init__(self, session: Session, report_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._report_id = report_id
        self.setModal(False)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("查看诉求人"))
        self.setMinimumWidth(420)
        hint = QLabel(self.tr("本次查看将记录您的姓名、时间与理由。"), self)
        hint.setProperty("role", "quiet")
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("查看理由，如：回访核实"))
        self.reason.setAccessibleName(self.tr("查看理由"))
        self.answer = QLabel(self)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setWordWrap(True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.answer.hide()
        self.show_button = QPushButton(self.tr("显示"), self)
        self.show_button.setProperty("role", "primary")
        self.show_button.setDefault(True)
        self.show_button.clicked.connect(self.look)
        close = QPushButton(self.tr("关闭"), self)
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(hint)
        column.addWidget(self.reason)
        column.addWidget(self.answer)
        column.addLayout(buttons)

    def look(self) -> None:
        """Record the reason and show the citizen."""
        reason = self.reason.text().strip()
        if not reason:
            self._say(self.tr("请先填写查看理由"))
            return
        self.show_button.setEnabled(False)
        self._session.spawn(self._look(reason), "reveal_citizen")

    async def _look(self, reason: str) -> None:
        from commandcenter.services.case_file import reveal_citizen

        try:
            citizen = await reveal_citizen(self._session.database(), report_id=self._report_id, reason=reason)
        except PersonError as error:
            self._say(str(error))
        else:
            lines = (citizen.name, citizen.phone, citizen.address, self.tr("要求保密") if citizen.confidential else "")
            self._say("\n".join(line for line in lines if line) or self.tr("没有留下姓名和电话"))
        finally:
            self.show_button.setEnabled(True)

    def _say(self, text: str) -> None:
        self.answer.setText(text)
        self.answer.show()
