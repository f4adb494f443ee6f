"""Windows in tests keep their layout in the test's own folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from tests.ui import desk_county
from ui.session import Session


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path) -> None:
    """Point QSettings away from the machine's."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path))


@pytest.fixture
def session(qapp: object) -> Iterator[Session]:
    """A session without a database over 300 cases."""
    made = desk_county.session(300)
    yield made
    made.close()
