"""The chips over a queue: what is shown and in which order, one click each; and the box that filters by text."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.case import Lamp, State
from ui.models.queue_order import Filter, Sort
from ui.session import Session
from ui.widgets import words
from ui.widgets.flow import FlowLayout

TYPING_MS = 150
_OPEN = Filter().states


class FilterBar(QWidget):
    """Holds a Filter and a Sort. ``filtered(Filter)``, ``sorted_by(Sort)`` and ``density(bool compact)``."""

    filtered = Signal(object)
    sorted_by = Signal(object)
    density = Signal(bool)
    down = Signal()
    """The arrow down, or Enter, left the text box for the list."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.filter = Filter()
        self.setProperty("surface", "bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text = QLineEdit(self)
        self.text.setPlaceholderText(self.tr("筛选标题、编号、地点（直接输入）"))
        self.text.setAccessibleName(self.tr("筛选文字"))
        self.text.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(lambda: self._change(text=self.text.text().strip()))
        self.text.textChanged.connect(self._typing.start)
        self.order = self._menu_chip(self._order_menu())
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.text, 1)
        top.addWidget(self.order)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        column.addLayout(top)
        chips = FlowLayout()
        column.addLayout(chips)
        self.town = self._menu_chip(self._town_menu())
        self.unit = self._chip("", lambda _: {"unit": 0})
        self.mine = self._chip(self.tr("我的"), lambda on: {"holder": session.reference.me.login if on else ""})
        self.state = self._menu_chip(self._state_menu())
        self.late = self._chip(self.tr("超期"), lambda _: {"lamps": self._lamps()})
        self.soon = self._chip(self.tr("临期"), lambda _: {"lamps": self._lamps()})
        self.repeated = self._chip(self.tr("重复≥3"), lambda on: {"min_reports": 3 if on else 0})
        self.problem = self._chip(self.tr("问题"), lambda on: {"problem": on})
        self.double_no = self._chip(self.tr("双否"), lambda on: {"double_no": on})
        self.double_no.setToolTip(self.tr("回访时有诉求人说没有解决、也不满意"))
        self.hinted = self._chip(self.tr("疑似重复"), lambda on: {"ids": session.work.hinted if on else frozenset()})
        self.hinted.setToolTip(self.tr("机器认为可能与另一件是同一件事的，在“归并”页判断"))
        self.boxed = self._chip("", lambda _: {"ids": frozenset()})
        self.clear = QPushButton(self.tr("清除"), self)
        self.clear.setProperty("role", "chip")
        self.clear.setToolTip(self.tr("回到全部未结 (Esc)"))
        self.clear.clicked.connect(lambda: self.set_filter(Filter()))
        for chip in (
            self.town, self.unit, self.mine, self.state, self.late, self.soon, self.repeated, self.problem, self.double_no,
            self.hinted, self.boxed, self.clear,
        ):  # fmt: skip
            chips.addWidget(chip)
        self.order.setText(self.tr("按等级与时限"))
        session.work.changed.connect(self._show)
        self._show()

    def set_filter(self, wanted: Filter) -> None:
        """Show `wanted` on the chips and tell who listens."""
        self.filter = wanted
        self._show()
        self.filtered.emit(wanted)

    def set_grades(self, grades: frozenset[int]) -> None:
        """Want only these grades, everything else as it is."""
        self._change(grades=grades)

    def begin_typing(self, text: str) -> None:
        """Go on in the box with what somebody typed in the list."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears; down and Enter go to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.set_filter(Filter())
            self.down.emit()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._typing.isActive():
                self._typing.stop()
                self._change(text=self.text.text().strip())
            self.down.emit()
        else:
            super().keyPressEvent(event)

    def _change(self, **parts: object) -> None:
        self.set_filter(replace(self.filter, **parts))  # type: ignore[arg-type]

    def _lamps(self) -> frozenset[int]:
        wanted = {Lamp.OVERDUE: self.late.isChecked(), Lamp.SOON: self.soon.isChecked()}
        return frozenset(lamp for lamp, on in wanted.items() if on)

    def _show(self) -> None:
        wanted = self.filter
        if self.text.text().strip() != wanted.text:
            with QSignalBlocker(self.text):
                self.text.setText(wanted.text)
        area = self._session.reference.areas.get(wanted.town)
        self.town.setText(area.name if area else self.tr("全部辖区"))
        self.town.setChecked(bool(area))
        unit = self._session.reference.units.get(wanted.unit)
        self.unit.setText(f"{unit.short_name or unit.name} ✕" if unit else "")
        self.unit.setChecked(unit is not None)
        self.unit.setVisible(unit is not None)
        self.mine.setChecked(bool(wanted.holder))
        names = [words.state_word(state) for state in sorted(wanted.states)]
        self.state.setText(self.tr("未结") if wanted.states == _OPEN else "、".join(names))
        self.state.setChecked(wanted.states != _OPEN)
        self.late.setChecked(Lamp.OVERDUE in wanted.lamps)
        self.soon.setChecked(Lamp.SOON in wanted.lamps)
        self.repeated.setChecked(wanted.min_reports > 1)
        self.problem.setChecked(wanted.problem)
        self.double_no.setChecked(wanted.double_no)
        by_hint = bool(wanted.ids) and wanted.ids == self._session.work.hinted
        self.hinted.setChecked(by_hint)
        self.hinted.setVisible(by_hint or bool(self._session.work.hinted))
        self.boxed.setText(self.tr("框选 %n 件 ✕", "", len(wanted.ids)))
        self.boxed.setChecked(bool(wanted.ids))
        self.boxed.setVisible(bool(wanted.ids) and not by_hint)
        self.clear.setVisible(wanted != Filter())

    def _chip(self, text: str, parts: Callable[[bool], dict[str, object]]) -> QPushButton:
        chip = QPushButton(text, self)
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.clicked.connect(lambda on: self._change(**parts(on)))
        return chip

    def _menu_chip(self, menu: QMenu) -> QPushButton:
        chip = QPushButton(self)
        chip.setProperty("role", "chip")
        chip.setCheckable(True)
        chip.setMenu(menu)
        return chip

    def _town_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill_towns(menu))
        return menu

    def _fill_towns(self, menu: QMenu) -> None:
        menu.clear()
        menu.addAction(self.tr("全部辖区"), lambda: self._change(town=0))
        menu.addSeparator()
        for town in self._session.reference.towns:
            menu.addAction(town.name, partial(self._change, town=town.id))

    def _state_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("全部未结"), lambda: self._change(states=_OPEN))
        menu.addSeparator()
        for state in sorted(_OPEN):
            chosen = frozenset({State(state)})
            menu.addAction(words.state_word(state), partial(self._change, states=chosen))
        return menu

    def _order_menu(self) -> QMenu:
        menu = QMenu(self)
        names = {
            Sort.GRADE_DUE: self.tr("按等级与时限"),
            Sort.REMAINING: self.tr("按剩余时间"),
            Sort.NEWEST: self.tr("按受理先后（新在前）"),
            Sort.REPORTS: self.tr("按诉求件数"),
        }
        for sort, name in names.items():
            menu.addAction(name, partial(self._choose_sort, sort, name))
        menu.addSeparator()
        compact = QAction(self.tr("紧凑显示"), menu, checkable=True)
        compact.toggled.connect(self.density)
        menu.addAction(compact)
        menu.aboutToShow.connect(lambda: self.order.setChecked(False))
        return menu

    def _choose_sort(self, sort: Sort, name: str) -> None:
        self.order.setText(name)
        self.sorted_by.emit(sort)
