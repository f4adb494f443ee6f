"""Real Postgres servers for tests."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from commandcenter.db.server import EmbeddedServer

FAST = {"fsync": "off", "full_page_writes": "off"}
"""A test's data need not survive a power cut; it does survive a killed server."""

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of a test's own in it
OWN = "commandcenter-tests-"
ROOM = 2 * 1024**3
"""Bytes that have to be free there; a worker's databases take some 100 MB."""


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
    url = embedded.start().admin_url
    memory = _folder_in_memory()
    if memory is not None:
        embedded.programs().account.give(memory)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, _keep_databases_in(url, memory)).result()
    yield url
    embedded.destroy()
    if memory is not None:
        shutil.rmtree(memory)


def _folder_in_memory() -> Path | None:
    """A new folder that no disk is behind, where the system has one with room; removes what killed runs left."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    for left in MEMORY.glob(f"{OWN}*"):
        try:
            os.kill(int(left.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(left, ignore_errors=True)
        except (PermissionError, ValueError):
            continue
    return Path(tempfile.mkdtemp(prefix=f"{OWN}{os.getpid()}-", dir=MEMORY))


async def _keep_databases_in(url: str, folder: Path) -> None:
    """Let every database made from now on lie in that folder: a copy is 700 files, which disks take their time over."""
    root = await asyncpg.connect(url)
    try:
        await root.execute(f"create tablespace memory location '{folder}'")
        for template in ("template0", "template1"):  # a new database lies where its template does
            await root.execute(f"alter database {template} set tablespace memory")
    finally:
        await root.close()


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
