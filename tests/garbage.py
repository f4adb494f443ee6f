"""Widgets and loops are freed on the main thread only, as in the program (ui/garbage.py)."""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def garbage_stays_here() -> Iterator[None]:
    """Keep Python's collector from freeing Qt's objects in whatever thread is running just then: that aborts."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()
