"""Asks for suggestions while somebody types on 受理: one question at a time, and no answer is shown for newer text.

Advice comes from memory, in a thread (it takes some milliseconds); likely repeats come from the database. With the
database away the first goes on and the second says so.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from commandcenter.domain.phone import is_phone
from commandcenter.errors import PersonError
from commandcenter.services.advising import Advice, Advisor
from commandcenter.services.callers import Caller, read_caller
from commandcenter.services.repeats import Asked, Finder, Repeat
from ui.intake.advice import point_of
from ui.intake.repeat_card import before
from ui.session import Session

SETTLE_MS = 120
"""After the last key; a word of an input method arrives at once."""
LEAST_CHARACTERS = 2
"""A shorter content is not asked about."""
LIKELY = 0.5
"""From this probability on the best category and place stand in for one that is not chosen yet, to find repeats by."""


_LEARNED = frozenset({"model", "settings", "categories", "everything"})


@dataclass(frozen=True, slots=True)
class Question:
    """What suggestions are asked for. Category and area only where the officer chose them."""

    content: str = ""
    title: str = ""
    name: str = ""
    phone: str = ""
    place: str = ""
    category_id: int | None = None
    area_id: int | None = None
    point: tuple[float, float] | None = None

    @property
    def worth_asking(self) -> bool:
        """Whether there is enough to say anything about."""
        return len(self.content) >= LEAST_CHARACTERS or bool(self.place) or is_phone(self.phone)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known for one question; what is None has not been answered yet. ``trouble``: why there are no repeats."""

    question: Question
    advice: Advice | None = None
    repeats: tuple[Repeat, ...] | None = None
    caller: Caller | None = None
    trouble: str = ""


