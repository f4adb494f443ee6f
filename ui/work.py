"""What of the command loop lies before the signed-in person: live whistles, open slips, marks on alarms; and the counts."""

from __future__ import annotations

from asyncio import Task
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.case import Role
from commandcenter.domain.merge import MERGEABLE
from commandcenter.domain.whistle import PartyState
from commandcenter.errors import PersonError
from commandcenter.services import alarms

if TYPE_CHECKING:
    from commandcenter.domain.alarm import Mark
    from commandcenter.domain.whistle import Whistle
    from commandcenter.services.slips import Slip
    from ui.session import Session

GATHER_MS = 400
"""Changes are gathered for so long before the lists are read again: many desks read the same after one deed."""
_WHISTLES, _SLIPS, _MARKS, _LIMITS, _HINTS = "whistles", "slips", "marks", "limits", "hints"
_READ_BY = {
    _WHISTLES: frozenset({Role.DUTY, Role.SUPERVISOR, Role.CALLER, Role.RESPONDER}),
    _SLIPS: frozenset({Role.SUPERVISOR, Role.CALLER, Role.RESPONDER}),
    _MARKS: frozenset({Role.DUTY, Role.SUPERVISOR, Role.CALLER, Role.RESPONDER}),
    _LIMITS: frozenset({Role.DUTY, Role.SUPERVISOR, Role.CALLER, Role.RESPONDER}),
    _HINTS: frozenset({Role.DUTY, Role.SUPERVISOR}),
}
_PART_OF = {
    "whistle": _WHISTLES, "party": _WHISTLES, "score": _WHISTLES, "slip": _SLIPS, "alarm": _MARKS, "settings": _LIMITS,
    "hint": _HINTS,
}  # fmt: skip
_TO_COME = frozenset({PartyState.CALLED, PartyState.ANSWERED, PartyState.CHECKED_IN})


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many things wait for the person: the rail shows them beside its pages."""

    whistles: int = 0
    """Whistles whose next step is the person's."""
    parties: int = 0
    """Calls that units of the person have still to answer, come to or bring to an end."""
    slips: int = 0
    """Drafts for the person's post, verdicts; of a unit, slips to sign for and to reply to."""
    hints: int = 0
    """Pairs of open cases that may be the same."""


class Work(QObject):
    """Reads at its start and when the feed says so: one read at a time. Everybody else's roles have nothing here.

    ``changed``: any of the lists is another one. ``counted(Waiting)``: the counts are others.
    """

    changed = Signal()
    counted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.whistles: tuple[Whistle, ...] = ()
        self.slips: tuple[Slip, ...] = ()
        self.hinted: frozenset[int] = frozenset()
        """Cases that may be the same as another one."""
        self._pairs: tuple[tuple[int, int], ...] = ()
        self.marks: dict[str, Mark] = {}
        self.flood, self.shelf_minutes = 10, 240
        self.waiting = Waiting()
        self._dirty: set[str] = set()
        self._started = False
        self._task: Task[Any] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GATHER_MS)
        self._soon.timeout.connect(self._read_soon)
        session.entities_changed.connect(self._on_entities)
        session.reference_changed.connect(self.count)
        session.bridge.counted.connect(self._on_mirror_counted)
        session.bridge.health_changed.connect(self._on_health)

    def start(self) -> None:
        """Read everything the person's role has to do with."""
        self._started = True
        self._want(set(_READ_BY))
        self._read_soon()

    def stop(self) -> None:
        """Let go of the database."""
        self._started = False
        self._soon.stop()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def count(self) -> None:
        """Count what waits, by the same rules by which the pages offer the steps."""
        from ui.slips import may as slip_may
        from ui.whistles import may as whistle_may

        session, mine = self._session, whistle_may.acts_for
        units = session.role in {Role.CALLER, Role.RESPONDER}
        waiting = Waiting(
            sum(whistle_may.waits_for_me(session, whistle) for whistle in self.whistles),
            sum(
                party.state in _TO_COME and mine(session.reference, party.unit_id)
                for whistle in self.whistles
                for party in whistle.parties
            )
            if units
            else 0,
            sum(
                any(not slip_may.why_not(session, slip, verb) for verb in ("sign", "pass", "receive", "reply"))
                for slip in self.slips
            ),
            self._count_hints(),
        )
        if waiting != self.waiting:
            self.waiting = waiting
            self.counted.emit(waiting)

    def _count_hints(self) -> int:
        """How many pairs still wait: merged or finished ones drop out by themselves, whoever did it."""
        mirror = self._session.mirror

        def waits(case_id: int) -> bool:
            slot = mirror.slot_of(case_id)
            return slot is not None and int(mirror.state[slot]) in MERGEABLE

        waiting = [pair for pair in self._pairs if all(map(waits, pair))]
        hinted = frozenset(each for pair in waiting for each in pair)
        if hinted != self.hinted:
            self.hinted = hinted
            self.changed.emit()
        return len(waiting)

    def _on_mirror_counted(self, _: object) -> None:
        if self._pairs:
            self.count()

    def _want(self, parts: set[str]) -> None:
        self._dirty |= {part for part in parts if self._session.role in _READ_BY[part]}

    def _on_entities(self, entities: frozenset[str]) -> None:
        if not self._started:
            return
        everything = "everything" in entities
        self._want(set(_READ_BY) if everything else {part for word, part in _PART_OF.items() if word in entities})
        if self._dirty and not self._soon.isActive():
            self._soon.start()

    def _on_health(self, health: Any) -> None:
        if self._dirty and health.state == "live" and not self._soon.isActive():
            self._soon.start()

    def _read_soon(self) -> None:
        if self._dirty and self._session.db is not None and (self._task is None or self._task.done()):
            self._task = self._session.spawn(self._read(), "read work")

    async def _read(self) -> None:
        while self._dirty:
            wanted, self._dirty = self._dirty, set()
            try:
                await self._read_parts(wanted)
            except PersonError:  # the health badge says that the database is away; read again when it is back
                self._dirty |= wanted
                return
            self.count()
            self.changed.emit()

    async def _read_parts(self, wanted: set[str]) -> None:
        db = self._session.database()
        if _LIMITS in wanted:
            self.flood, self.shelf_minutes = await alarms.read_limits(db)
        if _MARKS in wanted:
            newest = max((mark.at for mark in self.marks.values()), default=None)
            self.marks = self.marks | {mark.key: mark for mark in await alarms.read_marks(db, since=newest)}
        if _WHISTLES in wanted:
            from commandcenter.services import whistles

            self.whistles = await whistles.read_live(db)
        if _HINTS in wanted:
            from commandcenter.services import merging

            hints = await merging.read_open_hints(db)
            self._pairs = tuple((hint.case_id, hint.other_id) for hint in hints)
        if _SLIPS in wanted:
            from commandcenter.services import slips

            self.slips = await slips.read_open(db)
