"""管理 on the real database: edits are done, journalled, and refused where somebody was quicker or nobody may."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, Role
from commandcenter.domain.whistle import Level
from commandcenter.errors import StaleVersion
from commandcenter.services import people, settings
from tests.db.county import CATEGORY, DEPARTMENT_1, DEPARTMENT_2, UNIT_B, UTILITY
from tests.ui.nameless import nameless
from tests.ui.real_desk import RealCentre, Show, until
from ui.admin.tables import hours_words, read_hours
from ui.models.row_table import RowTable
from ui.pages.admin import AdminPage
from ui.session import Session
from ui.widgets.type_ahead import TypeAhead


async def page_of(session: Session, show: Show) -> AdminPage:
    page = AdminPage(session)
    await show(page)
    return page


def cell(table: RowTable, column: str, **wanted: object) -> object:
    """The index of a column in the row that has these values."""
    row = next(n for n, row in enumerate(table.rows) if all(row[name] == value for name, value in wanted.items()))
    return table.index(row, [each.name for each in table.columns].index(column))


def enter(table: RowTable, value: object, column: str, **wanted: object) -> None:
    table.setData(cell(table, column, **wanted), value)  # type: ignore[arg-type]


async def test_a_unit_is_edited_in_place_and_journalled(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.units)
    enter(page.units.table, "城市管理局", "name", id=DEPARTMENT_2)
    await until(lambda: session.reference.units[DEPARTMENT_2].name == "城市管理局")
    await until(lambda: any(row["name"] == "城市管理局" for row in page.units.table.rows))
    assert page.units.said.text() == "已保存"
    what = "select count(*) from cc.journal where entity = 'units' and entity_id = $1 and verb = 'update'"
    assert await real_centre.root(what, DEPARTMENT_2) == 1
    index = cell(page.units.table, "active", id=DEPARTMENT_2)
    page.units.table.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)  # type: ignore[arg-type]
    await until(lambda: not session.reference.units[DEPARTMENT_2].active)


async def test_what_makes_no_sense_is_refused_in_a_sentence(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.limits)
    enter(page.limits.table, "很快", "accept_minutes", grade=Grade.RED)
    assert "整数" in page.limits.said.text()
    enter(page.limits.table, "20", "accept_minutes", grade=Grade.RED)
    await until(lambda: session.reference.limits[Grade.RED].accept_minutes == 20)
    page.tabs.setCurrentWidget(page.units)
    enter(page.units.table, "住建局", "name", id=DEPARTMENT_2)
    await until(lambda: "重复" in page.units.said.text())


async def test_who_was_second_is_told_so(real_centre: RealCentre) -> None:
    session = await real_centre.sign_in("admin")
    await real_centre.root("update cc.units set short_name = '别人改的' where id = $1", DEPARTMENT_2)
    with pytest.raises(StaleVersion, match="刚被别人改过"):
        await settings.change(
            session.database(),
            table="units",
            key=DEPARTMENT_2,
            was={"short_name": "城管局"},
            becomes={"short_name": "我改的"},
        )


async def test_a_day_is_switched_and_the_count_follows(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.calendar)
    calendar = page.calendar
    calendar.go_to(2028)
    assert "暂定" in calendar.standing.text()
    day = date(2028, 5, 4)
    calendar.view.pick(day)
    count = "select nth from cc.calendar where day = '2028-12-29'"
    before = await real_centre.root(count)
    calendar.view.setFocus()
    QTest.keyClick(calendar.view, Qt.Key.Key_Space)
    await until(lambda: not next(each for each in session.reference.calendar.days if each.day == day).working)
    assert await real_centre.root(count) == int(str(before)) - 1
    calendar.settle_button.click()
    await until(lambda: "已公布" in calendar.standing.text())


async def test_people_come_move_and_go(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    tab = page.people
    tab.login.setText(f"{real_centre.logins.prefix}_new")
    tab.name.setText("新来的")
    tab.unit.set_value(UNIT_B)
    tab.password.setText("short")
    tab.add_button.click()
    await until(lambda: "8 个字符" in tab.said.text())
    tab.password.setText("long enough 37")
    tab.add_button.click()
    login = f"{real_centre.logins.prefix}_new"
    try:
        await until(lambda: login in session.reference.people)
        await until(lambda: any(row["login"] == login for row in tab.table.rows))
        enter(tab.table, Role.SUPERVISOR, "role", login=login)
        await until(lambda: session.reference.people[login].role is Role.SUPERVISOR)
        await until(lambda: any(row["login"] == login and row["role"] is Role.SUPERVISOR for row in tab.table.rows))
        parts = real_centre.url("admin").replace(real_centre.logins.of("admin"), login).partition("@")
        url = f"postgresql://{login}:long%20enough%2037@{parts[2]}"
        newcomer = await Database.connect(url)
        await newcomer.close()
        index = cell(tab.table, "active", login=login)
        tab.table.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)  # type: ignore[arg-type]
        await until(lambda: not session.reference.people[login].active)
        stale = session.reference.people[real_centre.logins.of("duty")]
        await real_centre.root("update cc.people set name = '改名' where login = $1", stale.login)
        with pytest.raises(StaleVersion):
            await people.change(session.database(), was=stale, becomes=stale)
    finally:
        await real_centre.root("delete from cc.people where login = $1", login)
        await real_centre.root(f"drop role if exists {login}")


async def test_supervisors_read_and_see_who_looked(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("supervisor")
    page = await page_of(session, shown)
    assert page.read_only.isVisible()
    assert not page.units.table.may_edit
    assert page.people.tools.isHidden()
    for tab in range(page.tabs.count()):
        page.tabs.setCurrentIndex(tab)
        assert nameless(page) == []
    await real_centre.root(
        "insert into cc.access_log (at, actor, report_id, case_id, reason) values (now(), 'x', 1, 1, '核实')"
    )
    page.tabs.setCurrentWidget(page.audit)
    await until(lambda: page.audit.looks.table.rows)
    assert page.audit.looks.table.rows[0]["reason"] == "核实"
    assert not page.audit.check_button.isEnabled()


async def test_the_journal_is_checked(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.audit)
    page.audit.check()
    await until(lambda: "完整" in page.audit.result.text())
    await real_centre.root("alter table cc.journal disable trigger user")
    await real_centre.root("update cc.journal set detail = '{}' where seq = (select min(seq) from cc.journal)")
    page.audit.check()
    await until(lambda: "对不上" in page.audit.result.text())


def test_working_hours_are_read_as_they_are_said() -> None:
    assert read_hours(hours_words((510, 720, 810, 1050))) == (510, 720, 810, 1050)
    assert read_hours("8:30-12:00, 13:30-17:30".replace(",", "")) == (510, 720, 810, 1050)
    with pytest.raises(ValueError, match="08:30"):
        read_hours("早上")


async def test_the_share_of_due_soon_is_edited_as_a_percentage(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.limits)
    enter(page.limits.table, "120%", "soon_share", grade=Grade.RED)
    assert "比例" in page.limits.said.text()
    enter(page.limits.table, "12.5%", "soon_share", grade=Grade.RED)
    await until(lambda: session.reference.limits[Grade.RED].soon_share == Decimal("0.125"))
    index = cell(page.limits.table, "soon_share", grade=Grade.RED)
    await until(lambda: index.data() == "12.5%")  # type: ignore[attr-defined]


async def test_an_item_of_the_list_is_added_filtered_and_changed(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    tab = page.duties
    page.tabs.setCurrentWidget(tab)
    tab.new.field.setCurrentText("燃气")
    tab.new.field.activated.emit(0)
    assert tab.new.code.text() == "02-01", "codes without a number behind a line begin a new number"
    tab.new.matter.setText("调压箱")
    tab.new.lead.set_value(0)
    tab.new.assist.setText("住建局、月球局")
    tab.new.add_button.click()
    assert "月球局" in tab.said.text()
    tab.new.assist.setText("住建局、燃气公司")
    tab.new.add_button.click()
    await until(lambda: any(row["matter"] == "调压箱" for row in tab.table.rows))
    row = next(row for row in tab.table.rows if row["matter"] == "调压箱")
    assert (row["lead_unit_id"], row["assists"]) == (None, (DEPARTMENT_1, UTILITY))
    enter(tab.table, "城管局", "assists", matter="调压箱")
    await until(lambda: any(row["assists"] == (DEPARTMENT_2,) for row in tab.table.rows))
    tab.filter.setText("管线")
    assert [row["matter"] for row in tab.table.rows] == ["管线"]
    tab.filter.clear()
    enter(tab.table, "2025-01-01", "valid_to", matter="管线")
    await until(lambda: "失效日期早于生效日期" in tab.said.text())


async def test_what_a_whistle_went_by_is_shown_among_old_versions(real_centre: RealCentre, shown: Show) -> None:
    await real_centre.root("alter table cc.whistles disable trigger user")
    await real_centre.root(
        "insert into cc.whistles (number, case_id, path, state, level, caller, caller_unit_id, approver_unit_id, duty_item_id, "
        "matter, demand, blown_at, changed_at, verb, actor) select 'S', 1, '01.01.', 7, 1, 'x', 111, 111, id, 'x', 'x', now(), "
        "now(), 'blow', 'x' from cc.duty_list"
    )
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    tab = page.duties
    page.tabs.setCurrentWidget(tab)
    enter(tab.table, "商定", "ground", code="1")
    await until(lambda: len(session.reference.duty_list) == 2)
    await until(lambda: [row["ground"] for row in tab.table.rows] == ["商定"])
    tab.old.setChecked(True)
    assert [row["ground"] for row in tab.table.rows] == ["法定", "商定"]
    enter(tab.table, "改旧版", "matter", ground="法定")
    await until(lambda: "只供查看" in tab.said.text())


async def test_a_ruling_is_taken_into_the_list(real_centre: RealCentre, shown: Show) -> None:
    await real_centre.root(
        "insert into cc.duty_candidates (whistle_id, case_id, matter, lead_unit_id, reason, ruled_at, ruled_by) "
        "values (1, 1, '海岸垃圾', $1, '主管单位', now(), 'x'), (2, 1, '路灯', $1, '主管单位', now(), 'x')",
        DEPARTMENT_2,
    )
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    tab = page.duties
    page.tabs.setCurrentWidget(tab)
    waiting = tab.candidates
    await until(lambda: len(waiting.table.rows) == 2)
    first = waiting.table.rows[0]["matter"]
    waiting.code.setText("09-01")
    waiting.take_button.click()
    await until(lambda: any(row["matter"] == first and row["ground"] == "指定" for row in tab.table.rows))
    await until(lambda: len(waiting.table.rows) == 1)
    waiting.dismiss_button.click()
    await until(waiting.isHidden)
    assert await real_centre.root("select count(*) from cc.duty_candidates where decision = 'dismissed'") == 1


async def test_a_spreadsheet_is_looked_at_and_taken_in(real_centre: RealCentre, shown: Show, tmp_path: Path) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    tab = page.duties
    page.tabs.setCurrentWidget(tab)
    out = tmp_path / "清单.xlsx"
    tab.files.write_out(out)
    await until(lambda: "已导出 1 个事项" in tab.said.text())
    book = load_workbook(out)
    book.active.append(["2", "供热", "停暖", None, "事发镇街", "城管局；燃气公司", "商定"])  # type: ignore[union-attr]
    book.active.append(["3", "供热", "漏水", None, "月球局", None, "商定"])  # type: ignore[union-attr]
    book.save(out)
    tab.files.look_at(out)
    await until(tab.preview.isVisible)
    assert "新增 1，修改 0，未变 1，不导入 1" in tab.preview.summary.text()
    assert [row["reason"] for row in tab.preview.table.rows] == ["", "没有单位叫“月球局”"]
    assert len(session.reference.duty_list) == 1
    tab.preview.import_button.click()
    await until(lambda: any(row["matter"] == "停暖" for row in tab.table.rows))
    assert (tmp_path / "清单.rejects.xlsx").exists()
    assert not tab.preview.import_button.isVisible()


async def test_the_rules_of_the_loop_are_edited_in_place(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.levels)
    enter(page.levels.table, "月球", "caller_kinds", level=3)
    assert "社区" in page.levels.said.text()
    enter(page.levels.table, "镇街、中心", "caller_kinds", level=3)
    await until(lambda: session.reference.levels[Level.JOINT].caller_kinds == ("town", "centre"))
    page.tabs.setCurrentWidget(page.slips)
    enter(page.slips.kinds.table, "中心主任、市领导", "signers", kind=2)
    await until(lambda: session.reference.slip_kinds[2].signers == ("director", "leader"))
    enter(page.slips.kinds.table, "第{serial}号", "style", kind=2)
    assert "{年}" in page.slips.kinds.said.text()
    enter(page.slips.kinds.table, "{字}第{年}{序号}号", "style", kind=2)
    await until(lambda: session.reference.slip_kinds[2].style == "{word}第{year}{serial}号")
    rule = next(rule for rule in session.reference.slip_rules if rule.trigger == "redo")
    enter(page.slips.rules.table, "红、橙", "grades", id=rule.id)
    enter(page.slips.rules.table, "3", "threshold", id=rule.id)
    await until(
        lambda: any(
            each.id == rule.id and (each.grades, each.threshold) == ((0, 1), 3) for each in session.reference.slip_rules
        )
    )


async def test_one_scheme_counts(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.schemes)
    table = page.schemes.table
    await until(lambda: len(table.rows) == 4)
    enter(table, "满意率 70%、结案率 20%", "weights", code="rongcheng")
    assert "90%" in page.schemes.said.text()
    enter(table, "满意率 60%、结案率 30%、未退办率 10%", "weights", code="rongcheng")
    await until(lambda: cell(table, "weights", code="rongcheng").data() == "满意率 60%、结案率 30%、未退办率 10%")  # type: ignore[attr-defined]
    index = cell(table, "active", code="rongcheng")
    table.setData(index, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)  # type: ignore[arg-type]
    await until(lambda: "须有一个" in page.schemes.said.text())
    index = cell(table, "active", code="beijing")
    table.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)  # type: ignore[arg-type]
    await until(lambda: [row["code"] for row in table.rows if row["active"]] == ["beijing"])


async def test_a_person_gets_a_post(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    login = real_centre.logins.of("caller")
    enter(page.people.table, "town_head", "post", login=login)
    await until(lambda: session.reference.people[login].post == "town_head")


SETTINGS = (
    ("second_call_share", "5%", "7.5%", 0.075, "20"),
    ("shelve_minutes", "240", "180", 180, "三小时"),
    (
        "call_bands",
        "08:30–12:00　13:30–17:30　18:00–20:30",
        "9:00-11:30 14:00-17:00",
        [[540, 690], [840, 1020]],
        "17:00-14:00",
    ),
    ("answer_now_kinds", "咨询、建议、表扬", "咨询，表扬", ["咨询", "表扬"], "、"),
    ("repeat_weights", "{}", '{"citizen": 1.6}', {"citizen": 1.6}, "1"),
)


@pytest.mark.parametrize(("name", "shows", "typed", "stored", "wrong"), SETTINGS, ids=[each[0] for each in SETTINGS])
async def test_a_setting_is_read_as_it_is_written(
    real_centre: RealCentre, shown: Show, name: str, shows: str, typed: str, stored: object, wrong: str
) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.settings)
    table = page.settings.table
    await until(lambda: table.rows)
    assert cell(table, "value", name=name).data() == shows  # type: ignore[attr-defined]
    enter(table, wrong, "value", name=name)
    await until(lambda: "没有改" in page.settings.said.text())
    assert cell(table, "value", name=name).data() == shows  # type: ignore[attr-defined]
    enter(table, typed, "value", name=name)
    await until(lambda: "已保存" in page.settings.said.text())
    await until(lambda: json.loads(next(row["value"] for row in table.rows if row["name"] == name)) == stored)


async def test_a_unit_and_a_category_are_added(real_centre: RealCentre, shown: Show) -> None:
    session = await real_centre.sign_in("admin")
    page = await page_of(session, shown)
    page.tabs.setCurrentWidget(page.units)
    name, short = page.units.findChildren(QLineEdit)[1:3]
    button = page.units.findChild(QPushButton, "add")
    assert button is not None
    button.click()
    await until(lambda: "名称不能为空" in page.units.said.text())
    name.setText("海洋发展局")
    short.setText("海洋局")
    button.click()
    await until(lambda: any(row["short_name"] == "海洋局" for row in page.units.table.rows))
    made = next(unit for unit in session.reference.units.values() if unit.short_name == "海洋局")
    assert (made.kind, made.path, made.active) == ("department", "01.952.", True), (
        "after the last, the utility's 01.951."
    )
    button.click()
    await until(lambda: "已有同名" in page.units.said.text())
    everybody = len(page.units.table.rows)
    page.units.find_line.setText("海洋 部门")
    assert [row["id"] for row in page.units.table.rows] == [made.id]
    enter(page.units.table, "海洋渔业局", "short_name", id=made.id)
    await until(lambda: page.units.table.rows[0]["short_name"] == "海洋渔业局")
    page.units.find_line.setText("没有这样的单位")
    assert not page.units.table.rows
    page.units.find_line.clear()
    assert len(page.units.table.rows) == everybody
    page.tabs.setCurrentWidget(page.categories)
    above = page.categories.findChild(TypeAhead)
    add = page.categories.findChild(QPushButton, "add")
    assert above is not None
    assert add is not None
    above.set_value(CATEGORY)
    lines = [line for line in page.categories.findChildren(QLineEdit) if not isinstance(line, TypeAhead)]
    lines[1].setText("异味")
    add.click()
    await until(lambda: any(row["path_name"] == "公用事业 › 燃气 › 异味" for row in page.categories.table.rows))
