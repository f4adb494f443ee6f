"""Real Postgres servers for tests."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commandcenter.db.server import EmbeddedServer

FAST = {"fsync": "off", "full_page_writes": "off"}
"""A test's data need not survive a power cut; it does survive a killed server."""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the superuser's URL of a server for the whole run.

    ``CC_TEST_DATABASE_URL`` names one; otherwise an embedded one is started in a temporary folder, one for each worker
    of a parallel run. Tests share it: they make databases of their own and never stop it.
    """
    given = os.environ.get("CC_TEST_DATABASE_URL")
    if given:
        yield given
        return
    embedded = EmbeddedServer(tmp_path_factory.mktemp("server"), settings=FAST)
    yield embedded.start().admin_url
    embedded.destroy()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Callable[[], EmbeddedServer]]:
    """Give a maker of users of one server that belongs to this test alone, to be stopped and killed at will.

    Every call returns another, not yet started, user of the same server. All are gone when the test ends.
    """
    made: list[EmbeddedServer] = []

    def make() -> EmbeddedServer:
        made.append(EmbeddedServer(tmp_path / "own", settings=FAST))
        return made[-1]

    yield make
    for user in made:
        user.stop()
    make().destroy()
