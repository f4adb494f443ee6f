"""Whistles for tests of pages: a case with a place, an item that calls two units, and people who may approve."""

from uuid import uuid4

from commandcenter.domain.case import Grade
from commandcenter.domain.whistle import Level
from commandcenter.services import cases, whistles
from commandcenter.services.new_report import NewReport
from tests.db.county import CATEGORY, COMMUNITY_A, DEPARTMENT_1, UTILITY
from tests.ui.real_desk import RealCentre
from ui.session import Session

MATTER = "地下管线抢修"


async def with_list(centre: RealCentre) -> None:
    """One item in the list, of the case's category: it calls the department and the utility."""
    await centre.root("delete from cc.duty_list")
    await centre.root(
        "insert into cc.duty_list (code, field, matter, category_id, lead_unit_id, assist_unit_ids, ground, valid_from) "
        f"values ('7', '燃气', '{MATTER}', {CATEGORY}, {DEPARTMENT_1}, '{{{UTILITY}}}', '法定', '2026-01-01')"
    )


async def new_case(duty: Session, title: str = "学府小区燃气异味") -> cases.CaseChange:
    report = NewReport(
        1, title, title, kind="投诉", category_id=CATEGORY, grade=Grade.ORANGE, area_id=COMMUNITY_A, place="学府小区3号楼",
        lon=122.41, lat=37.16,
    )  # fmt: skip
    return await cases.register(duty.database(), report, key=uuid4())


async def pushed(head: Session, case: cases.CaseChange, level: Level = Level.JOINT) -> whistles.Whistle:
    """A whistle blown by the town's own head: pushed at once."""
    item = head.reference.duty_list[0]
    change = await whistles.blow(
        head.database(),
        case_id=case.case_id,
        case_version=case.version,
        level=level,
        matter=item.matter,
        demand="到现场关阀",
        duty_item_id=item.id,
        key=uuid4(),
    )
    return await whistles.read_whistle(head.database(), change.whistle_id)
