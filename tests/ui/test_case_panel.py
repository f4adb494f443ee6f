"""The selected case at the desk's right: nothing of it is cut, and it stays where one reads."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from commandcenter.domain.case import Flag, Grade, Role, State, Verb
from commandcenter.domain.moment import moment_at
from commandcenter.services.case_file import Assignment, Case, CaseFile, Event, Report
from tests.ui.desk_county import NOW, some
from tests.ui.desk_county import rows as county_rows
from tests.ui.desk_county import session as make_session
from ui.case.actions import ordered_verbs, remark, why_not
from ui.case.buttons import CaseButtons
from ui.case.panel import CasePanel
from ui.session import Session

LONG = "群众反映：成山镇向阳社区书香雅居11号楼周末早上接到冒充客服电话，被骗5.8万元，很多人把养老钱投了进去。" * 4


def long_file(session: Session, case_id: int) -> CaseFile:
    slot = session.mirror.slot_of(case_id)
    assert slot is not None
    case = Case(
        id=case_id, number="RC20261122-00001", version=1, grade=Grade.RED, state=State.WORKING, flags=Flag(0), kind="投诉",
        category_id=1, channel_id=1, title=LONG[:40], place=LONG[:30], area_id=1, town_id=1, lon=None, lat=None, unit_id=11,
        received_at=NOW, dispatched_at=NOW, accept_due_at=NOW, return_until=NOW, soon_at=NOW, due_at=NOW, paused_at=None,
        finished_at=None, archived_at=None, changed_at=NOW, extension_days=None, holder="", held_at=None, returns=0, redos=0,
        reports=9,
    )  # fmt: skip
    report = Report(
        1, 1, "", "投诉", LONG, "", None, None, NOW, NOW, "postgres", "王**", "138****1234", confidential=False
    )
    lead = Assignment(
        1, 11, "lead", NOW, "postgres", moment_at(0), NOW + timedelta(days=1), NOW, "postgres", None, None,
    )  # fmt: skip
    events = [Event(n, NOW, "postgres", "load", None, None, {"reason": LONG[: 30 + n]}) for n in range(12)]
    reports = tuple(replace(report, id=n) for n in range(1, 10))
    return CaseFile(case, reports, (lead, replace(lead, id=2, accepted_at=None)), tuple(events), (), (), ())


@pytest.mark.parametrize(("wide", "high"), [(340, 600), (396, 716), (520, 1000)])
def test_long_texts_are_whole_and_the_place_is_kept(session: Session, qtbot: QtBot, wide: int, high: int) -> None:
    panel = CasePanel(session)
    qtbot.addWidget(panel)
    panel.resize(wide, high)
    panel.show()
    first, second = session.mirror.id[:2].tolist()
    session.selection.select(first)
    panel.show_file(long_file(session, first))
    inside, viewport = panel.area.widget(), panel.area.viewport()
    qtbot.waitUntil(lambda: panel.area.verticalScrollBar().maximum() > 320)
    assert inside.width() == viewport.width()
    for label in panel.details.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
        assert label.mapTo(inside, label.rect().bottomRight()).x() < inside.width() - 10
    panel.area.verticalScrollBar().setValue(300)
    panel.show_file(long_file(session, first))
    QCoreApplication.processEvents()
    assert panel.area.verticalScrollBar().value() == 300
    session.selection.select(second)
    panel.show_file(long_file(session, second))
    QCoreApplication.processEvents()
    assert panel.area.verticalScrollBar().value() == 0


def blue(buttons: CaseButtons) -> list[QPushButton]:
    return [button for button in buttons.buttons if button.property("role") == "primary"]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("role", "state", "step"),
    [
        (Role.DUTY, State.NEW, Verb.GRADE),
        (Role.DUTY, State.TO_DISPATCH, Verb.DISPATCH),
        (Role.DUTY, State.WORKING, None),
        (Role.DUTY, State.TO_FOLLOW_UP, None),
        (Role.RESPONDER, State.TO_ACCEPT, Verb.ACCEPT),
        (Role.RESPONDER, State.WORKING, Verb.FINISH),
    ],
)
def test_the_blue_button_is_the_next_step_of_who_looks(role: Role, state: State, step: Verb | None) -> None:
    session = make_session(30, role)
    session.db = object()
    slot = int((session.mirror.state == state).nonzero()[0][0])
    case_id = int(session.mirror.id[slot])
    buttons = CaseButtons(session)
    buttons.show_case(case_id)
    assert [buttons._verbs[buttons.buttons.index(each)] for each in blue(buttons)] == ([step] if step else [])
    session.close()


@pytest.mark.usefixtures("qapp")
def test_who_works_on_a_case_is_said_and_may_give_it_back() -> None:
    session = make_session(0)
    session.db = object()
    law = {(int(State.NEW), verb, int(State.NEW), Role.DUTY.value) for verb in ("take", "release", "grade")}
    session.reference = replace(session.reference, transitions=session.reference.transitions | law)
    county = county_rows(3)
    session.mirror.apply(some(county, [0], state=State.NEW, holder="yuxiao"))
    session.mirror.apply(some(county, [1], state=State.NEW, holder="liwen"))
    session.mirror.apply(some(county, [2], state=State.NEW, holder=""))
    mine, hers, free = (int(number) for number in county.numbers["id"])

    def offered(case_id: int) -> list[Verb]:
        both = (Verb.TAKE, Verb.RELEASE)
        return [v for v in ordered_verbs(session, case_id) if v in both and not why_not(session, case_id, v)]

    assert [offered(mine), offered(hers), offered(free)] == [[Verb.RELEASE], [Verb.TAKE], [Verb.TAKE]]
    assert "李文" in why_not(session, hers, Verb.RELEASE)
    assert remark(session, hers, Verb.GRADE) == remark(session, hers, Verb.TAKE) == "李文 处理中"
    assert remark(session, mine, Verb.GRADE) == ""
    session.close()
