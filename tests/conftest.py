"""What every test is held to: no unexpected log, no task or window left behind, nothing of this machine's settings."""

import asyncio
import logging
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
from hypothesis import HealthCheck, settings

# Before Qt is imported: no display, no GPU, no sandbox where root has none.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_QUICK_BACKEND"] = "software"
os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = "--disable-gpu" + (
    " --no-sandbox" if sys.platform != "win32" and os.geteuid() == 0 else ""
)
# The person's own data and settings are not for tests to touch.
os.environ["CC_DATA_DIR"] = os.path.join(tempfile.gettempdir(), "commandcenter-tests-have-no-data-dir")  # noqa: PTH118
os.environ.pop("CC_DATABASE_URL", None)

pytest_plugins = ["tests.server"]

# How long an example takes is the machine's affair.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

Expect = Callable[[str], None]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Watch the tasks of every coroutine test; last in, so that fixtures' own tasks were there before.

    Tests of the web engine run at the very end: it aborts when, after it has run, the application's event loop is
    started again and again, as coroutine tests do. The program starts its loop once.
    """
    items.sort(key=lambda item: item.get_closest_marker("web_engine") is not None)
    for item in items:
        if isinstance(item, pytest.Function) and asyncio.iscoroutinefunction(item.obj):
            item.fixturenames.append("no_leaked_tasks")


@pytest.fixture(autouse=True)
def no_unexpected_logs(caplog: pytest.LogCaptureFixture) -> Iterator[list[re.Pattern[str]]]:
    """Fail on a log record of WARNING or above that the test did not announce with ``expect_log``."""
    patterns: list[re.Pattern[str]] = []
    yield patterns
    messages = [
        f"{record.name}: {record.getMessage()}"
        for when in ("setup", "call", "teardown")
        for record in caplog.get_records(when)
        if record.levelno >= logging.WARNING
    ]
    unexpected = [text for text in messages if not any(pattern.search(text) for pattern in patterns)]
    missing = [pattern.pattern for pattern in patterns if not any(pattern.search(text) for text in messages)]
    if unexpected:
        pytest.fail("unexpected log records:\n" + "\n".join(unexpected))
    if missing:
        pytest.fail(f"announced log records that never came: {missing}")


@pytest.fixture
def expect_log(no_unexpected_logs: list[re.Pattern[str]]) -> Expect:
    """Return a function that allows, and demands, a log record of WARNING or above matching a pattern."""

    def allow(pattern: str) -> None:
        no_unexpected_logs.append(re.compile(pattern))

    return allow


@pytest.fixture
async def no_leaked_tasks() -> AsyncIterator[None]:
    """Fail when the test leaves an asyncio task running that it started."""
    before = asyncio.all_tasks()
    yield
    leaked = asyncio.all_tasks() - before - {asyncio.current_task()}
    if leaked:
        pytest.fail("tasks left running: " + ", ".join(str(task.get_coro()) for task in leaked))


@pytest.fixture(autouse=True)
def no_leaked_windows() -> Iterator[None]:
    """Fail when a test leaves a visible window behind."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QApplication.instance() is not None:
        left = [repr(widget) for widget in widgets.QApplication.topLevelWidgets() if widget.isVisible()]
        if left:
            pytest.fail("windows left open: " + ", ".join(left))
