"""管理 → 导入: folders that are watched, and what a later export may change."""

from PySide6.QtCore import Qt

from tests.ui.real_desk import RealCentre, Show, until
from ui.pages.admin import AdminPage


async def test_folders_and_rules_are_the_administrators(real_centre: RealCentre, shown: Show) -> None:
    page = AdminPage(await real_centre.sign_in("admin"))
    await shown(page)
    tab = page.imports
    page.tabs.setCurrentWidget(tab)
    await until(lambda: tab.rules.rows)
    assert tab.machine.text(), "this machine is proposed"
    tab.folder.setText("/srv/来件")
    tab.channel.setCurrentText("市长信箱")
    tab.add_button.click()
    await until(lambda: tab.table.rows)
    assert tab.said.text() == "已新增 /srv/来件"
    row = tab.table.rows[0]
    assert (row["folder"], row["channel"], row["active"]) == ("/srv/来件", "市长信箱", True)
    tab.add_button.click()
    await until(lambda: "重复" in tab.said.text() or "别处" in tab.said.text() or "已由别人" in tab.said.text())
    active = tab.table.index(0, [each.name for each in tab.table.columns].index("active"))
    tab.table.setData(active, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    await until(lambda: tab.table.rows[0]["active"] is False)
    place = next(n for n, each in enumerate(tab.rules.rows) if each["field"] == "place")
    tab.rules.setData(tab.rules.index(place, 1), "never")
    await until(lambda: tab.rules.rows[place]["rule"] == "never" or tab.said.property("role") == "bad")
    assert tab.rules.rows[place]["rule"] == "never", tab.said.text()
    assert await real_centre.root("select rule from cc.import_fields where field = 'place'") == "never"
    assert await real_centre.root("select count(*) from cc.journal where entity = 'watched_folders'") == 2
    tab.view.setCurrentIndex(tab.table.index(0, 1))
    tab.drop_button.click()
    await until(lambda: not tab.table.rows)


async def test_a_supervisor_reads_them(real_centre: RealCentre, shown: Show) -> None:
    page = AdminPage(await real_centre.sign_in("supervisor"))
    await shown(page)
    page.tabs.setCurrentWidget(page.imports)
    await until(lambda: page.imports.rules.rows)
    assert not page.imports.rules.may_edit
    assert page.imports.add_button.isHidden()
