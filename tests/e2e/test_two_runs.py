"""Runs of the program, each ended by ``kill -9`` of desk and server at once: what was committed is there the next time."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from commandcenter.db.server import EmbeddedServer
from tests.e2e.county_database import made_on
from tests.e2e.desk_process import ROOT
from tests.e2e.servers import Mortal

COUNT = 25


def killed_run(mortal: Mortal, folder: Path, login: str, name: str) -> list[str]:
    """One run, killed while it holds an uncommitted case, its server with it; the numbers it said were committed."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.one_run", folder, login, name, str(COUNT)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout is not None
    said = [line.strip() for line in iter(run.stdout.readline, "holding\n")]
    assert len(said) == COUNT
    run.kill()
    mortal.kill()
    run.communicate()
    return said


async def test_two_runs_with_kill_9_between_them_lose_nothing(
    own_server: Callable[[], EmbeddedServer], tmp_path: Path
) -> None:
    first = own_server()
    county = made_on(first.start().admin_url, "cc_e2e_runs")
    folder, login = tmp_path / "own", county.logins.of("duty")
    said: list[str] = []
    for _ in range(2):
        said += killed_run(Mortal(own_server()), folder, login, county.name)
    own_server().start()
    found = await county.fetch("select number, holder from cc.cases order by id")
    assert [row["number"] for row in found] == said
    assert {row["holder"] for row in found} == {""}
    assert len(set(said)) == 2 * COUNT
    assert await county.value("select count(*) from cc.journal where entity = 'case'") == 2 * COUNT
    assert await county.fetch("select * from cc.check_journal()") == []
