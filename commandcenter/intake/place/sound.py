"""How a name sounds: characters that are typed alike by their pinyin are written alike here."""

import os
import re
from collections.abc import Callable
from functools import lru_cache

_FOLDED = re.compile(r"^([zcs])h|(?<=[aei])ng$")
"""What is confused in speech and typing: zh/z, ch/c, sh/s, -ang/-an, -eng/-en, -ing/-in."""
_FIRST = 0xE000  # the private characters of Unicode


@lru_cache(maxsize=1)
def _pinyin() -> Callable[[str], str]:
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # its own switch: names are read character by character
    from pypinyin import lazy_pinyin  # late: 12 MB that only a desk with a gazetteer needs

    return lambda character: "".join(lazy_pinyin(character, errors="ignore"))


class Sounds:
    """Writes each character as its syllable, one character each; what has no syllable stays as it is."""

    def __init__(self) -> None:
        self._of_character: dict[str, str] = {}
        self._of_syllable: dict[str, str] = {}

    def key(self, text: str) -> str:
        """Return the sound of a text, as long as the text: equal for texts that sound alike."""
        known = self._of_character
        return "".join([known.get(character) or self._learn(character) for character in text])

    def _learn(self, character: str) -> str:
        syllable = _FOLDED.sub(lambda found: found[1] or "n", _pinyin()(character))
        sound = self._of_syllable.setdefault(syllable, chr(_FIRST + len(self._of_syllable))) if syllable else character
        self._of_character[character] = sound
        return sound
