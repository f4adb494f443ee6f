"""The head of a whole case, open or closed: flag, lamp, remaining time and its limit, number, state, counters, place."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from commandcenter.domain.case import Flag, Grade, Lamp, State
from commandcenter.domain.lamp import lamp
from commandcenter.domain.limit import FinishUnit, LimitClock
from commandcenter.domain.moment import micros
from commandcenter.domain.remaining import remaining
from commandcenter.services.case_file import Case
from ui.models.row_facts import person_name
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import GradeFlag, LampMark
from ui.widgets.plain_label import plain_label
from ui.widgets.role import LAMP_ROLES, set_role
from ui.widgets.story import clock_words


class FileHead(QWidget):
    """Shows a `Case`; `refresh` lets the remaining time run."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._case: Case | None = None
        self._flag = GradeFlag(Grade.GREEN, 28, self)
        self._lamp = LampMark(self)
        self.state, self.remaining, self.due, self.marks = (
            plain_label(self, role, wrap=False) for role in ("strong", "normal", "quiet", "bad")
        )
        self.title = plain_label(self, "title", selectable=True)
        self.number = plain_label(self, "quiet", wrap=False, selectable=True)
        self.where = plain_label(self, "normal")
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in (self._flag, self.state, self._lamp, self.remaining, self.due):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.marks)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(line)
        column.addWidget(self.title)
        column.addWidget(self.number)
        column.addWidget(self.where)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._flag.set_tokens(tokens)
        self._lamp.set_tokens(tokens)

    def show_case(self, case: Case) -> None:
        """Show another state of a case, or another case."""
        self._case = case
        reference = self._session.reference
        self._flag.set_grade(case.grade)
        self.state.setText(words.state_word(case.state))
        self.title.setText(case.title)
        channel = reference.channels.get(case.channel_id)
        parts = [
            case.number,
            case.kind,
            self.tr("%n 件诉求", "", case.reports) if case.reports else "",
            channel.name if channel else "",
            self.tr("%s 受理") % clock_words(case.received_at),
            self.tr("第 %n 版", "", case.version),
        ]
        self.number.setText(" · ".join(part for part in parts if part))
        area = reference.areas.get(case.area_id or case.town_id or 0)
        category = reference.categories.get(case.category_id or 0)
        unit = reference.units.get(case.unit_id or 0)
        facts = [
            (self.tr("地点"), " ".join(part for part in (area.name if area else "", case.place) if part)),
            (self.tr("分类"), category.path_name if category else self.tr("未分类")),
            (self.tr("承办"), unit.name if unit else self.tr("未派单")),
            (self.tr("处理人"), person_name(reference, case.holder)),
        ]
        self.where.setText("　　".join(f"{name}  {value}" for name, value in facts if value))
        marks = [
            self.tr("问题工单") if case.flags & Flag.PROBLEM else "",
            self.tr("退单 %n 次", "", case.returns) if case.returns else "",
            self.tr("重办 %n 次", "", case.redos) if case.redos else "",
            self.tr("申请延期 %n 天待批", "", case.extension_days or 0) if case.flags & Flag.EXTENSION_ASKED else "",
            self.tr("已延期") if case.flags & Flag.EXTENDED else "",
            self.tr("保密") if case.flags & Flag.CONFIDENTIAL else "",
        ]
        self.marks.setText(" · ".join(mark for mark in marks if mark))
        self.refresh()

    def refresh(self) -> None:
        """Bring the lamp and the remaining time to this second."""
        if self._case is None:
            return
        lamp_now, said, due = self._time(self._case, self._session.clock.now())
        self._lamp.set_lamp(lamp_now)
        self._lamp.setVisible(self._case.due_at is not None and self._case.state < State.TO_FOLLOW_UP)
        self.remaining.setText(said)
        role = LAMP_ROLES[lamp_now]
        set_role(self.remaining, role)
        self.due.setText(due)

    def _time(self, case: Case, now: datetime) -> tuple[Lamp, str, str]:
        """Lamp, remaining time, and the deadline with the limit it comes from."""
        reference = self._session.reference
        limit = reference.limits.get(case.grade)
        rule = ""
        if limit is not None:
            days = limit.finish_unit is FinishUnit.DAYS
            unit = self.tr("个工作日") if days and limit.clock is LimitClock.WORKING else self.tr("天")
            amount = limit.finish_amount if days else limit.finish_amount // 60
            rule = self.tr("%s级时限 %d %s") % (words.grade_word(case.grade), amount, unit if days else self.tr("小时"))
        if case.archived_at is not None:
            return Lamp.NORMAL, self.tr("%s 结束") % clock_words(case.archived_at), rule
        if case.due_at is None:
            return Lamp.NORMAL, "", rule
        provisional = self.tr("（按暂定日历）") if case.flags & Flag.PROVISIONAL else ""
        due = self.tr("%s 前办结%s · %s") % (clock_words(case.due_at), provisional, rule)
        if case.state == State.TO_FOLLOW_UP:
            return Lamp.NORMAL, words.finished(), due
        moments = micros(now), micros(case.soon_at), micros(case.due_at), micros(case.paused_at)
        clock = LimitClock.WORKING if case.flags & Flag.WORKING_CLOCK else LimitClock.NATURAL
        left = remaining(
            moments[0], moments[2], moments[3], clock, reference.calendar, reference.hours_of(case.unit_id or 0)
        )
        return lamp(*moments), left, due
