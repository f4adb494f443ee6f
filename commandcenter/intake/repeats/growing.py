"""Arrays that grow at the end, doubling: memory stays near what is used, and adding is cheap."""

from typing import Any

import numpy as np
import numpy.typing as npt


class Growing:
    """A one-dimensional array to append to; ``values`` is a view that the next append may leave behind."""

    __slots__ = ("_room", "size")

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self._room: npt.NDArray[Any] = np.zeros(64, dtype)
        self.size = 0

    @property
    def values(self) -> npt.NDArray[Any]:
        """What was appended."""
        return self._room[: self.size]

    def append(self, value: float) -> None:
        """Add one value."""
        self._reserve(1)
        self._room[self.size] = value
        self.size += 1

    def extend(self, values: npt.NDArray[Any]) -> None:
        """Add several."""
        self._reserve(len(values))
        self._room[self.size : self.size + len(values)] = values
        self.size += len(values)

    def _reserve(self, more: int) -> None:
        need = self.size + more
        if need > len(self._room):
            room = np.zeros(max(need, len(self._room) * 3 // 2), self._room.dtype)
            room[: self.size] = self.values
            self._room = room


class Ragged:
    """Rows of different lengths, one after another in one array."""

    __slots__ = ("_flat", "_starts")

    def __init__(self, dtype: npt.DTypeLike) -> None:
        self._flat = Growing(dtype)
        self._starts = Growing(np.int64)
        self._starts.append(0)

    def append(self, row: npt.NDArray[Any]) -> None:
        """Add a row."""
        self._flat.extend(row)
        self._starts.append(self._flat.size)

    def row(self, number: int) -> npt.NDArray[Any]:
        """One row, as a view."""
        start, end = self._starts.values[number : number + 2]
        return self._flat.values[start:end]

    def rows(self, numbers: npt.NDArray[np.int64]) -> tuple[npt.NDArray[Any], npt.NDArray[np.int64]]:
        """The rows joined, and for each joined value the position of its row in ``numbers``."""
        starts = self._starts.values[numbers]
        lengths = self._starts.values[numbers + 1] - starts
        owner = np.repeat(np.arange(len(numbers)), lengths)
        offset = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        return self._flat.values[np.repeat(starts, lengths) + offset], owner
