"""The selected case at the right of the desk: what the mirror knows at once, the rest when it has been read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.errors import Unreachable
from commandcenter.live.mirror import Changed
from ui.case.buttons import CaseButtons
from ui.case.details import CaseDetails
from ui.case.head import CaseHead
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState

if TYPE_CHECKING:
    from commandcenter.services.case_file import CaseFile

Read = Callable[[int], Awaitable["CaseFile"]]


class CasePanel(QStackedWidget):
    """Follows the session's selection. `read` gets a case's file; the default asks the database."""

    def __init__(self, session: Session, parent: QWidget | None = None, read: Read | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._read = read or (self._read_from_database if session.db is not None else None)
        self._shown: int | None = None
        self._version = -1
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("所选工单"))
        self.calm = CalmState(self)
        self.head = CaseHead(session, self)
        self.buttons = CaseButtons(session, self)
        self.details = CaseDetails(session, self)
        self.status = QLabel(self)
        self.status.setProperty("role", "quiet")
        self.status.setWordWrap(True)
        inside = QWidget()
        inside.setProperty("surface", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(18, 14, 18, 18)
        column.setSpacing(14)
        column.addWidget(self.head)
        column.addWidget(self.buttons)
        column.addWidget(self.status)
        column.addWidget(self.details)
        column.addStretch(1)
        self.area = scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        self.addWidget(self.calm)
        self.addWidget(scroll)
        session.selection.changed.connect(self.show_case)
        session.bridge.mirror_changed.connect(self._on_changed)
        session.bridge.ticked.connect(self._on_tick)
        session.bridge.health_changed.connect(self.buttons.refresh)
        self.show_case(session.selection.case_id)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.head.set_tokens(tokens)
        self.details.set_tokens(tokens)

    def show_case(self, case_id: int | None) -> None:
        """Show another case, or the quiet page for None."""
        self._shown = case_id
        self._version = -1
        self.details.clear()
        self.status.hide()
        self.area.verticalScrollBar().setValue(0)
        self._refresh()

    def _refresh(self) -> None:
        """Bring what comes from the mirror up to date; read the rest anew where the case has a new version."""
        slot = None if self._shown is None else self._session.mirror.slot_of(self._shown)
        if self._shown is None:
            self.calm.say(self.tr("未选择工单"), self.tr("在队列或地图上选一件；↑↓ 移动，Enter 打开，F2 取下一件"))
            self.setCurrentIndex(0)
            return
        if slot is None:
            self.calm.say(self.tr("这件工单已办结归档或移出本辖区"), self.tr("可用 Ctrl+K 按编号查找"))
            self.setCurrentIndex(0)
            return
        self.setCurrentIndex(1)
        self.head.show_slot(slot)
        version = int(self._session.mirror.version[slot])
        if version != self._version:
            self._version = version
            self.buttons.show_case(self._shown)
            self._begin_reading(self._shown)

    def _begin_reading(self, case_id: int) -> None:
        if self._read is None:
            self._say(self.tr("未连接数据库：只显示队列中的内容"))
            return
        if self.details.is_empty:
            self._say(self.tr("正在读取详情…"))
        self._session.spawn(self._fill(case_id, self._read), "read_case")

    async def _fill(self, case_id: int, read: Read) -> None:
        try:
            file = await read(case_id)
        except Exception as error:
            if self._shown == case_id:
                self._say(self.tr("详情暂时读不到，稍后自动重试"))
                self._version = -1  # the next tick asks again
            if not isinstance(error, Unreachable):  # the badge says already that the database is away
                raise
            return
        if self._shown == case_id:
            self.show_file(file)

    def show_file(self, file: CaseFile) -> None:
        """Show what has been read about the case that is selected; where one was reading stays in sight."""
        self.status.hide()
        self.details.show_file(file)
        self.head.show_file(file)

    async def _read_from_database(self, case_id: int) -> CaseFile:
        from commandcenter.services.case_file import read_case

        return await read_case(self._session.database(), case_id)

    def _say(self, sentence: str) -> None:
        self.status.setText(sentence)
        self.status.show()

    def _on_changed(self, changed: Changed) -> None:
        if self._shown is not None:
            self._refresh()

    def _on_tick(self) -> None:
        if self._shown is not None and self.isVisible():
            self._refresh()
