"""Five flags to choose a grade from: keys 1 to 5, arrows, or a click."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.case import Grade
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag

_FLAG, _CELL, _HEIGHT = 24, 62, 36


class GradePicker(QWidget):
    """``chosen(Grade)`` when a person chooses; `propose` marks one until then."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grade: Grade | None = None
        self._by_hand = False
        self._tokens = DAY
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("按 1–5 选择：1 红 2 橙 3 黄 4 蓝 5 绿；在别处按 Ctrl+1–5"))

    @property
    def grade(self) -> Grade | None:
        """What is marked."""
        return self._grade

    @property
    def by_hand(self) -> bool:
        """Whether a person chose it."""
        return self._by_hand

    def choose(self, grade: Grade) -> None:
        """A person's choice: proposals leave it alone from now on."""
        self._by_hand = True
        self._set(grade)
        self.chosen.emit(grade)

    def propose(self, grade: Grade | None) -> None:
        """Mark a grade, unless a person has chosen."""
        if not self._by_hand:
            self._set(grade)

    def show_grade(self, grade: Grade | None, *, by_hand: bool) -> None:
        """Stand as it stood before."""
        self._by_hand = by_hand
        self._set(grade)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_CELL * len(Grade) + 2, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if 0 <= place < len(Grade):
            self.choose(Grade(place))
        elif event.key() in steps:
            now = self._grade if self._grade is not None else Grade.GREEN
            self.choose(Grade(max(0, min(len(Grade) - 1, now + steps[Qt.Key(event.key())]))))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int(event.position().x()) // _CELL
        if 0 <= place < len(Grade):
            self.choose(Grade(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for grade in Grade:
            cell = QRectF(grade * _CELL + 1, 1, _CELL - 4, _HEIGHT - 2)
            marked = grade is self._grade
            if marked:
                painter.setBrush(QColor(tokens.accent_soft))
                painter.setPen(QPen(QColor(tokens.accent), 2 if self.hasFocus() else 1))
                painter.drawRoundedRect(cell, 5, 5)
            painter.setPen(QColor(tokens.ink if marked else tokens.ink_quiet))
            painter.setFont(fonts.font(fonts.QUIET, bold=marked))
            number = QRectF(cell.left() + 8, cell.top(), 14, cell.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(grade + 1))
            painter.setOpacity(1.0 if marked or self._grade is None else 0.75)
            top = cell.center().y() - _FLAG / 2
            paint_flag(painter, QRectF(cell.left() + 26, top, _FLAG, _FLAG), grade, tokens)
            painter.setOpacity(1.0)
        if self.hasFocus() and self._grade is None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _set(self, grade: Grade | None) -> None:
        self._grade = grade
        word = words.grade_word(grade) if grade is not None else self.tr("未选")
        self.setAccessibleDescription(word if self._by_hand or grade is None else self.tr("%s（按分类建议）") % word)
        self.update()
