"""Names of places and organisations in a text, by their endings: no word boundary need be known (滨河|苑, 联丰|路)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from commandcenter.intake.repeats.rules import Rules


@dataclass(frozen=True, slots=True)
class Named:
    """Names, and from where to where longer ones stand in the text, none overlapping another."""

    names: frozenset[str]
    spans: tuple[tuple[int, int], ...]


def names_in(text: str, rules: Rules) -> Named:
    """Read a plain text.

    A name is two characters or digits and an ending, unless one of the two is a small word. A span is two to four Chinese
    characters and an ending, from the left, as long as can be.
    """
    begins, by_first = _endings(rules.endings)
    small, names, ends, runs = rules.not_in_names, set[str](), dict[int, int](), dict[int, int]()
    for found in begins.finditer(text):
        at = found.start()
        if at < 2:
            continue
        longer, alone = by_first[text[at]]
        if longer and text.startswith(longer, at):
            end = at + next(len(ending) for ending in longer if text.startswith(ending, at))
        elif alone:
            end = at + 1
        else:
            continue
        one, two = text[at - 1], text[at - 2]
        if "\u3400" <= one <= "\u9fff" and "\u3400" <= two <= "\u9fff":
            ends[at] = end
            run = 2
            while run < min(4, at) and "\u3400" <= text[at - run - 1] <= "\u9fff":
                run += 1
            runs[at] = run
        elif not (_fits(one) and _fits(two)):
            continue
        if one not in small and two not in small:
            names.add(text[at - 2 : end])
    return Named(frozenset(names), _spans(ends, runs))


def _fits(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "0" <= sign <= "9"


def _spans(ends: Mapping[int, int], runs: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    """`ends`: where an ending begins → where it ends, ascending; `runs`: how many Chinese characters, at most 4, go before."""
    spans, free = list[tuple[int, int]](), 0
    for at in ends:
        begin = max(free, at - runs[at])
        if at - begin >= 2:
            far = next(long for long in (4, 3, 2) if runs.get(begin + long, 0) >= long)
            free = ends[begin + far]
            spans.append((begin, free))
    return tuple(spans)


@cache
def _endings(endings: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, tuple[tuple[str, ...], bool]]]:
    """What finds an ending's first character; by it the endings of several ones, the longest first, and whether it is one."""
    longer = {
        ending[0]: tuple(sorted((other for other in endings if other[0] == ending[0] != other), key=len, reverse=True))
        for ending in endings
    }
    begins = re.compile("[" + re.escape("".join(sorted(longer))) + "]")
    return begins, {first: (others, first in endings) for first, others in longer.items()}
