"""What a row of a whistle says at a moment: which clock runs, which lamp it has, what is left, who is missing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade, Lamp
from commandcenter.domain.limit import LimitClock
from commandcenter.domain.moment import NEVER, micros
from commandcenter.domain.remaining import remaining
from commandcenter.domain.whistle import Level, PartyState, WhistleState
from ui.models.row_facts import person_name
from ui.whistles import words as whistle_words
from ui.widgets.story import clock_words

if TYPE_CHECKING:
    from commandcenter.domain.whistle import Party, Whistle
    from commandcenter.services.reference import Reference

SOON_PART = 4
"""A clock is near its end in the last quarter of its limit, as a case's is [D]."""
MISSING = frozenset({PartyState.CALLED, PartyState.OBJECTED, PartyState.ANSWERED})
"""Who has been called and is not there yet."""


@dataclass(frozen=True, slots=True)
class ClockFacts:
    """A running clock: what it waits for, its lamp and the rest in words. Without one: no lamp, and words or ''."""

    what: str
    lamp: Lamp
    words: str
    due: datetime | None

    @property
    def text(self) -> str:
        """应哨 剩 0时12分."""
        return f"{whistle_words.clock_word(self.what)} {self.words}" if self.what else self.words


NO_CLOCK = ClockFacts("", Lamp.NORMAL, "", None)


def tr(text: str) -> str:
    """`text` in the language of the screen (context "whistle_facts")."""
    return QCoreApplication.translate("whistle_facts", text)


def party_clock(party: Party, level: int, reference: Reference, now: datetime) -> ClockFacts:
    """The clock of a party at `now`; where none runs, what its state is."""
    what, due = party.clock(now)
    if what is None or due is None:
        return ClockFacts("", Lamp.NORMAL, whistle_words.party_state_word(party.state), None)
    rule = reference.levels.get(Level(level))
    by_days = what == "finish" and rule is not None and rule.finish_clock == "working"
    began = party.objected_at if what == "ruling" and party.objected_at is not None else party.called_at
    return _running(
        what, began, due, LimitClock.WORKING if by_days else LimitClock.NATURAL, reference, party.unit_id, now
    )


def whistle_clock(whistle: Whistle, reference: Reference, now: datetime) -> ClockFacts:
    """The most urgent clock of a whistle: the ruling's that it waits for, or that of the party which is due first."""
    if whistle.state == WhistleState.TO_RULE and whistle.rule_due_at is not None:
        began = whistle.approved_at or whistle.blown_at
        return _running("rule", began, whistle.rule_due_at, LimitClock.NATURAL, reference, whistle.caller_unit_id, now)
    if whistle.state not in {WhistleState.OPEN, WhistleState.TO_CONFIRM}:
        return NO_CLOCK
    clocks = [party_clock(party, whistle.level, reference, now) for party in whistle.parties]
    running = [clock for clock in clocks if clock.due is not None]
    return min(running, key=lambda clock: clock.due or now) if running else NO_CLOCK


def _running(
    what: str, began: datetime, due: datetime, counted: LimitClock, reference: Reference, unit_id: int, now: datetime
) -> ClockFacts:
    soon = due - (due - began) / SOON_PART
    lamp = Lamp.OVERDUE if now > due else Lamp.SOON if now >= soon else Lamp.NORMAL
    words = remaining(micros(now), micros(due), NEVER, counted, reference.calendar, reference.hours_of(unit_id))
    return ClockFacts(what, lamp, words, due)


def missing_words(whistle: Whistle) -> str:
    """缺 2/3: how many of those called are not there; '' where nobody has to come."""
    called = [party for party in whistle.parties if party.state != PartyState.RELEASED]
    absent = sum(party.state in MISSING for party in called)
    if not called or whistle.state != WhistleState.OPEN:
        return ""
    return tr("缺 %d/%d") % (absent, len(called)) if absent else tr("已到齐")


def missing_first(whistle: Whistle, now: datetime) -> list[Party]:
    """The parties, who is missing first, then who is due first; the released last."""

    def rank(party: Party) -> tuple[bool, bool, float, int]:
        due = party.clock(now)[1]
        when = due.timestamp() if due is not None else float("inf")
        return party.state == PartyState.RELEASED, party.state not in MISSING, when, party.id

    return sorted(whistle.parties, key=rank)


def grade_of(whistle: Whistle) -> Grade:
    """The case's grade; the calmest where the case itself is out of sight."""
    return Grade.GREEN if whistle.case_grade is None else Grade(whistle.case_grade)


def ground_words(whistle: Whistle) -> str:
    """The ground cited, with its kind once: the list's words carry it already, a ruling's do not."""
    said, kind = whistle.ground_words, whistle.ground or ""
    return said if kind and f"（{kind}）" in said else "　".join(part for part in (kind, said) if part)


def place_words(whistle: Whistle, reference: Reference) -> str:
    """Where the case is: its town and the place in words."""
    town = reference.areas.get(whistle.town_id or 0)
    return " ".join(part for part in (town.name if town else "", whistle.case_place) if part)


def blown_words(whistle: Whistle, reference: Reference) -> str:
    """Who blew it, of which unit, and when."""
    caller = reference.units.get(whistle.caller_unit_id)
    who = person_name(reference, whistle.caller)
    return f"{caller.name if caller else ''} {who} {clock_words(whistle.blown_at)}"


def meeting_words(whistle: Whistle, between: str) -> str:
    """When and where all meet, with `between` between the two; '' where no meeting is called."""
    if whistle.meeting_at is None:
        return ""
    return between.join(part for part in (clock_words(whistle.meeting_at), whistle.meeting_place) if part)


def unit_name(reference: Reference, unit_id: int | None) -> str:
    """A unit's short name; '' for an unknown one."""
    unit = reference.units.get(unit_id or 0)
    return (unit.short_name or unit.name) if unit is not None else ""


def hour(at: datetime | None) -> str:
    """A moment short enough to stand under a dot."""
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" if at is not None else ""


def step_moments(party: Party) -> tuple[str, ...]:
    """When each step was done: pushed, answered, there, acted, stood down."""
    return (
        hour(party.called_at),
        hour(party.answered_at),
        hour(party.checked_in_at),
        hour(party.done_at),
        hour(party.confirmed_at),
    )
