"""What a reader of a PDF finds in it."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtPdf import QPdfDocument


def words_of(document: QPdfDocument) -> str:
    """The words of all pages, a line after the other."""
    pages = range(document.pageCount())
    return "".join(document.getAllText(page).text() for page in pages).replace("\r\n", "")


def words_in(pdf: bytes) -> str:
    """The same of a file's content."""
    content = QBuffer()
    content.setData(QByteArray(pdf))
    content.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(content)
    return words_of(document)
