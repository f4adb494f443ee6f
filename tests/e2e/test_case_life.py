"""One case from the first word to the archive, by the real logins of those whose deeds they are, over a long holiday.

The statutory calendar of 2026 around it (State Council's notice, as chinese_calendar has it):
Fri 25 – Sun 27 September Mid-autumn, off; Mon 28, Tue 29, Wed 30 September worked; Thu 1 – Wed 7 October National Day, off;
Thu 8, Fri 9 and, to make up, **Sat 10** October worked; Sun 11 off; Mon 12 – Fri 16 worked.
Offices work 08:30–12:00 and 13:30–17:30: 450 minutes. A blue case: signed and returned within 240 working minutes, finished
by the end of the third working day, due soon one working day before.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.domain.case import Grade, State
from commandcenter.domain.moment import micros
from commandcenter.errors import Refused
from commandcenter.live.desk import Desk
from commandcenter.live.mirror import TEXTS
from commandcenter.services import cases
from commandcenter.services.case_file import read_case
from commandcenter.services.cases import CaseChange
from commandcenter.services.new_report import Citizen, NewReport
from tests.db.county import DEPARTMENT_2, UNIT_A, UNIT_B
from tests.e2e.county_database import Database
from tests.ui.real_desk import until

AT_WORK = ("duty", "responder", "responder_b", "department2", "supervisor", "followup")
LOOKING_ON = ("responder_c", "wall")
CENTRE = frozenset({"duty", "supervisor", "followup", "wall"})


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


class Life:
    """The case, the desks that look at it, and the centre's clock."""

    def __init__(self, county: Database, desks: dict[str, Desk]) -> None:
        self.county = county
        self.desks = desks
        self.case = 0
        self.version = 0
        self.told: list[tuple[str, str]] = []

    async def clock(self, moment: datetime) -> None:
        await self.county.fetch("update cc.centre set fixed_now = $1", moment)

    async def step(self, moment: datetime, who: str, verb: str, *report: NewReport, **arguments: Any) -> CaseChange:
        """Somebody does something at a moment."""
        await self.clock(moment)
        if self.case:
            arguments |= {"case_id": self.case, "version": self.version}
        change: CaseChange = await getattr(cases, verb)(self.desks[who].database, *report, **arguments, key=uuid4())
        self.case, self.version = change.case_id, change.version
        self.told.append((who, verb))
        return change

    async def shown_to(self, *who: str, state: State, due: datetime | None, soon: datetime | None) -> None:
        """Exactly these people's mirrors have the case, as it is now; everybody has read the feed that far."""
        now = await self.county.value("select clock_timestamp()")
        await until(lambda: all(desk.health.as_of >= now for desk in self.desks.values()))
        seeing = {name for name, desk in self.desks.items() if desk.mirror.slot_of(self.case) is not None}
        assert seeing == set(who)
        for name in seeing:
            mirror = self.desks[name].mirror
            slot = mirror.slot_of(self.case)
            assert mirror.version[slot] == self.version
            assert mirror.state[slot] == state
            for column, moment in (("due_at", due), ("soon_at", soon)):
                if moment is not None:
                    assert getattr(mirror, column)[slot] == micros(moment), (name, column)
            words = {text: mirror.texts[text][slot] for text in TEXTS if text != "number"}
            assert bool(words["title"]) == (name != "wall")
            if name == "wall":
                assert set(words.values()) == {""}

    async def deadlines(self) -> dict[str, datetime]:
        [row] = await self.county.fetch(
            "select accept_due_at, return_until, soon_at, due_at from cc.cases where id = $1", self.case
        )
        return dict(row)


@asynccontextmanager
async def life_in(county: Database) -> AsyncIterator[Life]:
    async with AsyncExitStack() as stack:
        desks: dict[str, Desk] = {}
        for who in (*AT_WORK, *LOOKING_ON):
            desks[who] = await Desk.open(county.url(who))
            stack.push_async_callback(desks[who].close)
        yield Life(county, desks)


async def test_a_whole_life_over_the_national_day_holiday(county: Database) -> None:
    async with life_in(county) as life:
        await live(life, CENTRE)


