"""The queue beside 受理: the most urgent cases and what has just come in, so that no eye leaves it while typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from commandcenter.live.counters import Counts
from ui.intake.paint import advance, paint_line
from ui.models.queue_model import QueueModel
from ui.models.row_facts import RowFacts, row_facts
from ui.session import Session
from ui.theme import fonts
from ui.theme.tokens import Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag, paint_lamp

ROW = 48
ARRIVALS = 3
"""So many of the latest arrivals are listed."""


class StripRows(QWidget):
    """A few cases by their ids. ``opened(case id)``: a click, or Enter on the one that ↑ and ↓ chose."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None, *, fresh: bool = False) -> None:
        super().__init__(parent)
        self._session = session
        self._tokens = session.tokens
        self._fresh = fresh
        self._current = 0
        self.ids: list[int] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def facts(self) -> list[RowFacts]:
        """What the rows say now; cases that have just left are left out."""
        session = self._session
        found = []
        for case_id in self.ids:
            slot = session.mirror.slot_of(case_id)
            if slot is not None:
                found.append(row_facts(session.mirror, session.reference, slot, session.bridge.now_us()))
        return found

    def show_ids(self, ids: Sequence[int]) -> None:
        """List these cases."""
        self.ids = list(ids)
        self._current = min(self._current, max(0, len(self.ids) - 1))
        self.setAccessibleName("；".join(row.spoken() for row in self.facts))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, ROW * len(self.ids))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self.ids:
            self._current = max(0, min(len(self.ids) - 1, self._current + step))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.ids and not event.modifiers():
            self.opened.emit(self.ids[self._current])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = int(event.position().y()) // ROW
        if 0 <= at < len(self.ids):
            self.opened.emit(self.ids[at])

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, facts in enumerate(self.facts):
            self._paint(painter, QRectF(0, number * ROW, self.width(), ROW), facts, number)

    def _paint(self, painter: QPainter, box: QRectF, facts: RowFacts, number: int) -> None:
        tokens = self._tokens
        if self._fresh:
            painter.fillRect(QRectF(0, box.top(), 3, ROW - 1), QColor(tokens.accent))
        paint_flag(painter, QRectF(12, box.top() + 5, 20, 20), facts.grade, tokens)
        left, right = 40.0, box.right() - 12
        times = f"×{facts.reports}" if facts.reports > 1 else ""
        room = right - left - (advance(times) + 6 if times else 0)
        width = paint_line(painter, QRectF(left, box.top() + 2, room, 25), facts.title, tokens.ink)
        if times:
            paint_line(painter, QRectF(left + width + 6, box.top() + 2, 60, 25), times, tokens.bad)
        paint_lamp(painter, QRectF(left, box.top() + 29, 12, 12), facts.lamp, tokens)
        clock = QRectF(left + 17, box.top() + 25, right - left - 17, 20)
        width = paint_line(painter, clock, facts.remaining, tokens.lamp(facts.lamp), fonts.QUIET)
        rest = " · ".join(part for part in (words.state_word(facts.state), facts.holder or facts.town) if part)
        after = QRectF(clock.left() + width + 10, clock.top(), right - clock.left() - width - 10, 20)
        paint_line(painter, after, rest, tokens.ink_quiet, fonts.QUIET)
        painter.setPen(QColor(tokens.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        if self.hasFocus() and number == self._current:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -2))


class QueueStrip(QWidget):
    """``opened(case id)``. Takes as many rows as there is room for; nothing in it takes the keyboard by itself."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = QueueModel(session, self)
        self._arrived: list[int] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.counts = QLabel(self)
        self.counts.setProperty("role", "quiet")
        self.counts.setContentsMargins(12, 0, 12, 0)
        self.counts.setWordWrap(True)
        self.urgent = StripRows(session, self)
        self.new_heading = QLabel(self.tr("新到"), self)
        self.new_heading.setProperty("role", "strong")
        self.new_heading.setContentsMargins(12, 6, 12, 2)
        self.arrivals = StripRows(session, self, fresh=True)
        self.nothing = QLabel(self.tr("没有未结工单"), self)
        self.nothing.setProperty("role", "quiet")
        self.nothing.setContentsMargins(12, 0, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.counts, self.nothing, self.urgent, self.new_heading, self.arrivals):
            column.addWidget(widget)
        column.addStretch(1)
        for rows in (self.urgent, self.arrivals):
            rows.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            rows.opened.connect(self.opened)
        self.model.arrived.connect(self._on_arrived)
        self.model.rearranged.connect(self.refresh)
        self.model.dataChanged.connect(self.refresh)
        session.bridge.ticked.connect(self._on_tick)
        session.bridge.counted.connect(self._on_counted)
        self._on_counted(session.bridge.counts)
        self.refresh()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.urgent.set_tokens(tokens)
        self.arrivals.set_tokens(tokens)

    def refresh(self) -> None:
        """List anew: the most urgent that fit, and the latest that came in."""
        mirror = self._session.mirror
        self._arrived = [each for each in self._arrived if mirror.slot_of(each) is not None][:ARRIVALS]
        heading = self.new_heading.sizeHint().height() + 8
        below = ROW * len(self._arrived) + heading if self._arrived else 0
        room = self.height() - self.counts.sizeHint().height() - below - 4
        most = max(1, room // ROW)
        self.urgent.show_ids([int(each) for each in self.model.ids[:most]])
        self.arrivals.show_ids(self._arrived)
        self.nothing.setVisible(not self.urgent.ids)
        self.new_heading.setVisible(bool(self._arrived))
        self.arrivals.setVisible(bool(self._arrived))
        self.urgent.updateGeometry()
        self.arrivals.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.refresh()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 3 * ROW)

    def _on_arrived(self, ids: list[int]) -> None:
        fresh = sorted(ids, reverse=True)
        self._arrived = [*fresh, *(each for each in self._arrived if each not in fresh)][:ARRIVALS]
        self.refresh()

    def _on_tick(self) -> None:
        if self.isVisible():
            self.urgent.update()
            self.arrivals.update()

    def _on_counted(self, counts: Counts) -> None:
        parts = [self.tr("未结 %s") % f"{counts.total:,}"]
        if overdue := sum(counts.overdue):
            parts.append(self.tr("超期 %s") % f"{overdue:,}")
        if soon := sum(counts.soon):
            parts.append(self.tr("临期 %s") % f"{soon:,}")
        self.counts.setText(" · ".join(parts))
