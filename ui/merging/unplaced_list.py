"""The cases that wait for a place, each with what it most likely means; below them what was placed last, to be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.merging.candidates import Candidates
from ui.merging.lines import Line, LineList
from ui.merging.placings import Placings
from ui.session import Session
from ui.widgets.flow import FlowLayout
from ui.widgets.plain_label import plain_label
from ui.widgets.story import ago_words

if TYPE_CHECKING:
    from commandcenter.services.placing import Unplaced


class UnplacedList(QWidget):
    """The left side of 待定位; what became of a placing is said here: a toast would lie on the key that saves the next one."""

    def __init__(self, session: Session, placings: Placings, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._placings = session, placings
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.list = LineList(session, self.tr("待定位"), self)
        self.pointless = QPushButton(self.tr("含缺坐标"), self)
        self.pointless.setCheckable(True)
        self.pointless.setProperty("role", "chip")
        self.pointless.setToolTip(self.tr("也列出已有区域、只缺坐标的工单"))
        self.undo_button = QPushButton(self.tr("撤回上一次定位 Ctrl+Z"), self)
        self.undo_button.clicked.connect(placings.undo)
        self.said = plain_label(self, "normal")
        self.said.setContentsMargins(12, 0, 12, 0)
        self.said.hide()
        for sentence in (placings.done, placings.told):
            sentence.connect(self._tell)
        placings.changed.connect(self._refresh_undo)
        self._arrange()
        self._refresh_undo()

    def show_cases(self, cases: Iterable[Unplaced], candidates: Candidates) -> None:
        """List these."""
        self.list.show_lines([self._line(case, candidates) for case in cases])

    def _line(self, case: Unplaced, candidates: Candidates) -> Line:
        best = candidates.of(case)[:1]
        channel = self._session.reference.channels.get(case.channel_id)
        parts = (case.number, channel.name if channel else "", ago_words(case.received_at, self._session.clock.now()))
        guess = (
            self.tr("可能在 %s（%d%%）") % (best[0].name, best[0].score * 100)
            if best
            else self.tr("没有候选，请看地图")
        )
        where = case.place or self.tr("没有写地点")
        return Line(case.id, (case.title, f"{where}　{guess}", " · ".join(p for p in parts if p)), grade=case.grade)

    def _tell(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.show()

    def _refresh_undo(self) -> None:
        last = self._placings.last
        reason = "" if last is not None else self.tr("这个席位这次还没有定位过")
        self.undo_button.setEnabled(not reason)
        self.undo_button.setToolTip(self.tr("撤回 %s 的定位") % last.number if last is not None else reason)
        self.undo_button.setAccessibleDescription(reason)

    def _arrange(self) -> None:
        bar = QWidget(self)
        chips = FlowLayout(bar)
        chips.setContentsMargins(12, 0, 12, 4)
        chips.addWidget(self.pointless)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 0, 12, 8)
        foot.addWidget(self.undo_button)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(bar)
        column.addWidget(self.list, 1)
        column.addWidget(self.said)
        column.addLayout(foot)
