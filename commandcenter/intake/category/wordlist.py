"""Words found in a text, unless the text says that it is not so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize


@dataclass(frozen=True, slots=True)
class Mention:
    """A word at a place of the text."""

    word: str
    start: int


def plain(text: str) -> str:
    """The text in half width and small letters, without white space."""
    return "".join(normalize("NFKC", text).lower().split())


def mentions(text: str, words: Iterable[str], denials: Sequence[str]) -> tuple[Mention, ...]:
    """Where the `words` stand in the `plain` text, in its order, each word once; not right after one of `denials`."""
    found = []
    for word in words:
        start = text.find(word)
        while start >= 0 and text.endswith(tuple(denials), 0, start):
            start = text.find(word, start + 1)
        if word and start >= 0:
            found.append(Mention(word, start))
    return tuple(sorted(found, key=lambda mention: (mention.start, -len(mention.word))))
