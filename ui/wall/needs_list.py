"""现在需要人: the few cases that need a person now. No citizen's words: what it is about, where, whose, how long."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Lamp
from commandcenter.live.counters import case_lamps
from commandcenter.live.needs import needing
from ui.models.row_facts import RowFacts, row_facts
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import WALL
from ui.widgets import words
from ui.widgets.marks import paint_flag, paint_lamp

ROW = 80
HEADING = 44
NARROWEST = 640
"""A list twice as wide has two columns."""


@dataclass(frozen=True, slots=True)
class Need:
    """One row: what it is about, by category, and the facts."""

    about: str
    facts: RowFacts


class NeedsList(QWidget):
    """As many rows as there is room for; the one the map points at is marked."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.unit = 1.0
        self.needs: list[Need] = []
        self.total = 0
        """How many need someone, shown or not."""
        self.overdue = 0
        """How many of them are overdue."""
        self.pointed = 0
        self._known: frozenset[int] = frozenset()
        """All who needed someone at the last look."""

    def refresh(self) -> None:
        """Look at the mirror again; what is new among the rows gets the eye."""
        session = self._session
        now = session.bridge.now_us()
        slots = needing(session.mirror, now, len(session.mirror))
        known, pointed = self._known, self.pointed_case
        self._known = frozenset(session.mirror.id[slots].tolist())
        self.total = len(slots)
        self.overdue = int(np.count_nonzero(case_lamps(session.mirror, slots, now) == Lamp.OVERDUE))
        self.needs = [
            Need(self._about(slot), row_facts(session.mirror, session.reference, slot, now))
            for slot in slots[: self._rows() * self._columns()].tolist()
        ]
        shown = [need.facts.case_id for need in self.needs]
        fresh = [place for place, case in enumerate(shown) if case not in known] if known else []
        self.pointed = fresh[0] if fresh else shown.index(pointed) if pointed in shown else 0
        self.update()

    def how_many(self) -> str:
        """How many need someone, how many of them are late, and how many are shown where that is not all."""
        parts = [self.tr("共 {0} 件").format(f"{self.total:,}")]
        if self.overdue:
            parts.append(self.tr("超期 {0} 件").format(f"{self.overdue:,}"))
        if self.total > len(self.needs):
            parts.append(self.tr("这里是最急的 {0} 件").format(len(self.needs)))
        return self.tr("，").join(parts)

    @property
    def pointed_case(self) -> int | None:
        """The case of the marked row; None where there is none."""
        return self.needs[self.pointed].facts.case_id if self.needs else None

    def point_at_next(self) -> None:
        """Mark the next row; after the last the first."""
        if self.needs:
            self.pointed = (self.pointed + 1) % len(self.needs)
            self.update()

    def _rows(self) -> int:
        return max(1, int((self.height() - HEADING * self.unit) // (ROW * self.unit)))

    def _columns(self) -> int:
        return max(1, int(self.width() // (NARROWEST * self.unit)))

    def _about(self, slot: int) -> str:
        category = self._session.reference.categories.get(int(self._session.mirror.category[slot]))
        name = " · ".join(category.path_name.split(" › ")[-2:]) if category is not None else self.tr("未分类诉求")
        reports = int(self._session.mirror.reports[slot])
        return self.tr("{0}（{1} 人反映）").format(name, reports) if reports > 1 else name

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        u = self.unit
        heading = QRectF(0, 0, self.width(), HEADING * u)
        painter.setPen(QColor(WALL.ink_normal))
        painter.setFont(fonts.font(round(24 * u)))
        painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter, self.tr("现在需要人"))
        if not self.needs:
            painter.setPen(QColor(WALL.good))
            painter.setFont(fonts.font(round(28 * u)))
            painter.drawText(
                QRectF(0, HEADING * u, self.width(), ROW * u),
                Qt.AlignmentFlag.AlignVCenter,
                self.tr("没有红橙工单，也没有超期"),
            )
            return
        painter.drawText(heading, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self.how_many())
        rows, columns, gap = self._rows(), self._columns(), 28 * u
        wide = (self.width() - gap * (columns - 1)) / columns
        for index, need in enumerate(self.needs[: rows * columns]):
            column, row = divmod(index, rows)
            self._row(painter, QRectF(column * (wide + gap), (HEADING + row * ROW) * u, wide, ROW * u), need, index)

    def _row(self, painter: QPainter, row: QRectF, need: Need, index: int) -> None:
        u, facts = self.unit, need.facts
        if index == self.pointed:
            painter.fillRect(row, QColor(WALL.accent_soft))
        painter.setPen(QColor(WALL.line))
        painter.drawLine(row.bottomLeft(), row.bottomRight())
        paint_flag(painter, QRectF(row.left() + 8 * u, row.top() + 18 * u, 44 * u, 44 * u), facts.grade, WALL)
        painter.setFont(fonts.font(round(28 * u), bold=facts.lamp == Lamp.OVERDUE))
        clock_wide = painter.fontMetrics().horizontalAdvance(facts.remaining)
        clock = QRectF(row.right() - clock_wide - 10 * u, row.top(), clock_wide + 4 * u, row.height())
        painter.setPen(QColor(WALL.lamp(facts.lamp) if facts.lamp else WALL.ink))
        painter.drawText(clock, Qt.AlignmentFlag.AlignVCenter, facts.remaining)
        lamp = QRectF(clock.left() - 34 * u, row.center().y() - 11 * u, 22 * u, 22 * u)
        paint_lamp(painter, lamp, facts.lamp, WALL)
        left = row.left() + 68 * u
        text_wide = lamp.left() - left - 16 * u
        painter.setPen(QColor(WALL.ink))
        painter.setFont(fonts.font(round(28 * u)))
        about = painter.fontMetrics().elidedText(need.about, Qt.TextElideMode.ElideRight, int(text_wide))
        painter.drawText(QRectF(left, row.top() + 5 * u, text_wide, 40 * u), Qt.AlignmentFlag.AlignVCenter, about)
        painter.setPen(QColor(WALL.ink_normal))
        painter.setFont(fonts.font(round(22 * u)))
        whose = " · ".join(part for part in (facts.town, facts.unit, words.state_word(facts.state)) if part)
        whose = painter.fontMetrics().elidedText(whose, Qt.TextElideMode.ElideRight, int(text_wide))
        painter.drawText(QRectF(left, row.top() + 43 * u, text_wide, 30 * u), Qt.AlignmentFlag.AlignVCenter, whose)
