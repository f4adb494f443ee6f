"""Third step of 导入: what would become of the file, why rows cannot come in, and words that mean nothing here yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from commandcenter.intake.field import LABELS
from commandcenter.services.importing import Imported
from ui.importing.file import tr
from ui.models.row_table import Column, Row, RowTable
from ui.widgets.row_view import RowView

_LINE, _HEAD, _MOST = 34, 42, 7
_NOTES = 3

Words = Mapping[str, Mapping[str, str]]


class Counts(QWidget):
    """Large numbers in a line, each with its word below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(36)
        for key, word in (
            ("rows", tr("共读")),
            ("accepted", tr("受理")),
            ("duplicates", tr("重复")),
            ("updated", tr("其中更新")),
            ("rejected", tr("未导入")),
            ("unplaced", tr("待定位")),
        ):
            column = QVBoxLayout()
            column.setSpacing(0)
            number, below = QLabel("–", self), QLabel(word, self)
            number.setProperty("role", "title")
            below.setProperty("role", "quiet")
            below.setBuddy(number)
            column.addWidget(number)
            column.addWidget(below)
            row.addLayout(column)
            self.labels[key] = number
        row.addStretch(1)

    def show_counts(self, found: Imported) -> None:
        """Show them."""
        for key, label in self.labels.items():
            label.setText(f"{getattr(found, key):,}")


class Trial(QWidget):
    """``mapped(field, word, ours)``: somebody said what a word means; '' is: leave it as the default.

    ``save_wanted()``: keep what was said in the source's profile.
    """

    mapped = Signal(str, str, str)
    save_wanted = Signal()

    def __init__(self, choices: Callable[[str], Sequence[tuple[str, str]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = choices
        self.words: dict[str, dict[str, str]] = {}
        """Field → word → ours, as far as it was said since the file was tried."""
        self.counts = Counts(self)
        self.told = QLabel(self)
        self.told.setWordWrap(True)
        self.save_button = QPushButton(tr("把对照存进方案"), self)
        self.save_button.clicked.connect(self.save_wanted)
        self.save_button.hide()
        self.problems = RowTable(
            [
                Column("reason", tr("未导入的原因")),
                Column("rows", tr("行数"), is_number=True),
                Column("examples", tr("例如第几行")),
            ],
            self,
        )
        self.problems_view = RowView(self.problems, "reason", self)
        self.problems_view.setAccessibleName(tr("未导入的原因"))
        self.tables: dict[str, tuple[QLabel, RowTable, RowView]] = {}
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._room = QVBoxLayout()
        for field in ("channel", "kind", "category", "grade"):
            self._add_table(field)
        inside = QWidget(self._area)
        inside.setProperty("surface", "panel")
        inside.setLayout(self._room)
        self._room.setContentsMargins(0, 0, 0, 0)
        self._room.setSpacing(8)
        self._room.insertWidget(0, self.problems_view)
        self._room.addStretch(1)
        self._area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.counts)
        line = QHBoxLayout()
        line.addWidget(self.told, 1)
        line.addWidget(self.save_button)
        column.addLayout(line)
        column.addWidget(self._area, 1)
        self.setFocusProxy(self._area)

    def show_trial(self, found: Imported, words: Words) -> None:
        """Show what would become of the file; `words` are those somebody has already said the meaning of."""
        self.words = {field: dict(each) for field, each in words.items()}
        self.save_button.setVisible(any(self.words.values()))
        self.counts.show_counts(found)
        self.problems.show_rows(
            [
                {"reason": each.reason, "rows": each.rows, "examples": "、".join(map(str, each.examples))}
                for each in found.problems
            ]
        )
        _fit(self.problems_view, len(found.problems))
        for field, (heading, table, view) in self.tables.items():
            unknown = [each for each in found.unknown if each.field == field]
            table.show_rows(
                [{"word": each.word, "rows": each.rows, "first": each.first_row, "means": None} for each in unknown]
            )
            _fit(view, len(unknown))
            heading.setVisible(bool(unknown))
        self.told.setText(self._told(found))

    def _told(self, found: Imported) -> str:
        parts = []
        if found.resumed_after:
            parts.append(tr("上次已导入到第 %d 行，接着往下。") % found.resumed_after)
        if found.untouched:
            parts.append(tr("%d 行与本中心所记不同、按规定不动。") % found.untouched)
        if found.unknown:
            parts.append(tr("有 %d 个词不认识：不对照也能导入，按默认处理。") % len(found.unknown))
        parts += note_words(found)
        if found.footers:
            parts.append(tr("表尾不导入：") + "；".join(f"{row} {text}" for row, text in found.footers[:3]) + "。")
        if not found.problems and not found.unknown and not found.notes:
            parts.append(tr("没有问题，可以导入。"))
        return "".join(parts)

    def _add_table(self, field: str) -> None:
        heading = QLabel(tr("不认识的%s：请选它在本中心是什么（F2），可存进方案") % tr(LABELS[field]), self)
        heading.setProperty("role", "strong")
        table = RowTable(
            [
                Column("word", tr("文件里的词")),
                Column("rows", tr("行数"), is_number=True),
                Column("first", tr("首见行"), is_number=True),
                Column(
                    "means",
                    tr("在本中心是"),
                    editable=True,
                    show=lambda ours: tr("按默认处理") if ours is None else str(ours),
                    choices=lambda: self._choices(field),
                ),
            ],
            self,
        )
        table.may_edit = True
        table.changed.connect(lambda row, _, ours: self._on_mapped(field, table, row, ours))
        view = RowView(table, "means", self)
        view.setAccessibleName(heading.text())
        self.tables[field] = (heading, table, view)
        self._room.addWidget(heading)
        self._room.addWidget(view)
        heading.hide()
        _fit(view, 0)

    def _on_mapped(self, field: str, table: RowTable, row: Row, ours: str) -> None:
        self.words.setdefault(field, {})[row["word"]] = ours
        table.show_rows([{**each, "means": ours} if each["word"] == row["word"] else each for each in table.rows])
        self.save_button.show()
        self.mapped.emit(field, row["word"], ours)


def note_words(found: Imported) -> list[str]:
    """What was put right, left out or seems strange in rows that can come in, a sentence each."""
    return [
        tr("请留意：%s（%d 行，例如第 %s 行）。") % (each.reason, each.rows, "、".join(map(str, each.examples)))
        for each in found.notes[:_NOTES]
    ]


def _fit(view: RowView, rows: int) -> None:
    """As high as its rows, up to seven; nothing where there is none."""
    view.setVisible(rows > 0)
    view.setFixedHeight(_HEAD + _LINE * min(rows, _MOST))
