"""For which case to blow: a line that finds an open case by its number or by words of its title."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from ui.models.queue_order import Filter, Sort, order
from ui.session import Session
from ui.widgets.brief_list import BriefList

MOST_FOUND = 30


class WhistleCaseLine(QWidget):
    """``found(case id)`` when there is one, or when one of several is chosen."""

    found = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("给哪件工单吹哨？编号或标题里的字，回车查找"))
        self.line.setAccessibleName(self.tr("给哪件工单吹哨"))
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.said.hide()
        self.briefs = BriefList(session, self)
        self.briefs.setFixedHeight(240)
        self.briefs.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 0, 14, 8)
        column.setSpacing(6)
        for widget in (self.line, self.said, self.briefs):
            column.addWidget(widget)
        self.setFocusProxy(self.line)
        self.line.returnPressed.connect(self.search)
        self.briefs.opened.connect(self._choose)
        session.themed.connect(self.briefs.set_tokens)
        self.briefs.set_tokens(session.tokens)

    def search(self) -> None:
        """Find among the open cases; one hit is taken at once."""
        text = self.line.text().strip()
        if not text:
            return
        session = self._session
        slots, _ = order(session.mirror, Filter(text=text), Sort.GRADE_DUE, session.bridge.now_us())
        ids = [int(each) for each in session.mirror.id[slots[:MOST_FOUND]].tolist()]
        self.said.setText(self.tr("找到 %n 件", "", len(slots)) if ids else self.tr("没有找到未结工单，换几个字试试"))
        self.said.show()
        self.briefs.setVisible(len(ids) > 1)
        if len(ids) == 1:
            self._choose(ids[0])
        elif ids:
            session.spawn(self._list(ids), "read_briefs")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    async def _list(self, ids: list[int]) -> None:
        from commandcenter.services.case_file import read_briefs

        self.briefs.show_briefs(await read_briefs(self._session.database(), ids))
        self.briefs.setCurrentIndex(self.briefs.model().index(0, 0))
        self.briefs.setFocus()

    def _choose(self, case_id: int) -> None:
        self.line.clear()
        self.said.hide()
        self.briefs.hide()
        self.found.emit(case_id)
