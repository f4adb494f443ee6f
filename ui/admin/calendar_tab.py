"""日历: a year to look at and to correct day by day; years without published holidays are plainly provisional."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Role
from commandcenter.domain.holidays import MADE_UP
from commandcenter.domain.worktime import CalendarDay
from commandcenter.errors import PersonError
from commandcenter.services import settings
from ui.admin.tables import hours_tab
from ui.admin.year_view import YearView
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.role import set_role


class CalendarTab(QWidget):
    """The year at the left; the marked day, the year's standing and working hours at the right."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._days: dict[date, CalendarDay] = {}
        self._may_edit = session.role is Role.ADMIN
        self.view = YearView(self)
        self.year = QComboBox(self)
        self.year.setAccessibleName(self.tr("年份"))
        self.standing = QLabel(self)
        self.standing.setWordWrap(True)
        self.settle_button = QPushButton(self.tr("国务院已公布，取消暂定"), self)
        self.day = QLabel(self)
        self.day.setProperty("role", "heading")
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(self.tr("名称，如：国庆节、调休上班"))
        self.name.setAccessibleName(self.tr("这一天的名称"))
        self.switch_button = QPushButton(self)
        self.switch_button.setProperty("role", "primary")
        self.name_button = QPushButton(self.tr("只改名称"), self)
        self.said = QLabel(self)
        self.said.setWordWrap(True)
        self.hours = hours_tab(session, self)
        self.hours.room.setContentsMargins(0, 0, 0, 0)
        self.hours.view.setAccessibleName(self.tr("作息"))
        self._arrange()
        self.year.currentIndexChanged.connect(lambda: self.show_year(self.year.currentData()))
        self.view.picked.connect(self._on_picked)
        self.view.switched.connect(self.switch)
        self.switch_button.clicked.connect(lambda: self.switch(self.view.day))
        self.name_button.clicked.connect(self.rename)
        self.name.returnPressed.connect(self.rename)
        self.settle_button.clicked.connect(lambda: session.spawn(self._settle(self.view.year), "settle_year"))
        for widget in (self.name, self.switch_button, self.name_button):
            widget.setEnabled(self._may_edit)
        self.setFocusProxy(self.view)
        today = session.clock.now().astimezone(SHANGHAI).date()
        self.refresh()
        self.go_to(today.year)
        self.show_year(today.year)
        self.view.pick(today)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.view.set_tokens(tokens)

    def refresh(self) -> None:
        """Show what holds now."""
        self._days = {day.day: day for day in self._session.reference.calendar.days}
        self.year.blockSignals(True)
        years = range(min(self._days).year, max(self._days).year + 1)
        if self.year.count() != len(years):
            self.year.clear()
            for year in years:
                self.year.addItem(self.tr("%d 年") % year, year)
        self.year.blockSignals(False)
        self.hours.refresh()
        if self.view.year:
            self.show_year(self.view.year)
            self._on_picked(self.view.day)

    def go_to(self, year: int) -> None:
        """Choose a year, as by hand; one the calendar does not have is none."""
        self.year.setCurrentIndex(self.year.findData(year))

    def show_year(self, year: int) -> None:
        """Go to another year."""
        of_year = {day: known for day, known in self._days.items() if day.year == year}
        self.view.show_year(year, of_year)
        provisional = sum(day.provisional for day in of_year.values())
        working = sum(day.working for day in of_year.values())
        if provisional:
            said = self.tr("暂定：%d 年的放假安排尚未公布，按周一至周五上班推算。涉及的时限都标明“按暂定日历”。")
            self.standing.setText(said % year)
        else:
            self.standing.setText(self.tr("%d 年已公布，工作日 %d 天。") % (year, working))
        set_role(self.standing, "warn" if provisional else "normal")
        self.settle_button.setVisible(bool(provisional) and self._may_edit)
        self._on_picked(self.view.day)

    def switch(self, day: date) -> None:
        """Make a working day a day off, or the other way round, with the name given or the usual one."""
        known = self._days.get(day)
        if known is None or not self._may_edit:
            return
        typed = self.name.text().strip()
        name = typed if typed != known.name else ""
        working = not known.working
        usual = MADE_UP if working and day.weekday() >= 5 else ""
        self._begin(known, {"working": working, "name": name or usual})

    def rename(self) -> None:
        """Give the marked day the name that is typed."""
        known = self._days.get(self.view.day)
        if known is not None and self._may_edit:
            self._begin(known, {"name": self.name.text().strip()})

    def _begin(self, known: CalendarDay, becomes: dict[str, Any]) -> None:
        was = {"working": known.working, "name": known.name, "provisional": known.provisional}
        self._session.spawn(self._change(known.day, was, becomes), "change calendar")

    async def _change(self, day: date, was: dict[str, Any], becomes: dict[str, Any]) -> None:
        try:
            # the count of working days follows by the database's own trigger, in the same transaction
            await settings.change(self._session.database(), table="calendar", key=day, was=was, becomes=becomes)
        except PersonError as error:
            self._say(str(error), bad=True)
        else:
            self._say(self.tr("已保存。以后派单的时限按新日历算，已经在走的时限不变。"))

    async def _settle(self, year: int) -> None:
        try:
            await settings.settle_year(self._session.database(), year=year)
        except PersonError as error:
            self._say(str(error), bad=True)
        else:
            self._say(self.tr("%d 年不再是暂定。") % year)

    def _on_picked(self, day: date) -> None:
        known = self._days.get(day)
        weekday = self.tr("一二三四五六日")[day.weekday()]
        kind = "" if known is None else self.tr("工作日") if known.working else self.tr("休息日")
        if known is not None and known.provisional:
            kind += self.tr("（暂定）")
        self.day.setText(self.tr("%d月%d日 周%s　%s") % (day.month, day.day, weekday, kind))
        if not self.name.hasFocus():
            self.name.setText(known.name if known else "")
        working = known is not None and known.working
        self.switch_button.setText(self.tr("改为休息日（空格）") if working else self.tr("改为工作日（空格）"))

    def _say(self, sentence: str, *, bad: bool = False) -> None:
        self.said.setText(sentence)
        set_role(self.said, "bad" if bad else "good")

    def _arrange(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addWidget(self.year)
        side.addWidget(self.standing)
        side.addWidget(self.settle_button)
        side.addSpacing(12)
        side.addWidget(self.day)
        side.addWidget(self.name)
        buttons = QHBoxLayout()
        buttons.addWidget(self.switch_button, 1)
        buttons.addWidget(self.name_button)
        side.addLayout(buttons)
        side.addWidget(self.said)
        side.addSpacing(12)
        side.addWidget(self.hours, 1)
        legend = QLabel(self.tr("浅底为休息日，红色粗字为法定节假日，下划线为调休上班，点线框为暂定"), self)
        legend.setProperty("role", "quiet")
        left = QVBoxLayout()
        left.addWidget(self.view, 1)
        left.addWidget(legend)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(20)
        row.addLayout(left, 1)
        beside = QWidget(self)
        beside.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        beside.setFixedWidth(360)
        row.addWidget(beside)
