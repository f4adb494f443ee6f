"""待定位 on the real database: candidates, a click on the map, one key each; what the town then sees; refusals in one sentence."""

import json
from uuid import uuid4

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from shapely.geometry import box, mapping

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade
from commandcenter.errors import Unreachable
from commandcenter.services import cases
from commandcenter.services.cases import CaseChange
from tests.db.county import CATEGORY, COMMUNITY_B, GRID_A, TOWN_A
from tests.ui.real_desk import RealCentre, Show, until
from ui.merging.unplaced_panel import UnplacedPanel
from ui.pages.merging import MergingPage
from ui.session import Session

GRID = box(122.40, 37.10, 122.42, 37.12)
TOWN = box(122.30, 37.00, 122.50, 37.20)


async def lay_out(centre: RealCentre) -> None:
    """Town A and its grid have outlines; everything about 花园路 is in the grid."""
    for area, shape in ((GRID_A, GRID), (TOWN_A, TOWN)):
        await centre.root(
            "update cc.areas set outline = $2::jsonb, lon = 122.41, lat = 37.11 where id = $1",
            area,
            json.dumps(mapping(shape)),
        )
    await centre.root(
        "insert into cc.places (name, kind, area_id, lon, lat, source) values ('海韵家园', 'estate', $1, 122.411, 37.111, 'import')",
        GRID_A,
    )


async def unplaced(session: Session, words: str, place: str = "", **given: object) -> CaseChange:
    return await cases.register(
        session.database(), channel_id=1, content=words, title=words, category_id=CATEGORY, grade=Grade.BLUE, place=place,
        key=uuid4(), **given,  # type: ignore[arg-type]
    )  # fmt: skip


async def panel_of(centre: RealCentre, who: str, show: Show) -> UnplacedPanel:
    page = MergingPage(await centre.sign_in(who))
    await show(page)
    page.show_tab("unplaced")
    panel = page.unplaced
    await until(lambda: panel._read_once and not panel.reader.is_reading)
    return panel


def area_of(session: Session, change: CaseChange) -> int:
    slot = session.mirror.slot_of(change.case_id)
    assert slot is not None
    return int(session.mirror.area[slot])


async def test_one_key_takes_what_the_words_mean_and_the_next_one_comes(real_centre: RealCentre, shown: Show) -> None:
    await lay_out(real_centre)
    session = await real_centre.sign_in("supervisor")
    first = await unplaced(session, "楼道堆物", "甲镇海韵家园3号楼")
    second = await unplaced(session, "路灯不亮")
    town = await real_centre.sign_in("caller")
    panel = await panel_of(real_centre, "duty", shown)
    assert [line.key for line in panel.list.lines] == [first.case_id, second.case_id]
    assert town.mirror.slot_of(first.case_id) is None
    assert panel.list.key == first.case_id
    assert panel.card.guesses[0].area_id == GRID_A
    assert panel.card.choice.lon == 122.411
    assert "甲镇" in panel.card.consequence.text()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    await until(lambda: [line.key for line in panel.list.lines] == [second.case_id])
    assert panel.list.key == second.case_id
    await until(lambda: town.mirror.slot_of(first.case_id) is not None)
    slot = town.mirror.slot_of(first.case_id)
    assert (int(town.mirror.area[slot]), int(town.mirror.town[slot])) == (GRID_A, TOWN_A)
    assert (float(town.mirror.lon[slot]), float(town.mirror.lat[slot])) == (122.411, 37.111)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert "地图上点一下" in panel.card.problem.text()
    await until(lambda: not panel.reader.is_reading)
    panel.close_map()


async def test_a_click_on_the_map_is_a_point_and_its_grid(real_centre: RealCentre, shown: Show) -> None:
    await lay_out(real_centre)
    session = await real_centre.sign_in("supervisor")
    change = await unplaced(session, "路灯不亮")
    panel = await panel_of(real_centre, "duty", shown)
    view = panel.map
    assert view is not None
    await until(lambda: view.complete and view._areas)
    view.look_at((122.41, 37.11), 3_000)
    middle = view.canvas.rect().center()
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert panel.card.choice.area_id == GRID_A
    assert panel.card.choice.lon == pytest.approx(122.41, abs=1e-4)
    QTest.mouseMove(view.canvas, middle + QPoint(3, 3))
    await until(lambda: view._name.text() == "甲镇 › 甲一社区 › 甲一第一网格")
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(view.width() // 3, 0))
    assert "不在任何网格内" in panel.card.problem.text()
    view.look_at((122.41, 37.11), 3_000)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=middle)
    before = panel.card.choice
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert panel.card.choice.lon > before.lon
    assert panel.card.choice.lat == before.lat
    QTest.keyClick(view, Qt.Key.Key_Return)
    await until(lambda: not panel.list.lines)
    await until(lambda: area_of(session, change) == GRID_A)
    await until(lambda: not panel.reader.is_reading)
    panel.close_map()


async def test_refusals_are_one_sentence_and_nothing_is_lost(
    real_centre: RealCentre, shown: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lay_out(real_centre)
    session = await real_centre.sign_in("supervisor")
    change = await unplaced(session, "路灯不亮")
    panel = await panel_of(real_centre, "duty", shown)
    panel.card.area.setText("乙镇 › 乙一社区")
    assert panel.card.choice.area_id == COMMUNITY_B
    panel.reader._busy = True  # the feed's news waits: the desk still has the old version
    await cases.note(session.database(), case_id=change.case_id, version=change.version, text="问过了", key=uuid4())
    QTest.keyClick(panel.card.area, Qt.Key.Key_Return)
    await until(lambda: "刚被别人改过" in panel.card.problem.text())
    assert panel.card.choice.area_id == COMMUNITY_B
    panel.reader._busy = False
    panel.reader.ask()
    await until(lambda: not panel.reader.is_reading and panel._cases[change.case_id].version == change.version + 1)
    with monkeypatch.context() as away:
        away.setattr(Database, "deed", lambda _: _gone())
        panel.card.save()
        await until(lambda: "连不上" in panel.card.problem.text())
    panel.card.save()
    await until(lambda: area_of(session, change) == COMMUNITY_B)
    await until(lambda: not panel.reader.is_reading)
    panel.close_map()


def _gone() -> object:
    raise Unreachable("连不上数据库。")


async def test_a_caller_has_this_tab_alone_and_the_law_of_the_own_area(real_centre: RealCentre, shown: Show) -> None:
    await lay_out(real_centre)
    caller = await real_centre.sign_in("caller")
    change = await unplaced(caller, "路灯不亮")
    page = MergingPage(caller)
    await shown(page)
    panel = page.unplaced
    await until(lambda: [line.key for line in panel.list.lines] == [change.case_id])
    assert list(page.tabs) == ["unplaced"]
    panel.card.area.setText("乙镇 › 乙一社区")
    panel.card.save()
    await until(lambda: "不能对它定位" in panel.card.problem.text())
    panel.card.area.setText("甲镇 › 甲一社区 › 甲一第一网格")
    panel.card.save()
    await until(lambda: area_of(caller, change) == GRID_A)
    await until(lambda: not panel.reader.is_reading)
    page.close_map()
