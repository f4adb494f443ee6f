"""The live traffic's people around cases: registered, graded, dispatched, signed for, worked on, called back."""

import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from commandcenter.clock import SHANGHAI, Clock
from commandcenter.db import playing
from commandcenter.demo.traffic import TrafficEvent
from commandcenter.domain.case import Flag, Grade, State
from commandcenter.errors import Refused
from commandcenter.services import cases, merging
from commandcenter.services.play import questions
from commandcenter.services.play.desks import Cast, Desks
from commandcenter.services.play.questions import Questions
from commandcenter.services.play.simulating_loop import LoopPlayer
from commandcenter.services.play.told import report_of

DUTY = ("demo_duty2", "demo_duty3", "demo_duty4")
SUPERVISOR, FOLLOW_UP = "demo_supervisor", ("demo_followup", "demo_followup2")
BLOW_SHARE = 0.06
"""Of the looks at a case in work, those that end in a whistle: at the usual rate about one in some minutes."""
REPEAT_SHARE = 0.08
"""Of the looks at a case that is not finished, those at which its matter is reported once more."""
UNDO_SHARE = 0.1
"""Of such reports, those that turn out to be another matter."""
MOST_KNOWN = 5_000
WORK = (
    "已到现场核实并当场处理完毕。",
    "已安排人员整改，现已完成。",
    "已与诉求人沟通并解决，现场已恢复。",
    "已按规定办结并告知结果。",
)


