"""How the day's calls stand: coverage, results, and how many are missing and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.outcome import Why
from ui.calls.words import share_words, why_word

if TYPE_CHECKING:
    from commandcenter.services.calls import DayProgress


_ORDER = (Why.NOBODY, Why.RETRY, Why.UNREACHABLE, Why.NOT_DUE)


class CallDay(QWidget):
    """``missing_wanted``: the list of who is missing."""

    missing_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        heading = QLabel(self.tr("今天"), self)
        heading.setProperty("role", "strong")
        self.coverage = QLabel("–", self)
        self.coverage.setProperty("role", "title")
        self.coverage_words = QLabel(self)
        self.coverage_words.setProperty("role", "quiet")
        self.coverage_words.setWordWrap(True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("今天的回访率"))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        for widget in (heading, self.coverage, self.bar, self.coverage_words):
            column.addWidget(widget)
        self.values: dict[str, QLabel] = {}
        column.addSpacing(6)
        column.addLayout(
            self._rows(
                ("called", self.tr("拨打（次）")),
                ("reached", self.tr("接通（位）")),
                ("double_yes", self.tr("双是")),
                ("not_double_yes", self.tr("非双是")),
                ("double_no", self.tr("　其中双否")),
            )
        )
        self.missing_heading = QLabel(self.tr("还没有回访到"), self)
        self.missing_heading.setProperty("role", "strong")
        column.addSpacing(10)
        column.addWidget(self.missing_heading)
        column.addLayout(self._rows(*((why.value, why_word(why)) for why in _ORDER)))
        self.missing_button = QPushButton(self.tr("看名单"), self)
        self.missing_button.setProperty("role", "link")
        self.missing_button.clicked.connect(self.missing_wanted)
        column.addWidget(self.missing_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        keys = QLabel(
            self.tr("↑↓ 选人　1–6、0 结果\n7、8 单位联系过没有\nTab 写记录　Enter 保存\nCtrl+Enter 保存并重办"), self
        )
        keys.setProperty("role", "quiet")
        keys.setWordWrap(True)
        column.addWidget(keys)

    def show_progress(self, day: DayProgress) -> None:
        """Show a day."""
        self.coverage.setText(share_words(day.coverage))
        self.bar.setMaximum(max(1, day.due))
        self.bar.setValue(day.reached)
        self.coverage_words.setText(
            self.tr("应回访 %d 位，已接通 %d 位") % (day.due, day.reached)
            if day.due
            else self.tr("今天还没有到期的回访")
        )
        for name in ("called", "reached", "double_yes", "not_double_yes", "double_no"):
            self.values[name].setText(str(getattr(day, name)))
        counts = Counter(each.why for each in day.missing)
        for why in Why:
            self.values[why.value].setText(str(counts[why]))
        self.missing_button.setVisible(bool(day.missing))

    def _rows(self, *rows: tuple[str, str]) -> QFormLayout:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(5)
        form.setFormAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, title in rows:
            label = QLabel(title, self)
            label.setProperty("role", "normal")
            value = QLabel("–", self)
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.values[name] = value
            form.addRow(label, value)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        return form
