"""The head of a case: flag, lamp and remaining time, limit, title, number, where, what kind, who works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade, Lamp
from commandcenter.domain.limit import FinishUnit, LimitClock
from ui.models.row_facts import row_facts
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import GradeFlag, LampMark

if TYPE_CHECKING:
    from commandcenter.domain.limit import Limit
    from commandcenter.services.case_file import CaseFile

_LAMP_ROLES = {Lamp.NORMAL: "normal", Lamp.SOON: "warn", Lamp.OVERDUE: "bad"}


class CaseHead(QWidget):
    """Fed from the mirror (`show_slot`), completed from the case's file (`show_file`)."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._flag = GradeFlag(Grade.GREEN, 26, self)
        self._lamp = LampMark(self)
        self._remaining = QLabel(self)
        self._limit = self._label("quiet")
        self._limit.setWordWrap(True)  # what must not be cut gives way in height
        self._state = self._label("strong")
        self._title = self._label("title")
        self._title.setWordWrap(True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._number = self._label("quiet")
        self._number.setWordWrap(True)
        self._number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._flag)
        line.addSpacing(4)
        line.addWidget(self._lamp)
        line.addWidget(self._remaining)
        line.addWidget(self._limit, 1)
        line.addWidget(self._state)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._values: dict[str, QLabel] = {}
        rows = {
            "place": self.tr("地点"),
            "category": self.tr("分类"),
            "unit": self.tr("承办"),
            "holder": self.tr("处理人"),
        }
        for row, (name, text) in enumerate(rows.items()):
            label = self._label("quiet")
            label.setText(text)
            value = QLabel(self)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setWordWrap(True)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)
            self._values[name] = value
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._title)
        column.addWidget(self._number)
        column.addLayout(grid)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._flag.set_tokens(tokens)
        self._lamp.set_tokens(tokens)

    def show_slot(self, slot: int) -> None:
        """Say what the mirror knows about the case in `slot`."""
        session = self._session
        mirror, reference = session.mirror, session.reference
        facts = row_facts(mirror, reference, slot, session.bridge.now_us())
        self._flag.set_grade(facts.grade)
        self._lamp.set_lamp(facts.lamp)
        self._remaining.setText(facts.remaining)
        role = _LAMP_ROLES[facts.lamp]
        if self._remaining.property("role") != role:
            self._remaining.setProperty("role", role)
            self._remaining.style().unpolish(self._remaining)
            self._remaining.style().polish(self._remaining)
        limit = reference.limits.get(facts.grade)
        self._limit.setText(self._limit_text(limit) if limit is not None else "")
        self._state.setText(words.state_word(facts.state))
        self._title.setText(facts.title)
        channel = reference.channels.get(int(mirror.channel[slot]))
        parts = [facts.number, self.tr("%n 件诉求", "", facts.reports), channel.name if channel else ""]
        self._number.setText(" · ".join(part for part in parts if part))
        category = reference.categories.get(int(mirror.category[slot]))
        self._values["place"].setText(" ".join(part for part in (facts.town, facts.place) if part) or self.tr("未定位"))
        self._values["category"].setText(category.path_name if category else self.tr("未分类"))
        self._values["unit"].setText(facts.unit or self.tr("未派单"))
        self._values["holder"].setText(facts.holder or self.tr("暂无人处理"))

    def show_file(self, file: CaseFile) -> None:
        """Say which channels the case's reports came through."""
        channels = self._session.reference.channels
        names = dict.fromkeys(channels[each.channel_id].name for each in file.reports if each.channel_id in channels)
        number, reports = self._number.text().split(" · ")[:2]
        self._number.setText(" · ".join((number, reports, "、".join(names))))

    def _limit_text(self, limit: Limit) -> str:
        if limit.finish_unit is FinishUnit.DAYS:
            amount = self.tr("%n 天", "", limit.finish_amount)
        else:
            amount = self.tr("%n 时", "", limit.finish_amount // 60)
        if limit.clock is LimitClock.NATURAL:
            return self.tr("时限 %s（自然时）") % amount
        return self.tr("时限 %s（工作时）") % amount

    def _label(self, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", role)
        return label
