"""Invented citizens. Every number stands for one: the same name and telephone each time, so repeat callers exist."""

from commandcenter.demo.placenames import NAMES

POPULATION = 100_000
PER_GRID = 43
"""Citizens of one grid who ever call."""


def number(grid: int, pick: int) -> int:
    """The citizen of that grid, 0 … `POPULATION` - 1."""
    return (grid * PER_GRID + pick % PER_GRID) % POPULATION


def name(citizen: int) -> str:
    """Two or three characters."""
    mixed = citizen * 2654435761 % (1 << 32) >> 3
    given = NAMES["given"]
    first = given[mixed // 64 % len(given)]
    second = given[mixed // 6007 % len(given)] if mixed % 4 else ""
    return f"{NAMES['surnames'][mixed % len(NAMES['surnames'])]}{first}{second}"


def phone(citizen: int) -> str:
    """Eleven digits, well formed and recognisably not real: 199000 and the citizen's number."""
    return f"199000{citizen * 7919 % POPULATION:05d}"


def address(citizen: int, town: str, community: str, estate: str) -> str:
    """Where the citizen lives: a flat in the estate, or a house number in the community."""
    if estate:
        flat = f"{citizen % 6 + 1}0{citizen % 2 + 1}"
        return f"{town}{community}{estate}{citizen % 19 + 1}号楼{citizen % 3 + 1}单元{flat}室"
    return f"{town}{community}{citizen % 290 + 1}号"
