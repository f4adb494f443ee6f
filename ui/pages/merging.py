"""归并: what may be the same, what was merged or dismissed, themes, cases without a place, the share of all that was merged."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from ui.merging.dismissed import MergeDismissed
from ui.merging.figures import MergeFigures
from ui.merging.hints import MergeHints
from ui.merging.theme_panel import ThemePanel
from ui.merging.today import MergeToday
from ui.merging.undo import LastDeed
from ui.merging.unplaced_panel import UnplacedPanel
from ui.session import Session
from ui.widgets.live_read import LiveRead


class MergingPage(QWidget):
    """Tabs; Ctrl+1 … Ctrl+6 choose one. A caller has the cases without a place only."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.tabs: dict[str, QWidget] = {}
        self.chips: dict[str, QPushButton] = {}
        self._titles: dict[str, str] = {}
        self._group = QButtonGroup(self)
        self._room = QStackedWidget(self)
        self._bar = QHBoxLayout()
        self._bar.setContentsMargins(12, 8, 12, 8)
        self._bar.setSpacing(8)
        if session.role is not Role.CALLER:
            self._add_merging()
        self.unplaced = UnplacedPanel(session, self)
        self.unplaced.counted.connect(partial(self._count, "unplaced"))
        self.unplaced.opened.connect(self._open_case)
        self._add("unplaced", self.tr("待定位"), self.unplaced)
        self._bar.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = QWidget(self)
        bar.setProperty("surface", "bar")
        bar.setLayout(self._bar)
        column.addWidget(bar)
        column.addWidget(self._room, 1)
        self.show_tab(next(iter(self.tabs)))

    @property
    def current(self) -> str:
        """The id of the tab in front."""
        return next(name for name, widget in self.tabs.items() if widget is self._room.currentWidget())

    @property
    def reader(self) -> LiveRead:
        """What the tab in front reads by: a picture waits for it."""
        reader: LiveRead = self.tabs[self.current].reader  # type: ignore[attr-defined]
        return reader

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front; the keyboard goes to its list."""
        self.chips[name].setChecked(True)
        self._room.setCurrentWidget(self.tabs[name])
        self.setFocusProxy(self.tabs[name])
        self.tabs[name].setFocus()

    def show_case(self, case_id: int) -> None:
        """Place that case: what other pages send here is a case whose place is to be put right."""
        self.show_tab("unplaced")
        self.unplaced.show_case(case_id)

    def close_map(self) -> None:
        """Let go of the maps before the window goes."""
        self.unplaced.close_map()

    def _add_merging(self) -> None:
        self.last = LastDeed(self._session, self)
        self.hints = MergeHints(self._session, self.last, self)
        self.today = MergeToday(self._session, self.last, self)
        self.dismissed = MergeDismissed(self._session, self.last, self)
        self.themes = ThemePanel(self._session, self)
        self.figures = MergeFigures(self._session, self)
        for name, title, panel in (
            ("hints", self.tr("疑似重复"), self.hints),
            ("today", self.tr("已并"), self.today),
            ("dismissed", self.tr("已排除"), self.dismissed),
            ("themes", self.tr("聚合"), self.themes),
        ):
            panel.counted.connect(partial(self._count, name))
            panel.opened.connect(self._open_case)
            self._add(name, title, panel)
        self._add("figures", self.tr("合并率"), self.figures)

    def _add(self, name: str, title: str, widget: QWidget) -> None:
        number = len(self.tabs) + 1
        chip = QPushButton(title, self)
        chip.setCheckable(True)
        chip.setProperty("role", "chip")
        chip.setToolTip(f"Ctrl+{number}")
        chip.clicked.connect(partial(self.show_tab, name))
        QShortcut(QKeySequence(f"Ctrl+{number}"), self, partial(self.show_tab, name))
        self._group.addButton(chip)
        self._bar.addWidget(chip)
        self._room.addWidget(widget)
        self.tabs[name], self.chips[name], self._titles[name] = widget, chip, title

    def _count(self, name: str, count: int) -> None:
        self.chips[name].setText(f"{self._titles[name]} {count}" if count else self._titles[name])

    def _open_case(self, case_id: int) -> None:
        self._session.open_page("case", case_id)
