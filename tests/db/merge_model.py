"""What merging is, small enough to be seen through: which case handles what, and where a report, a file and a whistle are."""

from dataclasses import dataclass, field
from datetime import datetime

from tests.db.life import MONDAY


@dataclass
class Link:
    id: int
    kept: int
    source: int
    step: int
    was: int
    """The source's state before."""
    whistle: int = 0
    """The one it carried along."""


@dataclass
class Case:
    id: int
    grade: int
    received: datetime
    state: int = 1
    unit: int = 0
    dispatched: datetime = MONDAY
    decided: int = -1
    """The step at which a person last graded it."""
    extended: bool = False
    twin: int = 0
    caller: str = ""
    """Who blows its whistles: its town's head."""


@dataclass
class Whistle:
    id: int
    twin: int
    home: int
    """The case it was blown for."""
    led: int = 0
    """How many of its steps were done."""
    live: bool = True


@dataclass
class Model:
    cases: dict[int, Case] = field(default_factory=dict)
    homes: dict[int, int] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    """Standing ones, by their source."""
    whistles: dict[int, Whistle] = field(default_factory=dict)
    files: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Name → what it belongs to: a report, a case or a whistle."""

    def whistle_at(self, whistle: int) -> int:
        case = self.whistles[whistle].home
        while case in self.links and self.links[case].whistle == whistle:
            case = self.links[case].kept
        return case

    def live_at(self, case: int) -> list[Whistle]:
        return [w for w in self.whistles.values() if w.live and self.whistle_at(w.id) == case]

    def file_at(self, name: str) -> int:
        kind, of = self.files[name]
        return of if kind == "case" else self.whistle_at(of) if kind == "whistle" else self.root(self.homes[of])

    def root(self, case: int) -> int:
        while case in self.links:
            case = self.links[case].kept
        return case

    def family(self, case: int) -> set[int]:
        return {case} | {f for link in self.links.values() if link.kept == case for f in self.family(link.source)}

    def graded(self, case: int) -> int:
        return min(grade for grade, _ in self.reaching(case))

    def reaching(self, case: int) -> list[tuple[int, int]]:
        """The grades that count for a case, each with the step at which it came: a person's decision silences what had come."""
        c = self.cases[case]
        links = [x for x in self.links.values() if x.kept == case]
        come = [(grade, max(step, x.step)) for x in links for grade, step in self.reaching(x.source)]
        return [(c.grade, c.decided), *((grade, step) for grade, step in come if step > c.decided)]

    def reports(self, case: int) -> list[int]:
        return sorted(r for r, home in self.homes.items() if self.root(home) == case)

    def keeps(self, a: int, b: int) -> int:
        x, y = self.cases[a], self.cases[b]
        if (x.state >= 2) != (y.state >= 2):
            return a if x.state >= 2 else b
        if x.state >= 2 and x.dispatched != y.dispatched:
            return a if x.dispatched < y.dispatched else b
        return a if (x.received, a) < (y.received, b) else b
