"""Rows of a small table that a person edits in place: columns say what they are, a change is handed out to be done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

Row = Mapping[str, Any]
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``read`` turns typed text into a value and raises ValueError with a sentence where it cannot."""

    name: str
    title: str
    editable: bool = False
    show: Callable[[Any], str] = lambda value: "" if value is None else str(value)
    read: Callable[[str], Any] = str.strip
    choices: Callable[[], Sequence[tuple[str, Any]]] | None = None
    is_tick: bool = False
    is_number: bool = False
    """Amounts and rates stand at the right, one under another."""

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """Where its cells and its title stand."""
        side = Qt.AlignmentFlag.AlignRight if self.is_number else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter


class RowTable(QAbstractTableModel):
    """``changed(row, column name, value)``: somebody entered another value; ``refused(sentence)``: what was typed is none.

    The table itself keeps the old value until it is given new rows.
    """

    changed = Signal(object, str, object)
    refused = Signal(str)

    def __init__(self, columns: Sequence[Column], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = list(columns)
        self.rows: list[Row] = []
        self.may_edit = False

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Replace the rows; where there are as many as before, only what is shown changes and an editor stays open."""
        if rows and len(rows) == len(self.rows):
            changed = [number for number, row in enumerate(rows) if row != self.rows[number]]
            self.rows = list(rows)
            for number in changed:
                self.dataChanged.emit(self.index(number, 0), self.index(number, len(self.columns) - 1))
            return
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def having(self, rows: Sequence[Row], text: str) -> Sequence[Row]:
        """Those of `rows` in which every word of `text` is to be read, in whatever column."""
        words = text.casefold().split()
        if not words:
            return rows
        named = [
            None if column.choices is None else {value: name for name, value in column.choices()}
            for column in self.columns
        ]

        def read(row: Row) -> str:
            values = [(column, names, row[column.name]) for column, names in zip(self.columns, named, strict=True)]
            return "\n".join(
                column.show(value) if names is None else names.get(value) or column.show(value)
                for column, names, value in values
                if not column.is_tick
            ).casefold()

        return [row for row in rows if all(word in read(row) for word in words)]

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].alignment
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        column = self.columns[index.column()]
        if not (self.may_edit and column.editable):
            return base
        return base | (Qt.ItemFlag.ItemIsUserCheckable if column.is_tick else Qt.ItemFlag.ItemIsEditable)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column = self.columns[index.column()]
        value = self.rows[index.row()][column.name]
        if column.is_tick:
            if role == Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if value else Qt.CheckState.Unchecked
            return (self.tr("是") if value else self.tr("否")) if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return self._shown(column, value)
        if role == Qt.ItemDataRole.EditRole:
            return value if column.choices is not None else column.show(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.alignment
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand a new value out; the cell shows it when it has been done."""
        column = self.columns[index.column()]
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole:
            value = Qt.CheckState(value) is Qt.CheckState.Checked
        elif column.choices is None:
            try:
                value = column.read(str(value))
            except ValueError as error:
                self.refused.emit(f"“{column.title}”：{error}")
                return False
        if value != row[column.name]:
            self.changed.emit(row, column.name, value)
        return False

    @staticmethod
    def _shown(column: Column, value: Any) -> str:
        if column.choices is not None:
            return next((text for text, each in column.choices() if each == value), column.show(value))
        return column.show(value)


def whole(low: int, high: int) -> Callable[[str], int]:
    """A reader of whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        stripped = text.strip()
        if not stripped.isdecimal() or not low <= int(stripped) <= high:
            raise ValueError(f"请填 {low} 到 {high} 之间的整数。")
        return int(stripped)

    return read


def needed(text: str) -> str:
    """A reader of a text that may not be empty."""
    if not text.strip():
        raise ValueError("不能为空。")
    return text.strip()


def day(text: str) -> date:
    """A reader of a day: 2026-11-22 or 2026/11/22."""
    try:
        return date.fromisoformat("-".join(part.zfill(2) for part in text.strip().replace("/", "-").split("-")))
    except ValueError:
        raise ValueError("日期请写成 2026-11-22。") from None


def day_or_none(text: str) -> date | None:
    """A reader of a day that may be left out."""
    return day(text) if text.strip() else None
