"""Who does what time does: workers as real processes, and desks; who is killed is followed by another."""

import asyncio
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from commandcenter.services import standing, timekeeper
from tests.e2e.command_line import CommandLine
from tests.e2e.county_database import Database
from tests.patience import PATIENCE_S
from tests.ui.real_desk import until
from ui.sign_in import sign_in, sign_out
from ui.timekeeping import Timekeeping


def line(process: "subprocess.Popen[bytes]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().decode().strip()


async def says(process: "subprocess.Popen[bytes]", words: str) -> str:
    """Read on until a line has these words."""
    async with asyncio.timeout(PATIENCE_S):
        while words not in (said := await asyncio.to_thread(line, process)):
            assert process.poll() is None, said
    return said


async def holder(county: Database, is_it: Callable[[str], bool]) -> str:
    """Who keeps the time, once it is somebody of that kind."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = (await standing.read(county.admin_url)).timekeeper
            if found is not None and is_it(found.holder):
                return found.holder
            await asyncio.sleep(0.1)


def end(*processes: "subprocess.Popen[bytes]") -> None:
    for process in processes:
        process.kill()
        process.communicate()


async def test_a_second_worker_stands_by_and_takes_over_when_the_first_is_killed(
    county: Database, tmp_path: Path
) -> None:
    cli = CommandLine(tmp_path, county.admin_url)
    first = cli.start("worker")
    second = None
    try:
        await says(first, "定时任务已开始")
        second = cli.start("worker")
        await says(second, "另一个程序正在执行，本程序待命")
        assert (await holder(county, bool)).endswith(f":{first.pid}")
        told = await asyncio.to_thread(cli.json, "status")
        assert told["timekeeper"]["holder"].endswith(f":{first.pid}")
        assert told["timekeeper"]["since"] <= told["timekeeper"]["beat_at"]
        assert f":{first.pid} 执行，自 20" in await asyncio.to_thread(cli.ok, "status")
        first.kill()
        await says(second, "定时任务已开始")
        assert (await holder(county, bool)).endswith(f":{second.pid}")
        second.send_signal(signal.SIGTERM)
        out, err = await asyncio.to_thread(second.communicate, None, 30)
        assert (second.returncode, out.decode().strip().splitlines()[-1], err) == (0, "已结束。", b"")
    finally:
        end(first, *([second] if second else []))
    assert (await asyncio.to_thread(cli.json, "status"))["timekeeper"] is None, "a dead holder holds nothing"
    assert "没有程序在执行" in await asyncio.to_thread(cli.ok, "status")


async def test_a_desk_takes_over_from_a_killed_worker_and_gives_it_back(county: Database, tmp_path: Path) -> None:
    cli = CommandLine(tmp_path, county.admin_url)
    worker = cli.start("worker")
    session = await sign_in(county.url("duty"))
    keeping = None
    try:
        await says(worker, "定时任务已开始")
        keeping = Timekeeping(session)
        assert keeping.keeper is not None
        worker.kill()
        await until(lambda: keeping.keeper.holds)
        assert (await holder(county, bool)).startswith(f"desk {county.logins.of('duty')} ")
        await county.fetch("update cc.settings set value = '4' where name = 'problem_returns'")
        sealed = "select count(*) from cc.journal where seq > (select max(to_seq) from cc.journal_seals)"
        assert await county.value(sealed) <= 1, "the desk has sealed, as the worker would have"
        await keeping.end()
        assert not keeping.keeper.holds
        assert (await standing.read(county.admin_url)).timekeeper is None
    finally:
        end(worker)
        if keeping is not None:
            await keeping.end()
        await sign_out(session)


@pytest.mark.parametrize("who", ["responder", "caller", "followup", "analyst", "wall"])
async def test_other_desks_have_no_part_in_it(county: Database, who: str) -> None:
    session = await sign_in(county.url(who))
    try:
        keeping = Timekeeping(session)
        assert keeping.keeper is None
        await keeping.end()
    finally:
        await sign_out(session)


async def test_a_supervisors_desk_keeps_the_time_through_an_outage_of_its_connection(
    county: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timekeeper, "PATIENCE", 0.05)
    session: Any = await sign_in(county.url("supervisor"))
    keeping = Timekeeping(session)
    try:
        before = await holder(county, bool)
        found = (await standing.read(county.admin_url)).timekeeper
        assert found is not None
        # the deeds' own rhythm is seconds long: the beat meets the dead connection when the next one is due
        await county.fetch("select pg_terminate_backend($1)", found.pid)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                again = (await standing.read(county.admin_url)).timekeeper
                if again is not None and again.pid != found.pid and again.holder:
                    break
                await asyncio.sleep(0.1)
        assert again.holder == before
    finally:
        await keeping.end()
        await sign_out(session)
