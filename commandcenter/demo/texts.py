"""What citizens say: titles and contents put together from fragments, never the same twice in a row."""

from commandcenter.demo.categories import Matter
from commandcenter.demo.placenames import NAMES
from commandcenter.demo.resources import tree

PHRASES = tree("phrases.toml")
LONGEST, SHORTEST = 160, 40
TITLE_LONGEST, TITLE_SHORTEST = 22, 10
NUMBERS = 14
"""How many random numbers one text takes: whole numbers below 2**30."""

FOR, AGAINST = 1, 2
"""Stances of opposite matters; 0 is an ordinary matter."""

SPOTS = {
    "店": "shops",
    "餐": "restaurants",
    "游": "resorts",
    "厂": "firms",
    "厅": "halls",
    "校": "schools",
    "医": "clinics",
    "港": "harbours",
    "滩": "beaches",
}
"""Kind of place -> list of invented names."""


def place(spot: str, community: str, estate: str, numbers: list[int]) -> str:
    """The spot inside its community: '学府小区3号楼', '前岛村村东', '观海路与学府路路口'. At most 12 characters."""
    one, two = numbers[0], numbers[1]
    if spot == "楼" and estate:
        return f"{estate}{one % 24 + 1}号楼"
    if spot in SPOTS:
        return _of(NAMES[SPOTS[spot]], one)
    if community.endswith("村"):
        return f"{community}{_of(NAMES['village_spots'], one)}"
    road, other = _of(NAMES["roads"], one), _of(NAMES["roads"], one + 1 + two % 17)
    if estate and two % 3 == 0:
        return f"{estate}{'东西南北'[one % 4]}门"
    return f"{road}与{other}路口" if two % 3 == 1 else f"{road}{one % 180 + 1}号附近"


def title(matter: Matter, spot: str, numbers: list[int], stance: int = 0) -> str:
    """Place, what it is, and sometimes how bad: '学府小区3号楼 燃气异味 多户反映'. 10-22 characters."""
    stubs, problems, _, _ = _fragments(matter, stance)
    chosen = numbers[7] % len(problems)  # titles stand in the order of the problems they belong to
    slots = _slots(matter, numbers)
    text = f"{spot} {_of(stubs[chosen :: len(problems)] or stubs, numbers[2]).format_map(slots)}"
    tails = PHRASES["tails_shared" if matter.spot in "楼路村" else "tails"]
    tail = _of(tails, numbers[3]).format_map(slots)
    if len(text) < TITLE_SHORTEST or (numbers[4] % 5 < 2 and len(text) + 1 + len(tail) <= TITLE_LONGEST):
        text = f"{text} {tail}"
    return text[:TITLE_LONGEST]


def again_numbers(first: list[int], own: list[int]) -> list[int]:
    """Numbers for a repeat: the same problem, mostly with the same figures, in this citizen's own words."""
    kept = {7} if own[0] % 10 < 3 else {7, 12, 13}
    return [first[index] if index in kept else number for index, number in enumerate(own)]


def content(matter: Matter, full_place: str, numbers: list[int], *, again: bool, patrol: bool, stance: int = 0) -> str:
    """One citizen's words, 40-160 characters. `again`: it has been reported before; `patrol`: staff reports it."""
    _, problems, effects, demands = _fragments(matter, stance)
    slots = _slots(matter, numbers)
    openings = PHRASES["patrol" if patrol else "again" if again else "openings"]
    opening = _of(openings, numbers[5])
    if not opening.endswith("，"):
        opening += "：" if numbers[6] % 2 else "，"
    problem = _of(problems, numbers[7]).format_map(slots)
    if again:
        for step in (0, 3, 7):
            old, new = PHRASES["rewords"][(numbers[6] // 2 + step) % len(PHRASES["rewords"])]
            problem = problem.replace(old, new)
    parts = [f"{opening}{full_place}{problem}", f"{_of(effects, numbers[8])}。"]
    if numbers[9] % 10 < (6 if again else 3):
        parts.append(_of(PHRASES["history"], numbers[9] // 10).format_map(slots))
    parts.append(f"{_of(demands, numbers[10])}。")
    if numbers[11] % 4 == 0:
        parts.append(_of(PHRASES["replies"], numbers[11] // 4))
    text = "，".join(parts[:2]) + "".join(parts[2:])
    if len(text) < SHORTEST:
        text += _of(PHRASES["replies"], numbers[11])
    return text[:LONGEST]


def _fragments(matter: Matter, stance: int) -> tuple[tuple[str, ...], ...]:
    if not stance:
        return matter.titles, matter.problems, matter.effects, matter.demands
    side = "for" if stance == FOR else "against"
    return tuple(tuple(PHRASES["opposite"][f"{side}_{what}"]) for what in ("titles", "problems", "effects", "demands"))


def _slots(matter: Matter, numbers: list[int]) -> dict[str, object]:
    one, two = numbers[12], numbers[13]
    amount = f"{one % 88 / 10 + 1.1:.1f}万元" if one % 5 == 0 else f"{(one % 95 + 5) * 100}元"
    return {
        "n": one % 8 + 2,
        "N": two % 49 + 11,
        "h": (two % 28 + 3) * 10,
        "d": _of(PHRASES[matter.durations], two),
        "t": _of(PHRASES["times" if matter.durations == "short" else "times_long"], one),
        "m": amount,
        "p": two % 46 + 5,
        "c": two % 5 + 12,
        "a": 70 + one % 2 * 10,
    }


def _of(choices: list[str] | tuple[str, ...], number: int) -> str:
    return choices[number % len(choices)]
