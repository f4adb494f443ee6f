"""模型: versions of what was learned from the archive, with their figures; trained by one action, put into use by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Role
from commandcenter.errors import PersonError, Refused
from commandcenter.services import models
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.models.row_facts import person_name
from ui.models.row_table import Column, Row, RowTable
from ui.session import Session
from ui.widgets.row_view import RowView
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.services.models import Kind, ModelVersion

_KINDS = {"category": "分类", "repeats": "查重"}
_RELOAD = frozenset({"model", "correction", "everything"})


class ModelsTab(AdminTab):
    """Versions above, below them what the chosen one came from and how good it is at each category."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        columns = [
            Column("active", tr("在用"), is_tick=True, editable=True),
            Column("kind", tr("模型"), show=lambda kind: tr(_KINDS[kind])),
            Column("version", tr("版本"), is_number=True),
            Column("made_at", tr("训练时间"), show=clock_words),
            Column("made_by", tr("训练人"), show=lambda login: person_name(session.reference, login)),
            Column("samples", tr("学自（件）"), show=lambda number: f"{number:,}", is_number=True),
            Column("macro_f1", tr("宏平均 F1"), show=share_words, is_number=True),
            Column("accuracy", tr("首选正确"), show=share_words, is_number=True),
            Column("top_three", tr("前三含正确"), show=share_words, is_number=True),
            Column("error", tr("概率误差"), show=share_words, is_number=True),
            Column("size", tr("大小"), show=size_words, is_number=True),
        ]
        super().__init__(session, columns, "made_by", self._read, self._use, "", parent)
        self.view.setAccessibleName(tr("模型各版"))
        self.view.empty = tr("训练一次，各版的来历和准确程度就列在这里")
        self.kind = QComboBox(self)
        for kind, name in _KINDS.items():
            self.kind.addItem(tr(name), kind)
        self.kind.setAccessibleName(tr("训练哪种模型"))
        self.train_button = QPushButton(tr("用本中心档案训练"), self)
        self.train_button.setProperty("role", "primary")
        self.train_button.clicked.connect(self.train)
        self.cancel_button = QPushButton(tr("取消训练"), self)
        self.cancel_button.clicked.connect(self.cancel)
        self.despite_button = QPushButton(tr("仍要启用"), self)
        self.despite_button.clicked.connect(self._use_despite)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(tr("训练进度"))
        self.standing = QLabel(self)
        self.standing.setWordWrap(True)
        self.standing.setProperty("role", "quiet")
        self.about = QLabel(self)
        self.about.setWordWrap(True)
        self.about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.labels = RowTable(_label_columns(), self)
        self.label_view = RowView(self.labels, "name", self)
        self.label_view.setAccessibleName(tr("各分类的数字"))
        self.label_view.empty = tr("在上面选一版，这里列出它在各分类上准不准")
        self._stop: Event | None = None
        self._refused: int | None = None
        self._arrange()
        self.view.selectionModel().currentChanged.connect(self._show_chosen)
        self.table.modelReset.connect(self._show_chosen)
        self.table.dataChanged.connect(self._show_chosen)
        session.entities_changed.connect(self._on_entities)

    def train(self) -> None:
        """Learn a new version; the window stays usable meanwhile."""
        if self._stop is None:
            self._stop = Event()
            self._session.spawn(self._train(self._stop), "train model")

    def cancel(self) -> None:
        """End the training; nothing of it is kept."""
        if self._stop is not None:
            self._stop.set()
            self.cancel_button.setEnabled(False)

    async def _train(self, stop: Event) -> None:
        self._busy(True)
        kind: Kind = self.kind.currentData()
        try:
            done = await models.train(
                self._session.database(), kind, progress=self._show_progress, cancel=stop, key=uuid4()
            )  # fmt: skip
        except PersonError as error:
            self.say(str(error), bad=True)
        else:
            self._say_trained(done)
            await self._fill(self._read())
        finally:
            self._stop = None
            self._busy(False)

    def _say_trained(self, done: models.Trained) -> None:
        made, before = done.model, done.before
        was = share_words(made.figures.get("cold_f1") if before is None else before.macro_f1)
        old = tr("未训练时（按名称和关键词）") if before is None else tr("此前的第 %d 版") % before.version
        said = tr("已训练第 %d 版") % made.version
        if made.kind == "category":
            said += tr("，宏平均 F1 %s，%s为 %s") % (share_words(made.macro_f1), old, was)
        said += tr("。已启用。") if made.active else tr("。低于在用的，没有启用；要用请在“在用”一列勾选。")
        self.say(said, bad=not made.active)

    async def _read(self) -> list[Row]:
        versions = await models.read_versions(self._session.database())
        corrections = await models.read_corrections(self._session.database())
        used = next((each for each in versions if each.active and each.kind == "category"), None)
        said = (
            tr("分类建议用的是第 %d 版模型。") % used.version if used else tr("还没有训练过，分类按名称和关键词建议。")
        )
        said += tr("值班员改了建议的分类 %d 次，其中 %d 次还没有学进去。") % (corrections.number, corrections.fresh)
        self.standing.setText(said)
        return [_row(each) for each in versions]

    async def _use(self, row: Row, column: str, value: Any) -> None:
        if not value:
            raise PersonError(tr("须有一版在用。"), tr("请直接勾选要改用的那一版。"))
        self._refused = None
        try:
            await models.use(self._session.database(), model_id=row["id"], key=uuid4())
        except Refused:
            self._refused = row["id"]
            raise
        finally:
            self.despite_button.setVisible(self._refused is not None)

    def _use_despite(self) -> None:
        if self._refused is None:
            return

        async def work(model_id: int) -> None:
            await models.use(self._session.database(), model_id=model_id, despite=True, key=uuid4())
            await self._fill(self._read())

        self.do(work(self._refused), tr("已启用"))
        self._refused = None
        self.despite_button.hide()

    def _show_progress(self, share: float, words: str) -> None:
        self.bar.setValue(round(share * 1000))
        self.bar.setFormat(f"{words}　%p%")

    def _busy(self, busy: bool) -> None:
        self.train_button.setEnabled(not busy)
        self.kind.setEnabled(not busy)
        self.cancel_button.setEnabled(busy)
        self.cancel_button.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.setValue(0)

    def _show_chosen(self) -> None:
        row = self.view.current_row or next((row for row in self.table.rows if row["active"]), None)
        model: ModelVersion | None = None if row is None else row["model"]
        self.about.setText("" if model is None else about_words(model, self._session))
        self.labels.show_rows([] if model is None else weakest_first(model.figures.get("labels", ())))

    def _on_entities(self, entities: frozenset[str]) -> None:
        if self.isVisible() and not entities.isdisjoint(_RELOAD):
            self.refresh()

    def _arrange(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(10)
        tools.addWidget(self.kind)
        tools.addWidget(self.train_button)
        tools.addWidget(self.bar, 1)
        tools.addWidget(self.cancel_button)
        tools.addWidget(self.despite_button)
        tools.addStretch()
        self.bar.setRange(0, 1000)
        self.bar.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar.setFixedHeight(self.train_button.sizeHint().height())
        self._busy(False)
        self.despite_button.hide()
        for tool in (self.kind, self.train_button):
            tool.setVisible(self._session.role is Role.ADMIN)
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.about)
        column.addWidget(self.label_view, 1)
        split = QSplitter(Qt.Orientation.Vertical, self)
        self.room.removeWidget(self.view)
        split.addWidget(self.view)
        split.addWidget(below)
        split.setSizes([1_000, 2_000])
        split.setChildrenCollapsible(False)
        self.room.insertWidget(0, self.standing)
        self.room.insertLayout(1, tools)
        self.room.addWidget(split, 1)


