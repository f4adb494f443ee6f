"""Alarms (ISA-18.2, EEMUA 191): what asks a person for an action because a deadline passed. A status is no alarm.

An alarm is not stored: it follows from the clock. Its key names kind, thing and the deadline that passed, so that a new
deadline is a new alarm. Stored are marks: that somebody acknowledged one, or shelved it for a time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

WINDOW = timedelta(minutes=10)
"""Rates are counted in this time (EEMUA 191)."""
LONG_WINDOW = timedelta(hours=1)
TOLERABLE = 1.0
"""New alarms that one operator can work through in ten minutes, in quiet times (EEMUA 191)."""


class Kind(StrEnum):
    """What happened; the first word of a key, as sql/91_alarms.sql knows them."""

    UNSENT = "unsent"  # a red or orange case that nobody dispatched within its limit for signing
    UNSIGNED = "unsigned"  # a red or orange case, not signed for in time
    OVERDUE = "overdue"  # a red or orange case, not finished in time
    UNANSWERED = "unanswered"  # a whistle: a unit did not answer in time
    UNRULED = "unruled"  # a whistle: the centre did not say in time who comes
    OBJECTION = "objection"  # a whistle: the centre did not rule in time on a unit's objection
    UNRECEIVED = "unreceived"  # a slip: its unit did not sign for it in time
    UNREPLIED = "unreplied"  # a slip: its unit did not reply in time


class Priority(IntEnum):
    """How soon somebody has to act, most urgent first."""

    HIGH = 0
    MEDIUM = 1
    LOW = 2


class Alarm(NamedTuple):
    """One alarm. A tuple: a thousand of them are made in a millisecond, each second."""

    priority: Priority
    due: int
    """The deadline that passed, in seconds since 1970 UTC: since then it is an alarm."""
    kind: Kind
    thing: int
    """Id of the case, the whistle's party, the whistle or the slip."""
    opens: int
    """Id of what to open for it: the case, the whistle or the slip."""
    case_id: int | None = None
    unit_id: int | None = None
    grade: int | None = None

    @property
    def key(self) -> str:
        """What marks refer to."""
        return f"{self.kind}:{self.thing}:{self.due}"

    @property
    def since(self) -> datetime:
        """When it became one."""
        return datetime.fromtimestamp(self.due, UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody did with an alarm; the newest of a key holds."""

    key: str
    until: datetime | None
    """Until when it is shelved; None: acknowledged."""
    reason: str
    at: datetime
    name: str
    """Who did it."""


class Standing(IntEnum):
    """How an alarm stands now."""

    WAITING = 0
    SHELVED = 1
    ACKNOWLEDGED = 2


Marks = Mapping[str, Mark]


def standing(mark: Mark | None, now: datetime) -> Standing:
    """How an alarm with that mark stands; one whose shelf time is over waits again."""
    if mark is None:
        return Standing.WAITING
    if mark.until is None:
        return Standing.ACKNOWLEDGED
    return Standing.SHELVED if now < mark.until else Standing.WAITING


def order(alarms: Iterable[Alarm]) -> list[Alarm]:
    """The most urgent first; of one priority the newest first, because the older ones have been read."""
    return sorted(alarms, key=lambda alarm: (alarm.priority, -alarm.due, alarm.kind, alarm.thing))


@dataclass(frozen=True, slots=True)
class Rate:
    """How many new alarms one operator was told of."""

    new: int
    """In the last ten minutes."""
    usual: float
    """Per ten minutes, over the last hour."""

    def floods(self, limit: int) -> bool:
        """Whether more came at once than a person can read one by one (setting ``alarm_flood``)."""
        return self.new > limit


@dataclass(slots=True)
class Watch:
    """What one desk has told its operator: an alarm is told once, and again when its shelf time is over.

    At the first look everything that stands is taken as known: a desk does not shout what is written on it already.
    """

    _told: dict[str, datetime | None] = field(default_factory=dict)
    _arrivals: list[datetime] = field(default_factory=list)
    _looked: bool = False

    def see(self, alarms: Sequence[Alarm], marks: Marks, now: datetime) -> list[Alarm]:
        """Those to be told now, the most urgent first."""
        told = self._told
        news: list[Alarm] = []
        for alarm in alarms:
            key = alarm.key
            mark = marks.get(key)
            if standing(mark, now) is not Standing.WAITING:
                continue
            episode = None if mark is None else mark.at
            if key in told and told[key] == episode:
                continue
            if key not in told:
                self._arrivals.append(min(now, alarm.since) if not self._looked else now)
            told[key] = episode
            news.append(alarm)
        self._arrivals = [at for at in self._arrivals if at > now - LONG_WINDOW]
        first, self._looked = not self._looked, True
        return [] if first else order(news)

    def rate(self, now: datetime) -> Rate:
        """How many came in the last ten minutes, and usually."""
        return Rate(
            sum(at > now - WINDOW for at in self._arrivals),
            sum(at > now - LONG_WINDOW for at in self._arrivals) / (LONG_WINDOW / WINDOW),
        )


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: one alarm, or in a flood all waiting ones of a kind (then `alarms` has several)."""

    alarms: tuple[Alarm, ...]
    standing: Standing
    mark: Mark | None = None
    opened: bool = False
    """Of several: they stand singly below it."""

    @property
    def first(self) -> Alarm:
        """The one it shows; of several the most urgent."""
        return self.alarms[0]


def lines(
    alarms: Iterable[Alarm],
    marks: Marks,
    now: datetime,
    *,
    grouped: bool = False,
    opened: frozenset[Kind] = frozenset(),
    with_handled: bool = False,
) -> list[Line]:
    """The list a person reads: what waits, and `with_handled` what is shelved or acknowledged below it.

    `grouped` (flood): one line a kind for what waits, where there are several; those of the kinds `opened` singly after it.
    """
    waiting: list[Line] = []
    handled: list[Line] = []
    for alarm in order(alarms):
        mark = marks.get(alarm.key)
        how = standing(mark, now)
        if how is Standing.WAITING:
            waiting.append(Line((alarm,), how))
        elif with_handled:
            handled.append(Line((alarm,), how, mark))
    if grouped:
        waiting = _grouped(waiting, opened)
    return waiting + sorted(handled, key=lambda line: line.standing)


def _grouped(waiting: list[Line], opened: frozenset[Kind]) -> list[Line]:
    many = {kind for kind, count in Counter(line.first.kind for line in waiting).items() if count > 1}
    found: list[Line] = []
    done: set[Kind] = set()
    for line in waiting:
        kind = line.first.kind
        if kind not in many:
            found.append(line)
        elif kind not in done:
            done.add(kind)
            alike = [each for each in waiting if each.first.kind == kind]
            found.append(Line(tuple(each.first for each in alike), Standing.WAITING, opened=kind in opened))
            found.extend(alike if kind in opened else [])
    return found
