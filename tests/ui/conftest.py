"""Windows in tests keep their layout in the test's own folder."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tests.garbage import garbage_stays_here
from tests.ui import desk_county
from tests.ui.real_desk import qt_loop, real_centre, shown, ui_template
from ui.session import Session

__all__ = ["garbage_stays_here", "real_centre", "shown", "ui_template"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests run on the desktop's own kind of loop."""
    return {"qt": qt_loop}


@pytest.fixture
async def no_leaked_tasks(request: pytest.FixtureRequest, no_leaked_tasks: None) -> AsyncIterator[None]:
    """Desks that the test opened are closed before the count."""
    yield
    if "real_centre" in request.fixturenames:
        await request.getfixturevalue("real_centre").close()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    """Point QSettings away from the machine's."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:  # noqa: ARG001 - signals need an application
    """A session without a database over 300 cases."""
    made = desk_county.session(300)
    yield made
    made.close()
