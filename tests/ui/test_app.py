"""Signing in, changing places, and going home: the application as it is started, on a real database."""

import asyncio
import gc
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject, Qt, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter import address
from tests.db.county import PASSWORD
from tests.patience import PATIENCE_S
from tests.ui.real_desk import RealCentre, until
from tests.ui.test_frame import SPECS_OF_PAGES
from ui import app as application
from ui.app import Entrance
from ui.dialogs.login import DemoAccount, LoginDialog
from ui.garbage import Garbage
from ui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def plain_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The desk with a map that needs no web engine: that one does not outlive a test's loop."""
    monkeypatch.setattr(application, "MainWindow", partial(MainWindow, pages=SPECS_OF_PAGES[:1]))


def visible(kind: type[W]) -> W | None:
    """The one visible window of a kind."""
    found = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, kind) and widget.isVisible()]
    return found[0] if found else None


async def need(kind: type[W]) -> W:
    await until(lambda: visible(kind))
    window = visible(kind)
    assert window is not None
    return window


@asynccontextmanager
async def desktop(url: str | None, entrance: Entrance) -> AsyncIterator["asyncio.Task[int]"]:
    """The application at work; whatever is open at the end is closed, and it ends with 0."""
    running = asyncio.create_task(application._desktop(url, entrance))
    try:
        yield running
    finally:
        while not running.done():
            for widget in QApplication.topLevelWidgets():
                if isinstance(widget, MainWindow | LoginDialog) and widget.isVisible():
                    widget.close()
            await asyncio.sleep(0.01)
    assert running.result() == 0


def server_of(centre: RealCentre) -> str:
    return address.server_of(centre.admin_url)


def enter(dialog: LoginDialog, login: str, password: str) -> None:
    """What a person types, and Enter."""
    dialog.login.setFocus()
    dialog.login.clear()
    QTest.keyClicks(dialog.login, login)
    dialog.password.setText(password)
    QTest.keyClick(dialog.password, Qt.Key.Key_Return)


async def test_wrong_then_right_then_somebody_else(real_centre: RealCentre) -> None:
    async with desktop(None, Entrance(server_of(real_centre))) as running:
        dialog = await need(LoginDialog)
        enter(dialog, real_centre.logins.of("duty"), "falsch")
        await until(dialog.problem.isVisible)
        assert dialog.problem.text() == "登录名或密码不对，或账号已停用。请核对后重试。"
        assert dialog.sign_in.isEnabled()
        assert dialog.password.hasFocus()
        assert dialog.password.selectedText()
        enter(dialog, real_centre.logins.of("duty"), PASSWORD)
        window = await need(MainWindow)
        assert visible(LoginDialog) is None
        assert window._session.reference.me.name == "人员duty"
        assert window._session.actions.trigger("sign_out")
        dialog = await need(LoginDialog)
        await until(lambda: visible(MainWindow) is None)
        enter(dialog, real_centre.logins.of("responder"), PASSWORD)
        window = await need(MainWindow)
        assert window._session.reference.me.name == "人员responder"
        window.close()
        assert await running == 0


async def test_a_server_that_is_not_there_is_said_and_another_can_be_typed(real_centre: RealCentre) -> None:
    async with desktop(None, Entrance("127.0.0.1:9/nichts")):
        dialog = await need(LoginDialog)
        enter(dialog, real_centre.logins.of("duty"), PASSWORD)
        await until(dialog.problem.isVisible)
        assert dialog.problem.text().startswith("连不上数据库。")
        dialog.server.setText("oracle://somewhere")
        enter(dialog, real_centre.logins.of("duty"), PASSWORD)
        await until(dialog.sign_in.isEnabled)
        assert dialog.problem.text().startswith("数据库地址应形如")
        dialog.server.setText(server_of(real_centre))
        enter(dialog, real_centre.logins.of("duty"), PASSWORD)
        await need(MainWindow)


