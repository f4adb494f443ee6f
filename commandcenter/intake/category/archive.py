"""Texts with their categories out of a table file, row by row: what a classifier learns from and is judged on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from commandcenter.errors import PersonError
from commandcenter.intake.table import Table, open_tables
from commandcenter.intake.value import Cell, body, line

_LABEL = ("label", "category", "类别", "分类", "诉求类别", "一级标签", "一级分类")
_TEXT = ("text", "content", "内容", "诉求内容", "主要内容", "来电内容", "留言详情")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header: both texts may be empty."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A table with a column of texts, and perhaps one of labels."""

    table: Table
    text_at: int
    label_at: int | None

    def rows(self) -> Iterator[Row]:
        """Every row that is not blank, in order; raises DamagedTable after the last good one."""
        lines = iter(self.table.lines())
        next((cells for _, cells in lines if any(line(cell) for cell in cells)), None)
        for _, cells in lines:
            if any(line(cell) for cell in cells) or len(cells) > max(1, self.text_at):
                yield Row(line(_cell(cells, self.label_at)), body(_cell(cells, self.text_at)))


def open_archive(path: Path, *, labelled: bool) -> Archive:
    """Find the columns ``text`` and ``label``, by these or usual Chinese names, in any usual encoding.

    Raises PersonError where there is no column of texts, or none of labels although they have to be there.
    """
    problem = PersonError(f"“{path.name}”里没有表头。", "第一行应是列名 label、text。")
    for table in open_tables(path):
        header = next((cells for _, cells in table.lines() if any(line(cell) for cell in cells)), ())
        names = [line(cell).lstrip("\ufeff").lower() for cell in header]
        text_at, label_at = _place(names, _TEXT), _place(names, _LABEL)
        if text_at is None:
            problem = PersonError(f"“{path.name}”里没有找到内容一列。", "列名应为 text（或“内容”）。")
        elif label_at is None and labelled:
            problem = PersonError(f"“{path.name}”里没有找到类别一列。", "列名应为 label（或“类别”）。")
        else:
            return Archive(table, text_at, label_at)
    raise problem


def _place(names: Sequence[str], usual: Sequence[str]) -> int | None:
    return next((names.index(name) for name in usual if name in names), None)


def _cell(cells: Sequence[Cell], place: int | None) -> Cell:
    return cells[place] if place is not None and place < len(cells) else None
