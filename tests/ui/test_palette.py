"""Ctrl+K in front of a real database: what is closed is found where nothing open is."""

from uuid import uuid4

from PySide6.QtWidgets import QWidget

from commandcenter.domain.case import Grade
from commandcenter.services import cases
from commandcenter.services.new_report import NewReport
from tests.db.county import CATEGORY, COMMUNITY_A
from tests.ui.real_desk import RealCentre, Show, until
from ui.dialogs.palette import CommandPalette


async def test_closed_cases_are_found_by_number_and_by_words(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("duty")
    database = session.database()
    report = NewReport(
        1, "海边栈道木板断裂", "栈道木板断裂", category_id=CATEGORY, grade=Grade.BLUE, area_id=COMMUNITY_A
    )
    made = await cases.register(database, report, key=uuid4())
    await until(lambda: session.mirror.slot_of(made.case_id) is not None)
    window = QWidget()
    await shown(window)
    palette = CommandPalette(session, window)
    opened: list[tuple[str, object]] = []
    session.page_wanted.connect(lambda page, case_id: opened.append((page, case_id)))
    palette.box.setText("栈道")
    palette.search()
    assert [hit.hint.split(" · ")[0] for hit in palette.hits] == [made.number]
    assert palette._asking is None
    await cases.void(database, case_id=made.case_id, version=made.version, reason="误报", key=uuid4())
    await until(lambda: session.mirror.slot_of(made.case_id) is None)
    for text in ("栈道", made.number.lower()):
        palette.box.setText(text)
        palette.search()
        assert not palette.hits
        await until(lambda: palette.hits)
        assert [hit.hint for hit in palette.hits] == [f"{made.number} · 已作废"]
    palette.hits[0].go()
    assert opened == [("case", made.case_id)]
