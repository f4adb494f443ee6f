"""The wall's top line: whose centre, how old the data is, what day and time it is."""

from PySide6.QtCore import QLocale, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.clock import SHANGHAI
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.widgets.health_badge import STALE_S


class Head(QWidget):
    """Paints itself each second; stale data is said in words, in a red bar that nobody overlooks."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.unit = 1.0
        session.bridge.ticked.connect(self.update)
        session.bridge.health_changed.connect(self.update)

    def age_words(self) -> tuple[str, str]:
        """How current the picture is, and whether that is good, warn or bad."""
        health = self._session.health
        if health is None:
            return self.tr("未连接"), "bad"
        at = f"{health.as_of.astimezone(SHANGHAI):%H:%M:%S}"
        if health.state == "away":
            old = max(0, int((self._session.clock.now() - health.as_of).total_seconds()))
            return self.tr("连接中断 · 数据停在 {0}，已过 {1}").format(at, self._span(old)), "bad"
        silent = (self._session.clock.now() - self._session.health_seen_at).total_seconds()
        if silent > STALE_S:
            return self.tr("更新变慢 · 数据截至 {0}").format(at), "warn"
        return self.tr("数据 {0}").format(at), "good"

    def _span(self, seconds: int) -> str:
        if seconds < 60:
            return self.tr("{0} 秒").format(seconds)
        if seconds < 3600:
            return self.tr("{0} 分").format(seconds // 60)
        return self.tr("{0} 时 {1} 分").format(seconds // 3600, seconds % 3600 // 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        u, height, width = self.unit, self.height(), self.width()
        words, state = self.age_words()
        if state == "bad":
            painter.fillRect(self.rect(), QColor(WALL.alarm_soft))
        painter.setPen(QColor(WALL.line))
        painter.drawLine(0, height - 1, width, height - 1)
        now = self._session.clock.now().astimezone(SHANGHAI)
        middle = Qt.AlignmentFlag.AlignVCenter
        right = width - 28 * u
        weekday = QLocale(QLocale.Language.Chinese).dayName(now.isoweekday(), QLocale.FormatType.ShortFormat)
        pieces = (
            (f"{now:%H:%M}", 42, False, WALL.ink),
            (self.tr("{0}月{1}日 {2}").format(now.month, now.day, weekday), 26, False, WALL.ink_normal),
            (f"{'●' if state == 'good' else '▲' if state == 'warn' else '■'} {words}", 26, state == "bad",
             {"good": WALL.good, "warn": WALL.warn, "bad": WALL.bad}[state]),
        )  # fmt: skip
        for text, size, bold, colour in pieces:
            painter.setFont(fonts.font(round(size * u), bold=bold))
            painter.setPen(QColor(colour))
            wide = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRectF(right - wide - 2, 0, wide + 4, height), middle | Qt.AlignmentFlag.AlignRight, text)
            right -= wide + 32 * u
        painter.setPen(QColor(WALL.ink))
        painter.setFont(fonts.font(round(32 * u), bold=True))
        name = self._session.reference.centre_name
        name = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(right - 28 * u))
        painter.drawText(QRectF(28 * u, 0, right, height), middle | Qt.AlignmentFlag.AlignLeft, name)
