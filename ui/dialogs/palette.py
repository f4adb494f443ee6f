"""Ctrl+K: one box over commands, open cases, units and places; arrows choose, Enter goes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui.models.queue_order import Filter, Sort, order
from ui.models.row_facts import row_facts
from ui.session import Session
from ui.widgets import words

MOST = 20
Index = QModelIndex | QPersistentModelIndex
TYPING_MS = 120


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found, and what choosing it does."""

    text: str
    hint: str
    go: Callable[[], object]
    why_not: str = ""


class HintDelegate(QStyledItemDelegate):
    """The text at the left, elided; its hint whole at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hint = index.data(Qt.ItemDataRole.UserRole) or ""
        box: QRect = option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, option.palette.highlight())
        box = box.adjusted(10, 0, -10, 0)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        quiet = option.palette.placeholderText().color()
        metrics = option.fontMetrics
        room = box.adjusted(0, 0, -metrics.horizontalAdvance(hint) - (16 if hint else 0), 0)
        text = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, room.width())
        painter.setFont(option.font)
        painter.setPen(option.palette.text().color() if enabled else quiet)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setPen(quiet)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, hint)
        painter.restore()


class CommandPalette(QDialog):
    """A window that comes with Ctrl+K and goes with Esc; not modal."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._session = session
        self._window = parent
        self._hits: list[Hit] = []
        self.setProperty("surface", "card")
        self.setAccessibleName(self.tr("搜索与命令"))
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("工单编号、标题、地点、单位或命令"))
        self.box.setAccessibleName(self.tr("搜索文字"))
        self.box.installEventFilter(self)
        self.list = QListWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(18, 18))
        self.list.setItemDelegate(HintDelegate(self.list))
        self.list.itemActivated.connect(self._go)
        self.list.itemClicked.connect(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        column.addWidget(self.box)
        column.addWidget(self.list)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self.search)
        self.box.textChanged.connect(self._typing.start)

    def open_fresh(self) -> None:
        """Come up empty under the window's top line."""
        parent = self._window
        self.box.clear()
        self._typing.stop()
        self.search()
        width = min(640, parent.width() - 80)
        self.resize(width, 480)
        self.move(parent.mapToGlobal(parent.rect().topLeft()).x() + (parent.width() - width) // 2,
                  parent.mapToGlobal(parent.rect().topLeft()).y() + 60)  # fmt: skip
        self.show()
        self.box.setFocus()

    def search(self) -> None:
        """List what fits the text."""
        text = self.box.text().strip()
        self._hits = [*self._commands(text), *(self._cases(text) + self._units(text) if text else [])][:MOST]
        self.list.clear()
        for hit in self._hits:
            item = QListWidgetItem(hit.text, self.list)
            item.setData(Qt.ItemDataRole.UserRole, hit.hint)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.text} {hit.hint}".strip())
            if hit.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(hit.why_not)
        if not self._hits:
            QListWidgetItem(self.tr("没有找到"), self.list).setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.setCurrentRow(0)

    @property
    def hits(self) -> list[Hit]:
        """What is listed now."""
        return self._hits

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The box keeps the keyboard; arrows and Enter work on the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if self._typing.isActive():
                    self._typing.stop()
                    self.search()
                self._go()
                return True
        return super().eventFilter(watched, event)

    def _go(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._hits) and not self._hits[row].why_not:
            self.hide()
            self._hits[row].go()

    def _commands(self, text: str) -> list[Hit]:
        actions = self._session.actions
        return [
            Hit(action.text, action.shortcut, partial(actions.trigger, action.id), action.why_not())
            for action in actions
            if action.id != "palette" and text.casefold() in action.text.casefold()
        ]

    def _cases(self, text: str) -> list[Hit]:
        session = self._session
        slots, _ = order(session.mirror, Filter(text=text), Sort.GRADE_DUE, session.bridge.now_us())
        hits = []
        for slot in slots[:MOST].tolist():
            facts = row_facts(session.mirror, session.reference, slot, session.bridge.now_us())
            hint = " · ".join((facts.number, words.state_word(facts.state), facts.remaining))
            title = f"{words.grade_word(facts.grade)}　{facts.title}"
            hits.append(Hit(title, hint, partial(session.selection.select, facts.case_id)))
        return hits

    def _units(self, text: str) -> list[Hit]:
        session = self._session
        return [
            Hit(town.name, self.tr("只看这个镇街"), partial(session.filter_wanted.emit, Filter(town=town.id)))
            for town in session.reference.towns
            if text in town.name
        ]
