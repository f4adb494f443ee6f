"""What the timekeeper makes of cases that came: hints, merges by the machine, relations; again after an outage, never twice."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from uuid import uuid4

import pytest

from commandcenter.clock import FixedClock
from commandcenter.db import duties
from commandcenter.db import repeats as questions
from commandcenter.db.bulk import Connection
from commandcenter.db.engine import Database
from commandcenter.domain.case import State
from commandcenter.intake.repeats.grouping import Grouping
from commandcenter.intake.repeats.index import Index
from commandcenter.intake.repeats.rarity import learn, load
from commandcenter.intake.repeats.report import Report, Verdict
from commandcenter.services import importing, merging
from commandcenter.services.cases import register
from commandcenter.services.new_report import Citizen, NewReport
from commandcenter.services.repeat_keeping import RepeatKeeping
from commandcenter.services.repeat_progress import read_progress
from commandcenter.services.timekeeper import REPEATS, Timekeeper
from tests.conftest import Expect
from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_A
from tests.db.test_repeats import HEATING, NOW, SMOKE, SMOKE_AGAIN, UNWANTED, WANTED
from tests.unit.test_repeats_grouping import COMPLAINED, FUMES, SHOUTS


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
    change = await register(db, NewReport(1, content, area_id=COMMUNITY_A), key=uuid4())
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
    link, bridge = sorted(await merging.read_links(duty, later[0]), key=lambda one: one.source_id != later[0])
    first = await centre.value("select min(case_id) from cc.reports where content = $1", SMOKE)
    again = await centre.value("select home_id from cc.reports where content = $1", SMOKE_AGAIN)
    assert {link.kept_id, bridge.kept_id} == {first}, "the first one keeps"
    assert (bridge.source_id, bridge.by) == (again, "cc_system"), "what it shows to be one is merged as well"
    assert f"诉求 {(await centre.case(later[0]))['number']} 与两件工单都相近" in [one.words for one in bridge.reasons]
    assert (link.by, link.cause, link.source_id) == ("cc_system", merging.Cause.MACHINE, later[0])
    assert link.score is not None
    assert link.score >= 0.69
    assert link.reasons
    assert (await centre.case(later[0]))["state"] == State.MERGED
    assert (await centre.case(later[1]))["state"] == State.NEW
    assert {tuple(row) for row in before} == {
        (row["id"], row["state"])
        for row in await (await centre.root()).fetch(
            "select id, state from cc.cases where id <> all($1)", [*later, again]
        )
    } | {(again, State.NEW)}

    await merging.undo(duty, merge_id=link.id, reason="是另一家烧烤店", key=uuid4())
    await (await centre.root()).execute("insert into cc.repeats_due (case_id, at) values ($1, cc.now())", later[0])
    assert await all_rounds(duty) == 1
    assert (await centre.case(later[0]))["state"] == State.NEW, "a person has said that it is another matter"
    assert len([one for one in await merging.read_links(duty, later[0]) if one.standing]) == 0


async def test_a_report_of_two_cases_is_a_hint_between_them_and_what_is_merged_away_leaves_its_hints(
    centre: Centre, duty: Database
) -> None:
    """Switched off: three hints. Switched on, and the pair dismissed: that stays two cases, with the new one in the first."""
    first, second = await came(duty, SMOKE), await came(duty, SMOKE_AGAIN)
    await (await centre.root()).execute("delete from cc.repeats_due")
    by = await came(duty, SMOKE + "，谢谢")
    assert await all_rounds(duty) == 1
    hints = {frozenset((one.case_id, one.other_id)): one for one in await merging.read_open_hints(duty)}
    assert hints.keys() == {frozenset(pair) for pair in ((by, first), (by, second), (first, second))}
    tie = hints[frozenset((first, second))]
    assert tie.verdict is Verdict.SAME
    assert [one.words for one in tie.reasons] == [
        f"诉求 {(await centre.case(by))['number']} 与两件工单都相近", "其余诉求用词也相近",
    ]  # fmt: skip
    await merging.dismiss_hint(duty, case_id=first, other_id=second, reason="两家店", key=uuid4())
    await switch(centre, on=True)
    more = [await came(duty, SMOKE_AGAIN + "！"), await came(duty, SMOKE + "！")]
    assert await all_rounds(duty) == 2
    roots = [await centre.value("select cc.case_now($1)", one) for one in (first, second, *more)]
    assert roots[:2] == [first, second], "a person said that they are two"
    assert set(roots[2:]) <= {first, second, by}
    [decided] = [one for one in await merging.read_hints(duty, second) if first in (one.case_id, one.other_id)]
    assert decided.state == "dismissed"


async def test_what_waits_is_weighed_in_its_own_turn_each_pair_once(centre: Centre, duty: Database) -> None:
    cases = [await came(duty, f"{SMOKE}{'！' * at}") for at in range(4)]
    async with keeper(duty) as connection:
        keeping = RepeatKeeping(duty)
        assert await keeping.round(connection, seconds=1e-4) == 1
        assert keeping.waits
        assert await merging.read_open_hints(duty) == (), "the first has nothing before it, and the others still wait"
        while await keeping.round(connection, seconds=60):
            pass
        assert not keeping.waits
    rows = await (await centre.root()).fetch("select case_id, other_id from cc.repeat_hints")
    assert {frozenset(row) for row in rows} == {frozenset(pair) for pair in combinations(cases, 2)}


async def test_the_stored_stream_is_grouped_as_the_replay_groups_it(centre: Centre, duty: Database) -> None:
    """The same reports one by one: with one rarity of words, and nothing left out by a limit, the cases are the same."""
    rng = random.Random(11)
    matters = (
        SMOKE,
        HEATING,
        WANTED,
        UNWANTED,
        *(side + COMPLAINED[:8] for side in (SHOUTS, FUMES)),
        SHOUTS + COMPLAINED + FUMES,
    )
    strange = ["".join(chr(0x4E00 + (number * 37 + at * 101) % 3000) for at in range(40)) for number in range(60)]
    root = await centre.root()
    content = learn([*strange, *matters])
    await root.execute(
        "insert into cc.models (kind, version, made_at, made_by, content, sha256, figures, training, active) "
        "values ('repeats', 1, now(), 'test', $1, sha256($1), '{}', '{}', true)",
        content,
    )
    await switch(centre, on=True)
    cases, reports = list[int](), list[Report]()
    async with keeper(duty) as connection:
        keeping = RepeatKeeping(duty)
        for number in range(26):
            at = NOW + timedelta(hours=7 * number)
            matter, phone = (
                matters[-1] if number == 25 else rng.choice(matters),
                rng.choice(("", "", "", "13863012345")),
            )
            begin = rng.randrange(6)
            text = f"{matter[begin : begin + 8 + rng.randrange(28)]}，{rng.choice(strange)[: rng.randrange(25)]}"
            await centre.clock(at)
            made = await register(duty, NewReport(1, text, citizen=Citizen("某", phone)), key=uuid4())
            cases.append(made.case_id)
            reports.append(
                Report(str(made.case_id), at, text, (await centre.case(made.case_id))["title"], citizen=phone)
            )
            while await keeping.round(connection, seconds=60):
                pass
    grouping = Grouping(Index(rarity=load(content)))
    for report in reports:
        grouping.put(report)
    stored = [await centre.value("select cc.case_now($1)", case) for case in cases]
    replayed = [int(grouping.case_of(report.id)) for report in reports]
    assert stored == replayed
    assert 3 < len(set(stored)) < 22, "some are one matter, and some are not"


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
