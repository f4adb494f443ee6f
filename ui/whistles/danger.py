"""有危险: a tick that shortens limits and spares the signature, and the words that it demands."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget


class DangerTick(QWidget):
    """``toggled()`` when it is ticked or not any more; the line for the words is there while it is ticked."""

    toggled = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.tick = QCheckBox(self.tr("有危险：应哨和报到时限缩短，免审签并记录"), self)
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(self.tr("是什么危险（必填）"))
        self.line.setAccessibleName(self.tr("是什么危险"))
        self.line.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.tick)
        column.addWidget(self.line)
        self.tick.toggled.connect(self._on_toggled)

    def isChecked(self) -> bool:
        """Whether there is danger."""
        return self.tick.isChecked()

    @property
    def words(self) -> str:
        """What the danger is; '' where there is none."""
        return self.line.text().strip() if self.isChecked() else ""

    @property
    def is_said(self) -> bool:
        """Whether nothing is missing: no danger, or one in words."""
        return not self.isChecked() or bool(self.words)

    def clear(self) -> None:
        """No danger."""
        self.line.clear()
        self.tick.setChecked(False)

    def _on_toggled(self, on: bool) -> None:
        self.line.setVisible(on)
        if on:
            self.line.setFocus()
        self.toggled.emit()
