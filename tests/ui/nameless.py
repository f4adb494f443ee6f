"""What a screen reader could only call "button" or "list"."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QWidget


def nameless(inside: QWidget) -> list[QWidget]:
    """Widgets that are seen, take the keyboard and have neither a name nor a text."""
    return [
        widget
        for widget in inside.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and isinstance(widget, QAbstractButton | QLineEdit | QAbstractItemView)
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
