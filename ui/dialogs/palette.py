"""Ctrl+K: one box over commands, open cases, towns, units, people, and closed cases; arrows choose, Enter goes."""

from asyncio import Task
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

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

from commandcenter.errors import PersonError
from commandcenter.services.case_file import find_number, read_briefs, search_cases
from ui.models.queue_order import Filter, Sort, order
from ui.models.row_facts import row_facts
from ui.session import Session
from ui.widgets import words

MOST = 20
OTHERS = 6
"""So many places and people are listed however many cases fit."""
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
        self._asking: Task[Any] | None = None
        self.setProperty("surface", "card")
        self.setAccessibleName(self.tr("搜索与命令"))
        self.box = QLineEdit(self)
        self.box.setPlaceholderText(self.tr("工单编号、标题、地点、单位、人员或命令"))
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
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        cases = self._cases(text) if text else []
        others = [*self._towns(text), *self._units(text), *self._people(text)] if text else []
        if text and not cases and self._session.db is not None:
            self._asking = self._session.spawn(self._ask(text), "search")
        self._show([*self._commands(text), *cases[: MOST - min(len(others), OTHERS)], *others][:MOST])

    async def _ask(self, text: str) -> None:
        """Closed cases, from the database: by number, otherwise by the words of their reports."""
        database = self._session.database()
        try:
            one = await find_number(database, text.upper())
            ids = [one] if one is not None else await search_cases(database, text, most=MOST) if len(text) > 1 else []
            found = await read_briefs(database, ids) if ids else ()
        except PersonError as error:
            self._asking = None
            self._show([*self._hits, Hit(error.sentence, "", self.hide, error.advice or error.sentence)])
            return
        hits = []
        for brief in found:
            hint = " · ".join((brief.number, words.state_word(brief.state)))
            title = f"{words.grade_word(brief.grade)}　{brief.title}"
            hits.append(Hit(title, hint, partial(self._session.open_page, "case", brief.id)))
        self._asking = None
        if hits or not self._hits:
            self._show([*self._hits, *hits][:MOST])

    def _show(self, hits: list[Hit]) -> None:
        self._hits = hits
        self.list.clear()
        for hit in self._hits:
            item = QListWidgetItem(hit.text, self.list)
            item.setData(Qt.ItemDataRole.UserRole, hit.hint)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{hit.text} {hit.hint}".strip())
            if hit.why_not:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(hit.why_not)
        if not self._hits:
            said = self.tr("正在查找…") if self._asking else self.tr("没有找到，换几个字，或输入完整的工单编号")
            QListWidgetItem(said, self.list).setFlags(Qt.ItemFlag.NoItemFlags)
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

    def _towns(self, text: str) -> list[Hit]:
        return [
            Hit(town.name, self.tr("只看这个镇街"), partial(self._filter, Filter(town=town.id)))
            for town in self._session.reference.towns
            if text in town.name
        ]

    def _units(self, text: str) -> list[Hit]:
        return [
            Hit(unit.name, self.tr("只看它承办的"), partial(self._filter, Filter(unit=unit.id)))
            for unit in self._session.reference.units.values()
            if unit.active and (text in unit.name or text in unit.short_name)
        ]

    def _people(self, text: str) -> list[Hit]:
        session = self._session
        hits = []
        for person in session.reference.people.values():
            if person.active and text in person.name:
                who = f"{words.role_word(person.role)} · {person.unit_name}"
                hits.append(Hit(person.name, who, partial(session.noticed.emit, person.name, who)))
        return hits

    def _filter(self, wanted: Filter) -> None:
        self._session.open_page("desk")
        self._session.filter_wanted.emit(wanted)
