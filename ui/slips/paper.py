"""Pages of a PDF below one another, as wide as the room: what the printer will give, drawn at the screen's sharpness."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QScrollArea, QWidget

_GAP = 12


class _Sheets(QWidget):
    """All pages; a page is drawn when it comes into sight, and kept until the document or the width changes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.document: QPdfDocument | None = None
        self._drawn: dict[int, QImage] = {}

    def show_document(self, document: QPdfDocument) -> None:
        old, self.document = self.document, document
        self._drawn.clear()
        self.fit(self.width())
        self.update()
        if old is not None:
            old.deleteLater()

    def fit(self, width: int) -> None:
        """Be `width` wide and as high as the pages then are."""
        self._drawn.clear()
        bottom = self._place(self._count()).top() if self._count() else 0
        self.resize(width, max(1, bottom))
        if self._count():
            self.resize(width, self._place(self._count()).top())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for page in range(self._count()):
            place = self._place(page)
            if place.intersects(event.rect()):
                painter.drawImage(place, self._picture(page, place.size()))
        painter.end()

    def _count(self) -> int:
        return self.document.pageCount() if self.document is not None else 0

    def _place(self, page: int) -> QRect:
        """Where a page lies; A4 all of them."""
        width = max(1, self.width() - 2 * _GAP)
        height = round(width * 297 / 210)
        return QRect(_GAP, _GAP + page * (height + _GAP), width, height)

    def _picture(self, page: int, size: QSize) -> QImage:
        if page not in self._drawn:
            assert self.document is not None
            ratio = self.devicePixelRatioF()
            drawn = self.document.render(page, size * ratio)
            paper = QImage(drawn.size(), QImage.Format.Format_RGB32)
            paper.fill(Qt.GlobalColor.white)
            painter = QPainter(paper)
            painter.drawImage(0, 0, drawn)
            painter.end()
            paper.setDevicePixelRatio(ratio)
            self._drawn[page] = paper
        return self._drawn[page]


class SlipPaper(QScrollArea):
    """Shows a PDF; another one in its place keeps the place one reads at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheets = _Sheets(self)
        self.setWidget(self._sheets)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # else fitting the width changes the width
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def document(self) -> QPdfDocument | None:
        """What is shown."""
        return self._sheets.document

    def show_pdf(self, pdf: bytes) -> None:
        """Show these pages from now on."""
        at = self.verticalScrollBar().value()
        self._sheets.show_document(read_pdf(pdf, self))
        self.verticalScrollBar().setValue(at)
        self.setAccessibleName(
            self.tr("预览，%n 页", "", self._sheets.document.pageCount() if self._sheets.document else 0)
        )

    def to_top(self) -> None:
        """Show the first page from its top."""
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, self._sheets.height())
        self._sheets.fit(self.viewport().width())
        bar.setValue(round(share * self._sheets.height()))


def read_pdf(pdf: bytes, parent: QWidget) -> QPdfDocument:
    """A document of these bytes, which it keeps as long as it lives."""
    document = QPdfDocument(parent)
    bytes_ = QBuffer(document)
    bytes_.setData(QByteArray(pdf))
    bytes_.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(bytes_)
    return document
