"""Pages of a PDF on a printer's paper."""

import asyncio

from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter

from commandcenter.errors import PersonError

DPI = 300
"""Sharp enough for 12 pt print; twice that is four times the memory."""


async def print_pages(pages: QPdfDocument, printer: QPrinter) -> None:
    """Print all pages, A4 on A4, edge on edge: the margins are in the document. Raises PersonError where nothing takes it.

    Between two pages, a quarter of a second each, the window goes on living.
    """
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise PersonError(
            QCoreApplication.translate("slips", "打印机没有接收。"),
            QCoreApplication.translate("slips", "请检查打印机，或存为 PDF 再打印。"),
        )
    try:
        paper = QRect(0, 0, printer.width(), printer.height())
        for page in range(pages.pageCount()):
            size = (pages.pagePointSize(page) * (DPI / 72)).toSize()
            if page:
                printer.newPage()
            painter.drawImage(paper, pages.render(page, size))
            await asyncio.sleep(0)
    finally:
        painter.end()
