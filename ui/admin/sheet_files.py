"""A tab's rules as a spreadsheet: 导入… with a preview before anything is written, and 导出…."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from commandcenter.errors import PersonError
from commandcenter.services.sheet import Imported
from ui.admin.sheet_preview import SheetPreview
from ui.admin.tab import AdminTab
from ui.admin.tables import tr
from ui.dialogs.file_dialog import EXCEL, ask_open, ask_save
from ui.session import Session


class SheetFiles(QObject):
    """Two buttons and a preview for a tab to place, and what they do, told in its sentence. ``taken_in``: a file was, for good.

    `title` is that of the list, `columns` tell its rows apart, `done` says how many went to which file; ``export(path)`` and
    ``import_(path, dry_run)`` do it.
    """

    taken_in = Signal()

    def __init__(
        self,
        tab: AdminTab,
        session: Session,
        *,
        title: str,
        columns: Sequence[str],
        done: str,
        export: Callable[[Path], Awaitable[int]],
        import_: Callable[[Path, bool], Awaitable[Imported[Any]]],
    ) -> None:
        super().__init__(tab)
        self._tab = tab
        self._session = session
        self._title = title
        self._done = done
        self._export = export
        self._import = import_
        self.import_button = QPushButton(tr("导入…"), tab)
        self.import_button.clicked.connect(self.choose_import)
        self.export_button = QPushButton(tr("导出…"), tab)
        self.export_button.clicked.connect(self.choose_export)
        self.preview = SheetPreview(tab, columns)
        self.preview.wanted.connect(self.take_in)

    def choose_import(self) -> None:
        """Ask for a file and say what it would change."""
        ask_open(self._tab, tr("导入%s") % self._title, self.look_at, EXCEL)

    def choose_export(self) -> None:
        """Ask where to, and write all of them."""
        ask_save(self._tab, tr("导出%s") % self._title, f"{self._title}.xlsx", self.write_out, EXCEL, suffix="xlsx")

    def look_at(self, path: Path) -> None:
        """Show what a file would change, row by row; nothing is written."""
        self._session.spawn(self._read(path, dry_run=True), "look at sheet")

    def take_in(self, path: Path) -> None:
        """Take a file in that was looked at."""
        self._session.spawn(self._read(path, dry_run=False), "take sheet in")

    def write_out(self, path: Path) -> None:
        """Write all of them to a file."""
        self._session.spawn(self._write(path), "write sheet")

    async def _read(self, path: Path, *, dry_run: bool) -> None:
        try:
            found = await self._import(path, dry_run)
        except PersonError as error:
            self._tab.say(str(error), bad=True)
            return
        self.preview.show_found(path, found, tried=dry_run)
        if not dry_run:
            self._tab.say(self.preview.summary.text())
            self.taken_in.emit()

    async def _write(self, path: Path) -> None:
        try:
            count = await self._export(path)
        except PersonError as error:
            self._tab.say(str(error), bad=True)
        else:
            self._tab.say(self._done % (count, path.name))
