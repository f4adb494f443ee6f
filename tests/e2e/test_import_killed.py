"""An import that is killed, or loses its server, in the middle: a batch is there whole or not at all, and the rest follows."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from commandcenter.db.engine import Database as Connection
from commandcenter.db.server import EmbeddedServer
from commandcenter.errors import Unreachable
from commandcenter.services.importing import CHUNK, import_file
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database, made_on
from tests.e2e.servers import Mortal
from tests.patience import PATIENCE_S

ROWS = 2 * CHUNK + 17


def table(path: Path) -> Path:
    lines = (f"K-{100_000 + n},2026-11-{1 + n % 20:02} 09:00,第{n}件事情需要处理\n" for n in range(ROWS))
    path.write_text("工单编号,来电时间,诉求内容\n" + "".join(lines), encoding="utf-8")
    return path


def standing(county: Database) -> tuple[int, ...]:
    """(reports, different ones, what the run says it took in, staging rows)."""
    row = county.value_now(
        "select array[(select count(*) from cc.reports), (select count(distinct foreign_number) from cc.reports), "
        "(select coalesce(sum(accepted), 0) from cc.import_runs where state <> 'done' or rows is not null), "
        "(select count(*) from cc.staging)]"
    )
    return tuple(row)


def test_killed_in_the_middle_it_goes_on(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path / "data", county.url("duty"))
    path = table(tmp_path / "k.csv")
    running = cli.start("import", path)
    ending = time.monotonic() + PATIENCE_S
    while not county.value_now("select count(*) from cc.import_runs where last_row > 0"):
        assert time.monotonic() < ending
        assert running.poll() is None, running.communicate()
    running.send_signal(signal.SIGKILL)
    running.communicate()
    done = cli.json("import", path)
    assert [done[key] for key in ("rows", "accepted", "duplicates", "rejected")] == [ROWS, ROWS, 0, 0]
    assert done["resumed_after"] >= CHUNK + 1
    assert standing(county) == (ROWS, ROWS, ROWS, 0)
    assert county.value_now("select count(*) from cc.cases") == ROWS
    assert county.value_now("select count(*) from cc.check_journal()") == 0


async def test_the_server_falls_in_the_middle(own_server: Callable[[], EmbeddedServer], tmp_path: Path) -> None:
    server = own_server()
    mortal, county = Mortal(server), made_on(server.start().admin_url, "cc_e2e_import")
    path = table(tmp_path / "f.csv")
    fallen: list[int] = []

    def fall(rows: int) -> None:
        if not fallen:
            mortal.kill()
        fallen.append(rows)

    async def take(counted: Callable[[int], None]) -> object:
        db = Connection(county.url("duty"))
        try:
            return await import_file(db, path, spare_folder=tmp_path, progress=lambda _: None, counted=counted)
        except Unreachable:
            await db.forget_connections()  # as a desk does: the fallen server hears no farewell
            raise
        finally:
            await db.close()

    with pytest.raises(Unreachable):
        await take(fall)
    await mortal.restart()
    assert await county.value("select (count(*) = $1)::text from cc.reports", CHUNK) == "true"
    async with asyncio.timeout(PATIENCE_S):
        done = await take(lambda _: None)
    assert (done.rows, done.accepted, done.duplicates) == (ROWS, ROWS, 0)  # type: ignore[attr-defined]
    assert await county.value("select count(distinct foreign_number) from cc.reports") == ROWS
    assert await county.value("select string_agg(state, ' ') from cc.import_runs") == "done"
