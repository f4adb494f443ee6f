"""回访 in front of a real database: cases brought to their follow-up, and the page as a clerk's hands and eyes have it."""

from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from commandcenter.clock import SystemClock
from commandcenter.domain.case import Grade
from commandcenter.services import cases
from commandcenter.services.cases import CaseChange
from commandcenter.services.new_report import Citizen, NewReport
from tests.db.county import COMMUNITY_A, UNIT_A
from tests.ui.real_desk import RealCentre, Show, until
from ui.case.citizen_line import CitizenLine
from ui.pages.calls import CallsPage
from ui.session import Session

ANY_TIME = "update cc.settings set value = '[[0, 1440]]' where name = 'call_bands'"


class Life:
    """Cases brought to their follow-up by those whose deeds that takes."""

    def __init__(self, centre: RealCentre, duty: Session, responder: Session) -> None:
        self.centre, self.duty, self.responder = centre, duty, responder

    async def finished(self, title: str, grade: Grade = Grade.BLUE) -> CaseChange:
        citizen = Citizen("王小明", f"138{uuid4().int % 10**8:08}", "三号楼")
        report = NewReport(1, title, title, grade=grade, area_id=COMMUNITY_A, citizen=citizen)
        made = await cases.register(self.duty.database(), report, key=uuid4())
        made = await cases.dispatch(
            self.duty.database(), case_id=made.case_id, version=made.version, unit_id=UNIT_A, key=uuid4()
        )
        made = await cases.accept(self.responder.database(), case_id=made.case_id, version=made.version, key=uuid4())
        return await self.finish(made)

    async def finish(self, made: CaseChange) -> CaseChange:
        now = SystemClock().now()
        return await cases.finish(
            self.responder.database(), case_id=made.case_id, version=made.version, discussed_with="诉求人", discussed_at=now,
            done="更换了阀门", done_by=now, key=uuid4(),
        )  # fmt: skip

    async def report(self, case_id: int) -> int:
        return int(str(await self.centre.root("select id from cc.reports where case_id = $1", case_id)))


async def living(real_centre: RealCentre) -> Life:
    await real_centre.root(ANY_TIME)
    return Life(real_centre, await real_centre.sign_in("duty"), await real_centre.sign_in("responder"))


async def opened(real_centre: RealCentre, show: Show, who: str = "followup") -> tuple[Session, CallsPage]:
    session = await real_centre.sign_in(who)
    page = CallsPage(session)
    await show(page)
    await until(lambda: not page.reader.is_reading)
    return session, page


def titles(page: CallsPage) -> list[str]:
    return [call.title for call in page.desk.list.calls]


def said(widget: QWidget) -> str:
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, modifier)


async def shown_report(page: CallsPage, title: str) -> None:
    await until(lambda: page.desk.brief.file is not None and page.desk.brief.file.case.title == title)


async def looked_at_number(page: CallsPage) -> None:
    """Give a reason, and have the number on the screen."""
    line = page.desk.brief.findChild(CitizenLine)
    assert line is not None
    line.reason.setText("回访")
    line.look()
    await until(lambda: "138" in line.who.text() and "*" not in line.who.text())
