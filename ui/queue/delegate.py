"""Paints one row of the queue: flag, lamp and remaining time, title with its reports, where and who, state."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.models.queue_model import QueueModel
from ui.models.row_facts import RowFacts
from ui.theme import fonts
from ui.theme.tokens import DAY, Tokens
from ui.widgets import words
from ui.widgets.marks import paint_flag, paint_lamp

TWO_LINES = 68
COMPACT = 34
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class QueueDelegate(QStyledItemDelegate):
    """One row, in two lines (68 px) or one (34 px)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tokens: Tokens = DAY
        self.compact = False
        self.fresh: set[int] = set()
        """Case ids that arrived a short while ago: marked at the left edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """As high as the density says."""
        return QSize(320, COMPACT if self.compact else TWO_LINES)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row of `index`, whose model is a QueueModel."""
        model = index.model()
        assert isinstance(model, QueueModel)
        facts = model.facts(index.row())
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        self._background(painter, box, state)
        if facts is not None:
            if facts.case_id in self.fresh:
                painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(self.tokens.accent))
            selected = bool(state & QStyle.StateFlag.State_Selected)
            (self._one_line if self.compact else self._two_lines)(painter, box, facts, selected=selected)
        painter.restore()

    def _background(self, painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
        tokens = self.tokens
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(tokens.selection))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), QColor(tokens.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(tokens.raised))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), QColor(tokens.line))

    def _two_lines(self, painter: QPainter, box: QRect, facts: RowFacts, *, selected: bool) -> None:
        tokens = self.tokens
        top, low = box.top() + 9, box.top() + 36
        paint_flag(painter, QRectF(box.left() + 12, top + 1, 26, 26), facts.grade, tokens)
        self._lamp(painter, box.left() + 48, top, facts)
        left, right = box.left() + 166, box.right() - 12
        state_width = self._text(painter, QRect(right - 72, top, 72, 26), words.state_word(facts.state), align=_RIGHT)
        self._title(painter, QRect(left, top, right - state_width - 10 - left, 26), facts)
        quiet = tokens.ink_normal if selected else tokens.ink_quiet
        if facts.problem:
            mark = self.tr("问题")
            width = self._text(painter, QRect(right - 40, low, 40, 24), mark, colour=tokens.bad, align=_RIGHT)
            right -= width + 10
        where = " · ".join(part for part in (facts.number, facts.town, facts.unit) if part)
        self._text(painter, QRect(left, low, right - left, 24), where, colour=quiet, pixels=fonts.QUIET)
        if facts.holder:
            held = self.tr("%s 处理中") % facts.holder
            room = QRect(box.left() + 48, low, left - box.left() - 54, 24)
            self._text(painter, room, held, colour=tokens.accent, pixels=fonts.QUIET)

    def _one_line(self, painter: QPainter, box: QRect, facts: RowFacts, *, selected: bool) -> None:
        top, high = box.top(), box.height() - 1
        paint_flag(painter, QRectF(box.left() + 12, top + 6, 22, 22), facts.grade, self.tokens)
        self._lamp(painter, box.left() + 44, top + 4, facts)
        left, right = box.left() + 160, box.right() - 12
        width = self._text(painter, QRect(right - 72, top, 72, high), words.state_word(facts.state), align=_RIGHT)
        right -= width + 10
        if right - left > 260:
            side = QRect(right - 130, top, 130, high)
            where = facts.holder or facts.unit or facts.town
            quiet = self.tokens.ink_normal if selected else self.tokens.ink_quiet
            colour = self.tokens.accent if facts.holder else quiet
            width = self._text(painter, side, where, colour=colour, pixels=fonts.QUIET, align=_RIGHT)
            right -= width + 10
        self._title(painter, QRect(left, top, right - left, high), facts)

    def _lamp(self, painter: QPainter, left: int, top: int, facts: RowFacts) -> None:
        paint_lamp(painter, QRectF(left, top + 7, 13, 13), facts.lamp, self.tokens)
        colour = self.tokens.lamp(facts.lamp)
        remaining = facts.remaining.removeprefix(self.tr("挂起 "))  # the state at the right says it already
        self._text(painter, QRect(left + 18, top, 96, 26), remaining, colour=colour)

    def _title(self, painter: QPainter, box: QRect, facts: RowFacts) -> None:
        marks = [(f"×{facts.reports}", self.tokens.bad)] if facts.reports > 1 else []
        if facts.hinted:
            marks.append((words.hinted(), self.tokens.warn))
        wide = [_advance(fonts.font(), text) + 8 for text, _ in marks]
        room = QRect(box.left(), box.top(), box.width() - sum(wide), box.height())
        left = box.left() + self._text(painter, room, facts.title) + 8
        for (text, colour), width in zip(marks, wide, strict=True):
            self._text(painter, QRect(left, box.top(), width, box.height()), text, colour=colour)
            left += width

    def _text(
        self,
        painter: QPainter,
        box: QRect,
        text: str,
        *,
        colour: str = "",
        pixels: int = fonts.BODY,
        align: Qt.AlignmentFlag = _LEFT,
    ) -> int:
        """Draw `text` elided into `box`; the width it took."""
        font = fonts.font(pixels)
        metrics = _metrics(pixels)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(font)
        painter.setPen(QColor(colour or self.tokens.ink))
        painter.drawText(box, align, shown)
        return metrics.horizontalAdvance(shown)


_known: dict[int, QFontMetrics] = {}


def _metrics(pixels: int) -> QFontMetrics:
    if pixels not in _known:
        _known[pixels] = QFontMetrics(fonts.font(pixels))
    return _known[pixels]


def _advance(font: QFont, text: str) -> int:
    return QFontMetrics(font).horizontalAdvance(text)
