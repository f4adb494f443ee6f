"""Widgets and loops are freed on the main thread only, as in the program (ui/garbage.py)."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def garbage_stays_here() -> Iterator[None]:
    """Free what a test left, on the main thread, where Qt's objects and their timers belong.

    What was there before the test is set aside: to look through a million objects of imported modules after each test
    takes as long as the tests themselves.
    """
    gc.freeze()
    yield
    gc.collect()


@pytest.fixture(autouse=True, scope="module")
def nothing_set_aside_stays() -> Iterator[None]:
    """Keep Python's collector from freeing a window in whatever thread is running just then, a fixture's for one.

    At the end of a file what its longer-lived fixtures left is freed as well.
    """
    gc.disable()
    yield
    gc.unfreeze()
    gc.collect()
    gc.enable()
