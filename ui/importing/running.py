"""Fourth step of 导入: how far it is, and a button that ends it after its batch."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from ui.importing.file import tr
from ui.widgets.plain_label import plain_label


class Running(QWidget):
    """``stopped()``: somebody wants it to end."""

    stopped = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.pace = QLabel(self)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(14)
        self.stop_button = QPushButton(tr("停下"), self)
        self.stop_button.clicked.connect(self.stop)
        hint = tr("可以去做别的事，导入不会停；停下后已导入的部分保留，再导入同一文件即接着做。")
        line = QHBoxLayout()
        line.addWidget(plain_label(self, "quiet", hint), 1)
        line.addWidget(self.stop_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        column.addStretch(1)
        column.addWidget(self.pace)
        column.addWidget(self.bar)
        column.addLayout(line)
        column.addStretch(2)

    def begin(self, rows: int) -> None:
        """A file of so many rows is on its way."""
        self.stop_button.setEnabled(True)
        self.bar.setRange(0, max(1, rows))

    def show_rows(self, rows: int) -> None:
        """So many are in."""
        self.bar.setValue(min(rows, self.bar.maximum()))
        if self.stop_button.isEnabled():
            self.pace.setText(tr("已导入 %s 行，共 %s 行") % (f"{rows:,}", f"{self.bar.maximum():,}"))

    def stop(self) -> None:
        """Ask for the end; it comes with the batch."""
        self.stop_button.setEnabled(False)
        self.pace.setText(tr("正在停下…"))
        self.stopped.emit()
