"""Five counters over the queue, one per grade; a click shows only that grade."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from commandcenter.domain.case import Grade
from commandcenter.live.counters import Counts
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

_HEIGHT = 70


class GradeCounter(QAbstractButton):
    """One grade: flag, open cases, and how many of them are overdue."""

    def __init__(self, grade: Grade, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grade = grade
        self._open = self._soon = self._overdue = 0
        self.tokens: Tokens = DAY
        self.setCheckable(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_counts(self, opened: int, soon: int, overdue: int) -> None:
        """Show other numbers."""
        self._open, self._soon, self._overdue = opened, soon, overdue
        spoken = self.tr("%s 级 未结 %d，临期 %d，超期 %d") % (words.grade_word(self._grade), opened, soon, overdue)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for five digits."""
        return QSize(92, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Room for four digits."""
        return QSize(70, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint flag and numbers; the checked one is underlined in its grade's colour, the focused one is framed."""
        painter = QPainter(self)
        tokens, width = self.tokens, self.width()
        if self.isChecked():
            painter.fillRect(self.rect(), QColor(tokens.accent_soft))
            painter.fillRect(0, self.height() - 3, width, 3, QColor(tokens.grades[self._grade]))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.raised))
        painter.fillRect(width - 1, 10, 1, self.height() - 20, QColor(tokens.line))
        paint_flag(painter, QRectF(10, 10, 26, 26), self._grade, tokens)
        number = f"{self._open:,}" if self._open < 100_000 else f"{self._open / 10_000:.1f}万"
        painter.setPen(QColor(tokens.ink))
        size = fonts.FIGURE if len(number) < 5 else fonts.BODY + 1  # five characters fit a narrow desk
        painter.setFont(fonts.font(size, bold=True))
        painter.drawText(QRectF(42, 8, width - 44, 30), Qt.AlignmentFlag.AlignVCenter, number)
        painter.setFont(fonts.font(fonts.QUIET))
        painter.setPen(QColor(tokens.lamp_overdue if self._overdue else tokens.ink_quiet))
        overdue = self.tr("超期 %s") % f"{self._overdue:,}"
        painter.drawText(QRectF(10, 40, width - 12, 22), Qt.AlignmentFlag.AlignVCenter, overdue)
        if self.hasFocus():
            painter.setPen(QColor(tokens.accent))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))


class CountersStrip(QWidget):
    """All five; ``chosen(frozenset of Grade)`` when a click changes which are wanted (none: all)."""

    chosen = Signal(frozenset)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(0)
        self.counters = {grade: GradeCounter(grade, self) for grade in Grade}
        for counter in self.counters.values():
            counter.set_counts(0, 0, 0)
            counter.clicked.connect(self._on_clicked)
            row.addWidget(counter)

    def set_counts(self, counts: Counts) -> None:
        """Show `counts`."""
        for grade, counter in self.counters.items():
            counter.set_counts(counts.open[grade], counts.soon[grade], counts.overdue[grade])

    def set_grades(self, grades: frozenset[int]) -> None:
        """Show which grades are wanted, without saying so back."""
        for grade, counter in self.counters.items():
            counter.setChecked(grade in grades)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for counter in self.counters.values():
            counter.tokens = tokens
            counter.update()

    def _on_clicked(self) -> None:
        self.chosen.emit(frozenset(grade for grade, counter in self.counters.items() if counter.isChecked()))
