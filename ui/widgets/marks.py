"""Grade flags and lamps, drawn: a coloured square with its character, and ○ △ ■ that are shapes before colours."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from commandcenter.domain.case import Grade, Lamp
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.widgets import words


def paint_flag(painter: QPainter, where: QRectF, grade: int, tokens: Tokens) -> None:
    """A rounded square in the grade's colour with the grade's character."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.grades[grade]))
    painter.drawRoundedRect(where, 4, 4)
    painter.setPen(QColor(tokens.on_grades[grade]))
    painter.setFont(fonts.font(round(where.height() * 0.62), bold=True))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, words.grade_word(grade))


def paint_lamp(painter: QPainter, where: QRectF, lamp: int, tokens: Tokens) -> None:
    """The lamp's shape inside `where`: a ring, a triangle or a filled square."""
    colour = QColor(tokens.lamp(lamp))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if lamp == Lamp.OVERDUE:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(where.adjusted(1, 1, -1, -1))
        return
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    inner = where.adjusted(1, 1, -1, -1)
    if lamp == Lamp.SOON:
        top = QPointF(inner.center().x(), inner.top())
        painter.drawPolygon(QPolygonF([top, inner.bottomRight(), inner.bottomLeft()]))
    else:
        painter.drawEllipse(inner)


class GradeFlag(QWidget):
    """A grade's flag as a widget."""

    def __init__(self, grade: Grade, pixels: int = 26, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grade = grade
        self._tokens = DAY
        self._pixels = pixels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_grade(grade)

    def set_grade(self, grade: Grade) -> None:
        """Show another grade."""
        self._grade = grade
        self.setAccessibleName(words.grade_word(grade))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        """A square."""
        return QSize(self._pixels, self._pixels)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the flag."""
        paint_flag(QPainter(self), QRectF(self.rect()), self._grade, self._tokens)


class LampMark(QWidget):
    """A lamp's shape as a widget; the words stand beside it in a label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lamp = Lamp.NORMAL
        self._tokens = DAY
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_lamp(self, lamp: Lamp) -> None:
        """Show another lamp."""
        self._lamp = lamp
        self.setAccessibleName(words.lamp_word(lamp))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        """As large as a character."""
        return QSize(14, 14)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the shape."""
        paint_lamp(QPainter(self), QRectF(self.rect()), self._lamp, self._tokens)
