"""登记簿: the numbered slips of a year, by kind and unit, void ones included; Enter opens one, and the whole goes out as XLSX."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from commandcenter.clock import SHANGHAI
from commandcenter.domain.slip import SlipKind, SlipState
from commandcenter.errors import PersonError
from commandcenter.services import slips
from ui.dialogs.file_dialog import ask_save
from ui.models.row_table import Column, RowTable
from ui.session import Session
from ui.slips import words as slip_words
from ui.widgets.calm import CalmState
from ui.widgets.live_read import LiveRead
from ui.widgets.row_view import RowView

if TYPE_CHECKING:
    from commandcenter.services.slips import Slip

FIRST_YEAR = 2020


class SlipRegister(QWidget):
    """``opened(slip id)``. Its `reader` reads when it is looked at and something changed."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._read: tuple[Slip, ...] = ()
        self.shown: list[Slip] = []
        self.year = QComboBox(self)
        self.year.setAccessibleName(self.tr("年度"))
        now = session.clock.now().astimezone(SHANGHAI).year
        for year in range(now, FIRST_YEAR - 1, -1):
            self.year.addItem(self.tr("%s 年") % year, year)
        self.kind = QComboBox(self)
        self.kind.setAccessibleName(self.tr("种类"))
        self.kind.addItem(self.tr("全部种类"), None)
        for kind in SlipKind:
            self.kind.addItem(slip_words.kind_word(kind), kind)
        self.unit = QComboBox(self)
        self.unit.setAccessibleName(self.tr("单位"))
        self.unit.setMinimumWidth(180)
        self.unit.addItem(self.tr("全部单位"), None)
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.export_button = QPushButton(self.tr("导出 XLSX…"), self)
        self.export_button.clicked.connect(self.ask_where)
        self.table = RowTable(self._columns(), self)
        self.view = RowView(self.table, "subject", self)
        self.view.setSelectionBehavior(RowView.SelectionBehavior.SelectRows)
        self.view.setAccessibleName(self.tr("登记簿"))
        self.view.activated.connect(self._open)
        self.calm = CalmState(self)
        self.reader = LiveRead(session, frozenset({"slip"}), self._reload, self._on_unread, self)
        self._arrange()
        self._calm(self.tr("正在读登记簿…"))
        self.year.currentIndexChanged.connect(self.reader.ask)
        self.kind.currentIndexChanged.connect(self._show)
        self.unit.currentIndexChanged.connect(self._show)
        self.setFocusProxy(self.view)

    def ask_where(self) -> None:
        """Ask for the file to write."""
        ask_save(
            self,
            self.tr("导出登记簿"),
            self.tr("三单登记簿%s.xlsx") % self.year.currentData(),
            lambda path: self._session.spawn(self.export(path), "export register"),
            suffix="xlsx",
        )

    async def export(self, path: Path) -> None:
        """Write what is shown. Raises PersonError where it cannot be written."""
        shown = list(self.shown)
        await asyncio.to_thread(slips.export_register, shown, path)
        self._session.noticed.emit(self.tr("已导出 %n 份", "", len(shown)), "")

    async def _reload(self) -> None:
        self._read = await slips.register(self._session.database(), year=self.year.currentData())
        self._offer_units()
        self._show()

    def _on_unread(self, error: PersonError) -> None:
        """Keep what is shown; with nothing to show, say why."""
        if self._read:
            self.said.setText(str(error))
        else:
            self._calm(error.sentence, error.advice, self.tr("再试一次"))

    def _offer_units(self) -> None:
        chosen = self.unit.currentData()
        units = sorted({(slip.unit_id, slip.unit_name) for slip in self._read}, key=lambda unit: unit[1])
        self.unit.blockSignals(True)
        self.unit.clear()
        self.unit.addItem(self.tr("全部单位"), None)
        for unit_id, name in units:
            self.unit.addItem(name, unit_id)
        self.unit.setCurrentIndex(max(0, self.unit.findData(chosen)))
        self.unit.blockSignals(False)

    def _show(self) -> None:
        kind, unit = self.kind.currentData(), self.unit.currentData()
        self.shown = [slip for slip in self._read if kind in {None, slip.kind} and unit in {None, slip.unit_id}]
        self.table.show_rows([self._row(slip) for slip in self.shown])
        void = sum(slip.state is SlipState.VOID for slip in self.shown)
        counted = self.tr("共 %n 份", "", len(self.shown))
        self.said.setText(counted + (self.tr("，其中作废 %s 份") % void if void else ""))
        self.export_button.setEnabled(bool(self.shown))
        if self.shown:
            self._room.setCurrentWidget(self.view)
        else:
            self._calm(self.tr("没有已编号的单"), self.tr("签发以后才有编号；换一个年度、种类或单位再看"))

    def _row(self, slip: Slip) -> dict[str, Any]:
        return {
            "number": slip.number,
            "unit": slip.unit_short_name,
            "subject": slip.subject,
            "signed": _told(slip.signed_at),
            "received": _against(slip.received_at, slip.receipt_due_at),
            "due": _told(slip.reply_due_at),
            "replied": _against(slip.replied_at, slip.reply_due_at),
            "state": slip_words.state_word(slip.state),
            "copies": f"{len(slip.copies_sent)}/{len(slip.copies)}" if slip.copies else "–",
        }

    def _columns(self) -> list[Column]:
        return [
            Column("number", self.tr("编号")),
            Column("unit", self.tr("单位")),
            Column("subject", self.tr("事由")),
            Column("signed", self.tr("签发")),
            Column("received", self.tr("签收")),
            Column("due", self.tr("回复期限")),
            Column("replied", self.tr("回复")),
            Column("state", self.tr("状态")),
            Column("copies", self.tr("抄送")),
        ]

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(self.shown[index.row()].id)

    def _calm(self, sentence: str, advice: str = "", button: str = "") -> None:
        self.calm.say(sentence, advice, button, self.reader.ask)
        self._room.setCurrentWidget(self.calm)

    def _arrange(self) -> None:
        head = QHBoxLayout()
        for widget in (self.year, self.kind, self.unit, self.said):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.export_button)
        self._room = QStackedWidget(self)
        self._room.addWidget(self.calm)
        self._room.addWidget(self.view)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._room, 1)


def _told(at: datetime | None) -> str:
    return "–" if at is None else slip_words.moment(at)


def _against(at: datetime | None, due: datetime | None) -> str:
    """When it was done, marked where it was late."""
    if at is None:
        return "–"
    return slip_words.moment(at) + (" 逾期" if due is not None and at > due else "")
