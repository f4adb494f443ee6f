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

    def spans(self, keys: Keys) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Where each key's reports begin, and how many they are."""
        at = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
        begin = self.starts[at]
        return begin, np.where(self.keys[at] == keys, self.starts[at + 1] - begin, 0)


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
        """Up to ``most`` reports of a key, the newest ones."""
        return self.newest_of(np.array([key], np.uint64), most)[0]

    def newest_of(self, keys: Keys, most: int, each: int | None = None) -> tuple[Docs, npt.NDArray[np.int64]]:
        """Up to ``most`` reports in all, those of the first keys first, the newest ``each``; and the place of its key."""
        opened = [self._open.get(key, ()) for key in keys.tolist()]
        spans = [part.spans(keys) for part in self._parts]
        whole = np.array([len(docs) for docs in opened]) + sum(lengths for _, lengths in spans)
        whole = whole if each is None else whole.clip(max=each)
        left = np.clip(most - (np.cumsum(whole) - whole), 0, whole)
        found = [np.fromiter((doc for docs, n in zip(opened, left, strict=True) for doc in docs[-n:] if n), np.int32)]
        owners = [np.repeat(np.arange(len(keys)), np.minimum(left, [len(docs) for docs in opened]))]
        left = left - np.bincount(owners[0], minlength=len(keys))
        for part, (begin, lengths) in zip(reversed(self._parts), reversed(spans), strict=True):
            take = np.minimum(left, lengths)
            owner = np.repeat(np.arange(len(keys)), take)
            offset = np.arange(len(owner)) - np.repeat(np.cumsum(take) - take, take)
            found.append(part.docs[np.repeat(begin + lengths - take, take) + offset])
            owners.append(owner)
            left = left - take
        return np.concatenate(found), np.concatenate(owners)

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
