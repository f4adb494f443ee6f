"""Pages in front of a real database: a small county of this test's own, and signed-in people with live desks."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from functools import wraps

import asyncpg
import pytest
import qasync
from PySide6.QtWidgets import QApplication, QWidget

from commandcenter import address
from commandcenter.clock import SystemClock
from commandcenter.db import schema
from commandcenter.db.engine import Database
from commandcenter.live.desk import Desk
from tests.db import county
from tests.db.county import Logins, build
from tests.patience import PATIENCE_S
from ui import tasks
from ui.session import Session

Show = Callable[[QWidget], Awaitable[None]]


def qt_loop() -> asyncio.AbstractEventLoop:
    """A loop that runs Qt and asyncio together, as the desktop's does."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    loop: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
    return loop


async def until(condition: Callable[[], object]) -> None:
    """Let Qt and asyncio go on until the condition holds; fails after some seconds."""
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110 - the condition is a widget's, which knows no events
            await asyncio.sleep(0.01)


async def ended(session: Session, name: str) -> None:
    """Wait for the end of what the desk began under that name, however long: another process works on it, politely."""
    await asyncio.gather(*(task for task in session.running if task.get_name() == name))


def closing_desks(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """The same test, with its ``real_centre``'s desks closed at its very end."""

    @wraps(test)
    async def run(real_centre: "RealCentre", **others: object) -> None:
        try:
            await test(real_centre=real_centre, **others)
        finally:
            await real_centre.close()

    return run


class RealCentre:
    """One database; people sign in by their name in the county (``duty``, ``admin``, ``responder`` …)."""

    def __init__(self, admin_url: str, logins: Logins) -> None:
        self.admin_url = admin_url
        self.logins = logins
        self._sessions: list[tuple[Session, Desk, Database]] = []

    def url(self, who: str) -> str:
        return address.with_login(self.admin_url, self.logins.of(who), county.PASSWORD)

    async def root(self, statement: str, *arguments: object) -> object:
        """Run a statement as the superuser; returns the first value of the first row."""
        connection = await asyncpg.connect(self.admin_url)
        try:
            return await connection.fetchval(statement, *arguments)
        finally:
            await connection.close()

    @asynccontextmanager
    async def locked(self, case_id: int) -> AsyncIterator[None]:
        """Meanwhile another connection has the case's row: who writes it waits, who reads it or names it does not."""
        async with _root(self.admin_url) as root, root.transaction():
            await root.execute("select from cc.cases where id = $1 for no key update", case_id)
            yield

    async def until_one_waits(self) -> None:
        """Go on until a connection to this database waits for what another has locked."""
        waiting = (
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        )
        async with asyncio.timeout(PATIENCE_S):
            while await self.root(waiting) == 0:  # noqa: ASYNC110 - the server tells nobody of it
                await asyncio.sleep(0.01)

    async def sign_in(self, who: str) -> Session:
        """A session with a live desk."""
        database = await Database.connect(self.url(who))
        desk = Desk(database)
        await desk.start()
        session = Session(mirror=desk.mirror, reference=desk.reference, clock=SystemClock(), db=database, desk=desk)
        session.bridge.start()
        self._sessions.append((session, desk, database))
        return session

    async def close(self) -> None:
        for session, _, _ in self._sessions:  # first: what one desk still hears must not start another page's reading
            session.close()
        await tasks.stop_all()
        while self._sessions:
            _, desk, database = self._sessions.pop()
            await desk.stop()
            await database.close()


@pytest.fixture(scope="session")
def ui_template(server: str) -> Iterator[tuple[str, Logins]]:
    """Name of a migrated database with the small county in it, and its logins."""
    name, logins = f"cc_ui_{os.getpid()}", Logins(f"u{os.getpid()}")

    async def make() -> None:
        await schema.create_database(server, name)
        await schema.upgrade(schema.with_database(server, name))
        async with _root(schema.with_database(server, name)) as root:
            await build(root, logins)

    async def remove() -> None:
        async with _root(server) as root:
            await root.execute(f"drop database {name} with (force)")
            for login in logins.all():
                await root.execute(f"drop role {login}")

    asyncio.run(make())
    yield name, logins
    asyncio.run(remove())


@pytest.fixture
async def real_centre(server: str, ui_template: tuple[str, Logins]) -> AsyncIterator[RealCentre]:
    """A database of this test's own; every session is closed at its end."""
    template, logins = ui_template
    name = f"{template}_copy"
    async with _root(server) as root:
        await root.execute(f"create database {name} template {template} owner cc_owner strategy file_copy")
        await root.execute(f"grant connect on database {name} to public")
    made = RealCentre(schema.with_database(server, name), logins)
    yield made
    async with _root(server) as root:
        await root.execute(f"drop database {name} with (force)")


@pytest.fixture
def shown() -> Iterator[Show]:
    """Show windows of a working size with the keyboard, and close them at the end."""
    windows: list[QWidget] = []

    async def show(window: QWidget) -> None:
        window.resize(1280, 700)
        window.show()
        window.activateWindow()
        windows.append(window)
        await until(window.isActiveWindow)  # never by processEvents: tasks would run inside this one

    yield show
    for window in windows:
        window.close()
        window.deleteLater()


@asynccontextmanager
async def _root(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()