async def test_a_demo_account_is_entered_by_the_keyboard(real_centre: RealCentre) -> None:
    accounts = [
        DemoAccount(real_centre.logins.of(who), PASSWORD, f"人员{who}", role)
        for who, role in (("duty", "值班员"), ("supervisor", "督导"))
    ]
    async with desktop(None, Entrance(server_of(real_centre), accounts)):
        dialog = await need(LoginDialog)
        assert dialog.accounts.count() == 2
        assert "督导" in dialog.accounts.item(1).text()
        dialog.accounts.setFocus()
        QTest.keyClick(dialog.accounts, Qt.Key.Key_Down)
        QTest.keyClick(dialog.accounts, Qt.Key.Key_Down)
        assert dialog.login.text() == accounts[1].login
        QTest.keyClick(dialog.accounts, Qt.Key.Key_Return)
        window = await need(MainWindow)
        assert window._session.reference.me.login == accounts[1].login


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        pytest.param("9999", "这个数据库由更新版本的程序建立。请升级本程序后再连接。", id="newer"),
        pytest.param("0000", "这个数据库的版本较旧。请先运行 python main.py db upgrade。", id="older"),
    ],
)
async def test_a_database_of_another_version_is_said_in_the_dialog(
    real_centre: RealCentre, revision: str, sentence: str
) -> None:
    await real_centre.root("update cc.alembic_version set version_num = $1", revision)
    async with desktop(real_centre.url("duty"), Entrance(server_of(real_centre))):
        dialog = await need(LoginDialog)
        assert dialog.problem.text() == sentence
        assert visible(MainWindow) is None


async def test_closing_the_dialog_ends_the_program(real_centre: RealCentre) -> None:
    async with desktop(None, Entrance(server_of(real_centre))) as running:
        (await need(LoginDialog)).reject()
        assert await running == 0


async def test_closing_the_dialog_while_it_signs_in_leaves_nothing_open(real_centre: RealCentre) -> None:
    async with desktop(None, Entrance(server_of(real_centre))) as running:
        dialog = await need(LoginDialog)
        enter(dialog, real_centre.logins.of("duty"), PASSWORD)
        dialog.reject()
        assert await running == 0
        await until(lambda: not [task for task in asyncio.all_tasks() if task.get_name() in {"sign in", "feed"}])
        assert visible(MainWindow) is None


async def test_each_person_finds_the_window_as_they_left_it(real_centre: RealCentre) -> None:
    """Only heights are compared: the offscreen screen is narrower than the window may be, and Qt fits it in."""
    left = {"duty": 720, "duty2": 700}
    for who, height in left.items():
        async with desktop(real_centre.url(who), Entrance()):
            window = await need(MainWindow)
            window.showNormal()
            window.setGeometry(30, 40, 1200, height)
            await until(lambda window=window, height=height: window.height() == height)
    for who, height in left.items():
        async with desktop(real_centre.url(who), Entrance()):
            window = await need(MainWindow)
            assert window.height() == height


REAL = """
import logging, sys
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(levelname)s %(name)s %(message)s")
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui import app
from ui.main_window import MainWindow

timer = None

def look():
    for window in QApplication.topLevelWidgets():
        page = window.page("desk") if isinstance(window, MainWindow) else None
        if page is not None and page.map is not None and page.map.canvas is not None:
            page.map.painted.connect(lambda *_, window=window: QTimer.singleShot(0, window.close))
            timer.stop()
            return

def begin():
    global timer
    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()

make_app = app.make_app
def making():
    made = make_app()
    QTimer.singleShot(0, begin)
    return made
app.make_app = making
print("ended with", app.run_desktop(sys.argv[1]))
"""


async def test_the_whole_program_with_its_web_map_ends_cleanly(real_centre: RealCentre, tmp_path: Path) -> None:
    told = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", REAL, real_centre.url("duty")],
        cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE_S, check=False,
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "CC_DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.rstrip().endswith("ended with 0")
    bad = [line for line in told.stdout.splitlines() if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    assert bad == []
    assert "Traceback" not in told.stderr
    assert "never retrieved" not in told.stdout + told.stderr


def test_a_widget_in_a_cycle_is_freed_on_the_window_thread(qapp: QApplication) -> None:
    """Whatever a worker thread allocates, it does not run the collector; the window's own timer does."""
    freed_on: list[bool] = []

    class Knot(QObject):
        def __init__(self) -> None:
            super().__init__()
            self.me = self

        def __del__(self) -> None:
            freed_on.append(QThread.currentThread() is qapp.thread())

    def churn() -> None:
        for _ in range(2000):
            _cycle: list[object] = []
            _cycle.append(_cycle)

    garbage = Garbage()
    garbage.start()
    try:
        Knot()
        worker = threading.Thread(target=churn)
        worker.start()
        worker.join()
        assert freed_on == []
        assert gc.get_count()[0] > gc.get_threshold()[0]
        garbage.collect()
        assert freed_on == [True]
    finally:
        garbage.stop()
    assert gc.isenabled()
