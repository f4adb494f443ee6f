"""A citizen, masked; 显示 asks why, the look is recorded, and after a minute the data hide again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.errors import PersonError
from commandcenter.services.case_file import reveal_citizen
from ui.session import Session

if TYPE_CHECKING:
    from commandcenter.services.case_file import Report

SHOWN_S = 60


class CitizenLine(QWidget):
    """One report's citizen in one line, with the question for the reason below it while it is asked.

    ``looked``: the data are shown now.
    """

    looked = Signal()

    def __init__(self, session: Session, report: Report, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._report = report
        masked = " ".join(part for part in (report.name_masked, report.phone_masked) if part)
        self._masked = masked or self.tr("未留联系方式")
        self.who = QLabel(self)
        self.who.setTextFormat(Qt.TextFormat.PlainText)
        self.who.setProperty("role", "strong")
        self.who.setWordWrap(True)
        self.who.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton(self)
        self.button.setProperty("role", "link")
        self.button.clicked.connect(self._on_button)
        self.reason = QLineEdit(self)
        self.reason.setPlaceholderText(self.tr("为什么查看？如：回电核实地址。回车显示，将记录在案"))
        self.reason.setAccessibleName(self.tr("查看理由"))
        self.reason.returnPressed.connect(self.look)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "bad")
        self.problem.setWordWrap(True)
        self._left = 0
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)
        line = QHBoxLayout()
        line.addWidget(self.who)
        line.addWidget(self.button)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.reason)
        column.addWidget(self.problem)
        self.hide_again()

    def hide_again(self) -> None:
        """Only the masked citizen."""
        self._second.stop()
        self._left = 0
        self.who.setText(self._masked)
        self.button.setText(self.tr("显示"))
        self.button.setToolTip(self.tr("查看姓名、电话、地址会留下记录"))
        self.reason.hide()
        self.problem.hide()

    def look(self) -> None:
        """Send the reason; nothing is shown before it is recorded."""
        reason = self.reason.text().strip()
        if not reason:
            self._say(self.tr("请先写明查看理由。"))
            return
        self.reason.setEnabled(False)
        self._session.spawn(self._look(reason), "reveal_citizen")

    async def _look(self, reason: str) -> None:
        try:
            citizen = await reveal_citizen(self._session.database(), report_id=self._report.id, reason=reason)
        except PersonError as error:
            self._say(str(error))
        else:
            facts = (citizen.name, citizen.phone, citizen.address, self.tr("要求保密") if citizen.confidential else "")
            self.who.setText("　".join(fact for fact in facts if fact) or self.tr("没有留下姓名和电话"))
            self.reason.clear()
            self.reason.hide()
            self.problem.hide()
            self._left = SHOWN_S
            self._on_second()
            self._second.start()
            self.looked.emit()
        finally:
            self.reason.setEnabled(True)

    def _on_button(self) -> None:
        if self._left:
            self.hide_again()
        elif self.reason.isHidden():
            self.reason.show()
            self.reason.setFocus()
        else:
            self.hide_again()

    def _on_second(self) -> None:
        if self._left <= 0:
            self.hide_again()
            return
        self.button.setText(self.tr("隐藏（%n 秒）", "", self._left))
        self._left -= 1

    def _say(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.show()
