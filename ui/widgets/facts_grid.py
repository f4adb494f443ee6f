"""Facts one below the other, each behind its name; one that there is nothing to say of takes no room."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.widgets.plain_label import plain_label


class FactsGrid(QWidget):
    """`names`: what each fact is called on the screen, in order. `selectable`: values can be copied with the mouse."""

    def __init__(self, names: Mapping[str, str], parent: QWidget, *, selectable: bool = False) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        self._lines = {
            fact: (
                plain_label(self, "quiet", name, wrap=False, selectable=selectable),
                plain_label(self, "", selectable=selectable),
            )
            for fact, name in names.items()
        }
        for row, (name, value) in enumerate(self._lines.values()):
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, row, 1)

    def show_facts(self, facts: Mapping[str, str]) -> None:
        """Say these, by the names they were given; '' takes a line away."""
        for fact, (name, value) in self._lines.items():
            value.setText(facts[fact])
            for label in (name, value):
                label.setVisible(bool(facts[fact]))
