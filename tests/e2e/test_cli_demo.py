"""The demo from the command line: loaded once, alive by its own people, refused where it does not belong."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from commandcenter import address
from tests.e2e.command_line import PATIENCE_S, CommandLine

_numbers = count()


async def fetch(url: str, statement: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement))
    finally:
        await connection.close()


@pytest.fixture
def cli(server: str, tmp_path: Path) -> Iterator[CommandLine]:
    name = f"cc_cli_demo_{os.getpid()}_{next(_numbers)}"
    yield CommandLine(tmp_path / "data", address.with_database(server, name))
    asyncio.run(fetch(server, f"drop database if exists {name} with (force)"))


def written(url: str) -> Counter[str]:
    """How often each verb was written."""
    return Counter(dict(asyncio.run(fetch(url, "select verb, count(*) from cc.write_keys group by verb"))))


def played(cli: CommandLine, number: int, verbs: set[str]) -> dict[str, int]:
    """Let the demo's people play until so much is written, those verbs among it; what they say they did.

    Not for some seconds: what can be done in them is the machine's affair.
    """
    assert cli.url is not None
    before, patience = written(cli.url), time.monotonic() + PATIENCE_S
    process = cli.start("simulate", "--rate", "30", "--seed", "1", "--json")
    try:
        while (done := written(cli.url) - before).total() < number or not verbs <= done.keys():
            assert time.monotonic() < patience, done
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1)
            assert process.returncode is None, process.communicate()
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=PATIENCE_S)
    finally:
        process.kill()
    assert process.returncode == 0
    deeds: dict[str, int] = json.loads(said)["deeds"]
    assert verbs <= deeds.keys()
    return deeds


@pytest.mark.slow
def test_loaded_once_and_alive(cli: CommandLine) -> None:
    assert cli.url is not None
    cli.ok("db", "init")
    assert "只有演示数据库才能模拟" in cli.refused("simulate", "--for", "1")
    loaded = cli.json("demo", "load", "--cases", "400", "--open", "150")
    assert loaded["cases"] == 400
    assert loaded["reports"] >= 400
    found = cli.json("status", "--check")
    noticed, merged = asyncio.run(fetch(cli.url, REPEATS))[0]
    assert noticed >= 3  # of six open cases, 4 in a hundred, that are told once more
    assert merged < 15  # which of them people have merged by now is luck
    assert (found["demo"], found["open"], found["damaged"]) == (True, 150 - merged, [])
    assert cli.json("demo", "load")["cases"] == 0
    assert "已有工单" in cli.refused("demo", "load", "--cases", "10")
    deeds = played(cli, 40, {"register", "dispatch", "accept"})
    assert sum(deeds.values()) >= 20  # a report that is merged and taken out again is one deed of two writes
    after = cli.json("status")
    came = deeds["register"] + deeds.get("undo_merge", 0)  # merged at once, a report opens no case; undone, it does
    assert after["open"] == 150 - merged + came - deeds.get("archive", 0)
    wrong = asyncio.run(fetch(cli.url, WRONG))
    assert wrong == []
    duty = CommandLine(cli.data_dir, address.with_login(cli.url, "demo_yuxiao", "demo"))
    assert duty.json("status")["open"] == after["open"]
    asyncio.run(fetch(cli.url, "update cc.centre set demo = false"))
    assert "没有对应的人员" in duty.refused("status")


REPEATS = "select (select count(*) from cc.repeat_hints), (select count(*) from cc.cases where state = 8)"
WRONG = """
    select c.number, c.state, d.due_at, c.due_at from cc.cases c
    join cc.units u on u.id = c.unit_id, lateral cc.deadlines_of(c.grade, c.dispatched_at, u.hours_id) d
    where c.version = 1 and c.dispatched_at is not null
      and ((d.accept_due_at, d.return_until, d.soon_at, d.due_at)
           is distinct from (c.accept_due_at, c.return_until, c.soon_at, c.due_at)
           or d.working is distinct from (c.flags & 16 <> 0) or d.provisional is distinct from (c.flags & 8 <> 0))
"""
"""Loaded cases whose deadlines are not those the database itself computes."""


def test_no_demo_into_a_centre_with_people(cli: CommandLine) -> None:
    cli.ok("db", "init")
    login = f"cli_d_{os.getpid()}"
    cli.ok("person", "add", login, "--role", "duty", "--unit", "1")
    assert "已有自己的数据" in cli.refused("demo", "load", "--cases", "10")
    assert "不能多于" in cli.refused("demo", "load", "--cases", "10", "--open", "11")
    asyncio.run(fetch(cli.url or "", f"drop role {login}"))
