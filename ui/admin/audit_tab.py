"""审计: is the journal whole, how far is it sealed, and who looked at citizens' data and why."""

from __future__ import annotations

from dataclasses import asdict

from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.models.row_table import Column, Row
from ui.session import Session
from ui.widgets.role import set_role
from ui.widgets.story import clock_words


class AuditTab(QWidget):
    """Looks at the left, seals and the check at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session

        async def looks() -> list[Row]:
            return [asdict(look) for look in await settings.read_looks(session.database())]

        async def seals() -> list[Row]:
            return [
                asdict(seal) | {"span": f"{seal.from_seq:,} – {seal.to_seq:,}"}
                for seal in await settings.read_seals(session.database())
            ]

        self.looks = AdminTab(
            session,
            [
                Column("at", tr("时间"), show=clock_words),
                Column("who", tr("操作人")),
                Column("number", tr("工单")),
                Column("reason", tr("理由")),
            ],
            "reason",
            looks,
            hint=tr("查看诉求人信息的记录，最近 200 次"),
        )
        self.seals = AdminTab(
            session,
            [
                Column("sealed_at", tr("封存时间"), show=clock_words),
                Column("rows", tr("条数"), is_number=True),
                Column("span", tr("流水号")),
            ],
            "span",
            seals,
            hint=tr("流水封存，最近 20 次"),
        )
        self.looks.view.setAccessibleName(tr("查看诉求人信息的记录"))
        self.seals.view.setAccessibleName(tr("流水封存"))
        self.looks.view.empty = tr("还没有人查看过诉求人信息")
        self.seals.view.empty = tr("还没有封存过；后台程序每分钟封存一次")
        self.check_button = QPushButton(tr("核对全部流水"), self)
        self.check_button.clicked.connect(self.check)
        self.result = QLabel(tr("核对每一条流水的指纹和封存链，可能需要一会儿。"), self)
        self.result.setWordWrap(True)
        self.result.setProperty("role", "quiet")
        if session.role is not Role.ADMIN:
            self.check_button.setEnabled(False)
            self.check_button.setToolTip(tr("核对流水由系统管理员进行。"))
        beside = QVBoxLayout()
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 0)
        top.addWidget(self.check_button)
        top.addWidget(self.result, 1)
        beside.addLayout(top)
        beside.addWidget(self.seals, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.looks, 3)
        row.addLayout(beside, 2)
        self.setFocusProxy(self.looks)

    def refresh(self) -> None:
        """Read what holds now."""
        if self._session.db is None:
            self.looks.say(tr("未连接数据库，暂时只能查看。"), bad=True)
            return
        self.looks.refresh()
        self.seals.refresh()

    def check(self) -> None:
        """Have the database check its journal."""
        self.check_button.setEnabled(False)
        self._say(tr("正在核对…"), "quiet")
        self._session.spawn(self._check(), "check_journal")

    async def _check(self) -> None:
        try:
            wrong = await settings.check_journal(self._session.database())
        except PersonError as error:
            self._say(str(error), "bad")
        else:
            if wrong:
                where = "、".join(str(seq) for _, seq in wrong[:5])
                self._say(tr("流水对不上：%d 处，流水号 %s…。请立即报告并保留现场。") % (len(wrong), where), "bad")
            else:
                self._say(tr("流水完整，指纹和封存链全部相符。"), "good")
        finally:
            self.check_button.setEnabled(True)

    def _say(self, sentence: str, role: str) -> None:
        self.result.setText(sentence)
        set_role(self.result, role)
