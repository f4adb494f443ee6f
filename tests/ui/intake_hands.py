"""Hands on 受理: a page on a prepared county, and a keyboard that counts how often it is pressed."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter.services.cases import CaseChange, register
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.spool import Spool
from tests.db.county import CATEGORY, COMMUNITY_A
from tests.ui.real_desk import RealCentre, Show, until
from ui.pages.intake import IntakePage
from ui.session import Session

LIGHTS, PENSION = 502, 503
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PHONE = "13812341234"
GAS = "市民反映学府小区3号楼一单元楼道里有很浓的燃气异味，担心燃气泄漏，要求尽快上门检查。"
GAS_AGAIN = "学府小区3号楼一单元楼道有很浓的燃气异味，怀疑燃气泄漏，要求燃气公司上门检查。"


class Hands:
    """Presses keys where the keyboard is, and counts them."""

    def __init__(self) -> None:
        self.pressed = 0

    def press(
        self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, on: QWidget | None = None
    ) -> None:
        """One key with its modifiers."""
        self.pressed += 1
        where = on or QApplication.focusWidget()
        assert where is not None
        QTest.keyClick(where, key, modifiers)

    def type(self, text: str) -> None:
        """A key for each character."""
        for letter in text:
            self.press(Qt.Key(ord(letter.upper())))


async def prepare(centre: RealCentre) -> None:
    """Two more categories, an estate, and who answers for it."""
    for number, name, path, words in (
        (LIGHTS, "路灯", "城市管理 › 市政设施 › 路灯", ["路灯", "照明"]),
        (PENSION, "养老", "社会保障 › 养老保险 › 养老", ["养老金", "认证", "退休"]),
    ):
        await centre.root(
            "insert into cc.categories (id, name, path_name, default_grade, keywords) values ($1, $2, $3, 4, $4)",
            number, name, path, words,
        )  # fmt: skip
    await centre.root(
        "update cc.categories set keywords = $2 where id = $1", CATEGORY, ["燃气", "煤气", "异味", "泄漏"]
    )
    await centre.root("insert into cc.places (name, kind, area_id) values ('学府小区', 'estate', $1)", COMMUNITY_A)


async def page_of(session: Session, folder: Path, show: Show) -> IntakePage:
    """The page, shown, with its advice read."""
    page = IntakePage(session, None, Spool(folder / "spool", "duty"))
    await show(page)
    page.form.content.setFocus()
    await until(lambda: page.asking.advisor is not None and not page.asking.is_reading)
    return page


async def tell(page: IntakePage, content: str) -> None:
    """Say something, and wait until everything is known about it."""
    page.form.content.setPlainText(content)
    await until(lambda: page.suggestions.fresh and not page.asking.is_reading)


async def have(session: Session, content: str, area_id: int | None = COMMUNITY_A, phone: str = "") -> CaseChange:
    """A case that is there already, received through the channel 1."""
    report = NewReport(
        1, content, category_id=CATEGORY, area_id=area_id, place="学府小区3号楼", citizen=Citizen("李某", phone)
    )
    return await register(session.database(), report, key=uuid4())
