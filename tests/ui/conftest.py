"""Windows in tests keep their layout in the test's own folder."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker

from tests.garbage import garbage_stays_here, nothing_set_aside_stays
from tests.patience import PATIENCE_S
from tests.ui import desk_county
from tests.ui.real_desk import closing_desks, qt_loop, real_centre, shown, ui_template
from ui.session import Session

__all__ = ["garbage_stays_here", "nothing_set_aside_stays", "real_centre", "shown", "ui_template"]

PATIENCE_MS = int(PATIENCE_S * 1000)


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests run on the desktop's own kind of loop."""
    return {"qt": qt_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Close the desks a test opened while its loop still runs; between phases events are processed without one."""
    for item in items:
        if isinstance(item, pytest.Function) and "real_centre" in item.fixturenames:
            item.obj = closing_desks(item.obj)


class PatientBot(QtBot):
    """Waits as long as all other tests do, whatever is asked for: a window on a busy machine comes late."""

    def waitSignal(self, signal: Any, *, timeout: int = 0, **options: Any) -> SignalBlocker:  # noqa: N802 - pytest-qt names it
        return super().waitSignal(signal, timeout=max(timeout, PATIENCE_MS), **options)

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:  # noqa: N802 - pytest-qt names it
        super().waitUntil(callback, timeout=max(timeout, PATIENCE_MS))

    def waitExposed(self, widget: QWidget, *, timeout: int = 0) -> AbstractContextManager[QWidget]:  # noqa: N802 - pytest-qt names it
        return super().waitExposed(widget, timeout=max(timeout, PATIENCE_MS))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:  # noqa: ARG001 - needs an application
    return PatientBot(request)


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
