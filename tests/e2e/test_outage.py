"""The database falls and comes back under a desk at work."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPlainTextEdit

from commandcenter.db.engine import Database as Connection
from commandcenter.db.server import EmbeddedServer
from commandcenter.domain.case import Grade, State
from commandcenter.errors import Unreachable
from commandcenter.live.desk import Desk
from commandcenter.services import cases
from commandcenter.services.figures import read_today
from commandcenter.services.new_report import NewReport
from tests.db.county import COMMUNITY_A, UNIT_B
from tests.e2e.county_database import Database, made_on
from tests.e2e.same import contents, fresh
from tests.e2e.servers import Mortal
from tests.ui.real_desk import until
from tests.ui.test_frame import SPECS_OF_PAGES
from ui import tasks
from ui.dialogs.verb_form import VerbForm
from ui.main_window import MainWindow
from ui.models.queue_order import Filter
from ui.pages import PAGES
from ui.pages.desk import DeskPage
from ui.pages.intake import IntakePage
from ui.pictures import signed_in
from ui.session import Session
from ui.sign_in import sign_in, sign_out
from ui.widgets.health_badge import HealthBadge


@dataclass(frozen=True)
class Own:
    """A county on a server of the test's own."""

    mortal: Mortal
    county: Database


@pytest.fixture
def own(own_server: Callable[[], EmbeddedServer]) -> Own:
    server = own_server()
    return Own(Mortal(server), made_on(server.start().admin_url, "cc_e2e_own"))


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed is kept in the test's own folder."""
    monkeypatch.setenv("CC_DATA_DIR", str(tmp_path / "data"))


@asynccontextmanager
async def window_of(url: str) -> AsyncIterator[tuple[Session, MainWindow]]:
    """A signed-in person in front of 值守 and 受理, as the application starts and ends them."""
    session = await sign_in(url)
    pages = [SPECS_OF_PAGES[0], next(spec for spec in PAGES if spec.id == "intake")]
    window = MainWindow(session, pages)
    try:
        window.resize(1600, 900)
        window.show()
        session.bridge.start()
        window.show_first()
        window.activateWindow()
        yield session, window
    finally:
        window.close()
        await tasks.stop_all()
        await sign_out(session)
        window.deleteLater()


async def register(url: str, count: int) -> list[int]:
    db = await Connection.connect(url)
    try:
        return [
            (
                await cases.register(
                    db, NewReport(1, f"第{number}件", grade=Grade(number % 5), area_id=COMMUNITY_A), key=uuid4()
                )
            ).case_id
            for number in range(count)
        ]
    finally:
        await db.close()


def health_of(window: MainWindow) -> str:
    [badge] = window.findChildren(HealthBadge)
    return badge.text()


async def test_a_desk_reads_on_says_so_and_catches_up(own: Own) -> None:
    duty = own.county.url("duty")
    known = await register(duty, 40)
    async with window_of(duty) as (session, window):
        page = window.page("desk")
        assert isinstance(page, DeskPage)
        await until(lambda: page.queue.model.rowCount() == 40)
        await until(lambda: health_of(window).startswith("● 数据截至"))
        session.selection.select(known[0])
        await until(lambda: not page.panel.details.is_empty)

        own.mortal.kill()
        await until(lambda: health_of(window).startswith("■ 连接中断 · 数据停在"))
        # reading goes on
        page.queue.filters.set_filter(Filter(grades=frozenset({Grade.RED})))
        assert page.queue.model.rowCount() == 8
        page.queue.filters.set_filter(Filter())
        assert page.queue.model.rowCount() == 40
        bar = page.queue.view.verticalScrollBar()
        bar.setValue(bar.maximum())
        assert bar.value() > 0
        last = page.queue.model.id_at(39)
        page.queue.view.setCurrentIndex(page.queue.model.index(39))
        assert session.selection.case_id == last
        assert page.panel.currentIndex() == 1

        await own.mortal.restart()
        [other] = await register(own.county.url("duty2"), 1)
        await until(lambda: session.mirror.slot_of(other) is not None)
        await until(lambda: health_of(window).startswith("● 数据截至"))
        await until(lambda: page.queue.model.rowCount() == 41)
        assert len(set(page.queue.model.ids.tolist())) == 41
        assert contents(session.mirror) == await fresh(duty)
        # and so does writing, at the first try
        change = await cases.take_next(session.database(), key=uuid4())
        assert change is not None
        await until(lambda: not page.panel.details.is_empty)
    # pictures that nobody watches being taken bring it up themselves
    own.mortal.kill()
    session = await signed_in(duty, own.mortal.user.start)
    assert len(session.mirror) == 41
    await sign_out(session)


