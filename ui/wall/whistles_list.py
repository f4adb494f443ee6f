"""吹哨：还缺谁: the live whistles with the units that are missing, by level and clock. No words: level, number, town, units."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Lamp
from commandcenter.domain.whistle import Whistle, WhistleState
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.whistles import words as whistle_words
from ui.whistles.facts import MISSING, missing_first, missing_words, unit_name, whistle_clock
from ui.whistles.marks import paint_level
from ui.widgets.marks import paint_lamp

ROW, HEADING = 72, 44


class WhistlesList(QWidget):
    """As many rows as there is room for; those that miss somebody first."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.unit = 1.0
        self.whistles: list[Whistle] = []

    def show_whistles(self, whistles: Sequence[Whistle]) -> None:
        """Show these from now on; those that nobody is missing at are left out."""
        self.whistles = [
            whistle
            for whistle in whistles
            if whistle.state == WhistleState.TO_RULE
            or (whistle.state == WhistleState.OPEN and any(party.state in MISSING for party in whistle.parties))
        ]
        self.update()

    def wanted_height(self, most: float) -> float:
        """What it would take to show all, at most three rows and as many whole ones as fit; 0 where there is nothing to show."""
        rows = max(1, min(3, len(self.whistles), int((most / self.unit - HEADING) // ROW)))
        return (HEADING + ROW * rows) * self.unit if self.whistles else 0.0

    def row_words(self, whistle: Whistle) -> tuple[str, str]:
        """The two lines of a row: number and town; who is missing."""
        reference = self._session.reference
        town = reference.areas.get(whistle.town_id or 0)
        head = "　".join(part for part in (whistle.case_number, town.name if town is not None else "") if part)
        if whistle.state == WhistleState.TO_RULE:
            return head, self.tr("等市中心指定单位")
        now = self._session.clock.now()
        absent = [
            unit_name(reference, party.unit_id) for party in missing_first(whistle, now) if party.state in MISSING
        ]
        return head, f"{missing_words(whistle)}　{'、'.join(absent)}"

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.whistles:
            return
        painter = QPainter(self)
        u = self.unit
        heading = QRectF(0, 0, self.width(), HEADING * u)
        painter.setPen(QColor(WALL.ink_normal))
        painter.setFont(fonts.font(round(24 * u)))
        painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, self.tr("吹哨 · 还缺谁"))
        room = max(0, int((self.height() - HEADING * u) // (ROW * u)))
        more = self.tr("共 {0} 个").format(len(self.whistles))
        if len(self.whistles) > room:
            more = self.tr("共 {0} 个，这里是最急的 {1} 个").format(len(self.whistles), room)
        painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, more)
        for place, whistle in enumerate(self.whistles[:room]):
            self._row(painter, QRectF(0, (HEADING + place * ROW) * u, self.width(), ROW * u), whistle)

    def _row(self, painter: QPainter, row: QRectF, whistle: Whistle) -> None:
        u = self.unit
        painter.setPen(QColor(WALL.line))
        painter.drawLine(row.bottomLeft(), row.bottomRight())
        paint_level(painter, QRectF(row.left() + 8 * u, row.top() + 10 * u, 44 * u, 26 * u), whistle.level, WALL)
        painter.setPen(QColor(WALL.ink))
        painter.setFont(fonts.font(round(20 * u), bold=True))
        name = QRectF(row.left(), row.top() + 40 * u, 60 * u, 28 * u)
        painter.drawText(name, Qt.AlignmentFlag.AlignCenter, whistle_words.level_word(whistle.level))
        clock = whistle_clock(whistle, self._session.reference, self._session.clock.now())
        painter.setFont(fonts.font(round(28 * u), bold=clock.lamp is Lamp.OVERDUE))
        wide = painter.fontMetrics().horizontalAdvance(clock.text)
        at = QRectF(row.right() - wide - 10 * u, row.top(), wide + 4 * u, row.height())
        painter.setPen(QColor(WALL.lamp(clock.lamp) if clock.lamp else WALL.ink))
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter, clock.text)
        left = row.left() + 68 * u
        edge = at.left()
        if clock.due is not None:
            edge -= 34 * u
            paint_lamp(painter, QRectF(edge, row.center().y() - 11 * u, 22 * u, 22 * u), clock.lamp, WALL)
        head, missing = self.row_words(whistle)
        for text, size, top, colour in ((head, 26, 4, WALL.ink), (missing, 22, 38, WALL.ink_normal)):
            painter.setPen(QColor(colour))
            painter.setFont(fonts.font(round(size * u)))
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(edge - left - 12 * u))
            painter.drawText(
                QRectF(left, row.top() + top * u, edge - left, 34 * u), Qt.AlignmentFlag.AlignVCenter, short
            )
