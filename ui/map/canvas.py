"""What a canvas can do, whether the web engine draws it or we do ourselves. Slots go in and come out, never cases."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from ui.map.areas import Outline
from ui.map.points import Origin


class CanvasSignals(QObject):
    """What a canvas tells; a part of every canvas, so that both kinds tell it alike."""

    ready = Signal()  # may be sent anything from now on; again after the picture was lost
    painted = Signal(int, float, bool)  # sequence now in the picture, milliseconds it took, density instead of dots
    clicked = Signal(int)  # slot
    boxed = Signal(object)  # int64 array of slots
    hovered = Signal(int)  # slot, -1 for none
    failed = Signal(str)  # cannot draw any more; the reason, for the log


class Canvas(Protocol):
    """A widget that draws packed points (see `Points`) over areas."""

    told: CanvasSignals

    def start(self) -> None:
        """Begin; `told.ready` follows."""

    def show_theme(self, look: Mapping[str, Any]) -> None:
        """Use the colours of `shading.look`."""

    def show_areas(self, areas: Sequence[Outline], origin: Origin) -> None:
        """Replace the outlines and bring all of them into view."""

    def show_fills(self, fills: Mapping[int, str], counts: Mapping[int, int]) -> None:
        """Ground colour per area id, others keep the land's; true counts for the names where dots would not do."""

    def show_layers(self, *, points: bool, density: bool, fine: bool) -> None:
        """Which layers are drawn: cases at all, density instead of dots, communities and grids."""

    def load(self, sequence: int, snapshot: bytes) -> None:
        """Replace all points."""

    def change(self, sequence: int, delta: bytes) -> None:
        """Change some points."""

    def choose(self, slot: int, *, pan: bool) -> None:
        """Ring around a slot; -1 for none."""

    def fit(self) -> None:
        """Bring all areas into view."""

    def shut(self) -> None:
        """Let go of everything; no signal follows."""
