"""The view of a `RowTable`: F2 or typing edits, space ticks, choices drop down."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.models.row_table import RowTable

Index = QModelIndex | QPersistentModelIndex


class _Editor(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return super().sizeHint(option, index) + QSize(9, 0)  # the padding of the style sheet makes it twenty

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, RowTable)
        choices = model.columns[index.column()].choices
        if choices is None:
            return super().createEditor(parent, option, index)
        box = QComboBox(parent)
        for text, value in choices():
            box.addItem(text, value)
        box.activated.connect(lambda: self.commitData.emit(box))
        return box

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Over the whole cell; choices as wide as they are."""
        room = QRect(option.rect)
        if isinstance(editor, QComboBox):
            room.setWidth(max(room.width(), editor.sizeHint().width()))
        editor.setGeometry(room)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(Qt.ItemDataRole.EditRole))))
        else:
            super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentData())
        else:
            super().setModelData(editor, model, index)


class RowView(QTableView):
    """Quiet lines, no grid but the row's own; the widest text column takes the room."""

    def __init__(self, model: RowTable, stretch: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_Editor(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(34)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(64)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(60)
        names = [column.name for column in model.columns]
        header.setSectionResizeMode(names.index(stretch), QHeaderView.ResizeMode.Stretch)
        self.empty = self.tr("还没有内容")
        """What is said where there are no rows."""
        self.is_filtered = False
        """Whether it is rows of a search that are shown: where none fit, there may still be others."""
        self._told = False
        model.modelReset.connect(self._on_told)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._told and self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(
                self.viewport().rect().adjusted(0, 24, 0, 0),
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop,
                self.tr("没有符合的，换几个字试试") if self.is_filtered else self.empty,
            )

    def _on_told(self) -> None:
        """Only what was read and found empty is said to be empty."""
        self._told = True
        self.viewport().update()

    @property
    def current_row(self) -> Any:
        """The row that has the keyboard, or None."""
        model = self.model()
        assert isinstance(model, RowTable)
        row = self.currentIndex().row()
        return model.rows[row] if 0 <= row < len(model.rows) else None
