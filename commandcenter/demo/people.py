"""The demo's own staff: invented people with logins that exist only in a demo database."""

from dataclasses import dataclass

from numpy.random import Generator

from commandcenter.demo.chance import source
from commandcenter.demo.resources import tree
from commandcenter.demo.units import Unit
from commandcenter.domain.case import Role


@dataclass(frozen=True, slots=True)
class Person:
    """A demo person. The login is lower-case ASCII and starts with ``demo_``; every one is marked as demo."""

    id: int
    login: str
    name: str
    role: Role
    unit_id: int
    post: str = ""
    """What the person may approve or sign for: '', town_head, section_head, director, leader."""
    demo: bool = True


CENTRE_STAFF = (
    ("demo_yuxiao", "于晓", Role.DUTY),
    ("demo_duty2", "姜禾", Role.DUTY),
    ("demo_duty3", "丛宁", Role.DUTY),
    ("demo_duty4", "鞠明", Role.DUTY),
    ("demo_duty5", "毕然", Role.DUTY),
    ("demo_duty6", "宋可", Role.DUTY),
    ("demo_supervisor", "连城", Role.SUPERVISOR),
    ("demo_supervisor2", "岳川", Role.SUPERVISOR),
    ("demo_followup", "汤悦", Role.FOLLOWUP),
    ("demo_followup2", "邹琪", Role.FOLLOWUP),
    ("demo_followup3", "曲然", Role.FOLLOWUP),
    ("demo_analyst", "梁思", Role.ANALYST),
    ("demo_analyst2", "周研", Role.ANALYST),
    ("demo_admin", "徐管", Role.ADMIN),
    ("demo_wall", "大屏", Role.WALL),
    ("demo_intake", "接入", Role.INTAKE),
    ("demo_leader", "江岳", Role.SUPERVISOR),
)
POSTS = {"demo_supervisor": "section_head", "demo_supervisor2": "director", "demo_leader": "leader"}
"""Who signs what at the centre."""
COMMUNITIES_PER_TOWN = 2
"""Of so many communities of each town, the first ones, somebody blows whistles."""


class Names:
    """Invented names, each once."""

    def __init__(self, rng: Generator, taken: set[str]) -> None:
        self._rng = rng
        self._taken = taken
        self._names = tree("names.toml")

    def invented(self) -> str:
        """One that nobody has."""
        surnames, given = self._names["surnames"], self._names["given"]
        while True:
            family, first, second = (int(value) for value in self._rng.integers(0, 1 << 30, 3))
            name: str = surnames[family % len(surnames)] + given[first % len(given)]
            if second % 3:
                name += given[second % len(given)]
            if name not in self._taken:
                self._taken.add(name)
                return name


def people(seed: int, units: tuple[Unit, ...]) -> tuple[Person, ...]:
    """The centre's staff; a caller, a responder and a head for every town; a responder for every department and utility.

    Towns: ``demo_town01`` (caller), ``demo_town01_r`` (responder), ``demo_town01_h`` (head, approves whistles); departments
    ``demo_dept01``, utilities ``demo_util01``, in the units' order. Callers of communities: ``demo_community01`` and on, the
    first two of each town.
    """
    names = Names(source(seed, "staff"), {name for _, name, _ in CENTRE_STAFF})
    found = [
        Person(number, login, name, role, 1, POSTS.get(login, ""))
        for number, (login, name, role) in enumerate(CENTRE_STAFF, 1)
    ]

    def add(login: str, role: Role, unit: Unit, post: str = "") -> None:
        found.append(Person(len(found) + 1, login, names.invented(), role, unit.id, post))

    counts = {"department": 0, "utility": 0, "town": 0}
    stems = {"department": "demo_dept", "utility": "demo_util", "town": "demo_town"}
    for unit in units:
        if unit.kind not in counts:
            continue
        counts[unit.kind] += 1
        login = f"{stems[unit.kind]}{counts[unit.kind]:02d}"
        if unit.kind == "town":
            add(login, Role.CALLER, unit)
            login += "_r"
        add(login, Role.RESPONDER, unit)
    for number, town in enumerate((unit for unit in units if unit.kind == "town"), 1):
        add(f"demo_town{number:02d}_h", Role.CALLER, town, "town_head")
    for number, community in enumerate(_callers(units), 1):
        add(f"demo_community{number:02d}", Role.CALLER, community)
    return tuple(found)


def _callers(units: tuple[Unit, ...]) -> list[Unit]:
    """The communities that have a caller."""
    of_town: dict[int | None, list[Unit]] = {}
    for unit in units:
        if unit.kind == "community":
            of_town.setdefault(unit.parent_id, []).append(unit)
    return [unit for own in of_town.values() for unit in own[:COMMUNITIES_PER_TOWN]]
