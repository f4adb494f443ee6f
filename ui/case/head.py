"""The head of a case: flag, lamp and remaining time, limit, title, number, where, what kind, who works on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from commandcenter.domain.case import Grade
from commandcenter.domain.limit import FinishUnit, LimitClock
from ui.models.row_facts import row_facts
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.facts_grid import FactsGrid
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role

if TYPE_CHECKING:
    from commandcenter.domain.limit import Limit
    from commandcenter.services.case_file import CaseFile


class CaseHead(QWidget):
    """Fed from the mirror (`show_slot`), completed from the case's file (`show_file`)."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._flag = GradeFlag(Grade.GREEN, 26, self)
        self._lamp = LampMark(self)
        self._remaining = QLabel(self)
        self._limit = plain_label(self, "quiet")  # wraps: what must not be cut gives way in height
        self._state = plain_label(self, "strong", wrap=False)
        self._title = plain_label(self, "title", selectable=True)
        self._number = plain_label(self, "quiet", selectable=True)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._flag)
        line.addSpacing(4)
        line.addWidget(self._lamp)
        line.addWidget(self._remaining)
        line.addWidget(self._limit, 1)
        line.addWidget(self._state)
        names = {
            "place": self.tr("地点"),
            "category": self.tr("分类"),
            "unit": self.tr("承办"),
            "holder": self.tr("处理人"),
        }
        self._facts = FactsGrid(names, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(line)
        column.addWidget(self._title)
        column.addWidget(self._number)
        column.addWidget(self._facts)

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
        role = LAMP_ROLES[facts.lamp]
        set_role(self._remaining, role)
        limit = reference.limits.get(facts.grade)
        self._limit.setText(self._limit_text(limit) if limit is not None else "")
        self._state.setText(words.state_word(facts.state))
        self._title.setText(facts.title)
        channel = reference.channels.get(int(mirror.channel[slot]))
        parts = [facts.number, self.tr("%n 件诉求", "", facts.reports), channel.name if channel else ""]
        self._number.setText(" · ".join(part for part in parts if part))
        category = reference.categories.get(int(mirror.category[slot]))
        self._facts.show_facts(
            {
                "place": " ".join(part for part in (facts.town, facts.place) if part) or self.tr("未定位"),
                "category": category.path_name if category else self.tr("未分类"),
                "unit": facts.unit or self.tr("未派单"),
                "holder": facts.holder or self.tr("暂无人处理"),
            }
        )

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
