"""Two desks, two processes, one database: what one does, the other shows without touching anything."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import pytest

from commandcenter.db.engine import Database as Connection
from commandcenter.domain.case import Grade
from commandcenter.services import cases
from commandcenter.services.new_report import NewReport
from tests.db.county import COMMUNITY_A, UNIT_A, UNIT_B
from tests.e2e.county_database import Database, made_on, run
from tests.e2e.desk_process import DeskProcess, desks

_numbers = count(1)


@dataclass(frozen=True)
class Hall:
    """The desks of two duty officers and of town A's responder, and what others do by their own connections."""

    county: Database
    duty: DeskProcess
    duty2: DeskProcess
    town: DeskProcess

    def register(self, *, area: int | None = COMMUNITY_A, grade: Grade | None = Grade.BLUE) -> int:
        """A new case, shown by both officers' desks."""
        report = NewReport(1, f"第{next(_numbers)}件：路灯不亮", grade=grade, area_id=area)
        change = self.by("duty", "register", report)
        for desk in (self.duty, self.duty2):
            desk.ask("until_row", case=change.case_id)
            desk.ask("forget")
        self.town.ask("forget")
        return change.case_id

    def by(self, who: str, verb: str, *report: NewReport, **arguments: object) -> cases.CaseChange:
        """Have somebody else, not at these desks, do something."""

        async def do() -> cases.CaseChange:
            db = await Connection.connect(self.county.url(who))
            try:
                change: cases.CaseChange = await getattr(cases, verb)(db, *report, **arguments, key=uuid4())
            finally:
                await db.close()
            return change

        return run(do())

    def version(self, case: int) -> int:
        return int(self.county.value_now("select version from cc.cases where id = $1", case))


@pytest.fixture(scope="module")
def hall(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    county = made_on(server, f"cc_e2e_hall_{os.getpid()}")
    people = [county.url(who) for who in ("duty", "duty2", "responder")]
    with desks(tmp_path_factory.mktemp("desks"), *people) as [duty, duty2, town]:
        yield Hall(county, duty, duty2, town)
    county.drop()


@pytest.fixture(autouse=True)
def end_of_test(hall: Hall) -> Iterator[None]:
    """Leave no case that waits for somebody: the next test takes the most urgent one."""
    yield
    for case, version in run(hall.county.fetch("select id, version from cc.cases where state in (0, 1)")):
        hall.by("supervisor", "void", case_id=case, version=version, reason="试验结束")


def test_a_dispatch_by_hand_shows_on_the_other_desks(hall: Hall) -> None:
    case = hall.register()
    assert hall.duty2.ask("click_row", case=case) == case
    assert "受理" in hall.duty2.ask("until_panel", says="经过")
    assert hall.town.ask("until_row", case=case)["state"] == "待派单"

    assert hall.duty.ask("click_row", case=case) == case
    hall.duty.ask("click_button", text="派单")
    assert hall.duty.ask("until_form") == "派单"
    hall.duty.ask("choose", field="unit_id", text="甲镇政府")
    hall.duty.ask("type", field="note", text="请尽快办理")
    hall.duty.ask("send")
    hall.duty.ask("until_closed")
    assert "已派单" in hall.duty.ask("until_notice", says="已派单")

    for desk in (hall.duty, hall.duty2, hall.town):
        assert desk.ask("until_row", case=case, state="待签收", unit="甲镇政府")
    told = hall.duty2.ask("until_panel", says="主责 甲镇政府")
    assert "派单" in told
    assert "请尽快办理" in hall.duty2.ask("until_panel", says="请尽快办理")


def test_signing_in_the_town_shows_at_the_centre(hall: Hall) -> None:
    case = hall.register()
    hall.by("duty", "dispatch", case_id=case, version=hall.version(case), unit_id=UNIT_A)
    hall.town.ask("until_row", case=case, state="待签收")
    hall.duty.ask("until_row", case=case, state="待签收")
    hall.duty.ask("forget")
    hall.town.ask("click_row", case=case)
    hall.town.ask("click_button", text="签收")
    assert hall.duty.ask("until_row", case=case, state="办理中")
    assert hall.town.ask("until_row", case=case, state="办理中")


def test_a_case_taken_by_one_shows_its_holder_to_the_other(hall: Hall) -> None:
    case = hall.register(grade=Grade.RED)
    hall.duty.ask("key", name="F2")
    assert hall.duty2.ask("until_row", case=case, holder="人员duty")
    assert hall.duty.ask("until_row", case=case, holder="人员duty")


def test_a_town_loses_sight_of_a_case_that_went_to_another(hall: Hall) -> None:
    case = hall.register(area=None)
    assert hall.town.ask("row", case=case) is None
    hall.by("duty", "dispatch", case_id=case, version=hall.version(case), unit_id=UNIT_A)
    assert hall.town.ask("until_row", case=case, state="待签收")
    hall.town.ask("click_row", case=case)
    hall.town.ask("until_panel", says="经过")
    hall.by("duty2", "reassign", case_id=case, version=hall.version(case), unit_id=UNIT_B, reason="不属甲镇")
    hall.town.ask("until_gone", case=case)
    assert "移出本辖区" in hall.town.ask("until_panel", says="移出本辖区")
    assert hall.duty.ask("until_row", case=case, unit="乙镇政府")


def test_take_next_at_the_same_moment_gives_different_cases(hall: Hall) -> None:
    first, second = hall.register(grade=Grade.RED), hall.register(grade=Grade.RED)
    hall.duty.begin("key", name="F2")
    hall.duty2.begin("key", name="F2")
    hall.duty.end()
    hall.duty2.end()
    taken = [desk.ask("until_notice", says="已认领") for desk in (hall.duty, hall.duty2)]
    assert taken[0] != taken[1]
    name = "select p.name from cc.cases c join cc.people p on p.login = c.holder where c.id = $1"
    holders = {case: hall.county.value_now(name, case) for case in (first, second)}
    assert sorted(holders.values()) == ["人员duty", "人员duty2"]
    for desk in (hall.duty, hall.duty2):
        for case, holder in holders.items():
            assert desk.ask("until_row", case=case, holder=holder)


def test_a_form_opened_before_somebody_elses_change_is_refused_and_keeps_its_words(hall: Hall) -> None:
    case = hall.register()
    hall.by("duty", "dispatch", case_id=case, version=hall.version(case), unit_id=UNIT_A)
    for desk in (hall.duty, hall.duty2):
        desk.ask("until_row", case=case, state="待签收")
    hall.duty.ask("click_row", case=case)
    hall.duty.ask("key", name="F7")
    hall.duty.ask("until_form")
    hall.duty.ask("choose", field="unit_id", text="乙镇政府")
    hall.duty.ask("type", field="reason", text="不属甲镇职责")
    hall.by("duty2", "note", case_id=case, version=hall.version(case), text="已电话联系")
    hall.duty.ask("send")
    assert hall.duty.ask("until_refused") == "这件工单刚被别人改过。已为您刷新，请看过最新情况再操作。"
    assert hall.duty.ask("typed", field="reason") == "不属甲镇职责"
    assert hall.duty.ask("typed", field="unit_id") == UNIT_B
    assert "已电话联系" in hall.duty.ask("until_panel", says="已电话联系")
    hall.duty.ask("send")
    hall.duty.ask("until_closed")
    assert hall.duty2.ask("until_row", case=case, unit="乙镇政府")
