"""管理 on the real database: edits are done, journalled, and refused where somebody was quicker or nobody may."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from commandcenter.db.engine import Database
from commandcenter.domain.case import Grade, Role
from commandcenter.errors import StaleVersion
from commandcenter.services import people, settings
from tests.db.county import DEPARTMENT_2, UNIT_B
from tests.ui.real_desk import RealCentre, Show, until
from ui.models.row_table import RowTable
from ui.pages.admin import AdminPage
from ui.session import Session
from ui.widgets.admin_tables import hours_words, read_hours


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
