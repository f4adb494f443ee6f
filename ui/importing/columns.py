"""Second step of 导入: what each column was understood as, and how the file is read; all of it can be put right."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from commandcenter.intake.field import LABELS
from commandcenter.intake.preview import Preview, Sure
from commandcenter.intake.profile import Profile
from commandcenter.intake.reader import Choices
from ui.importing.file import tr
from ui.models.row_table import Column, Row, RowTable
from ui.widgets.field_box import FieldBox
from ui.widgets.flow import FlowLayout
from ui.widgets.role import set_role
from ui.widgets.row_view import RowView

ENCODINGS = (("UTF-8", "utf-8"), ("GB18030", "gb18030"), ("Big5", "big5hkscs"), ("UTF-16", "utf-16"))
SYSTEMS = (("WGS-84／国家2000", "wgs84"), ("GCJ-02（高德、腾讯）", "gcj02"), ("BD-09（百度）", "bd09"))
DATES = (
    ("3/8/2024 为 3 月 8 日", ""),
    ("3/8/2024 为 3 月 8 日（美式，不再提示）", "us"),
    ("3/8/2024 为 8 月 3 日", "dmy"),
)
_SURE = {Sure.NONE: "留在原始记录", Sure.GUESSED: "△ 猜的", Sure.KNOWN: "○ 认得", Sure.CHOSEN: "● 指定"}


class ColumnsPreview(QWidget):
    """``changed()``: read the file again with what is chosen now; ``save_wanted(name)``: keep it as a profile."""

    changed = Signal()
    save_wanted = Signal(str)

    def __init__(self, channels: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: dict[str, str] = {}
        """What a person changed: column's name → field."""
        self._filling = False
        self.file = QLabel(self)
        self.file.setProperty("role", "strong")
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.profile = self._combo([(tr("不用方案"), "")])
        self.channel = self._combo([(tr("看每一行；没写的算 12345热线"), ""), *channels])
        self.crs = self._combo(SYSTEMS)
        self.dates = self._combo([(tr(text), value) for text, value in DATES])
        self.encoding = self._combo(ENCODINGS)
        self.sheet = self._combo([])
        self.header = self._combo([])
        self.name = QLineEdit(self)
        self.name.setPlaceholderText(tr("来源系统的名称"))
        self.save_button = QPushButton(tr("存为方案"), self)
        self.save_button.clicked.connect(lambda: self.save_wanted.emit(self.name.text()))
        self.name.returnPressed.connect(self.save_button.click)
        fields = [(tr("不导入此列（留在原始记录）"), ""), *((tr(label), name) for name, label in LABELS.items())]
        self.table = RowTable(
            [
                Column("letter", tr("列")),
                Column("name", tr("文件里的列名")),
                Column("field", tr("理解为（F2 改）"), editable=True, choices=lambda: fields),
                Column("sure", tr("把握"), show=lambda sure: tr(_SURE[sure])),
                Column("filled", tr("有值"), is_number=True),
                Column("samples", tr("样例")),
            ],
            self,
        )
        self.table.may_edit = True
        self.table.changed.connect(self._on_field)
        self.view = RowView(self.table, "samples", self)
        self.view.setAccessibleName(tr("文件的各列"))
        for combo in (self.profile, self.channel, self.crs, self.dates, self.encoding, self.sheet, self.header):
            combo.activated.connect(self._on_chosen)
        self._arrange()
        self.setFocusProxy(self.view)

    def show_preview(self, found: Preview, profiles: Sequence[Profile], *, begun: bool) -> None:
        """Show how the file was read; `begun`: it is another file, what was chosen for the last one is forgotten."""
        self._filling = True
        if begun:
            self.columns = {}
            self._fill(
                self.profile, [(tr("不用方案"), ""), *((each.name, each.name) for each in profiles)], found.profile
            )
            used = next((each for each in profiles if each.name == found.profile), Profile())
            self._choose(self.channel, used.channel)
            self._choose(self.crs, used.crs or "wgs84")
            self._choose(self.dates, used.dates)
            self.name.setText(found.profile or found.path.stem[:60])
        self.file.setText(f"{found.path.name}")
        self._box(self.encoding).setVisible(bool(found.encoding))
        self._choose(self.encoding, found.encoding.replace("utf-8-sig", "utf-8"))
        self._box(self.sheet).setVisible(len(found.sheets) > 1)
        self._fill(self.sheet, [(sheet, sheet) for sheet in found.sheets], found.sheet)
        numbers = [number for number, _ in found.top]
        rows = [(tr("第 %d 行") % first, f"{first} {first}") for first in numbers]
        rows += [(tr("第 %d、%d 行") % (a, b), f"{a} {b}") for a, b in pairwise(numbers)]
        self._fill(self.header, rows, f"{found.header_rows[0]} {found.header_rows[1]}")
        self.table.show_rows(
            [
                {
                    "letter": each.letter,
                    "name": each.name,
                    "field": each.field,
                    "sure": each.sure,
                    "filled": f"{each.filled}/{found.rows}",
                    "samples": "　|　".join(each.samples),
                }
                for each in found.columns
            ]
        )
        self._tell(found)
        self._filling = False

    def choices(self) -> Choices:
        """How the file is opened, as far as somebody said so; reading is told only what differs from what it finds."""
        first, last = (int(part) for part in str(self.header.currentData() or "0 0").split())
        return Choices(
            str(self.encoding.currentData() or "") if self.encoding.property("mine") else "",
            str(self.sheet.currentData() or "") if self.sheet.property("mine") else "",
            (first, last) if self.header.property("mine") else None,
        )

    def forget(self) -> None:
        """Another file: nothing was said of it yet."""
        for combo in (self.encoding, self.sheet, self.header):
            combo.setProperty("mine", False)

    def _tell(self, found: Preview) -> None:
        parts, bad = [], bool(found.missing)
        if found.missing:
            parts.append(tr("还缺“%s”：请在下面指明哪一列是。") % "”“".join(found.missing))
        if found.recognised:
            parts.append(tr("认出是“%s”的文件，已按它的方案读。") % found.profile)
        if found.ambiguous:
            parts.append(tr("日期“%s”两种读法都通，请在“日期写法”里指明。") % found.ambiguous[0])
        many = tr("前 %d 行") % found.rows if not found.whole else tr("全部 %d 行") % found.rows
        parts.append(tr("看了%s，能读的 %d 行。") % (many, found.readable))
        if found.footers:
            parts.append(tr("表尾不导入：第 %s 行。") % "、".join(str(row) for row, _ in found.footers))
        self.told.setText("".join(parts))
        set_role(self.told, "bad" if bad else "warn" if found.ambiguous else "normal")

    def _on_field(self, row: Row, _: str, field: Any) -> None:
        self.columns = {**self.columns, str(row["name"]): str(field)}
        self.changed.emit()

    def _on_chosen(self) -> None:
        if self._filling:
            return
        combo = self.sender()
        if combo in {self.encoding, self.sheet, self.header}:
            combo.setProperty("mine", True)
            if combo is not self.header:
                self.header.setProperty("mine", False)
        if combo not in {self.channel, self.crs}:
            self.changed.emit()

    def _combo(self, choices: Sequence[tuple[str, str]]) -> QComboBox:
        combo = QComboBox(self)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._fill(combo, choices, "")
        return combo

    @staticmethod
    def _fill(combo: QComboBox, choices: Sequence[tuple[str, str]], value: str) -> None:
        combo.clear()
        for text, each in choices:
            combo.addItem(text, each)
        combo.setCurrentIndex(max(0, combo.findData(value)))

    @staticmethod
    def _choose(combo: QComboBox, value: str) -> None:
        combo.setCurrentIndex(max(0, combo.findData(value)))

    @staticmethod
    def _box(combo: QComboBox) -> QWidget:
        parent = combo.parentWidget()
        return parent if isinstance(parent, FieldBox) else combo

    def _arrange(self) -> None:
        settings = FlowLayout(spacing=12)
        for title, inside in (
            (tr("导入方案"), self.profile),
            (tr("渠道"), self.channel),
            (tr("坐标系"), self.crs),
            (tr("日期写法"), self.dates),
            (tr("编码"), self.encoding),
            (tr("工作表"), self.sheet),
            (tr("表头"), self.header),
        ):
            settings.addWidget(FieldBox(title, inside, self))
        saving = QHBoxLayout()
        saving.setSpacing(8)
        hint = QLabel(tr("改好的对应关系可以存成方案，下次认出同样的表头就照它读："), self)
        hint.setProperty("role", "quiet")
        saving.addWidget(hint)
        saving.addWidget(self.name, 1)
        saving.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.file)
        column.addLayout(settings)
        column.addWidget(self.told)
        column.addWidget(self.view, 1)
        column.addLayout(saving)
