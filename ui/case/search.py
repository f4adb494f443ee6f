"""Finding a case by its number, or by words of its reports; one hit opens at once, several are listed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from commandcenter.errors import PersonError
from commandcenter.services.case_file import find_number, read_briefs, search_cases
from ui.models.queue_order import Filter, Sort, order
from ui.session import Session
from ui.widgets.brief_list import BriefList

MOST_FOUND = 50


class CaseSearch(QWidget):
    """The box and what it says; `found` is the list, to be put where there is room. ``opened(case id)``."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("工单编号，或诉求里的字（两个字以上），回车查找"))
        self.box.setClearButtonEnabled(True)
        self.box.setAccessibleName(self.tr("查找工单"))
        self.box.returnPressed.connect(self.search)
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.found = BriefList(session, parent)
        self.found.setFixedWidth(372)
        self.found.opened.connect(self.opened)
        self.found.hide()
        self.setFocusProxy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 10, 24, 10)
        row.addWidget(self.box, 1)
        row.addWidget(self.said)
        self._say("")

    def enter(self) -> None:
        """Take the keyboard, with what was looked for marked."""
        self.box.setFocus()
        self.box.selectAll()

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def search(self) -> None:
        """Find what is typed."""
        text = self.box.text().strip()
        if not text:
            self.found.hide()
            self._say("")
            return
        self._say(self.tr("正在查找…"))
        self._session.spawn(self._search(text), "search")

    async def _search(self, text: str) -> None:
        session = self._session
        try:
            one = await find_number(session.database(), text.upper())
            slots, _ = order(session.mirror, Filter(text=text), Sort.NEWEST, session.bridge.now_us())
            ids = [] if one is not None else session.mirror.id[slots[:MOST_FOUND]].tolist()
            if one is None and len(text) > 1:
                ids += await search_cases(session.database(), text, most=MOST_FOUND)
            ids = [one] if one is not None else list(dict.fromkeys(ids))
            briefs = await read_briefs(session.database(), ids) if len(ids) > 1 else ()
        except PersonError as error:
            self._say(str(error))
            return
        if self.box.text().strip() != text:
            return
        self.found.show_briefs(briefs)
        self.found.setVisible(bool(briefs))
        self._say(self.tr("找到 %n 件", "", len(ids)) if ids else self.tr("没有找到，换几个字试试"))
        if len(ids) == 1:
            self.opened.emit(ids[0])
        elif briefs:
            self.found.setCurrentIndex(self.found.model().index(0, 0))
            self.found.setFocus()