class CasePlayer:
    """Does one thing about a case that is in a given state, or registers a new one; each returns the verb, or ''."""

    def __init__(
        self,
        desks: Desks,
        cast: Cast,
        events: Iterator[TrafficEvent],
        chance: random.Random,
        clock: Clock,
        loop: LoopPlayer,
        asked: Questions,
    ) -> None:
        self._desks = desks
        self._cast = cast
        self._events = events
        self._chance = chance
        self._clock = clock
        self._loop = loop
        self._asked = asked
        self._known: OrderedDict[int, TrafficEvent] = OrderedDict()
        self._turns: dict[State, Callable[[Any], Awaitable[str]]] = {
            State.NEW: self._grade,
            State.TO_DISPATCH: self._dispatch,
            State.TO_ACCEPT: self._answer,
            State.WORKING: self._work,
            State.RETURNED: self._review,
            State.PAUSED: self._resume,
            State.TO_FOLLOW_UP: self._call_back,
        }

    async def about(self, state: State | None) -> str:
        """Something about one of the newest cases in that state; a new report where there is none, or for None.

        Raises PersonError.
        """
        if state is None:
            return await self._register()
        found = await self._desks.ask(SUPERVISOR, playing.RECENT, state=state)
        if not found:
            return await self._register()
        row = self._chance.choice(found)
        if state <= State.WORKING and self._chance.random() < REPEAT_SHARE:
            return await self._repeat(row)
        return await self._turns[state](row)

    async def _register(self) -> str:
        event = next(self._events)
        question = self._asked.instead_of(event, self._clock.now().astimezone(SHANGHAI).date())
        if question is not None:
            async with self._desks.of(self._duty) as db:
                await questions.answer(db, question)
            return "answer_now"
        report = report_of(event, proposed=self._asked.suggested(event.category_id, event.key))
        async with self._desks.of(self._duty) as db:
            graded = self._chance.random() < 0.8
            done = await cases.register(db, report if graded else replace(report, grade=None), key=event.key)
        self._known[done.case_id] = event
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)
        return "register"

    async def _repeat(self, row: Any) -> str:
        """Somebody else reports what is known already; now and then it was not the same after all."""
        said = self._known.get(row.id)
        if said is None:
            return ""
        event = next(self._events)
        async with self._desks.of(self._duty) as db:
            done = await merging.register_into(
                db, report_of(event, said), kept_id=row.id, words="同一处同一问题。", key=event.key
            )
            if self._chance.random() < UNDO_SHARE:
                key = UUID(int=self._chance.getrandbits(128), version=4)
                await merging.undo(db, merge_id=done.merge_id, reason="经核实不是同一处。", key=key)
                return "undo_merge"
        return "register_into"

    async def _grade(self, row: Any) -> str:
        event = self._known.get(row.id)
        grade = Grade(row.grade if event is None else event.grade)
        return await self._do(self._duty, "grade", cases.grade, row, grade=grade)

    async def _dispatch(self, row: Any) -> str:
        event = self._known.get(row.id)
        unit = row.lead if event is None else event.unit_id
        return "" if unit is None else await self._do(self._duty, "dispatch", cases.dispatch, row, unit_id=unit)

    async def _answer(self, row: Any) -> str:
        unit = self._cast.responders.get(row.unit_id)
        if unit is None:
            return ""
        if self._chance.random() < 0.08:
            return await self._do(unit, "return", cases.return_case, row, reason="该事项不在本单位职责范围内。")
        return await self._do(unit, "accept", cases.accept, row)

    async def _work(self, row: Any) -> str:  # noqa: PLR0911 - one way for each thing that may happen to a case in work
        unit = self._cast.responders.get(row.unit_id)
        if unit is None:
            return ""
        luck = self._chance.random()
        if luck < 0.03:
            return await self._do(self._duty, "pause", cases.pause, row, reason="等待诉求人补充材料。")
        if luck < 0.06 and row.grade == Grade.BLUE and not row.flags & (Flag.EXTENDED | Flag.EXTENSION_ASKED):
            reason = "涉及多方，需要更多时间协调。"
            return await self._do(unit, "apply_extension", cases.apply_extension, row, days=1, reason=reason)
        if row.flags & Flag.EXTENSION_ASKED:
            return await self._do(SUPERVISOR, "review_extension", cases.review_extension, row, approved=True)
        if luck < 0.14:
            return await self._do(unit, "note", cases.note, row, text="已联系诉求人，约定时间上门。")
        if row.whistled or self._loop.rests(row.grade):
            return ""
        if luck < 0.14 + BLOW_SHARE:
            return await self._loop.blow(row)
        now = self._clock.now()
        return await self._do(
            unit, "finish", cases.finish, row, discussed_with="诉求人", discussed_at=now - timedelta(hours=1),
            done=self._chance.choice(WORK), done_by=now,
        )  # fmt: skip

    async def _review(self, row: Any) -> str:
        others = [unit for unit in self._cast.responders if unit != row.unit_id]
        approved = bool(others) and self._chance.random() < 0.6
        return await self._do(
            self._duty, "review_return", cases.review_return, row, approved=approved,
            unit_id=self._chance.choice(others) if approved else None,
            reason="" if approved else "按事项清单由贵单位主办。",
        )  # fmt: skip

    async def _resume(self, row: Any) -> str:
        return await self._do(self._duty, "resume", cases.resume, row)

    async def _call_back(self, row: Any) -> str:
        clerk = self._chance.choice(FOLLOW_UP)
        if row.uncalled:
            now = [report for report in row.uncalled if report not in row.resting]
            if not now:
                return ""
            reached = self._chance.random() < 0.85
            solved = self._chance.random() < 0.93
            return await self._do(
                clerk, "follow_up", cases.follow_up, row, report_id=now[0], reached=reached,
                contacted=True if reached else None, solved=solved if reached else None,
                satisfied=self._chance.choices(("满意", "基本满意"), (8, 2))[0] if solved else "不满意",
            )  # fmt: skip
        if row.whistled:
            return ""
        try:
            return await self._do(clerk, "archive", cases.archive, row)
        except Refused:  # somebody is not content
            return await self._do(clerk, "redo", cases.redo, row, reason="回访中诉求人反映未解决。")

    @property
    def _duty(self) -> str:
        return self._chance.choice(DUTY)

    async def _do(self, login: str, verb: str, deed: Any, row: Any, **arguments: Any) -> str:
        key = UUID(int=self._chance.getrandbits(128), version=4)
        async with self._desks.of(login) as db:
            await deed(db, case_id=row.id, version=row.version, key=key, **arguments)
        return verb
