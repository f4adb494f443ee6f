"""The citizen's page in a real web engine at a phone's size: filled in by keys alone, sent by its script, read back."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

import pytest
import uvicorn
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineProfile
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from commandcenter.clock import SystemClock
from commandcenter.db.engine import Database
from commandcenter.gateway.app import make_app
from commandcenter.gateway.reception import Reception
from tests.e2e.county_database import Database as County
from tests.e2e.county_database import made_on
from ui.map.environment import prepare_environment
from ui.map.scheme import register_scheme

prepare_environment()
pytestmark = pytest.mark.web_engine

PHONE = 390, 844


class Server(threading.Thread):
    """The gateway on a loop of its own."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._listening = threading.Event()
        self.base = ""
        self.server: uvicorn.Server | None = None

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        db = await Database.connect(self._url)
        reception = Reception(db, SystemClock())
        await reception.open()
        config = uvicorn.Config(make_app(reception, 30_000_000), port=0, lifespan="off", log_config=None)
        socket = config.bind_socket()
        self.base = f"http://127.0.0.1:{socket.getsockname()[1]}"
        self.server = uvicorn.Server(config)
        self._listening.set()
        await self.server.serve(sockets=[socket])
        await db.close()

    def __enter__(self) -> Self:
        self.start()
        assert self._listening.wait(30)
        return self

    def __exit__(self, *_: object) -> None:
        assert self.server is not None
        self.server.should_exit = True
        self.join(30)


class Console(QWebEnginePage):
    """A page that keeps what its script complains of."""

    def __init__(self, profile: QWebEngineProfile) -> None:
        super().__init__(profile)
        self.said: list[str] = []

    def javaScriptConsoleMessage(self, level: Any, message: str, line: int, source: str) -> None:  # noqa: N802
        self.said.append(f"{level} {message} {line} {source}")


