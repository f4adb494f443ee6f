"""The wall's own window."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QCursor, QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.session import Session
from ui.wall.view import WallView


class WallWindow(QWidget):
    """Full screen, without a pointer; F11 leaves and enters full screen, Ctrl+Q closes."""

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setWindowTitle(session.reference.centre_name)
        self.setCursor(QCursor(Qt.CursorShape.BlankCursor))
        self.view = WallView(session, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)

    @property
    def map(self) -> QWidget | None:
        """The map, once it is there."""
        return self.view.map

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F11:
            self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        elif event.key() == Qt.Key.Key_Q and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.view.close_map()
        self.closed.emit()
        super().closeEvent(event)
