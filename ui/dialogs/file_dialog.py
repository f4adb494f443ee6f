"""Asking for a file to read, or for a place to write one: never modal, and gone when it is answered."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

EXCEL = "Excel (*.xlsx)"


def ask_open(parent: QWidget, title: str, then: Callable[[Path], object], *filters: str) -> None:
    """Ask for one file that is there; `filters` as Qt writes them, 'Excel (*.xlsx)'."""
    dialog = QFileDialog(parent, title)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    _show(dialog, then, filters)


def ask_save(
    parent: QWidget, title: str, name: str, then: Callable[[Path], object], *filters: str, suffix: str = ""
) -> None:
    """Ask where to write a file, with `name` proposed; `suffix` is put behind a name that has none."""
    dialog = QFileDialog(parent, title)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(name)
    _show(dialog, then, filters)


def _show(dialog: QFileDialog, then: Callable[[Path], object], filters: tuple[str, ...]) -> None:
    if filters:
        dialog.setNameFilters(filters)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda path: then(Path(path)))
    dialog.open()