class Asking(QObject):
    """``stale()``: what is shown belongs to an older text. ``told(Told)``: more is known about the present one."""

    stale = Signal()
    told = Signal(object)

    def __init__(self, session: Session, question: Callable[[], Question], parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._question = question
        self._asked = Question()
        self._advisor: Advisor | None = None
        self._finder: Finder | None = None
        self._news: frozenset[str] = frozenset()
        self._busy = self._opening = self._troubled = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._begin)
        session.entities_changed.connect(self._on_entities)
        session.reference_changed.connect(self._on_reference)
        session.bridge.health_changed.connect(self._on_health)

    @property
    def is_reading(self) -> bool:
        """Whether an answer is still to come."""
        return self._busy or self._opening or self._settle.isActive()

    @property
    def advisor(self) -> Advisor | None:
        """What gives advice; None until it has been read."""
        return self._advisor

    @property
    def finder(self) -> Finder | None:
        """What finds repeats; None until it has been read."""
        return self._finder

    def open(self) -> None:
        """Read what gives advice, where that has not been done."""
        if not self._opening and self._session.db is not None and (self._advisor is None or self._finder is None):
            self._opening = True
            self._session.spawn(self._open(), "open_advisor")

    def changed(self) -> None:
        """Something in the form is different: ask when the typing rests."""
        question = self._question()
        if question == self._asked and not self._settle.isActive():
            return
        self.stale.emit()
        self._settle.start()

    def forget(self) -> None:
        """The form is empty: what is still to be answered is not wanted any more."""
        self._settle.stop()
        self._asked = Question()
        self.told.emit(Told(self._asked))

    async def _open(self) -> None:
        try:
            database, reference = self._session.database(), self._session.reference
            if self._advisor is None:
                self._take(await Advisor.open(database, reference))
            if self._finder is None:
                self._finder = await Finder.open(database)
        except PersonError:
            return  # the next answer of the database asks again; meanwhile the page says what is missing
        finally:
            self._opening = False
        self._asked = Question()
        QTimer.singleShot(0, self, self.changed)  # not within this task: what follows is no part of opening

    def _take(self, advisor: Advisor) -> None:
        """Be advised by this one from now on, and say where it cannot use the stored model."""
        if advisor.trouble and (self._advisor is None or self._advisor.trouble != advisor.trouble):
            self._session.noticed.emit(advisor.trouble, "")
        self._advisor = advisor

    def _begin(self) -> None:
        if self._busy or self._session.is_closed:
            return  # the run under way asks again before it ends
        question = self._question()
        if not question.worth_asking:
            self._asked = question
            self.told.emit(Told(question))
            return
        self._busy = True
        self._session.spawn(self._run(), "suggest")

    async def _run(self) -> None:
        try:
            while True:
                question = self._asked = self._question()
                await self._answer(question)
                if self._question() == question or self._settle.isActive():
                    return
        finally:
            self._busy = False

    async def _answer(self, question: Question) -> None:
        """Tell what is known, in the order in which it comes; stop as soon as the text is another."""
        told = Told(question)
        await self._renew()
        if self._advisor is not None and question.content + question.place:
            told = replace(told, advice=await self._advise(self._advisor, question, 0))
            if not self._tell(told):
                return
        told = await self._look(told)
        if (
            (told_before := before(told.repeats or ()))
            and told.advice is not None
            and self._advisor is not None
            and self._question() == question
        ):
            told = replace(told, advice=await self._advise(self._advisor, question, told_before))
        self._tell(told)

    async def _advise(self, advisor: Advisor, question: Question, repeats: int) -> Advice:
        now = self._session.clock.now()
        return await to_thread(
            lambda: advisor.advise(
                content=question.content, title=question.title, name=question.name, category_id=question.category_id,
                area_id=question.area_id, place=question.place, repeats=repeats, now=now,
            )
        )  # fmt: skip

    async def _look(self, told: Told) -> Told:
        """Likely repeats, and what is known of the number; where the database is away, why not."""
        if self._finder is None or getattr(self._session.health, "state", "live") == "away":
            self.open()
            return replace(told, trouble=self.tr("连不上数据库，连上后自动再查。"))
        try:
            database = self._session.database()
            repeats = await self._finder.suggest(self._asked_of(told))
            phone = told.question.phone
            caller = await read_caller(database, phone) if is_phone(phone) else None
        except PersonError as error:
            return replace(told, trouble=error.sentence)
        return replace(told, repeats=repeats, caller=caller)

    def _asked_of(self, told: Told) -> Asked:
        question, advice = told.question, told.advice
        category_id, area_id, point = question.category_id, question.area_id, question.point
        if advice is not None:
            if category_id is None and advice.categories and advice.categories[0][1] >= LIKELY:
                category_id = advice.categories[0][0]
            place = next((each for each in advice.places if each.score >= LIKELY), None)
            if area_id is None and place is not None:
                area_id, point = place.area_id, point_of(place, self._session.reference)
        lon, lat = point or (None, None)
        return Asked(
            content=question.content, title=question.title, category_id=category_id, area_id=area_id,
            place=question.place, lon=lon, lat=lat, phone=question.phone, at=self._session.clock.now(),
        )  # fmt: skip

    def _tell(self, told: Told) -> bool:
        """Show it, unless the text is another by now."""
        if self._question() != told.question:
            return False
        self._troubled = bool(told.trouble)
        self.told.emit(told)
        return True

    async def _renew(self) -> None:
        news, self._news = self._news, frozenset()
        if not news:
            return
        try:
            if self._advisor is not None:
                database, reference = self._session.database(), self._session.reference
                self._take(await self._advisor.renewed(database, reference, news))
            if self._finder is not None and not _LEARNED.isdisjoint(news):
                await self._finder.refresh()
        except PersonError:
            self._news |= news  # asked again next time; what was read before still advises

    def _on_entities(self, entities: frozenset[str]) -> None:
        self._news |= entities

    def _on_reference(self) -> None:
        self._news |= {"reference"}

    def _on_health(self) -> None:
        if getattr(self._session.health, "state", "") != "live":
            return
        self.open()
        if self._troubled:
            self._troubled = False
            self._asked = Question()
            self.changed()
