"""The application: Qt and asyncio in one loop, sign-in, one window at a time, and a clean end."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import qasync
from PySide6.QtCore import (
    QCoreApplication,
    QLibraryInfo,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    QTranslator,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from commandcenter.address import with_login
from commandcenter.errors import PersonError, Unreachable
from ui import tasks
from ui.garbage import Garbage
from ui.main_window import MainWindow
from ui.map.environment import prepare_environment
from ui.session import Session
from ui.sign_in import Revive, sign_in, sign_out
from ui.theme.palette import dress
from ui.theme.tokens import DAY
from ui.timekeeping import Timekeeping

if TYPE_CHECKING:
    from ui.dialogs.login import DemoAccount, LoginRequest

log = logging.getLogger(__name__)


def make_app() -> QApplication:
    """The one QApplication, with what the web engine needs prepared."""
    prepare_environment()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["commandcenter"])
        _let_qt_speak(app)
    app.setOrganizationName("commandcenter")
    app.setApplicationName("commandcenter")
    app.setQuitOnLastWindowClosed(False)
    dress(app, DAY)
    return app


def _let_qt_speak(app: QApplication) -> None:
    """Qt's own words, of file and print dialogs, in Chinese."""
    words = QTranslator(app)
    if words.load("qtbase_zh_CN", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(words)


_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.DEBUG,
    QtMsgType.QtWarningMsg: logging.INFO,
}


def _qt_says(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
    """What Qt says goes to the log, not to a terminal that a person or a script reads."""
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.ERROR), "%s: %s", context.category, text)


def run(main: Callable[[QApplication], Awaitable[Any]]) -> Any:
    """Run `main` in Qt's event loop and return what it returns; whatever still runs is ended before the loop is."""
    app = make_app()
    garbage = Garbage(app)
    garbage.start()

    async def whole() -> Any:
        try:
            return await main(app)
        finally:
            await tasks.stop_all()
            garbage.stop()

    before = qInstallMessageHandler(_qt_says)
    # Asked to end from outside, windows close as by hand: the feed, the traffic and an own server end in good order.
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: QTimer.singleShot(0, app.closeAllWindows))
    try:
        with qasync.QEventLoop(app) as loop:
            asyncio.set_event_loop(loop)
            return loop.run_until_complete(whole())
    finally:
        qInstallMessageHandler(before)


async def closed(window: MainWindow) -> bool:
    """Wait until the window is closed; True where somebody else wants to sign in."""
    done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def end(*, again: bool) -> None:
        if not done.done():
            done.set_result(again)

    window.closed.connect(lambda: end(again=False))
    window.signed_out.connect(lambda: end(again=True))
    return await done


def run_desktop(
    url: str | None, *, server: str = "", demo: Sequence["DemoAccount"] = (), revive: Revive | None = None
) -> int:
    """The desktop, signed in at `url`, or with the login dialog for `server` first. Returns the exit code.

    `demo`: the accounts of a demo database, offered in the dialog. `server` is an address without a login. `revive`
    brings this computer's own server up again after it fell.
    """
    return int(run(lambda _: _desktop(url, Entrance(server, demo, revive))))


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where people sign in: the server without a login, the demo's accounts, and how to bring an own server back."""

    server: str = ""
    demo: Sequence["DemoAccount"] = ()
    revive: Revive | None = None


async def _desktop(url: str | None, entrance: Entrance) -> int:
    try:
        session = await sign_in(url, entrance.revive) if url is not None else await ask_login(entrance)
    except PersonError as error:
        session = await ask_login(entrance, str(error))
    while session is not None:
        window = MainWindow(session)
        window.open_window()
        session.bridge.start()
        window.show_first()
        keeping = Timekeeping(session)
        again = await closed(window)
        window.close()
        await keeping.end()
        await sign_out(session)
        window.deleteLater()
        session = await ask_login(entrance) if again else None
    return 0


async def ask_login(entrance: Entrance, sentence: str = "") -> Session | None:
    """Ask until somebody is signed in; None when the dialog is closed."""
    from ui.dialogs.login import LoginDialog  # the common start has no use for it

    dialog = LoginDialog(QCoreApplication.translate("app", "社会治理服务中心"), entrance.server, demo=entrance.demo)
    done: asyncio.Future[Session | None] = asyncio.get_running_loop().create_future()

    async def attempt(request: "LoginRequest") -> None:
        try:
            url = with_login(request.server or entrance.server, request.login, request.password)
            session = await sign_in(url, entrance.revive if request.server in {"", entrance.server} else None)
        except PersonError as error:
            dialog.refuse(str(error))
            return
        if done.done():  # closed meanwhile
            await sign_out(session)
        else:
            done.set_result(session)
            dialog.accept()

    def broken(_: BaseException) -> None:
        dialog.refuse(QCoreApplication.translate("app", "登录时程序出了错，详情已记入日志，可以再试一次"))

    def ended() -> None:
        if not done.done():
            done.set_result(None)

    dialog.asked.connect(lambda request: tasks.spawn(attempt(request), report=broken, name="sign in"))
    dialog.finished.connect(ended)
    if sentence:
        dialog.refuse(sentence)
    dialog.show()
    try:
        return await done
    finally:
        dialog.deleteLater()


def run_wall(url: str, revive: Revive | None = None) -> int:
    """The wall display, full screen, on its own login. Returns the exit code."""
    return int(run(lambda _: _wall(url, revive)))


async def _wall(url: str, revive: Revive | None) -> int:
    from ui.wall.window import WallWindow  # desks have no use for it

    session = await _sign_in_patiently(url, revive)
    session.set_look("wall")
    window = WallWindow(session)
    ended = asyncio.Event()
    window.closed.connect(ended.set)
    window.setGeometry(window.screen().geometry())  # a screen without a window manager enlarges nothing
    window.showFullScreen()
    session.bridge.start()
    await ended.wait()
    await sign_out(session)
    return 0


async def _sign_in_patiently(url: str, revive: Revive | None) -> Session:
    """A wall has nobody to type: it tries until the server is there. Raises PersonError for anything but its absence."""
    while True:
        try:
            return await sign_in(url, revive)
        except Unreachable:
            log.info("the wall waits for the database")
            await asyncio.sleep(3)
