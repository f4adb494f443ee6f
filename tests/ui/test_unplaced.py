"""待定位 on the real database: candidates, a click on the map, one key each; what the town then sees; refusals in one sentence."""

import json
from dataclasses import replace
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
from commandcenter.services.new_report import NewReport
from tests.db.county import CATEGORY, COMMUNITY_B, GRID_A, TOWN_A, UNIT_A
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
    report = NewReport(1, words, words, category_id=CATEGORY, grade=Grade.BLUE, place=place, **given)  # type: ignore[arg-type]
    return await cases.register(session.database(), report, key=uuid4())


async def panel_of(centre: RealCentre, who: str, show: Show) -> UnplacedPanel:
    page = MergingPage(await centre.sign_in(who))
    await show(page)
    page.show_tab("unplaced")
    panel = page.unplaced
    await until(lambda: panel._read_once and not panel.reader.is_reading)
    return panel


def area_of(session: Session, change: CaseChange) -> int | None:
    """None until the feed has brought the case."""
    slot = session.mirror.slot_of(change.case_id)
    return None if slot is None else int(session.mirror.area[slot])


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
    assert panel.card.area.text() == ""  # not that of the one before
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
    await until(lambda: view.complete and view._tints.areas)
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


async def test_a_placing_is_taken_back_by_a_key_and_refused_where_it_was_used(
    real_centre: RealCentre, shown: Show
) -> None:
    await lay_out(real_centre)
    session = await real_centre.sign_in("duty")
    first = await unplaced(session, "楼道堆物", "甲镇海韵家园3号楼")
    second = await unplaced(session, "楼道又堆物", "甲镇海韵家园5号楼")
    what = "select to_jsonb(c) - '{version,changed_at,verb,actor,detail}'::text[] from cc.cases c where id = $1"
    before = await real_centre.root(what, first.case_id)
    town = await real_centre.sign_in("caller")
    panel = await panel_of(real_centre, "duty", shown)
    assert not panel.undo_button.isEnabled()
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    await until(lambda: [line.key for line in panel.list.lines] == [second.case_id])
    assert panel.said.text() == f"{first.number} 已定位：甲一第一网格；Ctrl+Z 撤回"
    await until(lambda: town.mirror.slot_of(first.case_id) is not None)
    QTest.keyClick(panel.list, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: len(panel.list.lines) == 2 and panel.list.key == first.case_id)
    assert await real_centre.root(what, first.case_id) == before
    assert "恢复原样" in panel.said.text()
    await until(lambda: town.mirror.slot_of(first.case_id) is None)
    await until(lambda: not panel.reader.is_reading)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    await until(lambda: [line.key for line in panel.list.lines] == [second.case_id])
    version = await real_centre.root("select version from cc.cases where id = $1", first.case_id)
    await cases.dispatch(
        session.database(), case_id=first.case_id, version=int(str(version)), unit_id=UNIT_A, key=uuid4()
    )
    panel.undo_button.click()
    await until(lambda: "已按这个位置派单" in panel.said.text())
    assert not panel.undo_button.isEnabled()
    await until(lambda: not panel.reader.is_reading)
    panel.close_map()


async def test_a_point_elsewhere_is_refused_in_words_and_the_area_alone_is_not(
    real_centre: RealCentre, shown: Show
) -> None:
    await lay_out(real_centre)
    session = await real_centre.sign_in("supervisor")
    change = await unplaced(session, "路灯不亮")
    panel = await panel_of(real_centre, "duty", shown)
    panel.card.area.setText("甲镇 › 甲一社区 › 甲一第一网格")
    panel.card.point(122.41, 37.13, None)  # 0.01° north of the grid: 1,112 m
    panel.card.save()
    await until(lambda: "甲一第一网格”之外约 1.1 公里" in panel.card.problem.text())
    panel.card.area.setText("")
    panel.card.show_case(panel._cases[change.case_id], ())
    panel.card._set(replace(panel.card.choice, area_id=GRID_A, lon=None, lat=None))
    panel.card.save()
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
