"""The left rail: one button a page, with how many things wait there."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QVBoxLayout, QWidget

from ui.theme import fonts
from ui.theme.icons import icon
from ui.theme.tokens import DAY, Tokens

WIDTH = 76
_HEIGHT = 66


class RailButton(QAbstractButton):
    """Icon over title, a red count at the corner."""

    def __init__(self, title: str, icon_name: str, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._count = 0
        self._shortcut = shortcut
        self.tokens: Tokens = DAY
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """How many things wait on the page; 0 shows nothing."""
        self._count = count
        waiting = self.tr("，%d 件待办") % count if count else ""
        self.setAccessibleName(self.text() + waiting)
        self.setToolTip(f"{self.text()}{waiting} ({self._shortcut})")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, width = self.tokens, self.width()
        chosen = self.isChecked()
        if chosen:
            painter.fillRect(self.rect(), QColor(tokens.accent_soft))
            painter.fillRect(0, 0, 3, self.height(), QColor(tokens.accent))
        elif self.underMouse():
            painter.fillRect(self.rect(), QColor(tokens.raised))
        colour = tokens.accent if chosen else tokens.ink_normal
        icon(self._icon_name, colour).paint(painter, (width - 24) // 2, 10, 24, 24)
        painter.setPen(QColor(colour))
        painter.setFont(fonts.font(fonts.QUIET, bold=chosen))
        painter.drawText(QRectF(0, 37, width, 22), Qt.AlignmentFlag.AlignCenter, self.text())
        if self._count:
            self._paint_count(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(tokens.accent))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))

    def _paint_count(self, painter: QPainter) -> None:
        text = str(self._count) if self._count < 1000 else "999+"
        font = fonts.font(fonts.QUIET, bold=True)
        painter.setFont(font)
        wide = max(20, painter.fontMetrics().horizontalAdvance(text) + 10)
        box = QRectF(min(self.width() / 2 + 8, self.width() - wide - 3), 3, wide, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.tokens.grades[0]))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(self.tokens.on_grades[0]))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QWidget):
    """The buttons. ``chosen(page id)`` when one is clicked."""

    chosen = Signal(str)

    def __init__(self, pages: Sequence[tuple[str, str, str, str]], parent: QWidget | None = None) -> None:
        """`pages`: (id, title, icon, shortcut) from top to bottom."""
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("页面"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(0)
        group = QButtonGroup(self)
        self.buttons: dict[str, RailButton] = {}
        for page_id, title, icon_name, shortcut in pages:
            button = RailButton(title, icon_name, shortcut, self)
            button.clicked.connect(lambda _=False, page_id=page_id: self.chosen.emit(page_id))
            group.addButton(button)
            column.addWidget(button)
            self.buttons[page_id] = button
        column.addStretch(1)

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        for button in self.buttons.values():
            button.tokens = tokens
            button.update()
