"""The accounts of a demo database in columns: role, name, unit, login; a line above finds by any part of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

Index = QModelIndex | QPersistentModelIndex
ROW, ROWS = 32, 9
SHARES = (0.17, 0.13, 0.46, 0.24)
"""Of the width, for each column."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of a demo database: anyone may use it, nothing real is behind it."""

    login: str
    password: str = field(repr=False)
    name: str
    role: str
    """What the person does, in words: 值班员."""
    unit: str = ""

    def columns(self) -> tuple[str, str, str, str]:
        """What is written in a row."""
        return self.role, self.name, self.unit, self.login


class _Columns(QStyledItemDelegate):
    """Each column at its place, elided; a row's text is its columns with tabs between."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, option.palette.highlight())
        painter.setFont(option.font)
        left = float(box.left() + 10)
        for place, (text, share) in enumerate(zip(str(index.data()).split("\t"), SHARES, strict=True)):
            wide = (box.width() - 20) * share
            painter.setPen((option.palette.text() if place < 2 else option.palette.placeholderText()).color())
            short = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, int(wide) - 10)
            painter.drawText(int(left), box.top(), int(wide), box.height(), Qt.AlignmentFlag.AlignVCenter, short)
            left += wide
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, ROW)


class _Rows(QListWidget):
    typed = Signal(str)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where nobody fits, say so."""
        super().paintEvent(event)
        if all(self.item(row).isHidden() for row in range(self.count())):
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().placeholderText().color())
            room = self.viewport().rect().adjusted(10, 8, -10, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignTop, self.tr("没有符合的账号，换几个字，或在下面填登录名"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters go to the line above."""
        if event.text().isprintable() and event.text().strip():
            self.typed.emit(event.text())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class AccountList(QWidget):
    """``chosen(DemoAccount)`` when a row gets the keyboard, ``entered()`` on Enter or a double click."""

    chosen = Signal(object)
    entered = Signal()

    def __init__(self, accounts: Sequence[DemoAccount], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._accounts = list(accounts)
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("输入岗位、姓名或单位查找"))
        self.box.setAccessibleName(self.tr("查找演示账号"))
        self.box.setClearButtonEnabled(True)
        self.box.installEventFilter(self)
        self.box.textChanged.connect(self._find)
        self.rows = _Rows(self)
        self.rows.setAccessibleName(self.tr("演示账号"))
        self.rows.setItemDelegate(_Columns(self.rows))
        self.rows.setUniformItemSizes(True)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setFixedHeight(min(ROWS, len(self._accounts)) * ROW + 6)
        for account in self._accounts:
            QListWidgetItem("\t".join(account.columns()), self.rows)
        self.rows.typed.connect(self._on_typed)
        self.rows.itemActivated.connect(lambda _: self.entered.emit())
        self.rows.itemDoubleClicked.connect(lambda _: self.entered.emit())
        self.rows.currentRowChanged.connect(self._on_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.box)
        column.addWidget(self.rows)
        self.setFocusProxy(self.box)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows go from the line to the rows; Enter takes the row that is chosen, or the first that fits."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._need_row()
                self.rows.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.box.text().strip():
                self._need_row()
                self.entered.emit()
                return True
        return super().eventFilter(watched, event)

    def _find(self, text: str) -> None:
        parts = text.casefold().split()
        for row, account in enumerate(self._accounts):
            written = " ".join(account.columns()).casefold()
            self.rows.item(row).setHidden(not all(part in written for part in parts))
        self.rows.setCurrentRow(-1)
        if parts:
            self._need_row()

    def _need_row(self) -> None:
        if self.rows.currentRow() < 0:
            shown = (row for row in range(len(self._accounts)) if not self.rows.item(row).isHidden())
            self.rows.setCurrentRow(next(shown, -1))

    def _on_typed(self, text: str) -> None:
        self.box.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.box.insert(text)

    def _on_row(self, row: int) -> None:
        if 0 <= row < len(self._accounts):
            self.chosen.emit(self._accounts[row])
