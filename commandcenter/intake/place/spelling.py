"""Names in a text: as they are written, as they sound, or with one character wrong, missing, added or swapped."""

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from commandcenter.intake.place.address import BREAK
from commandcenter.intake.place.sound import Sounds

SHORTEST = 3
"""Characters of a name that may be misspelt: of shorter ones, too little is left."""
LONGEST = 16
EXACT, SOUND, EDIT = "exact", "sound", "edit"
_ENDINGS = (
    "社区", "小区", "花园", "家园", "新城", "名苑", "嘉园", "公寓", "雅居", "水岸", "华庭", "广场", "大厦", "小学", "中学", "学校",
    "幼儿园", "医院", "卫生院", "市场", "超市", "大道", "大街", "公园", "街道", "村委会", "居委会",
    "办事处", "村", "路", "街", "巷", "镇", "乡",
)  # fmt: skip
"""Endings that many names share: what stands before them tells one from another."""
_STEM_QUALITY = {1: 0.0, 2: 0.4, 3: 0.7}
"""How sure a name with one wrong character in its stem is, by the stem's length; 0.85 for longer ones."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A name found in a text."""

    start: int
    end: int
    name: str
    how: str
    """`EXACT`, `SOUND` or `EDIT`."""
    quality: float
    """How sure it is that this name was meant, 0..1."""


class Spellings:
    """An index over names; finding takes no longer with more of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        heads: dict[str, set[int]] = {}
        for name in self._names:
            heads.setdefault(name[:2], set()).add(len(name))
        self._lengths = {head: sorted(lengths, reverse=True) for head, lengths in heads.items()}
        self._tails = {name[-2:] for name in self._names}
        self._sounds = Sounds()
        self._by_sound: dict[str, list[str]] = {}
        self._by_less: dict[str, list[str]] = {}
        self._may_be: set[int] = set()
        for name in sorted(self._names):
            if SHORTEST <= len(name) <= LONGEST:
                self._by_sound.setdefault(self._sounds.key(name), []).append(name)
                for less in _less(name):
                    self._by_less.setdefault(less, []).append(name)
                self._may_be.update(range(len(name) - 1, len(name) + 2))

    def exact(self, text: str) -> list[Hit]:
        """Return the names in the text from left to right, the longest at each place, none inside another."""
        found, start = [], 0
        names, lengths = self._names, self._lengths
        while start < len(text) - 1:
            for length in lengths.get(text[start : start + 2], ()):
                name = text[start : start + length]
                if name in names:
                    found.append(Hit(start, start + length, name, EXACT, 1.0))
                    start += length
                    break
            else:
                start += 1
        return found

    def begins(self, text: str) -> bool:
        """Tell whether the text begins with a name."""
        return any(text[:length] in self._names for length in self._lengths.get(text[:2], ()))

    def near(self, text: str) -> list[Hit]:
        """Return names that are nearly written in the text, the surest first, several for one stretch; not exact ones."""
        found: dict[tuple[int, str], Hit] = {}
        begin = 0
        for run in text.split(BREAK):
            if len(run) >= SHORTEST - 1:
                self._near_in(run, begin, found)
            begin += len(run) + 1
        return sorted(found.values(), key=lambda hit: (-hit.quality, hit.start - hit.end, hit.start, hit.name))

    def _near_in(self, run: str, begin: int, found: dict[tuple[int, str], Hit]) -> None:
        sound = self._sounds.key(run)
        for start in range(len(run) - SHORTEST + 2):
            for end in range(start + SHORTEST - 1, min(len(run), start + LONGEST + 1) + 1):
                if end - start not in self._may_be:
                    continue
                for name in self._by_sound.get(sound[start:end], ()):
                    _keep(found, Hit(begin + start, begin + end, name, SOUND, 0.9))
                written = run[start:end]
                if end - start > 4 and written[:2] not in self._lengths and written[-2:] not in self._tails:
                    continue  # one error leaves the beginning or the end of a longer name as it is
                for name in self._one_off(written):
                    quality = _quality(written, name)
                    if quality:
                        _keep(found, Hit(begin + start, begin + end, name, EDIT, quality))

    def _one_off(self, written: str) -> set[str]:
        names = set(self._by_less.get(written, ()))
        for less in _less(written):
            names.update(self._by_less.get(less, ()))
            if less in self._names and len(less) >= SHORTEST:
                names.add(less)
        names.discard(written)
        return names


def _keep(found: dict[tuple[int, str], Hit], hit: Hit) -> None:
    known = found.get((hit.start, hit.name))
    if known is None or known.quality < hit.quality:
        found[hit.start, hit.name] = hit


def _less(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def stem_of(name: str) -> str:
    """Return what is left of a name without its ending; the name itself where nothing would be."""
    end = next((end for end in _ENDINGS if name.endswith(end) and len(name) > len(end)), "")
    return name.removesuffix(end)


def _quality(written: str, name: str) -> float:
    if OSA.distance(written, name, score_cutoff=1) > 1:
        return 0.0
    stem = stem_of(name)
    if written.startswith(stem):
        return 0.9  # only the ending is misspelt
    if len(written) == len(name) and sorted(written) == sorted(name):
        return 0.85  # two neighbours changed places
    return _STEM_QUALITY.get(len(stem), 0.85)