async def test_what_is_typed_during_the_outage_is_registered_once(own: Own) -> None:
    async with window_of(own.county.url("duty")) as (session, window):
        window.show_page("intake")
        page = window.page("intake")
        assert isinstance(page, IntakePage)
        own.mortal.kill()
        await until(lambda: health_of(window).startswith("■"))
        for words in ("路灯不亮", "井盖丢失"):
            page.form.content.setPlainText(words)
            QTest.keyClick(page.form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: page.kept_words.text() == "已暂存 2 件，连上后自动登记。")
        assert page.kept.isVisible()
        await own.mortal.restart()
        await until(lambda: len(session.mirror) == 2)
        await until(page.kept.isHidden)
        found = await own.county.fetch("select content from cc.reports order by id")
        assert [row["content"] for row in found] == ["路灯不亮", "井盖丢失"]
        assert sorted(session.mirror.texts["title"]) == ["井盖丢失", "路灯不亮"]


async def test_a_form_keeps_its_words_and_sends_them_once_when_the_database_is_back(own: Own) -> None:
    duty = own.county.url("duty")
    [case] = await register(duty, 1)
    async with window_of(duty) as (session, window):
        session.selection.select(case)
        assert session.actions.trigger("case.dispatch")
        [form] = window.findChildren(VerbForm)
        lead, note = form.inputs["unit_id"].widget, form.inputs["note"].widget
        assert isinstance(lead, QComboBox)
        assert isinstance(note, QPlainTextEdit)
        lead.setCurrentText("乙镇政府")
        note.setPlainText("请尽快办理")
        own.mortal.kill()
        await until(lambda: health_of(window).startswith("■"))
        form.send()
        await until(form.send_button.isEnabled)
        assert form.problem.text().startswith("连不上数据库")
        assert note.toPlainText() == "请尽快办理"
        await own.mortal.restart()
        await until(lambda: health_of(window).startswith("●"))
        assert form.isVisible()
        form.send()
        await until(lambda: session.mirror.state[0] == State.TO_ACCEPT)
        assert session.mirror.unit[0] == UNIT_B
        notes = await own.county.fetch("select detail ->> 'note' as note from cc.journal where verb = 'dispatch'")
        assert [row["note"] for row in notes] == ["请尽快办理"]


@dataclass
class Writer:
    """Registers one case after the other; after a fall it says the same again, with the same key, until it is heard."""

    url: str
    name: str
    up: asyncio.Event
    done: list[str] = field(default_factory=list)
    retried: int = 0

    async def work(self, stop: asyncio.Event) -> None:
        db = Connection(self.url)
        try:
            while not stop.is_set():
                content = f"{self.name}-{len(self.done)}"
                await self._register(db, content)
                self.done.append(content)
        finally:
            await db.close()

    async def _register(self, db: Connection, content: str) -> None:
        report, key = NewReport(1, content, grade=Grade.GREEN, area_id=COMMUNITY_A), uuid4()
        while True:
            await self.up.wait()
            try:
                await cases.register(db, report, key=key)
            except Unreachable:
                self.retried += 1
            else:
                return


async def test_four_falls_under_writers_lose_and_double_nothing(own: Own) -> None:
    duty = own.county.url("duty")
    desk = await Desk.open(duty)
    states: list[str] = []
    desk.on_health(lambda health: states.append(health.state))
    inserted: list[int] = []
    desk.mirror.subscribe(lambda changed: inserted.extend(desk.mirror.id[changed.inserted].tolist()))
    up, stop = asyncio.Event(), asyncio.Event()
    up.set()
    writers = [
        Writer(own.county.url(who), f"{who}-{number}", up) for number, who in enumerate(("duty", "duty2", "caller"))
    ]
    working = [asyncio.create_task(writer.work(stop)) for writer in writers]
    try:
        for _ in range(4):
            before = [len(writer.done) for writer in writers]
            await until(
                lambda before=before: all(
                    len(writer.done) >= old + 10 for writer, old in zip(writers, before, strict=True)
                )
            )
            await read_today(desk.database)
            states.clear()
            own.mortal.kill()
            up.clear()
            await until(lambda: "away" in states)
            await own.mortal.restart()
            up.set()
            await until(lambda: states[-1] == "live")
            await read_today(desk.database)  # the first try of a desk that says it is live succeeds
        stop.set()
        await asyncio.gather(*working)
        assert sum(writer.retried for writer in writers) > 0
        said = [content for writer in writers for content in writer.done]
        found = [row["content"] for row in await own.county.fetch("select content from cc.reports")]
        assert sorted(found) == sorted(said)
        now = await fresh(duty)
        assert len(now) == len(said)
        await until(lambda: contents(desk.mirror) == now)
        assert len(inserted) == len(set(inserted)) == len(said)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await desk.close()
