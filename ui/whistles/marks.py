"""Drawn signs of a whistle: its level as one to four bars, and a unit's way as five steps. Shapes before colours."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.whistles import words as whistle_words

LEVELS = 4


def paint_level(painter: QPainter, where: QRectF, level: int, tokens: Tokens) -> None:
    """Four rising bars inside `where`, as many of them full as the level is high."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    gap = where.width() * 0.1
    wide = (where.width() - gap * (LEVELS - 1)) / LEVELS
    for place in range(LEVELS):
        high = where.height() * (0.4 + 0.2 * place)
        bar = QRectF(where.left() + place * (wide + gap), where.bottom() - high, wide, high)
        full = place < level
        painter.setPen(QPen(QColor(tokens.accent if full else tokens.ink_quiet), 1))
        painter.setBrush(QColor(tokens.accent) if full else Qt.BrushStyle.NoBrush)
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))


def paint_steps(painter: QPainter, where: QRectF, reached: int, lamp: int, tokens: Tokens) -> None:
    """Five dots on a line: full ones are done, the one that is waited for is large and has the lamp's colour."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    count = len(whistle_words.STEPS)
    radius = min(5.0, where.height() / 4)
    step = (where.width() - 4 * radius) / (count - 1)
    middle = where.center().y()
    at = [QPointF(where.left() + 2 * radius + place * step, middle) for place in range(count)]
    for place in range(count - 1):
        done = place + 1 < reached
        painter.setPen(QPen(QColor(tokens.accent if done else tokens.line), 2))
        painter.drawLine(at[place] + QPointF(radius + 1, 0), at[place + 1] - QPointF(radius + 1, 0))
    for place, point in enumerate(at):
        if place < reached:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent))
            painter.drawEllipse(point, radius, radius)
        elif place == reached:
            painter.setPen(QPen(QColor(tokens.lamp(lamp)), 2.2))
            painter.setBrush(QColor(tokens.panel))
            painter.drawEllipse(point, radius + 1.5, radius + 1.5)
        else:
            painter.setPen(QPen(QColor(tokens.ink_quiet), 1))
            painter.setBrush(QColor(tokens.panel))
            painter.drawEllipse(point, radius - 0.5, radius - 0.5)


class LevelMark(QWidget):
    """A level's bars as a widget; the word stands beside it in a label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = 1
        self._tokens = DAY
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_level(self, level: int) -> None:
        """Show another level."""
        self._level = level
        self.setAccessibleName(whistle_words.level_word(level))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(26, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_level(QPainter(self), QRectF(self.rect()).adjusted(1, 1, -1, -1), self._level, self._tokens)


class StepsLine(QWidget):
    """A unit's way with the words under its dots: 已推送 应哨 报到 处置 销哨, and below them when each was done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reached, self._lamp = 0, 0
        self._moments: tuple[str, ...] = ()
        self._tokens = DAY
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_way(self, reached: int, lamp: int, moments: tuple[str, ...]) -> None:
        """`reached` steps are done; `moments` says of each step when, '' where not yet."""
        self._reached, self._lamp, self._moments = reached, lamp, moments
        said = [
            f"{word}{'✓' if place < reached else ''} {when}".strip()
            for place, (word, when) in enumerate(zip(whistle_words.STEPS, moments, strict=True))
        ]
        self.setAccessibleName(" ".join(said))
        self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 62)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, 62)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens = self._tokens
        count = len(whistle_words.STEPS)
        column = min(self.width(), 720) / count
        inset = column / 2 - 10
        line = QRectF(inset, 0, column * count - 2 * inset, 22)
        paint_steps(painter, line, self._reached, self._lamp, tokens)
        for place, word in enumerate(whistle_words.STEPS):
            cell = QRectF(place * column, 22, column, 20)
            waited = place == self._reached
            painter.setPen(QColor(tokens.ink if place <= self._reached else tokens.ink_quiet))
            painter.setFont(fonts.font(fonts.QUIET, bold=waited))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, whistle_words.tr(word))
            if place < len(self._moments):
                painter.setPen(QColor(tokens.ink_quiet))
                painter.setFont(fonts.font(fonts.QUIET))
                painter.drawText(cell.translated(0, 19), Qt.AlignmentFlag.AlignCenter, self._moments[place])
