"""The keys of a pair as buttons: one that cannot be used is grey and says why."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QPushButton, QWidget

from ui.widgets.flow import FlowLayout
from ui.widgets.shortcut import shortcut

_TEXTS = {
    "merge": ("并单", "M"),
    "swap": ("换过来", "X"),
    "different": ("不是同一件", "N"),
    "related": ("相关", "R"),
    "opposite": ("要求相反", "P"),
    "next": ("下一对", "Space"),
    "undo": ("撤销上一步", "Ctrl+Z"),
}


class MergeButtons(QWidget):
    """A row of deeds with their keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, spacing=8)
        self._flow.setContentsMargins(18, 0, 18, 0)
        self.buttons: dict[str, QPushButton] = {}
        self._why: dict[str, str] = {}
        self.busy = False

    def add(self, name: str, call: Callable[[], object], keys_in: QWidget) -> None:
        """Add a deed whose key works inside `keys_in`."""
        text, key = _TEXTS[name]
        button = QPushButton(f"{QCoreApplication.translate('merge_buttons', text)} {key}", self)
        if name == "merge":
            button.setProperty("role", "primary")
        button.clicked.connect(lambda _=False: call())
        shortcut(keys_in, key, button.click)
        self.buttons[name] = button
        self._flow.addWidget(button)

    def refresh(self, **why_not: str) -> None:
        """Why each deed cannot be done now, '' where it can."""
        self._why = why_not
        for name, reason in why_not.items():
            button = self.buttons[name]
            button.setEnabled(not reason and not self.busy)
            button.setToolTip(reason)
            button.setAccessibleDescription(reason)

    def set_busy(self, *, busy: bool) -> None:
        """While a deed is under way none can be begun."""
        self.busy = busy
        self.refresh(**self._why)
