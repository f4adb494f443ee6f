"""The desk's alarms: worked out at each tick of the clock, told by a sound, acknowledged and shelved by name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from commandcenter.domain.alarm import Alarm, Kind, Line, Rate, Standing, Watch, lines, standing
from commandcenter.domain.moment import micros
from commandcenter.live.alarms import asked, case_alarms, slip_alarms, whistle_alarms
from commandcenter.services import alarms
from ui.alarm.sound import AlarmSound
from ui.keys import Keys

if TYPE_CHECKING:
    from datetime import datetime

    from ui.session import Session

_OF_WHISTLES = frozenset({Kind.UNANSWERED, Kind.UNRULED, Kind.OBJECTION})
_OF_SLIPS = frozenset({Kind.UNRECEIVED, Kind.UNREPLIED})


class Alarms(QObject):
    """`found` is what stands now, handled or not. ``changed``: another one, or a mark; ``told(list of Alarm)``: new ones."""

    changed = Signal()
    told = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.who = asked(session.reference)
        self.found: list[Alarm] = []
        self.waiting = 0
        """How many nobody of the person's unit has acknowledged or shelved."""
        self.rate = Rate(0, 0.0)
        self.sound = AlarmSound(self, muted=bool(QSettings().value(self._key(), defaultValue=False, type=bool)))
        self._watch = Watch()
        self._keys = Keys()
        self._ready = session.db is None
        """The lists of whistles, slips and marks have been read: before, everything would look new."""
        session.bridge.ticked.connect(self.evaluate)
        session.work.changed.connect(self._on_work)
        session.reference_changed.connect(self._on_reference)

    @property
    def flood(self) -> bool:
        """Whether more came than can be read singly."""
        return self.rate.floods(self._session.work.flood)

    @property
    def muted(self) -> bool:
        """Whether this person wants no sound."""
        return self.sound.muted

    def mute(self, *, muted: bool) -> None:
        """Sound or none, remembered for the person on this computer."""
        self.sound.muted = muted
        QSettings().setValue(self._key(), muted)

    def evaluate(self, now: datetime) -> None:
        """Work out what stands at `now`; tell what is new."""
        if not (self.who.answers and self._ready):
            return
        session, work = self._session, self._session.work
        found = case_alarms(session.mirror, session.reference.limits, self.who, micros(now))
        found += whistle_alarms(work.whistles, self.who, now)
        found += slip_alarms(work.slips, self.who, now)
        news = self._watch.see(found, work.marks, now)
        rate = self._watch.rate(now)
        waiting = sum(standing(work.marks.get(alarm.key), now) is Standing.WAITING for alarm in found)
        if (found, waiting, rate) != (self.found, self.waiting, self.rate):
            self.found, self.waiting, self.rate = found, waiting, rate
            self.changed.emit()
        if news:
            self.sound.play(news[0].kind)
            self.told.emit(news)

    def lines(self, opened: frozenset[Kind], *, with_handled: bool) -> list[Line]:
        """What a person reads, most urgent first; in a flood one line a kind."""
        return lines(
            self.found,
            self._session.work.marks,
            self._session.clock.now(),
            grouped=self.flood,
            opened=opened,
            with_handled=with_handled,
        )

    async def acknowledge(self, alarm: Alarm) -> None:
        """Say by name that it is heard. Raises PersonError."""
        deed = ("acknowledge", alarm.key)
        await alarms.acknowledge(self._session.database(), alarm_key=alarm.key, key=self._keys.of(deed))
        self._keys.done(deed)

    async def shelve(self, alarm: Alarm, minutes: int, reason: str) -> None:
        """Put it aside for so many minutes. Raises PersonError."""
        deed = ("shelve", alarm.key, minutes, reason)
        health = self._session.health  # the server's clock, by which the longest allowed time counts
        until = (self._session.clock.now() if health is None else health.as_of) + timedelta(minutes=minutes)
        key = self._keys.of(deed)
        await alarms.shelve(self._session.database(), alarm_key=alarm.key, until=until, reason=reason, key=key)
        self._keys.done(deed)

    def open(self, alarm: Alarm) -> None:
        """Go to what it is about."""
        session = self._session
        if alarm.kind in _OF_SLIPS:
            session.open_page("slips")
            session.slip_wanted.emit(alarm.opens)
        elif alarm.kind in _OF_WHISTLES:
            mine = self.who.units is not None and alarm.unit_id in self.who.units
            session.open_page("answer" if mine else "whistles", alarm.case_id)
        else:
            session.open_page("case", alarm.case_id)

    def _on_work(self) -> None:
        self._ready = True
        self.evaluate(self._session.clock.now())
        self.changed.emit()

    def _on_reference(self) -> None:
        self.who = asked(self._session.reference)

    def _key(self) -> str:
        return f"alarms/{self._session.reference.me.login}/muted"
