"""Counters, chips and the queue itself, as one column."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from commandcenter.domain.case import Role
from ui.merging.ask import MergeAsk
from ui.merging.theme_join import ThemeJoin
from ui.models.queue_model import QueueModel
from ui.models.queue_order import Filter
from ui.queue.counters_strip import CountersStrip
from ui.queue.filter_bar import FilterBar
from ui.queue.view import QueueView
from ui.session import Session
from ui.theme.tokens import Tokens
from ui.widgets.calm import CalmState

SETTLE_MS = 200
MOST_IN_THEME = 200
"""More cases than these are put under a theme by nobody in one go."""


class QueuePanel(QWidget):
    """``opened(case id)``: Enter or double click. ``shown(slots or None)``: what passes the filter, None for all."""

    opened = Signal(object)
    shown = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = QueueModel(session, self)
        self.counters = CountersStrip(self)
        self.filters = FilterBar(session, self)
        self.view = QueueView(session, self.model, self)
        self.count = QLabel(self)
        self.count.setProperty("role", "quiet")
        self.count.setContentsMargins(14, 4, 12, 4)
        self.theme_button = QPushButton(self.tr("聚合这些…"), self)
        self.theme_button.setProperty("role", "link")
        self.theme_button.setToolTip(self.tr("把筛选出来的工单放在一个标题下看，各办各的"))
        self.theme_button.clicked.connect(self.ask_theme)
        self.ask = MergeAsk(self)
        self._join = ThemeJoin(session, self.ask, lambda said: session.noticed.emit(said, ""))
        self._calm = CalmState(self)
        body = QWidget(self)
        self._body = QStackedLayout(body)
        self._body.addWidget(self.view)
        self._body.addWidget(self._calm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.counters)
        column.addWidget(self.filters)
        column.addWidget(body, 1)
        column.addWidget(self.ask)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 12, 0)
        foot.addWidget(self.count, 1)
        foot.addWidget(self.theme_button)
        column.addLayout(foot)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._tell_shown)
        self.counters.chosen.connect(self._on_grades)
        self.filters.filtered.connect(self._on_filtered)
        self.filters.sorted_by.connect(self.model.set_sort)
        self.filters.density.connect(lambda compact: self.view.set_compact(compact=compact))
        self.filters.down.connect(self._to_list)
        self.view.typed.connect(self.filters.begin_typing)
        self.view.opened.connect(self.opened)
        self.model.rearranged.connect(self._on_rearranged)
        session.bridge.counted.connect(self.counters.set_counts)
        session.filter_wanted.connect(self.filters.set_filter)
        self.counters.set_counts(session.bridge.counts)
        self._on_rearranged()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self.counters.set_tokens(tokens)
        self.view.set_tokens(tokens)

    def only_cases(self, case_ids: list[int]) -> None:
        """Show these cases (a box drawn on the map); none shows all again."""
        self.filters.set_filter(Filter(ids=frozenset(case_ids)))

    def ask_theme(self) -> None:
        """Ask under which theme the cases that pass the filter are to be."""
        self._join.begin(self.model.ids.tolist(), back=self.view)

    def _on_grades(self, grades: frozenset[int]) -> None:
        self.filters.set_grades(grades)

    def _on_filtered(self, wanted: Filter) -> None:
        self.counters.set_grades(wanted.grades)
        self.model.set_filter(wanted)

    def _on_rearranged(self) -> None:
        shown = self.model.rowCount()
        self._body.setCurrentIndex(0 if shown else 1)
        if not shown:
            if self.model.filter == Filter():
                self._calm.say(self.tr("没有未结工单"), self.tr("新工单一到就会出现在这里"))
            else:
                clear = self.tr("清除筛选")
                reset = self.filters.set_filter
                self._calm.say(self.tr("没有符合条件的工单"), "", clear, lambda: reset(Filter()))
        text = self.tr("显示 %s 件") % f"{shown:,}"
        if shown != len(self._session.mirror):
            text += self.tr("，共 %s 件") % f"{len(self._session.mirror):,}"
        self.count.setText(text)
        few = self.model.filter != Filter() and 0 < shown <= MOST_IN_THEME
        self.theme_button.setVisible(few and self._session.role in {Role.DUTY, Role.SUPERVISOR})
        if not self._settle.isActive():
            self._settle.start()

    def _tell_shown(self) -> None:
        self.shown.emit(None if self.model.filter == Filter() else self.model.slots)

    def _to_list(self) -> None:
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0))
