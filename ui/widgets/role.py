"""The role of a widget in the style sheet, which decides its weight and its colour."""

from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Lamp

LAMP_ROLES = {Lamp.NORMAL: "normal", Lamp.SOON: "warn", Lamp.OVERDUE: "bad"}
"""How words beside a lamp look."""


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role and dress it again; one that has it already is left alone, for dressing is dear."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().polish(widget)
