"""A page in a window of its own, on another screen perhaps; closing the window gives the page back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSettings, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.tab_key import go_on
from ui.widgets.toast import Toast


class PageWindow(QWidget):
    """Holds a page. ``closing()``: the page is to be taken back, now; ``activated()``: the person turned to it.

    Where it stood is remembered under `key` in the settings of this computer.
    """

    closing = Signal()
    activated = Signal()

    def __init__(self, page: QWidget, title: str, key: str, commands: list[QAction]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._key = key
        self.page = page
        self.setWindowTitle(title)
        self.setMinimumSize(640, 480)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.addActions(commands)  # the same keys as in the main window
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(page)
        page.show()
        self.setFocusProxy(page)
        self.toast = Toast(self)
        geometry = QSettings().value(key)
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1180, 760)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's name
        return go_on(self, forward=next)

    def closeEvent(self, event: QCloseEvent) -> None:
        QSettings().setValue(self._key, self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.activated.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.toast.isVisible():
            self.toast.place()
