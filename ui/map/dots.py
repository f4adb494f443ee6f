"""The points of a canvas of our own, unpacked from the bytes that `Points` packs: a place and a style per slot."""

import numpy as np
from numpy.typing import NDArray

from ui.map.points import HIDDEN


class Dots:
    """`x`, `y`: metres from the origin; `style`: as in `Points`."""

    def __init__(self) -> None:
        self.x = self.y = np.zeros(0, np.float32)
        self.style = np.zeros(0, np.uint8)

    def load(self, snapshot: bytes) -> None:
        """Replace all."""
        count = int(np.frombuffer(snapshot, np.uint32, 1)[0])
        self.x = np.frombuffer(snapshot, np.float32, count, 4).copy()
        self.y = np.frombuffer(snapshot, np.float32, count, 4 + 4 * count).copy()
        self.style = np.frombuffer(snapshot, np.uint8, count, 4 + 8 * count).copy()

    def change(self, delta: bytes) -> None:
        """Change some, and take in new ones."""
        count = int(np.frombuffer(delta, np.uint32, 1)[0])
        slots = np.frombuffer(delta, np.uint32, count, 4)
        grown = int(slots.max(initial=0)) + 1 - len(self.style)
        if grown > 0:
            more = np.zeros(grown, np.float32)
            self.x, self.y = np.concatenate([self.x, more]), np.concatenate([self.y, more])
            self.style = np.concatenate([self.style, np.full(grown, HIDDEN, np.uint8)])
        self.x[slots] = np.frombuffer(delta, np.float32, count, 4 + 4 * count)
        self.y[slots] = np.frombuffer(delta, np.float32, count, 4 + 8 * count)
        self.style[slots] = np.frombuffer(delta, np.uint8, count, 4 + 12 * count)

    @property
    def drawn(self) -> NDArray[np.bool_]:
        """Which slots are not hidden."""
        return self.style & HIDDEN == 0

    def has(self, slot: int) -> bool:
        """Whether there is something to draw for that slot."""
        return 0 <= slot < len(self.style) and not self.style[slot] & HIDDEN
