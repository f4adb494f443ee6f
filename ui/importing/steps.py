"""The five steps of 导入 in one line; the one that somebody is at stands out by weight, not by colour alone."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.importing.file import tr
from ui.widgets.role import set_role

STEPS = ("选择文件", "核对各列", "试算", "导入", "结果")
FILE, COLUMNS, TRIAL, RUNNING, RESULT = range(5)


class StepLine(QWidget):
    """Shown above the step itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        title = QLabel(tr("导入"), self)
        title.setProperty("role", "title")
        self._labels = [QLabel(f"{number + 1}  {tr(text)}", self) for number, text in enumerate(STEPS)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(26)
        for label in (title, *self._labels):
            row.addWidget(label)
        row.addStretch(1)

    def show_step(self, step: int) -> None:
        """Mark the step somebody is at."""
        for number, label in enumerate(self._labels):
            set_role(label, "strong" if number == step else "quiet")
