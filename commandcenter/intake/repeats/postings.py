"""Key → the reports that have it: a small open part, and closed parts as sorted arrays that merge as they grow."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Docs = npt.NDArray[np.int32]
_OPEN = 1024
_FAN = 8


@dataclass(frozen=True, slots=True)
class _Part:
    keys: Keys
    starts: npt.NDArray[np.int64]
    docs: Docs
    tier: int

    def find(self, key: np.uint64) -> Docs:
        at = int(np.searchsorted(self.keys, key))
        if at == len(self.keys) or self.keys[at] != key:
            return self.docs[:0]
        return self.docs[self.starts[at] : self.starts[at + 1]]


class Postings:
    """Finds reports by key; reports are numbered upwards, so that the last ones of a key are its newest."""

    def __init__(self) -> None:
        self._open: dict[int, list[int]] = {}
        self._count = 0
        self._parts: list[_Part] = []

    def add(self, doc: int, keys: Iterable[int]) -> None:
        """Note a report under its keys (whole numbers below 2^63)."""
        for key in keys:
            self._open.setdefault(key, []).append(doc)
        self._count += 1
        if self._count >= _OPEN:
            self._close()

    def newest(self, key: int, most: int) -> Docs:
        """Up to ``most`` reports of a key, the newest ones, oldest first."""
        found = [np.asarray(self._open.get(key, ())[-most:], np.int32)]
        have = len(found[0])
        for part in reversed(self._parts):
            if have >= most:
                break
            docs = part.find(np.uint64(key))[have - most :]
            found.append(docs)
            have += len(docs)
        return np.concatenate(found[::-1])

    def _close(self) -> None:
        keys = np.fromiter(self._open, np.uint64, len(self._open))
        lengths = np.fromiter(map(len, self._open.values()), np.int64, len(self._open))
        docs = np.fromiter((doc for docs in self._open.values() for doc in docs), np.int32, int(lengths.sum()))
        self._parts.append(_sorted(np.repeat(keys, lengths), docs, 0))
        self._open, self._count = {}, 0
        while len(self._parts) >= _FAN and self._parts[-_FAN].tier == self._parts[-1].tier:
            last = self._parts[-_FAN:]
            every = np.concatenate([np.repeat(part.keys, np.diff(part.starts)) for part in last])
            joined = _sorted(every, np.concatenate([part.docs for part in last]), last[-1].tier + 1)
            self._parts[-_FAN:] = [joined]


def _sorted(keys: Keys, docs: Docs, tier: int) -> _Part:
    order = np.argsort(keys, kind="stable")  # stable: within a key the reports stay in their order
    keys = keys[order]
    first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return _Part(keys[first], np.append(first, len(keys)), docs[order], tier)
