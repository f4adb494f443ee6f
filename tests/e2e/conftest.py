"""Whole centres: real databases, real logins, real windows."""

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tests.e2e.county_database import Database, made_on
from tests.garbage import garbage_stays_here, nothing_set_aside_stays
from tests.ui.real_desk import qt_loop, shown

__all__ = ["garbage_stays_here", "nothing_set_aside_stays", "shown"]

_numbers = count()


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Coroutine tests run on the desktop's own kind of loop."""
    return {"qt": qt_loop}


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    """Point QSettings away from the machine's."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))


@pytest.fixture
def county(server: str) -> Iterator[Database]:
    """A database of this test's own, with the small county in it."""
    made = made_on(server, f"cc_e2e_{os.getpid()}_{next(_numbers)}")
    yield made
    made.drop()
