"""Line icons from ``resources/icons``, drawn in a token's colour."""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "icons"


@lru_cache(maxsize=128)
def icon(name: str, colour: str, pixels: int = 24) -> QIcon:
    """The icon `name` in `colour`, sharp up to a screen scale of three. Raises FileNotFoundError for an unknown name."""
    drawing = (FOLDER / f"{name}.svg").read_bytes().replace(b"currentColor", colour.encode())
    pixmap = QPixmap(pixels * 3, pixels * 3)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(pixmap.rect()))
    painter.end()
    return QIcon(pixmap)