def weakest_first(labels: Sequence[Row]) -> list[Row]:
    """The categories with the poorest F1 first; those of which nothing was there to judge at the end."""
    return sorted(labels, key=lambda each: (not each["samples"], each["f1"] if each["f1"] is not None else 0.0))


def size_words(size: int) -> str:
    """10.8 MB, 35 KB."""
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size / 1e3:.0f} KB"


def share_words(value: float | None) -> str:
    """Three decimals; – where nothing could be measured."""
    return "–" if value is None else f"{value:.3f}"


def about_words(model: ModelVersion, session: Session) -> str:
    """What a version was learned from, and by what settings."""
    facts = model.training
    said = [
        tr("第 %d 版学自 %s 件诉求") % (model.version, f"{facts.get('samples', 0):,}"),
        tr("收到于 %s 至 %s") % (_day(facts.get("from")), _day(facts.get("until"))),
    ]
    if "corrections" in facts:
        weight = facts["settings"]["model_correction_weight"]
        said.append(tr("其中人工纠正 %d 件，一件顶 %d 件") % (facts["corrections"], weight))
    if counts := sorted(facts.get("channels", {}).items(), key=lambda each: -each[1]):
        channels = session.reference.channels
        named = [(channels[int(each)].name if int(each) in channels else each, number) for each, number in counts[:6]]
        said.append(tr("来自 %s") % "、".join(f"{name} {number:,}" for name, number in named))
    if "folds" in facts:
        cold = share_words(model.figures.get("cold_f1"))
        said.append(tr("%d 折交叉验证，相同的诉求在同一折；未训练时的 F1 为 %s") % (facts["folds"], cold))
    said.append(tr("用时 %s 秒") % facts.get("seconds", "–"))
    if "hash" in facts:
        said.append(tr("训练集指纹 %s") % str(facts["hash"])[:12])
    return "；".join(said) + "。"


def _day(moment: str | None) -> str:
    return "–" if not moment else datetime.fromisoformat(moment).astimezone(SHANGHAI).strftime("%Y-%m-%d")


def _row(model: ModelVersion) -> Row:
    figures = {name: model.figures.get(name) for name in ("macro_f1", "accuracy", "top_three", "error")}
    return {
        "id": model.id,
        "active": model.active,
        "kind": model.kind,
        "version": model.version,
        "made_at": model.made_at,
        "made_by": model.made_by,
        "samples": model.training.get("samples", 0),
        "size": model.size,
        "model": model,
        **figures,
    }


def _label_columns() -> Sequence[Column]:
    return [
        Column("name", tr("分类")),
        Column("samples", tr("件数"), is_number=True),
        Column("precision", tr("准确率"), show=share_words, is_number=True),
        Column("recall", tr("召回率"), show=share_words, is_number=True),
        Column("f1", tr("F1"), show=share_words, is_number=True),
    ]
