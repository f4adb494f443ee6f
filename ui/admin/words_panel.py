"""A long text of a row, shown whole and edited below its table."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from ui.models.row_table import Row

HIGH = 116


class WordsPanel(QWidget):
    """``wanted(row or None, title, text)``: save it; None and a title where it is a new one."""

    wanted = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: Row | None = None
        self._new = False
        self._read_only = False
        self.title = QLabel(self)
        self.title.setProperty("role", "strong")
        self.title.setWordWrap(True)
        self.name = QLineEdit(self)
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(HIGH)
        self.save_button = QPushButton(self.tr("保存"), self)
        self.save_button.setProperty("role", "primary")
        self.save_button.clicked.connect(self._save)
        self.name.returnPressed.connect(self.text.setFocus)
        self.text.textChanged.connect(self._may_save)
        self.name.textChanged.connect(self._may_save)
        row = QHBoxLayout()
        row.addWidget(self.title, 1)
        row.addWidget(self.name, 1)
        row.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.text)
        self.clear()

    def setReadOnly(self, read_only: bool) -> None:
        """Show, and let nothing be typed."""
        self._read_only = read_only
        self.text.setReadOnly(read_only)
        self.save_button.setVisible(not read_only)

    def show_words(self, title: str, text: str, row: Row) -> None:
        """Show a row's; what is being typed there stays while its row is the same."""
        if self._row is None or self._row["id"] != row["id"] or not self.text.document().isModified():
            self._begin(title, text, row, new=False)

    def begin(self, hint: str) -> None:
        """Type a new one; `hint` says what its title is."""
        self.name.clear()
        self.name.setPlaceholderText(hint)
        self.name.setAccessibleName(hint)
        self._begin("", "", None, new=True)
        self.name.setFocus()

    def clear(self) -> None:
        """Show nothing, unless a new one is being typed."""
        if not self._new:
            self._begin("", "", None, new=False)

    def _begin(self, title: str, text: str, row: Row | None, *, new: bool) -> None:
        self._row, self._new = row, new
        self.title.setText(title)
        self.title.setVisible(not new)
        self.name.setVisible(new)
        self.text.setPlainText(text)
        self.text.setAccessibleName(title)
        self.text.document().setModified(False)
        self.setVisible(new or row is not None)
        self._may_save()

    def _may_save(self) -> None:
        typed = bool(self.text.toPlainText().strip()) and self.text.document().isModified()
        named = bool(self.name.text().strip()) if self._new else self._row is not None
        self.save_button.setEnabled(not self._read_only and named and typed)

    def _save(self) -> None:
        row, name, text = self._row, self.name.text().strip(), self.text.toPlainText().strip()
        self.text.document().setModified(False)
        if self._new:
            self._begin("", "", None, new=False)
        self._may_save()
        self.wanted.emit(row, name, text)
