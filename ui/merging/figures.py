"""合并率: of the reports received in some days, how many are handled together with another one, by channel and by cause."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services import merging
from ui.merging.chips import midnight
from ui.session import Session
from ui.widgets.live_read import LiveRead
from ui.widgets.plain_label import plain_label

if TYPE_CHECKING:
    from commandcenter.services.merging import ShareOfChannel

KINDS: frozenset[str] = frozenset()
"""Counting reads every report of the days: when it is looked at, and not at every deed of a desk."""
_SPANS = (1, 7, 30, 365)


def share_words(merged: int, received: int) -> str:
    """A share in per cent; – where nothing was received."""
    return f"{merged / received * 100:.1f} %" if received else "–"


class MergeFigures(QWidget):
    """The whole, its formula with its numbers, and a line a channel."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.shares: tuple[ShareOfChannel, ...] = ()
        self._read_once = False
        self.whole, self.formula, self.causes, self.note = (
            plain_label(self, role) for role in ("title", "normal", "normal", "quiet")
        )
        self.reader = LiveRead(session, KINDS, self._read, self._on_unread, self)
        self.since, self.until = self._date(29), self._date(0)
        for edit in (self.since, self.until):
            edit.dateChanged.connect(lambda _: self.reader.ask())
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(4, 1)
        self._arrange()
        self.setFocusProxy(self.since)
        self.note.setText(
            self.tr(
                "每件工单自己的第一条诉求算一件；随后并入的、与它同批到达的，都算合并。撤销的并单不再计入。"
                "荣成公布的“件数减少 50.3 %”是同一口径：少办的件数 ÷ 收到的件数。"
            )
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.reader.ask()

    def span(self) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last."""
        first, last = (_moment(edit.date()) for edit in (self.since, self.until))
        return min(first, last), max(first, last) + timedelta(days=1)

    async def _read(self) -> None:
        since, until = self.span()
        self.shares = await merging.merged_share(self._session.database(), since=since, until=until)
        self._read_once = True
        self._show(sorted(self.shares, key=lambda each: -each.received))

    def _show(self, shares: Sequence[ShareOfChannel]) -> None:
        received, merged = sum(each.received for each in shares), sum(each.merged for each in shares)
        machine = sum(each.by_machine for each in shares)
        self.whole.setText(self.tr("合并率 %s") % share_words(merged, received))
        self.formula.setText(self.tr("= 合并的诉求 %s ÷ 收到的诉求 %s") % (f"{merged:,}", f"{received:,}"))
        self.whole.setToolTip(f"{merged} ÷ {received}\n{self.note.text()}")
        self.causes.setText(
            self.tr("其中机器并单 %s（%s），人工并单和同批到达 %s（%s）")
            % (
                f"{machine:,}",
                share_words(machine, merged),
                f"{merged - machine:,}",
                share_words(merged - machine, merged),
            )
        )
        while item := self._grid.takeAt(0):
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        heads = (self.tr("渠道"), self.tr("收到"), self.tr("合并"), self.tr("合并率"), "", self.tr("机器"))
        for column, text in enumerate(heads):
            self._put(0, column, text, "quiet")
        for row, each in enumerate(shares, 1):
            self._row(row, each)
        if not shares:
            self._put(1, 0, self.tr("这段时间没有收到诉求") if self._read_once else "", "normal")

    def _row(self, row: int, each: ShareOfChannel) -> None:
        channel = self._session.reference.channels.get(each.channel_id)
        share = share_words(each.merged, each.received)
        name = channel.name if channel is not None else str(each.channel_id)
        for column, text in enumerate((name, f"{each.received:,}", f"{each.merged:,}", share)):
            label = self._put(row, column, text, "strong" if column == 3 else "normal")
            label.setToolTip(self.tr("%s：%d ÷ %d") % (name, each.merged, each.received))
        bar = QProgressBar(self)
        bar.setTextVisible(False)
        bar.setFixedHeight(10)
        bar.setRange(0, max(1, each.received))
        bar.setValue(each.merged)
        bar.setAccessibleName(f"{name} {share}")
        self._grid.addWidget(bar, row, 4)
        self._put(row, 5, f"{each.by_machine:,}", "normal")

    def _put(self, row: int, column: int, text: str, role: str) -> QLabel:
        label = plain_label(self, role)
        label.setText(text)
        label.setWordWrap(False)
        if column:
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, row, column)
        return label

    def _choose_span(self, days: int) -> None:
        now = self._session.clock.now()
        for edit, back in ((self.since, days - 1), (self.until, 0)):
            edit.blockSignals(True)
            edit.setDate(_day(midnight(now, back)))
            edit.blockSignals(False)
        self.reader.ask()

    def _on_unread(self, error: PersonError) -> None:
        self.causes.setText(str(error))

    def _date(self, back: int) -> QDateEdit:
        edit = QDateEdit(_day(midnight(self._session.clock.now(), back)), self)
        edit.setDisplayFormat("yyyy-MM-dd")
        edit.setCalendarPopup(True)
        return edit

    def _arrange(self) -> None:
        top = QHBoxLayout()
        for text, edit in ((self.tr("从"), self.since), (self.tr("到"), self.until)):
            label = plain_label(self, "quiet")
            label.setText(text)
            label.setBuddy(edit)
            edit.setAccessibleName(text)
            top.addWidget(label)
            top.addWidget(edit)
        names = (self.tr("今天"), self.tr("7 天"), self.tr("30 天"), self.tr("一年"))
        for days, name in zip(_SPANS, names, strict=True):
            chip = QPushButton(name, self)
            chip.setProperty("role", "chip")
            chip.clicked.connect(lambda _=False, days=days: self._choose_span(days))
            top.addWidget(chip)
        top.addStretch(1)
        inside = QWidget()
        inside.setProperty("surface", "panel")
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addLayout(top)
        for widget in (self.whole, self.formula, self.causes):
            column.addWidget(widget)
        column.addLayout(self._grid)
        column.addWidget(self.note)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


def _day(at: datetime) -> QDate:
    local = at.astimezone(SHANGHAI)
    return QDate(local.year, local.month, local.day)


def _moment(day: QDate) -> datetime:
    return datetime(day.year(), day.month(), day.day(), tzinfo=SHANGHAI)
