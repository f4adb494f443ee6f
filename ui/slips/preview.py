"""The live A4 preview of a slip: set anew in a thread a moment after the typing pauses; printed and saved from here."""

from __future__ import annotations

import asyncio
from asyncio import Task
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from commandcenter.config import load_settings
from commandcenter.errors import PersonError
from ui.dialogs.file_dialog import ask_save
from ui.session import Session
from ui.slips.paper import SlipPaper, read_pdf
from ui.slips.print import print_pages

if TYPE_CHECKING:
    from commandcenter.reports.slip_document import SlipDocument

PAUSE_MS = 150
"""Without a key for so long, the page is set anew: with the setting itself below 300 ms."""


class SlipPreview(QWidget):
    """``shown()`` when the pages show the newest words."""

    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: SlipDocument | None = None
        self._shown: SlipDocument | None = None
        self._task: Task[None] | None = None
        self.paper = SlipPaper(self)
        self.said = QLabel(self)
        self.said.setProperty("role", "quiet")
        self.print_button = self._button(self.tr("打印…"), self.print_it, "Ctrl+P")
        self.pdf_button = self._button(self.tr("存为 PDF…"), lambda: self._ask_where("pdf"), "Ctrl+Shift+P")
        self.docx_button = self._button(self.tr("存为 Word…"), lambda: self._ask_where("docx"), "Ctrl+Shift+W")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._begin)
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 8)
        head.setSpacing(8)
        head.addWidget(self.said, 1)
        for button in (self.print_button, self.pdf_button, self.docx_button):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.paper, 1)
        self.show_document(None)

    @property
    def is_current(self) -> bool:
        """Whether the pages show the newest words."""
        return self._task is None and not self._pause.isActive()

    def show_document(self, document: SlipDocument | None, *, at_once: bool = False) -> None:
        """Show this from now on; None nothing. `at_once` for another slip, whose pages begin at their top."""
        for button in (self.print_button, self.pdf_button, self.docx_button):
            button.setEnabled(document is not None)
        self.paper.setVisible(document is not None)
        if document is None:
            self._wanted = self._shown = None
            self._pause.stop()
            self.said.setText("")
        elif document != self._wanted or (at_once and self._pause.isActive()):
            self._wanted = document
            if at_once:
                self.paper.to_top()
                self._pause.stop()
                self._begin()
            else:
                self._pause.start()

    def print_it(self) -> None:
        """Ask for a printer, then print; a draft is printed with 草稿 in the number's place."""
        if self._wanted is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(self._wanted.number or self._wanted.title)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        document = self._wanted
        dialog.accepted.connect(lambda: self._session.spawn(self.print_on(printer, document), "print slip"))
        dialog.setModal(False)  # the clocks beside it run on
        dialog.show()

    async def print_on(self, printer: QPrinter, document: SlipDocument) -> None:
        """Put the pages on the printer's paper. Raises PersonError where it takes none."""
        pages = read_pdf(await self._set(document), self)
        try:
            await print_pages(pages, printer)
        finally:
            pages.deleteLater()
        self._session.noticed.emit(self.tr("已送打印"), "")

    async def save(self, path: Path) -> None:
        """Write the slip to `path`, .pdf or .docx by its ending. Raises PersonError where it cannot be written."""
        document = self._wanted
        if document is None:
            return
        if path.suffix.lower() == ".docx":
            from commandcenter.reports.slip_docx import slip_docx, template_of

            content = await asyncio.to_thread(slip_docx, document, template_of(load_settings().data_dir))
        else:
            content = await self._set(document)
        try:
            await asyncio.to_thread(path.write_bytes, content)
        except OSError as error:
            raise PersonError(self.tr("文件写不到那里。"), self.tr("请换一个位置。")) from error
        self._session.noticed.emit(self.tr("已存为 %s") % path.name, "")

    def _ask_where(self, kind: str) -> None:
        if self._wanted is None:
            return
        draft = self.tr("（草稿）") if self._wanted.is_draft else self._wanted.number
        ask_save(
            self,
            self.tr("存为 %s") % kind.upper(),
            f"{draft}{self._wanted.title}.{kind}",
            lambda path: self._session.spawn(self.save(path), "save slip"),
            suffix=kind,
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is set for nobody; and when the window closes, nothing comes after it."""
        self._pause.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().hideEvent(event)

    def _begin(self) -> None:
        if self._wanted is not self._shown and self._wanted is not None and self._task is None and self.isVisible():
            if self._shown is None:
                self.said.setText(self.tr("正在排版…"))
            self._task = self._session.spawn(self._show(self._wanted), "set slip")

    async def _show(self, document: SlipDocument) -> None:
        try:
            pdf = await self._set(document, preview=True)
        finally:
            if self._task is asyncio.current_task():
                self._task = None
        if self._wanted is not document:  # typed on meanwhile
            self._begin()
            return
        self._shown = document
        self.paper.show_pdf(pdf)
        pages = self.paper.document.pageCount() if self.paper.document is not None else 0
        self.said.setText(self.tr("预览　%n 页", "", pages))
        self.shown.emit()

    @staticmethod
    async def _set(document: SlipDocument, *, preview: bool = False) -> bytes:
        from commandcenter.reports.slip_pdf import slip_pdf  # Typst only when something is to be set

        return await asyncio.to_thread(slip_pdf, document, preview=preview)

    def _button(self, text: str, act: Callable[[], object], key: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setShortcut(key)
        button.setToolTip(key)
        button.clicked.connect(act)
        return button
