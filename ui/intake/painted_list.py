"""What is suggested on 受理, painted below one another: drawn quiet as soon as it belongs to an older text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.tokens import DAY, Tokens


class Spoken(Protocol):
    """Something that is shown."""

    def spoken(self) -> str:
        """It as a sentence, for screen readers."""
        ...

    def more(self) -> str:
        """What the mouse is told that rests on it."""
        ...


Each = TypeVar("Each", bound=Spoken)


class PaintedList(QWidget, Generic[Each]):
    """``taken(key)``: the key of one of them was clicked; ``pressed(one of them, x)``: it was, there.

    `height` says how high one is, `paint` draws it into a rectangle, `gap` pixels are left below each.
    """

    taken = Signal(object)
    pressed = Signal(object, float)

    def __init__(
        self,
        parent: QWidget | None,
        height: Callable[[Each], float],
        paint: Callable[[QPainter, Each, QRectF], None],
        gap: int = 0,
    ) -> None:
        super().__init__(parent)
        self._height, self._paint, self._gap = height, paint, gap
        self._tokens = DAY
        self.shown: tuple[Each, ...] = ()
        self.fresh = True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def show_each(self, shown: Sequence[Each]) -> None:
        """Say this from now on."""
        if tuple(shown) != self.shown:
            self.shown = tuple(shown)
            self.setAccessibleName("；".join(each.spoken() for each in self.shown))
            self.updateGeometry()
            self.update()

    def set_fresh(self, *, fresh: bool) -> None:
        """Whether they belong to what is in the form now; where not, no key does anything."""
        if fresh != self.fresh:
            self.fresh = fresh
            self.update()

    def set_tokens(self, tokens: Tokens) -> None:
        """Follow the look."""
        self._tokens = tokens
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, int(sum(self._height(each) + self._gap for each in self.shown)))

    minimumSizeHint = sizeHint

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            each = self._at(event.pos().y())
            self.setToolTip(each.more() if each is not None else "")
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        each = self._at(event.position().y())
        if each is not None:
            self.pressed.emit(each, event.position().x())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for each, where in self._placed():
            self._paint(painter, each, where)

    def _placed(self) -> Iterator[tuple[Each, QRectF]]:
        top = 0.0
        for each in self.shown:
            height = self._height(each)
            yield each, QRectF(0, top, self.width(), height)
            top += height + self._gap

    def _at(self, y: float) -> Each | None:
        return next((each for each, where in self._placed() if y < where.bottom() + self._gap), None)
