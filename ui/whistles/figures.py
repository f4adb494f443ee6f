"""评哨指标: per unit how its clocks were kept and how it was scored, with n and by how many; per town whistles a hundred cases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.errors import PersonError
from commandcenter.services import whistles
from ui.models.row_table import Column, RowTable
from ui.session import Session
from ui.widgets.row_view import RowView

SPANS = (7, 30, 90, 365)


class WhistleFigures(QWidget):
    """Two tables over the last days; a rate without a denominator is a dash, and every rate shows its two numbers."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("surface", "panel")
        tr = self.tr
        self.span = QComboBox(self)
        for days in SPANS:
            self.span.addItem(tr("近 %d 天推送的哨") % days, days)
        self.span.setCurrentIndex(1)
        self.span.setAccessibleName(tr("时段"))
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.said.setWordWrap(True)
        self.units = RowTable(
            [
                Column(name, title, is_number=name != "unit")
                for name, title in (
                    ("unit", tr("单位")),
                    ("called", tr("被叫")),
                    ("answer", tr("按时应哨")),
                    ("arrive", tr("按时报到")),
                    ("finish", tr("按时办完")),
                    ("scored", tr("被评")),
                    ("scorers", tr("评分人")),
                    ("speed", tr("速度均分")),
                    ("quality", tr("质量均分")),
                    ("met", tr("见面率")),
                    ("finished", tr("办结率")),
                    ("satisfied", tr("满意率")),
                )
            ],
            self,
        )
        self.towns = RowTable(
            [
                Column(name, title, is_number=name != "town")
                for name, title in (
                    ("town", tr("镇街")),
                    ("whistles", tr("哨")),
                    ("cases", tr("工单")),
                    ("rate", tr("每百件工单")),
                )
            ],
            self,
        )
        head = QHBoxLayout()
        head.addWidget(self.span)
        head.addWidget(self.said, 1)
        both = QSplitter(Qt.Orientation.Vertical, self)
        both.setHandleWidth(1)
        both.setChildrenCollapsible(False)
        self.unit_view, self.town_view = RowView(self.units, "unit", self), RowView(self.towns, "town", self)
        self.unit_view.setAccessibleName(tr("各单位的指标"))
        self.town_view.setAccessibleName(tr("各镇街的哨"))
        both.addWidget(self.unit_view)
        both.addWidget(self.town_view)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(both, 1)
        self.setFocusProxy(self.span)
        self.span.currentIndexChanged.connect(self.refresh)

    def refresh(self) -> None:
        """Read the figures of the chosen time."""
        if self._session.db is None:
            self.said.setText(self.tr("未连接数据库，暂时只能查看"))
            return
        self._session.spawn(self._fill(int(self.span.currentData())), "whistle figures")

    async def _fill(self, days: int) -> None:
        until = self._session.clock.now()
        since = until - timedelta(days=days)
        try:
            db = self._session.database()
            units = await whistles.figures(db, since=since, until=until)
            towns = await whistles.rates(db, since=since, until=until)
        except PersonError as error:
            self.said.setText(str(error))
            return
        if days != self.span.currentData():
            return
        self.units.show_rows([self._unit(figure) for figure in units])
        self.towns.show_rows([self._town(rate) for rate in towns])
        local = since.astimezone(SHANGHAI)
        self.said.setText(
            self.tr("%s 起，您看得到的范围。率后面是分子/分母；没有分母的写“–”。被评次数少的分数，只说明那几次。")
            % f"{local:%m-%d %H:%M}"
            if units
            else self.tr("这段时间没有推送过哨")
        )

    def _unit(self, figure: whistles.UnitFigure) -> Mapping[str, Any]:
        unit = self._session.reference.units.get(figure.unit_id)
        return {
            "unit": unit.short_name or unit.name if unit is not None else "",
            "called": figure.called,
            "answer": share_words(figure.answer_rate, figure.answered_in_time, figure.answer_over),
            "arrive": share_words(figure.arrive_rate, figure.arrived_in_time, figure.arrive_over),
            "finish": share_words(figure.finish_rate, figure.finished_in_time, figure.finish_over),
            "scored": figure.scored,
            "scorers": figure.scorers,
            "speed": mean_words(figure.speed),
            "quality": mean_words(figure.quality),
            "met": share_words(figure.met_rate, figure.met, figure.scored),
            "finished": share_words(figure.finished_rate, figure.finished, figure.scored),
            "satisfied": share_words(figure.satisfied_rate, figure.satisfied, figure.satisfied_known),
        }

    def _town(self, rate: whistles.TownRate) -> Mapping[str, Any]:
        town = self._session.reference.areas.get(rate.town_id)
        return {
            "town": town.name if town is not None else "",
            "whistles": rate.whistles,
            "cases": rate.cases,
            "rate": mean_words(rate.per_hundred, places=2),
        }


def share_words(share: Fraction | None, part: int, whole: int) -> str:
    """85.7 % (6/7); – without a denominator."""
    return "–" if share is None else f"{float(share) * 100:.1f}%（{part}/{whole}）"


def mean_words(mean: Fraction | None, places: int = 1) -> str:
    """A mean or a rate as a number; – without a denominator."""
    return "–" if mean is None else f"{float(mean):.{places}f}"
