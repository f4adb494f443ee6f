"""Painting shared by the suggestions of 受理: key caps, elided lines, texts of a few lines."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption

from ui.theme import fonts
from ui.theme.tokens import Tokens

CAP_WIDTH = 50
CAP_HEIGHT = 22
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def paint_cap(painter: QPainter, where: QRectF, text: str, tokens: Tokens, *, live: bool = True) -> None:
    """A key's cap; one that does nothing now is drawn dashed."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    style = Qt.PenStyle.SolidLine if live else Qt.PenStyle.DashLine
    painter.setPen(QPen(QColor(tokens.accent if live else tokens.line), 1, style))
    painter.setBrush(QColor(tokens.accent_soft if live else tokens.panel))
    painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(tokens.accent if live else tokens.ink_quiet))
    painter.setFont(fonts.font(fonts.QUIET))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)


def paint_line(
    painter: QPainter,
    where: QRectF,
    text: str,
    colour: str,
    pixels: int = fonts.BODY,
    *,
    bold: bool = False,
    align: Qt.AlignmentFlag = _LEFT,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> float:
    """One line, shortened to fit; the width it took."""
    font = fonts.font(pixels, bold=bold)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, elide, max(0.0, where.width()))
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(where, align, shown)
    return metrics.horizontalAdvance(shown)


def advance(text: str, pixels: int = fonts.BODY, *, bold: bool = False) -> float:
    """How wide a line would be."""
    return QFontMetricsF(fonts.font(pixels, bold=bold)).horizontalAdvance(text)


def line_height(pixels: int) -> float:
    """Of a line of text of that size."""
    return round(pixels * 1.45)


def lines_of(text: str, width: float, pixels: int, most: int) -> tuple[str, ...]:
    """`text` broken into at most so many lines of that width; what does not fit is elided in the last."""
    font = fonts.font(pixels)
    layout = _layout(text.replace("\n", " "), font)
    layout.beginLayout()
    found: list[str] = []
    while len(found) < most and (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        found.append(layout.text()[line.textStart() : line.textStart() + line.textLength()])
        if len(found) == most:
            rest = layout.text()[line.textStart() :]
            found[-1] = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
    layout.endLayout()
    return tuple(found)


def paint_lines(
    painter: QPainter, at: QPointF, width: float, lines: tuple[str, ...], colour: str, pixels: int
) -> float:
    """Lines below one another; the height they took."""
    height = line_height(pixels)
    for number, line in enumerate(lines):
        paint_line(painter, QRectF(at.x(), at.y() + number * height, width, height), line, colour, pixels)
    return height * len(lines)


def _layout(text: str, font: QFont) -> QTextLayout:
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    return layout
