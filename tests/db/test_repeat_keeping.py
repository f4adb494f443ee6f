"""What the timekeeper makes of cases that came: hints, merges by the machine, relations; again after an outage, never twice."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from commandcenter.clock import FixedClock
from commandcenter.db import duties
from commandcenter.db import repeats as questions
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.services import importing, merging
from commandcenter.services.cases import register
from commandcenter.services.repeat_keeping import RepeatKeeping
from commandcenter.services.repeat_progress import read_progress
from commandcenter.services.timekeeper import REPEATS, Timekeeper
from tests.conftest import Expect
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_A
from tests.db.test_repeats import HEATING, NOW, SMOKE, SMOKE_AGAIN, UNWANTED, WANTED


@pytest.fixture
async def duty(centre: Centre) -> AsyncIterator[Database]:
    await centre.clock(NOW)
    database = await Database.connect(centre.url("duty"))
    yield database
    await database.close()


@asynccontextmanager
async def keeper(db: Database) -> AsyncIterator[Connection]:
    async with duties.holding_lock(db, "worker") as connection:
        assert connection is not None
        yield connection


async def all_rounds(db: Database) -> int:
    """Rounds until nothing is left; how many cases were compared."""
    done = 0
    async with keeper(db) as connection:
        keeping = RepeatKeeping(db)
        while more := await keeping.round(connection, seconds=60):
            done += more
    return done


async def came(db: Database, content: str) -> int:
    change = await register(db, channel_id=1, content=content, area_id=COMMUNITY_A, key=uuid4())
    return change.case_id


async def switch(centre: Centre, *, on: bool) -> None:
    await (await centre.root()).execute(
        "update cc.settings set value = to_jsonb($1::integer) where name = 'auto_merge'", int(on)
    )


async def test_an_import_is_compared_merged_when_switched_on_undone_and_left_alone(
    centre: Centre, duty: Database, tmp_path: Path
) -> None:
    file = tmp_path / "诉求.csv"
    rows = [
        f"H{at},2026-03-0{1 + at % 2} 09:0{at},{text}"
        for at, text in enumerate((SMOKE, HEATING, SMOKE_AGAIN, HEATING + "！"))
    ]
    file.write_text("\n".join(["工单编号,来电时间,诉求内容", *rows]) + "\n", encoding="utf-8")
    taken = await importing.import_file(duty, file, channel="12345", spare_folder=tmp_path, progress=lambda _: None)
    assert taken.accepted == 4
    assert (await read_progress(duty)).waiting == 4
    assert await all_rounds(duty) == 4
    assert (await read_progress(duty)).waiting == 0
    hints = await merging.read_open_hints(duty)
    assert len(hints) == 2, "two pairs, each once"
    assert await centre.value("select count(*) from cc.merges") == 0, "the switch is off in a new centre"

    await switch(centre, on=True)
    before = set(await (await centre.root()).fetch("select id, state from cc.cases"))
    later = [await came(duty, SMOKE + "，谢谢"), await came(duty, "石岛湾码头渔船夜里鸣笛，孩子考试睡不好觉，请协调")]
    assert await all_rounds(duty) == 2
    [link] = await merging.read_links(duty, later[0])
    assert (link.by, link.cause, link.source_id) == ("cc_system", merging.Cause.MACHINE, later[0])
    assert link.score is not None
    assert link.score >= 0.69
    assert link.reasons
    assert (await centre.case(later[0]))["state"] == State.MERGED
    assert (await centre.case(later[1]))["state"] == State.NEW
    assert {tuple(row) for row in before} == {
        (row["id"], row["state"])
        for row in await (await centre.root()).fetch("select id, state from cc.cases where id <> all($1)", later)
    }

    await merging.undo(duty, merge_id=link.id, reason="是另一家烧烤店", key=uuid4())
    await (await centre.root()).execute("insert into cc.repeats_due (case_id, at) values ($1, cc.now())", later[0])
    assert await all_rounds(duty) == 1
    assert (await centre.case(later[0]))["state"] == State.NEW, "a person has said that it is another matter"
    assert len([one for one in await merging.read_links(duty, later[0]) if one.standing]) == 0


async def test_opposite_demands_become_a_relation_and_one_case_takes_in_no_opposite(
    centre: Centre, duty: Database
) -> None:
    await switch(centre, on=True)
    first = [await came(duty, WANTED), await came(duty, UNWANTED), await came(duty, WANTED + "！")]
    assert await all_rounds(duty) == 3
    states = [(await centre.case(case))["state"] for case in first]
    assert states == [State.NEW, State.NEW, State.MERGED]
    assert (await centre.case(first[2]))["merged_into"] == first[0]
    root = await centre.root()
    relations = await root.fetch("select case_id, other_id, kind, actor from cc.relations order by id")
    assert [tuple(row) for row in relations] == [(first[0], first[1], "opposite", "cc_system")]
    [related] = await merging.read_related(duty, first[1])
    await merging.unrelate(duty, relation_id=related.id, key=uuid4())
    await root.execute("insert into cc.repeats_due (case_id, at) values ($1, cc.now())", first[1])
    await all_rounds(duty)
    assert await merging.read_related(duty, first[1]) == (), "what a person took back is not said again"


async def test_a_round_ends_in_time_goes_on_elsewhere_and_needs_the_lock(
    centre: Centre, duty: Database, expect_log: Expect
) -> None:
    cases = [await came(duty, f"{HEATING}{chr(0x4E00 + at)}{chr(0x5000 + at)}路") for at in range(5)]
    async with keeper(duty) as connection:
        assert await RepeatKeeping(duty).round(connection, seconds=1e-4) == 1
    assert (await read_progress(duty)).waiting == 4
    for statement, values in (
        (questions.NEXT, (1,)),
        (questions.DONE, (cases[0], False)),
        (questions.OPPOSITE, (1, 2)),
    ):
        async with refused("CC051"):
            await (await centre("duty2")).fetch(statement, *values)
        async with refused("42501"):
            await (await centre("caller")).fetch(statement, *values)
    root = await centre.root()
    broken = cases[2]
    await root.execute("alter table cc.repeat_hints add constraint broken check (case_id <> " + str(broken) + ")")
    async with Timekept(duty) as (timekeeper, connection, said):
        expect_log("a case could not be compared")
        assert await timekeeper.do(connection, REPEATS) == 3 + 5
        assert said == ["11:00:00 比对疑似重复 8 件"]
    progress = await read_progress(duty)
    assert (progress.waiting, progress.failed) == (0, 1), "after five tries it is given up, and told"
    await root.execute("alter table cc.repeat_hints drop constraint broken; update cc.repeats_due set tries = 0")
    assert await all_rounds(duty) == 1
    assert (await read_progress(duty)).failed == 0


class Timekept:
    """A timekeeper that holds the lock, to be told what to do."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._said: list[str] = []

    async def __aenter__(self) -> tuple[Timekeeper, Connection, list[str]]:
        self._held = duties.holding_lock(self._db, "worker")
        connection = await self._held.__aenter__()
        assert connection is not None
        return Timekeeper(self._db, "worker", FixedClock(NOW), said=self._said.append), connection, self._said

    async def __aexit__(self, *error: object) -> None:
        await self._held.__aexit__(None, None, None)
