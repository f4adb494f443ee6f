"""A year at a glance: working days plain, days off tinted, make-up days underlined, provisional years said so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from commandcenter.domain.worktime import CalendarDay
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class YearView(QWidget):
    """``picked(date)`` when the keyboard or a click goes to a day, ``switched(date)`` on space or Enter."""

    picked = Signal(object)
    switched = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: Mapping[date, CalendarDay] = {}
        self._tokens = DAY
        self.year = 0
        self.day = date(2000, 1, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("年历"))

    def show_year(self, year: int, days: Mapping[date, CalendarDay]) -> None:
        """Show a year; the marked day keeps its place in it."""
        if year != self.year:
            self.year = year
            self.day = self.day.replace(year=year) if (self.day.month, self.day.day) != (2, 29) else date(year, 2, 28)
        self._days = days
        self.update()

    def pick(self, day: date) -> None:
        """Mark a day of the year shown."""
        if day.year == self.year:
            self.day = day
            known = self._days.get(day)
            self.setAccessibleDescription(f"{day} {known.name if known else ''}")
            self.picked.emit(day)
            self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(720, 470)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.pick(self.day + timedelta(days=step))
        elif event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.switched.emit(self.day)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        found = next((day for day in self._all() if self._cell(day).contains(at)), None)
        if found is not None:
            self.pick(found)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.switched.emit(self.day)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._tokens
        for month in range(1, 13):
            first = self._cell(date(self.year, month, 1))
            left = self._month_left(month)
            painter.setPen(QColor(tokens.ink))
            painter.setFont(fonts.font(fonts.QUIET, bold=True))
            head = QRectF(left, self._month_top(month), 120, self._line())
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.tr("%d月") % month)
            painter.setPen(QColor(tokens.ink_quiet))
            painter.setFont(fonts.font(fonts.QUIET))
            for weekday, word in enumerate(self.tr("一二三四五六日")):
                cell = QRectF(left + weekday * first.width(), head.bottom(), first.width(), self._line() * 0.7)
                painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, word)
        for day in self._all():
            self._paint_day(painter, day)

    def _paint_day(self, painter: QPainter, day: date) -> None:
        tokens, cell = self._tokens, self._cell(day)
        known = self._days.get(day)
        inner = cell.adjusted(1, 1, -1, -1)
        if known is not None and not known.working:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.alarm_soft if known.name else tokens.raised))
            painter.drawRoundedRect(inner, 3, 3)
        if known is not None and known.provisional:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.warn), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(inner, 3, 3)
        if day == self.day:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2 if self.hasFocus() else 1))
            painter.drawRoundedRect(inner, 3, 3)
        off = known is not None and not known.working
        holiday = off and known is not None and bool(known.name)
        painter.setFont(fonts.font(fonts.QUIET, bold=holiday))
        painter.setPen(QColor(tokens.bad if holiday else tokens.ink_quiet if off else tokens.ink))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day) if known is not None else "·")
        if known is not None and known.working and day.weekday() >= 5:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawLine(inner.bottomLeft(), inner.bottomRight())

    def _all(self) -> list[date]:
        if not self.year:
            return []
        first = date(self.year, 1, 1)
        return [first + timedelta(days=each) for each in range((date(self.year + 1, 1, 1) - first).days)]

    def _line(self) -> float:
        return (self.height() - 24) / 3 / 8

    def _month_top(self, month: int) -> float:
        return (month - 1) // 4 * (self.height() / 3)

    def _month_left(self, month: int) -> float:
        return (month - 1) % 4 * (self.width() / 4)

    def _cell(self, day: date) -> QRectF:
        width = (self.width() / 4 - 20) / 7
        row = (day.replace(day=1).weekday() + day.day - 1) // 7
        top = self._month_top(day.month) + self._line() * 1.7 + row * self._line()
        return QRectF(self._month_left(day.month) + day.weekday() * width, top, width, self._line())
