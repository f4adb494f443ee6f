"""For or against: what a text wants kept or opened, and what it wants gone (domain.md §2: opposite demands)."""

import re
from functools import cache

from commandcenter.intake.repeats.rules import Rules

_CLAUSE = re.compile(r"[^，。！？；：、,.!?;:\s]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]{2}")
_REACH = 8


def stances(text: str, rules: Rules) -> dict[str, int]:
    """Bigram of a thing → +1 wanted, -1 unwanted; a thing that the text both wants and does not is left out."""
    found: dict[str, int] = {}
    words = _words(rules)
    for clause in _CLAUSE.findall(text):
        taken = words.search(clause)
        if taken is None:
            continue
        sign = 1 if taken[0] in rules.wanted else -1
        for side in (
            clause[max(0, taken.start() - _REACH) : taken.start()],
            clause[taken.end() : taken.end() + _REACH],
        ):
            for start in range(len(side) - 1):
                thing = side[start : start + 2]
                if _CHINESE.fullmatch(thing):
                    found[thing] = found.get(thing, 0) + sign
    return {thing: 1 if total > 0 else -1 for thing, total in found.items() if total}


@cache
def _words_of(wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted((*wanted, *unwanted), key=len, reverse=True)))


def _words(rules: Rules) -> re.Pattern[str]:
    return _words_of(rules.wanted, rules.unwanted)