@dataclass
class Phone:
    """A view of a phone's size, asked and typed into."""

    view: QWebEngineView
    page: Console
    bot: QtBot
    base: str

    def open(self, path: str) -> None:
        with self.bot.waitSignal(self.view.loadFinished, timeout=30_000):
            self.view.load(QUrl(self.base + path))
        # The engine throws keys away until the page's first picture is on the screen; the second frame comes after that.
        self.ask("requestAnimationFrame(() => requestAnimationFrame(() => { window.painted = true; })) > 0")
        self.until("window.painted === true && document.hasFocus()")

    def ask(self, script: str) -> Any:
        """The value of an expression."""
        loop, found = QEventLoop(), []

        def got(value: Any) -> None:
            found.append(value)
            loop.quit()

        self.page.runJavaScript(script, 0, got)
        QTimer.singleShot(10_000, loop.quit)
        if not found:
            loop.exec()
        assert found, script
        return found[0]

    def until(self, script: str) -> None:
        self.bot.waitUntil(lambda: bool(self.ask(script)), timeout=20_000)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A real key, to whoever has the focus inside."""
        QTest.keyClick(self.view.focusProxy(), key, modifier)

    def tab_to(self, wanted: str) -> list[str]:
        """Tab until that element has the focus; returns what was passed."""
        focus = "(document.activeElement.id || document.activeElement.name || 'body')"
        passed: list[str] = []
        for _ in range(20):
            before = self.ask(focus)
            self.press(Qt.Key.Key_Tab)
            self.until(f"{focus} !== '{before}'")
            passed.append(self.ask(focus))
            if passed[-1] == wanted:
                return passed
        raise AssertionError(passed)

    def write(self, text: str) -> None:
        for letter in text:
            QTest.keyClick(self.view.focusProxy(), letter)


@pytest.fixture(scope="module")
def county(server: str) -> Iterator[County]:
    made = made_on(server, "cc_ui_gateway")
    yield made
    made.drop()


@pytest.fixture
def phone(county: County, qtbot: QtBot) -> Iterator[Phone]:
    with Server(county.url("intake")) as gateway:
        register_scheme()  # ours has to be known before the first profile of a process, for the maps after it
        profile = QWebEngineProfile()
        page = Console(profile)
        view = QWebEngineView()
        view.setPage(page)
        view.resize(*PHONE)
        view.show()
        qtbot.waitExposed(view)
        view.setFocus()
        yield Phone(view, page, qtbot, gateway.base)
        assert page.said == [], "nothing was blocked by the policy, nothing failed"
        view.close()
        for each in (view, page, profile):  # a profile outlives its pages
            each.deleteLater()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_filled_in_by_keys_sent_and_read_back(phone: Phone, county: County) -> None:
    phone.open("/q/371082101001?b=3")
    assert phone.ask("document.title") == "提交诉求 · 甲一社区"
    order = phone.tab_to("content")
    assert order == ["content"], "the first stop is what matters; the trap for robots is none"
    phone.write("light is off")
    order = phone.tab_to("phone")
    assert [name for name in order if name != "locate-button"] == ["place", "photos", "category", "name", "phone"]
    phone.write("123")
    phone.tab_to("send")
    phone.press(Qt.Key.Key_Space)
    phone.until("!document.getElementById('problem').hidden")
    assert "电话号码不完整" in phone.ask("document.getElementById('problem').textContent")
    phone.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    phone.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    phone.until("document.activeElement.id === 'phone'")
    phone.write("12345678")  # what a Tab enters is selected, and replaced
    with phone.bot.waitSignal(phone.view.loadFinished, timeout=30_000):
        phone.press(Qt.Key.Key_Return)
    number = county.value_now("select number from cc.cases order by id desc limit 1")
    assert phone.ask("document.querySelector('h1').textContent") == number
    assert county.value_now("select phone from cc.citizens order by report_id desc limit 1") == "12345678"
    assert county.value_now("select place from cc.cases order by id desc limit 1") == "甲镇甲一社区 3号楼"
    phone.page.said = [said for said in phone.page.said if "400" not in said]  # the engine notes the refused one


def test_it_fits_a_phone_and_can_be_read(phone: Phone) -> None:
    for path in ("/q", "/q/371082101001"):
        phone.open(path)
        assert phone.ask("document.documentElement.scrollWidth <= innerWidth"), "nothing sticks out to the side"
        assert phone.ask("parseFloat(getComputedStyle(document.body).fontSize)") >= 16
        smallest = phone.ask(
            "Math.min(...[...document.querySelectorAll('p,label,input:not([type=hidden]):not([type=checkbox]),select,textarea,button,a,legend')]"
            ".map((each) => parseFloat(getComputedStyle(each).fontSize)))"
        )
        assert smallest >= 16
        low = phone.ask(
            "Math.min(...[...document.querySelectorAll('input:not([type=hidden]):not([tabindex]),select,textarea,button')]"
            ".map((each) => each.closest('label.check') || each).filter((each) => each.offsetParent)"
            ".map((each) => each.getBoundingClientRect().height))"
        )
        assert low >= 44, "a thumb hits it"


def test_what_found_no_network_waits_and_is_sent_once(phone: Phone, county: County) -> None:
    phone.open("/q/371082101001")
    before = county.value_now("select count(*) from cc.reports")
    phone.ask(
        "(() => { const real = window.fetch; let tries = 0; window.fetch = (...given) => { tries += 1;"
        " return tries === 1 ? Promise.reject(new TypeError('offline'))"
        " : tries === 2 ? real(...given).then(() => Promise.reject(new TypeError('lost on the way back')))"
        " : real(...given); }; return true; })()"
    )
    phone.tab_to("content")
    phone.write("no network here")
    for _ in range(2):
        if phone.ask("document.activeElement.id") != "send":
            phone.tab_to("send")
        phone.press(Qt.Key.Key_Space)
        phone.until("document.getElementById('said').textContent.includes('自动再试')")
        phone.until("!document.getElementById('send').hasAttribute('aria-disabled')")
    with phone.bot.waitSignal(phone.view.loadFinished, timeout=30_000):
        phone.ask("window.dispatchEvent(new Event('online'))")
    assert phone.ask("document.querySelector('h1').textContent").startswith("RC")
    assert county.value_now("select count(*) from cc.reports") == before + 1
