"""A key that works while the keyboard is in a widget or in anything inside it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def shortcut(owner: QWidget, key: str, call: Callable[[], object]) -> None:
    """Let `key` call inside `owner`, and nowhere else in its window."""
    made = QShortcut(QKeySequence(key), owner)
    made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)  # PySide forgets one that is given with a callable
    made.activated.connect(call)
