"""Four levels to choose from: keys 1 to 4, arrows, or a click; one that may not be blown is dashed and says why."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from commandcenter.domain.whistle import Level
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.whistles import words as whistle_words
from ui.whistles.marks import paint_level

_CELL, _HEIGHT = 112, 40


class LevelPicker(QWidget):
    """``chosen(Level)`` when a person chooses; `why_not` says of a level why it cannot be chosen, '' when it can."""

    chosen = Signal(object)

    def __init__(self, why_not: Callable[[Level], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._why_not = why_not
        self._tokens = DAY
        self.level: Level | None = next((level for level in Level if not why_not(level)), None)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._say()

    def choose(self, level: Level) -> None:
        """Choose a level that may be chosen."""
        if not self._why_not(level):
            self.level = level
            self._say()
            self.chosen.emit(level)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_CELL * len(Level) + 2, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = event.key() - Qt.Key.Key_0
        if number in set(Level):
            self.choose(Level(number))
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            allowed = [level for level in Level if not self._why_not(level)]
            if self.level in allowed:
                place = allowed.index(self.level) + step
                self.choose(allowed[max(0, min(len(allowed) - 1, place))])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        level = self._at(event.position())
        if level is not None:
            self.choose(level)

    def event(self, event: QEvent) -> bool:
        """Say of a level under the pointer why it cannot be blown."""
        if isinstance(event, QHelpEvent):
            level = self._at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._why_not(level) if level is not None else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for level in Level:
            cell = QRectF((level - 1) * _CELL + 1, 1, _CELL - 6, _HEIGHT - 2)
            marked, barred = level is self.level, bool(self._why_not(level))
            painter.setBrush(QColor(tokens.accent_soft) if marked else Qt.BrushStyle.NoBrush)
            line = QPen(QColor(tokens.accent if marked else tokens.line), 2 if marked and self.hasFocus() else 1)
            if barred:
                line.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(line)
            painter.drawRoundedRect(cell, 5, 5)
            painter.setOpacity(0.5 if barred else 1.0)
            paint_level(painter, QRectF(cell.left() + 28, cell.top() + 11, 22, 16), level, tokens)
            painter.setPen(QColor(tokens.ink_quiet))
            painter.setFont(fonts.font(fonts.QUIET))
            number = QRectF(cell.left() + 8, cell.top(), 16, cell.height())
            painter.drawText(number, Qt.AlignmentFlag.AlignCenter, str(int(level)))
            painter.setOpacity(1.0)
            painter.setPen(QColor(tokens.ink_quiet if barred else tokens.ink))
            painter.setFont(fonts.font(bold=marked))
            name = cell.adjusted(58, 0, 0, 0)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, whistle_words.level_word(level))

    def _at(self, at: QPointF) -> Level | None:
        number = int(at.x()) // _CELL + 1
        return Level(number) if number in set(Level) else None

    def _say(self) -> None:
        word = whistle_words.level_word(self.level) if self.level is not None else self.tr("未选")
        self.setAccessibleDescription(self.tr("%s哨") % word)
        self.update()