async def live(life: Life, centre: frozenset[str]) -> None:
    # It lies in no town: only those who are given it see it, besides the centre.
    report = NewReport(1, "跨镇公交站牌倒伏", kind="求助", citizen=Citizen("王测试", "13812345678", "某小区"))
    made = await life.step(at(9, 25, 15, 50), "duty", "register", report)
    assert made.state is State.NEW
    assert made.number.startswith("RC20260925-")
    await life.shown_to(*centre, state=State.NEW, due=None, soon=None)
    await life.step(at(9, 25, 15, 55), "duty", "grade", grade=Grade.BLUE)
    await life.shown_to(*centre, state=State.TO_DISPATCH, due=None, soon=None)

    # Dispatched on Friday, a holiday: working time begins on Monday 28 at 08:30. 240 minutes from there: 210 in the morning,
    # 30 after 13:30. The third working day after it is Wednesday 30; one working day before that, Tuesday's end.
    sent = await life.step(at(9, 25, 16), "duty", "dispatch", unit_id=UNIT_A, assist_ids=[DEPARTMENT_2])
    due, soon = at(9, 30, 17, 30), at(9, 29, 17, 30)
    assert sent.due_at == due
    assert await life.deadlines() == {
        "accept_due_at": at(9, 28, 14), "return_until": at(9, 28, 14), "soon_at": soon, "due_at": due
    }  # fmt: skip
    with_a = centre | {"responder", "department2"}
    await life.shown_to(*with_a, state=State.TO_ACCEPT, due=due, soon=soon)
    await life.step(at(9, 28, 9), "responder", "accept")
    await life.shown_to(*with_a, state=State.WORKING, due=due, soon=soon)
    await life.step(at(9, 28, 13, 45), "responder", "return_case", reason="站牌在乙镇", suggested_unit_id=UNIT_B)
    await life.shown_to(*with_a, state=State.RETURNED, due=due, soon=soon)

    # Handed over at 15:00: 150 minutes until 17:30, 90 more on Tuesday from 08:30. The citizen's clock goes on.
    await life.step(at(9, 28, 15), "supervisor", "review_return", approved=True, unit_id=UNIT_B)
    assert await life.deadlines() == {
        "accept_due_at": at(9, 29, 10), "return_until": at(9, 29, 10), "soon_at": soon, "due_at": due
    }  # fmt: skip
    with_b = centre | {"responder_b", "department2"}
    await life.shown_to(*with_b, state=State.TO_ACCEPT, due=due, soon=soon)
    await life.step(at(9, 29, 9), "responder_b", "accept")
    await life.shown_to(*with_b, state=State.WORKING, due=due, soon=soon)

    # Two more working days after Wednesday 30: Thursday 8 and Friday 9 October.
    await life.step(at(9, 29, 10), "responder_b", "apply_extension", days=2, reason="配件在途")
    await life.step(at(9, 29, 11), "supervisor", "review_extension", approved=True)
    due, soon = at(10, 9, 17, 30), at(10, 8, 17, 30)
    await life.shown_to(*with_b, state=State.WORKING, due=due, soon=soon)

    # Paused from Wednesday 16:00 (90 working minutes left that day) to Thursday 8 at 10:00 (90 gone): 180 minutes.
    # Friday 17:30 and 180 minutes is Saturday 10, a working day, 11:30.
    await life.step(at(9, 30, 16), "duty", "pause", reason="等配件")
    await life.shown_to(*with_b, state=State.PAUSED, due=due, soon=soon)
    await life.step(at(10, 8, 10), "duty", "resume")
    due, soon = at(10, 10, 11, 30), at(10, 9, 11, 30)
    await life.shown_to(*with_b, state=State.WORKING, due=due, soon=soon)

    four = {
        "discussed_with": "诉求人",
        "discussed_at": at(10, 10, 10),
        "done": "已扶正加固",
        "done_by": at(10, 10, 10, 30),
    }
    await life.step(at(10, 10, 11), "responder_b", "finish", **four)
    await life.shown_to(*with_b, state=State.TO_FOLLOW_UP, due=due, soon=soon)
    report = (await read_case(life.desks["followup"].database, life.case)).reports[0].id
    call = {"report_id": report, "reached": True, "contacted": True}
    await life.step(at(10, 12, 9), "followup", "follow_up", **call, solved=False, satisfied="不满意", words="又倒了")
    with pytest.raises(Refused, match="未解决或不满意"):
        await life.step(at(10, 12, 9, 10), "followup", "archive")

    # A new limit from Monday 12: 13, 14, 15 October.
    await life.step(at(10, 12, 9, 30), "followup", "redo", reason="站牌再次倒伏")
    due, soon = at(10, 15, 17, 30), at(10, 14, 17, 30)
    await life.shown_to(*with_b, state=State.WORKING, due=due, soon=soon)
    with pytest.raises(Refused, match="签收"):  # signed for already: the same unit goes on
        await life.step(at(10, 12, 10), "responder_b", "accept")
    await life.step(at(10, 14, 10), "responder_b", "finish", **four)
    await life.step(at(10, 15, 9), "followup", "follow_up", **call, solved=True, satisfied="满意")
    await life.shown_to(*with_b, state=State.TO_FOLLOW_UP, due=due, soon=soon)
    done = await life.step(at(10, 15, 9, 5), "followup", "archive")
    assert done.state is State.ARCHIVED
    await life.shown_to(state=State.ARCHIVED, due=None, soon=None)

    file = await read_case(life.desks["duty"].database, life.case)
    logins = life.county.logins
    words = {"return_case": "return"}
    assert [(event.actor, event.verb) for event in sorted(file.timeline, key=lambda event: event.seq)] == [
        (logins.of(who), words.get(verb, verb)) for who, verb in life.told
    ]
    assert file.case.redos == 1
    assert file.case.returns == 1
    assert [event.detail["in_time"] for event in file.timeline if event.verb == "finish"] == [True, True]
    assert await life.county.value("select cc.seal_journal()") > len(life.told)
    assert await life.county.fetch("select * from cc.check_journal()") == []
