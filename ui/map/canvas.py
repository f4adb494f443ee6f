"""What a canvas can do, whether the web engine draws it or we do ourselves. Slots go in and come out, never cases."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from ui.map.areas import Outline
from ui.map.points import Origin

log = logging.getLogger(__name__)


class CanvasSignals(QObject):
    """What a canvas tells; a part of every canvas, so that both kinds tell it alike."""

    ready = Signal()  # may be sent anything from now on; again after the picture was lost
    painted = Signal(int, float)  # sequence now in the picture, milliseconds the drawing took
    crowded = Signal(bool)  # density is shown instead of dots, from now on
    clicked = Signal(int)  # slot
    boxed = Signal(object)  # int64 array of slots
    hovered = Signal(int)  # slot, -1 for none
    over = Signal(float, float)  # where the mouse is, as `pointed`
    pointed = Signal(float, float)  # a click, in metres east and north of the origin; told without the web engine only
    failed = Signal(str)  # cannot draw any more; the reason, for the log


class Canvas(QWidget):
    """A widget that draws packed points (see `Points`) over areas."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.told = CanvasSignals(self)

    def start(self) -> None:
        """Begin; `told.ready` follows."""
        raise NotImplementedError

    def show_theme(self, look: Mapping[str, Any]) -> None:
        """Use the colours of `shading.look`."""
        raise NotImplementedError

    def show_areas(self, areas: Sequence[Outline], origin: Origin) -> None:
        """Replace the outlines and bring all of them into view."""
        raise NotImplementedError

    def show_fills(self, fills: Mapping[int, str], counts: Mapping[int, int]) -> None:
        """Ground colour per area id, others keep the land's; true counts for the names where dots would not do."""
        raise NotImplementedError

    def show_layers(self, *, points: bool, density: bool, fine: bool) -> None:
        """Which layers are drawn: cases at all, density instead of dots, communities and grids."""
        raise NotImplementedError

    def show_room(self, left: int, top: int, bottom: int) -> None:
        """How much of the picture's left, or of its top and bottom, other widgets cover; used by the next `fit`."""
        raise NotImplementedError

    def load(self, sequence: int, snapshot: bytes) -> None:
        """Replace all points."""
        raise NotImplementedError

    def change(self, sequence: int, delta: bytes) -> None:
        """Change some points."""
        raise NotImplementedError

    def choose(self, slot: int, *, pan: bool) -> None:
        """Ring around a slot; -1 for none."""
        raise NotImplementedError

    def show_lines(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """Replace the lines over the points: x1, y1, x2, y2 in metres from the origin, colour, there (solid, with a mark)."""
        raise NotImplementedError

    def fit(self) -> None:
        """Bring all areas into view."""
        raise NotImplementedError

    def show_place(self, x: float, y: float, reach: float) -> None:
        """Bring a place (metres from the origin) into the middle, with `reach` metres around it; a canvas may decline."""

    def shut(self) -> None:
        """Let go of everything; no signal follows."""
        raise NotImplementedError


def make_canvas(parent: QWidget, *, native: bool) -> Canvas:
    """The web engine's canvas; with `native`, or where there is no web engine, our own. Either is imported only now."""
    if not native:
        try:
            from ui.map.web import WebCanvas

            return WebCanvas(parent)
        except ImportError:
            log.exception("no web engine: the map is drawn natively")
    from ui.map.native import NativeCanvas

    return NativeCanvas(parent)
