"""One case's life in a simulated month: what is done about it, by whom and when, from its registration to the archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from commandcenter.clock import SHANGHAI
from commandcenter.db import playing
from commandcenter.demo.traffic import TrafficEvent
from commandcenter.domain.call_plan import next_call_at
from commandcenter.domain.case import Grade, Role, State
from commandcenter.domain.merge import MERGEABLE
from commandcenter.errors import PersonError
from commandcenter.services import calls, cases, merging
from commandcenter.services.new_report import NewReport
from commandcenter.services.play import questions
from commandcenter.services.play.month_deeds import CaseDeeds
from commandcenter.services.play.questions import Question
from commandcenter.services.play.told import report_of
from commandcenter.services.play.whistles import Spot

if TYPE_CHECKING:
    from commandcenter.services.play.month_lives import Lives

WHISTLED = 0.024
"""Share of cases somebody blows a whistle for; 荣成 has 3,263 in 200,000 [P], and a month should show some more."""
TOLD_AGAIN = 0.6
"""Of the reports of a matter that is being worked on, those an officer puts to it as they come; the others nobody notices."""
APART = 0.1
"""Of those, the ones that turn out to be another matter after all."""
WORK = (
    "已到现场核实并当场处理完毕。",
    "已安排人员整改，现已完成。",
    "已与诉求人沟通并解决。",
    "已按规定办结并告知结果。",
)


class Life(CaseDeeds):
    """One report and what becomes of it."""

    def __init__(self, lives: Lives, event: TrafficEvent, chance: Random) -> None:
        super().__init__(lives, event.unit_id, chance)
        self._event = event

    async def run(self, at: datetime) -> None:
        """From the moment it comes in. Raises PersonError where something is refused."""
        await self._wait(at)
        question = self._all.asked.instead_of(self._event, at.astimezone(SHANGHAI).date())
        if question is not None:
            await self._answer(question)
            return
        graded = self._chance.random() < 0.85
        if not await self._told_again():
            await self._register(Grade(self._event.grade) if graded else None)
        elif self.case.state is State.MERGED:
            return
        self._all.under_way[self._event.serial] = self
        if self.case.state is State.NEW:
            await self._after(minutes=(2, 25))
            await self._do("grade", Role.DUTY, cases.grade, grade=Grade(self._event.grade))
        if self._chance.random() < 0.008:
            await self._do("void", Role.DUTY, cases.void, reason="与已有工单重复登记。")
            return
        await self._after(minutes=(2, 40))
        await self._dispatch()
        if self._chance.random() < 0.012:
            await self._do("grade", Role.DUTY, cases.grade, grade=Grade(max(0, self._event.grade - 1)))
        await self._sign()
        await self._work()
        while await self._called_back():
            await self._work(again=True)

    async def _answer(self, question: Question) -> None:
        async with self._all.desks.of(self._someone(Role.DUTY)) as db:
            await questions.answer(db, question)
        self._all.deeds["answer_now"] += 1

    def _report(self) -> NewReport:
        event = self._event
        return report_of(event, proposed=self._all.asked.suggested(event.category_id, event.key))

    async def _register(self, grade: Grade | None) -> None:
        async with self._all.desks.of(self._someone(Role.DUTY)) as db:
            self.case = await cases.register(db, replace(self._report(), grade=grade), key=self._event.key)
        self._all.deeds["register"] += 1

    async def _told_again(self) -> bool:
        """Put to the case of the same matter where that is not finished; now and then taken apart again."""
        first = self._all.under_way.get(self._event.repeat_of or 0)
        if first is None or self._chance.random() >= TOLD_AGAIN:
            return False
        login, apart = self._someone(Role.DUTY), self._chance.random() < APART
        async with first.lock:
            kept = first.case
            if kept.state not in MERGEABLE:
                return False
            async with self._all.desks.of(login) as db:
                report = self._report()
                done = await merging.register_into(
                    db, report, kept_id=kept.case_id, words="同一处同一问题。", key=self._event.key
                )
                self._all.deeds["register_into"] += 1
                if apart:
                    key = self._key()
                    undone = await merging.undo(db, merge_id=done.merge_id, reason="经核实不是同一处。", key=key)
                    self._all.deeds["undo_merge"] += 1
            first.case, self.case = (undone.kept, undone.source) if apart else (done.kept, done.source)
        return True

    async def _dispatch(self) -> None:
        near = [unit for unit in self._all.cast.responders if unit != self._unit]
        assist = (self._chance.choice(near),) if self._chance.random() < 0.06 else ()
        await self._do("dispatch", Role.DUTY, cases.dispatch, unit_id=self._unit, assist_ids=assist)

    async def _sign(self) -> None:
        """Accepted, or returned once or twice first."""
        for _ in range(4):
            at = self._all.time.now + timedelta(minutes=self._chance.uniform(3, 12 if self._event.grade < 2 else 100))
            if self._chance.random() < 0.05:
                at += timedelta(hours=self._chance.uniform(0.5, 6))
            returned = self._chance.random() < 0.07 and self._event.grade >= Grade.YELLOW
            await self._wait(at if self._event.grade < Grade.YELLOW else self._office(at))
            if not returned:
                await self._unit_does("accept", cases.accept)
                return
            try:
                await self._unit_does("return", cases.return_case, reason="该事项不在本单位职责范围内。")
            except PersonError as error:  # too late to return it: then it is theirs
                self._all.refused[error.sentence] += 1
                await self._unit_does("accept", cases.accept)
                return
            await self._after(minutes=(10, 120))
            others = [unit for unit in self._all.cast.responders if unit != self._unit]
            approved = self._chance.random() < 0.6
            unit = self._chance.choice(others) if approved else None
            await self._do(
                "review_return", Role.DUTY, cases.review_return, approved=approved, unit_id=unit,
                reason="" if approved else "按事项清单由贵单位主办。",
            )  # fmt: skip
            self._unit = unit or self._unit
        await self._unit_does("accept", cases.accept)

    async def _work(self, *, again: bool = False) -> None:
        now, due = self._all.time.now, self.case.due_at or self._all.time.now + timedelta(days=1)
        late = self._chance.random() < 0.035
        span = max(due - now, timedelta(minutes=20))
        done_at = now + span * self._chance.uniform(0.12, 0.9)
        if late:
            done_at = max(due, now) + timedelta(hours=self._chance.uniform(1, 24))
        luck = self._chance.random()
        if luck < 0.03:
            await self._wait(now + (done_at - now) * 0.3)
            await self._do("pause", Role.DUTY, cases.pause, reason="等待诉求人补充材料。")
            pause = timedelta(hours=self._chance.uniform(3, 40))
            await self._wait(self._all.time.now + pause)
            await self._do("resume", Role.DUTY, cases.resume)
            done_at += pause
        elif luck < 0.12 and self._event.grade == Grade.BLUE and not again:
            await self._wait(now + (done_at - now) * 0.4)
            await self._unit_does(
                "apply_extension", cases.apply_extension, days=1, reason="涉及多方，需要更多时间协调。"
            )
            await self._after(minutes=(30, 300))
            approved = self._chance.random() < 0.8
            await self._do(
                "review_extension", Role.SUPERVISOR, cases.review_extension, approved=approved,
                reason="" if approved else "请按期办结。",
            )  # fmt: skip
        elif luck < 0.17:
            await self._wait(now + (done_at - now) * 0.5)
            await self._unit_does("note", cases.note, text="已联系诉求人，约定时间上门。")
        elif luck < 0.17 + WHISTLED and not again:
            await self._wait(self._office(now + timedelta(minutes=self._chance.uniform(10, 90))))
            await self._blow()
        if not late and self._event.grade >= Grade.YELLOW:
            done_at = min(self._office(done_at), max(done_at, due))
        await self._wait(done_at)
        while self.case.case_id in self._all.whistled:
            await self._after(minutes=(20, 40))
        now = self._all.time.now
        await self._unit_does(
            "finish", cases.finish, discussed_with="诉求人", discussed_at=now - timedelta(minutes=50),
            done=self._chance.choice(WORK), done_by=now,
        )  # fmt: skip

    async def _blow(self) -> None:
        area = self._all.cast.reference.areas[self._event.area_id]
        self._all.whistled.add(self.case.case_id)
        async with self.lock:
            spot = Spot(self.case.case_id, self.case.version, area.path, self._event.category_id)
            blown = await self._all.whistles.blow(spot, self._all.time.now)
        if blown:
            self._all.deeds["blow"] += 1
            self._all.unconfirmed.add(spot.case_id)
        else:
            self._all.whistled.discard(spot.case_id)

    async def _called_back(self) -> bool:
        """Everybody called until reached or tried often enough, then archived; True where it goes back to its unit."""
        finished, unhappy = self._all.time.now, False
        clerk = self._all.cast.staff[Role.FOLLOWUP][0]
        for row in await self._all.desks.ask(clerk, playing.REPORTS, case_id=self.case.case_id):
            said = await self._call(row.id, finished)
            if said == "redo":
                return True
            unhappy = unhappy or said == "unhappy"
        await self._after(minutes=(1, 240))
        while self.case.case_id in self._all.unconfirmed:
            await self._after(minutes=(20, 60))
        await self._do("archive", Role.SUPERVISOR if unhappy else Role.FOLLOWUP, cases.archive)
        return False

    async def _call(self, report_id: int, finished: datetime) -> str:
        """One citizen, up to three times: redo, unhappy, or ''."""
        attempts: list[datetime] = []
        while len(attempts) < 3:
            at = next_call_at(attempts, finished, self._all.gap_minutes + 1, self._all.bands)
            await self._wait(at + timedelta(minutes=self._chance.uniform(0, 90)))
            if self._chance.random() < 0.14:
                attempts.append(self._all.time.now)
                await self._do(
                    "follow_up_unreached", Role.FOLLOWUP, cases.follow_up, report_id=report_id, reached=False
                )
                continue
            solved = self._chance.random() < 0.94
            satisfied = self._chance.choices(("满意", "基本满意", "不满意"), (78, 18, 4) if solved else (1, 4, 95))[0]
            answer: dict[str, Any] = {
                "contacted": self._chance.random() < 0.97,
                "solved": solved,
                "satisfied": satisfied,
            }
            unhappy = not (solved and satisfied != "不满意")
            if unhappy and self._chance.random() < 0.7:
                reason = "回访中诉求人反映未解决。"
                await self._do(
                    "redo_in_one", Role.FOLLOWUP, calls.redo_in_one, report_id=report_id, reason=reason, **answer
                )
                self._all.noticed.append((self.case.case_id, self._unit))
                return "redo"
            await self._do("follow_up", Role.FOLLOWUP, cases.follow_up, report_id=report_id, reached=True, **answer)
            return "unhappy" if unhappy else ""
        return ""
