"""A bar at the foot of the window for one notice at a time: says it, and goes by itself unless it is a bug."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

STAY_MS = 8000
_LEFT = 92
"""Beside the rail."""


class Toast(QWidget):
    """Laid over the bottom of its parent; never takes the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._room = parent
        self.setProperty("surface", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._advice = QLabel(self)
        self._advice.setTextFormat(Qt.TextFormat.PlainText)
        self._advice.setProperty("role", "quiet")
        close = QPushButton("✕", self)
        close.setProperty("role", "link")
        close.setAccessibleName(self.tr("关闭提示"))
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 12, 10)
        row.setSpacing(12)
        row.addWidget(self._text, 1)
        row.addWidget(self._advice, 1)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def say(self, sentence: str, advice: str = "", *, stay: bool = False) -> None:
        """Show a sentence and what to do next; `stay` keeps it until closed."""
        self._text.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self.setAccessibleName(f"{sentence} {advice}".strip())
        self.place()
        self.show()
        self.raise_()
        if stay:
            self._timer.stop()
        else:
            self._timer.start(STAY_MS)

    def place(self) -> None:
        """Stand at the parent's foot, left of the middle: off the lists at the right."""
        parent = self._room
        widest = parent.width() - _LEFT - 24
        for label in (self._text, self._advice):
            label.setWordWrap(False)
        wide = self._text.sizeHint().width() + self._advice.sizeHint().width() > widest - 100
        for label in (self._text, self._advice):
            label.setWordWrap(wide)
        self.adjustSize()
        width = widest if wide else self.width()
        height = self.heightForWidth(width) if wide else self.height()
        left = min(max(_LEFT, int(parent.width() * 0.31) - width // 2), parent.width() - width - 24)
        self.setGeometry(left, parent.height() - height - 20, width, height)
