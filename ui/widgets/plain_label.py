"""A label whose words are shown as they are: what citizens and officers typed is never taken for markup."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget


def plain_label(parent: QWidget, role: str, text: str = "", *, wrap: bool = True, selectable: bool = False) -> QLabel:
    """A label in a role of the style sheet ('' for none); `selectable` lets its words be copied with the mouse."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(wrap)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
