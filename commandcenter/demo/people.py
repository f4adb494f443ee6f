"""The demo's own staff: invented people with logins that exist only in a demo database."""

from dataclasses import dataclass

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
)


def people(seed: int, units: tuple[Unit, ...]) -> tuple[Person, ...]:
    """The centre's staff, a caller for every town, a responder for every department, utility and town.

    Towns: ``demo_town01`` (caller) and ``demo_town01_r`` (responder); departments ``demo_dept01``, utilities
    ``demo_util01``, in the units' order.
    """
    names = tree("names.toml")
    rng = source(seed, "staff")
    taken = {name for _, name, _ in CENTRE_STAFF}
    found = [Person(number, login, name, role, 1) for number, (login, name, role) in enumerate(CENTRE_STAFF, 1)]

    def invented() -> str:
        while True:
            family, first, second = (int(value) for value in rng.integers(0, 1 << 30, 3))
            name: str = names["surnames"][family % len(names["surnames"])] + names["given"][first % len(names["given"])]
            if second % 3:
                name += names["given"][second % len(names["given"])]
            if name not in taken:
                taken.add(name)
                return name

    counts = {"department": 0, "utility": 0, "town": 0}
    stems = {"department": "demo_dept", "utility": "demo_util", "town": "demo_town"}
    for unit in units:
        if unit.kind not in counts:
            continue
        counts[unit.kind] += 1
        login = f"{stems[unit.kind]}{counts[unit.kind]:02d}"
        if unit.kind == "town":
            found.append(Person(len(found) + 1, login, invented(), Role.CALLER, unit.id))
            login += "_r"
        found.append(Person(len(found) + 1, login, invented(), Role.RESPONDER, unit.id))
    return tuple(found)
