"""Windows in tests keep their layout in the test's own folder."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tests.garbage import garbage_stays_here, nothing_set_aside_stays
from tests.ui import desk_county
from tests.ui.real_desk import closing_desks, qt_loop, real_centre, shown, ui_template
from ui.session import Session

__all__ = ["garbage_stays_here", "nothing_set_aside_stays", "real_centre", "shown", "ui_template"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests run on the desktop's own kind of loop."""
    return {"qt": qt_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Close the desks a test opened while its loop still runs; between phases events are processed without one."""
    for item in items:
        if isinstance(item, pytest.Function) and "real_centre" in item.fixturenames:
            item.obj = closing_desks(item.obj)


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
