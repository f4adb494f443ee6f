"""The feed: a reader that follows it ends with the truth, whatever commits in whatever order; a naive reader does not."""

import asyncio
import random
from collections.abc import Callable

import asyncpg
import numpy as np
import psutil
import pytest

from commandcenter.db import schema
from commandcenter.db.feed import CHANNEL, Batch, FeedReader
from commandcenter.db.server import EmbeddedServer
from commandcenter.db.snapshot import read_snapshot
from commandcenter.live.mirror import COLUMNS, TEXTS, Rows
from tests.db.centre import Centre, connected, do
from tests.db.county import COMMUNITY_A, COMMUNITY_B, DEPARTMENT_1, DEPARTMENT_2, UNIT_A
from tests.db.life import accepted, dispatched, register

Model = dict[int, tuple[object, ...]]


def as_model(rows: Rows) -> Model:
    return {
        int(rows.numbers["id"][i]): (
            *(repr(rows.numbers[name][i].item()) for name in COLUMNS),
            *(rows.texts[name][i] for name in TEXTS),
        )
        for i in range(len(rows))
    }


def apply(model: Model, batch: Batch) -> None:
    model.update(as_model(batch.rows))
    for case_id in batch.gone:
        model.pop(case_id, None)


class Follower:
    """A mirror in miniature: a snapshot, and the feed from there on."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.model: Model = {}
        self.seqs: list[int] = []

    async def start(self) -> None:
        snapshot = await read_snapshot(self.connection)
        self.model = as_model(snapshot.rows)
        self.reader = FeedReader(self.connection, snapshot.xmin)

    async def read(self) -> Batch:
        batch = await self.reader.read()
        apply(self.model, batch)
        self.seqs += batch.seqs
        return batch

    async def truth(self) -> Model:
        return as_model((await read_snapshot(self.connection)).rows)


@pytest.fixture
async def follower(centre: Centre) -> Follower:
    made = Follower(await centre.open("duty2"))
    await made.start()
    return made


async def naive(login: asyncpg.Connection, last: int) -> list[int]:
    return [seq for (seq,) in await login.fetch("select seq from cc.journal where seq > $1 order by seq", last)]


async def test_what_commits_late_is_not_lost_and_a_naive_reader_loses_it(centre: Centre, follower: Follower) -> None:
    """Begin A, write; B commits; read; A commits; read."""
    slow, quick, watcher = await centre.open("duty"), await centre.open("duty"), await centre.open("duty2")
    first = await register(centre)
    second = await register(centre)
    last = max(await naive(watcher, 0))
    await follower.read()
    await slow.execute("begin")
    await do(slow, "note", case=first.case_id, version=first.version, text="慢")
    await do(quick, "note", case=second.case_id, version=second.version, text="快")
    simple = await naive(watcher, last)
    await follower.read()
    last = max(simple)
    await slow.execute("commit")
    simple += await naive(watcher, last)
    await follower.read()
    every = [seq for (seq,) in await watcher.fetch("select seq from cc.journal where verb = 'note' order by seq")]
    assert set(every) <= set(follower.seqs)
    assert len(follower.seqs) == len(set(follower.seqs)), "and none twice"
    assert len(every) == 2
    assert set(every) - set(simple) == {min(every)}, "the control has to lose one"
    assert follower.model == await follower.truth()


async def test_random_writers_long_and_short(centre: Centre, follower: Follower) -> None:
    chance = random.Random(7)
    done = asyncio.Event()
    watcher = await centre.open("duty2")
    simple: list[int] = []

    async def writer(number: int) -> None:
        login = await centre.open("duty" if number % 2 else "supervisor")
        mine: list[tuple[int, int]] = []
        for _ in range(12):
            transaction = login.transaction()
            await transaction.start()
            changed = list(mine)
            for _ in range(chance.randrange(1, 5)):
                if not changed or chance.random() < 0.4:
                    row = await login.fetchrow(
                        "select * from cc.register(1, '随机', '', '', null, 3::smallint, $1, null, null, '', '', '', '', '', false, "
                        "gen_random_uuid())", chance.choice([COMMUNITY_A, COMMUNITY_B]),
                    )  # fmt: skip
                    changed.append((row["case_id"], row["version"]))
                else:
                    index = chance.randrange(len(changed))
                    case, version = changed[index]
                    verb = chance.choice(["note", "note", "void"])
                    change = await do(
                        login,
                        verb,
                        case=case,
                        version=version,
                        **({"text": "x"} if verb == "note" else {"reason": "x"}),
                    )
                    if change.state == 9:
                        del changed[index]
                    else:
                        changed[index] = (case, change.version)
                await asyncio.sleep(0)
            if chance.random() < 0.2:
                await transaction.rollback()
            else:
                await transaction.commit()
                mine = changed

    async def reading() -> None:
        while not done.is_set():
            await follower.read()
            simple.extend(await naive(watcher, max(simple, default=0)))

    reader = asyncio.create_task(reading())
    await asyncio.gather(*[writer(number) for number in range(6)])
    done.set()
    await reader
    await follower.read()
    committed = [seq for (seq,) in await watcher.fetch("select seq from cc.journal where entity = 'case'")]
    assert len(committed) > 100
    assert sorted(follower.seqs) == sorted(committed), "none lost, none doubled"
    assert follower.model == await follower.truth()


async def test_going_on_from_a_snapshot(centre: Centre) -> None:
    """What was under way at the snapshot arrives; what was in it does no harm when it comes again."""
    slow = await centre.open("duty")
    before = await register(centre)
    await slow.execute("begin")
    await do(slow, "note", case=before.case_id, version=before.version, text="慢")
    follower = Follower(await centre.open("duty2"))
    await follower.start()
    assert follower.model[before.case_id][1] == "1"
    await slow.execute("commit")
    batch = await follower.read()
    assert batch.rows.numbers["version"].tolist() == [2]
    assert follower.model == await follower.truth()
    assert (await follower.read()).seqs == []


async def test_leaving_sight_arrives_as_gone(centre: Centre) -> None:
    c = await dispatched(centre, DEPARTMENT_1, area=COMMUNITY_B)
    old, new = Follower(await centre.open("department")), Follower(await centre.open("department2"))
    for follower in (old, new):
        await follower.start()
    assert set(old.model) == {c.case_id}
    assert set(new.model) == set()
    c = await centre.do("duty", "reassign", case=c.case_id, version=c.version, unit=DEPARTMENT_2, reason="指定")
    batch = await old.read()
    assert (len(batch.rows), batch.gone) == (0, [c.case_id])
    await new.read()
    assert set(new.model) == {c.case_id}
    await centre.do("department2", "accept", case=c.case_id, version=c.version)
    assert (await old.read()).seqs == [], "nothing more of it"
    await new.read()
    assert new.model == await new.truth()


async def test_what_ends_arrives_as_gone_and_strangers_hear_nothing(centre: Centre) -> None:
    town, other = Follower(await centre.open("responder")), Follower(await centre.open("responder_b"))
    for follower in (town, other):
        await follower.start()
    c = await accepted(centre, UNIT_A)
    await town.read()
    assert set(town.model) == {c.case_id}
    c = await centre.do("supervisor", "void", case=c.case_id, version=c.version, reason="误报")
    assert (await town.read()).gone == [c.case_id]
    assert (await other.read()).seqs == []


async def test_changed_rules_reach_everybody(centre: Centre) -> None:
    follower = Follower(await centre.open("responder_b"))
    await follower.start()
    await (await centre("admin")).execute("update cc.grade_limits set accept_minutes = 16 where grade = 0")
    batch = await follower.read()
    assert batch.reference_changed
    assert len(batch.rows) == 0
    assert not (await follower.read()).reference_changed


async def test_the_wall_follows_without_words(centre: Centre) -> None:
    wall = await centre.open("wall")
    snapshot = await read_snapshot(wall, wall=True)
    reader = FeedReader(wall, snapshot.xmin, wall=True)
    c = await register(centre)
    rows = (await reader.read()).rows
    assert rows.numbers["id"].tolist() == [c.case_id]
    assert rows.texts["title"] == [""]
    assert rows.texts["number"] == [c.number]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await FeedReader(wall, snapshot.xmin).read()


async def test_snapshot_and_feed_say_the_same_of_a_case(centre: Centre, follower: Follower) -> None:
    """COPY … BINARY on the one way, rows on the other; times to the microsecond, nothing for what is not set."""
    await register(centre, area=None)
    await accepted(centre, UNIT_A)
    root = await centre.root()
    await register(centre, content="反斜杠\\n 和\\\\ 与制表符\t换行\n引号\"'")
    await follower.read()
    assert follower.model == await follower.truth()
    row = await root.fetchrow("select * from cc.cases where due_at is not null")
    rows = (await read_snapshot(root)).rows
    index = rows.numbers["id"].tolist().index(row["id"])
    assert rows.numbers["due_at"][index] == np.int64(round(row["due_at"].timestamp() * 1_000_000))


async def test_hints_come_with_every_commit(centre: Centre) -> None:
    heard: list[str] = []
    listener = await centre.open("responder")
    await listener.add_listener(CHANNEL, lambda *hint: heard.append(hint[3]))
    c = await register(centre)
    await centre.do("duty", "note", case=c.case_id, version=c.version, text="x")
    await listener.fetchval("select 1")
    assert heard == ["", ""]


async def test_a_crashed_server_gives_numbers_again_and_nothing_is_missed(
    own_server: Callable[[], EmbeddedServer],
) -> None:
    """Transactions that were undone and not yet written down lift the horizon; after a crash their numbers come again."""
    server = own_server()
    url = server.start().admin_url
    await schema.create_database(url, "crash")
    url = schema.with_database(url, "crash")
    await schema.upgrade(url)
    async with connected(url) as before:
        await before.execute("alter system set wal_writer_delay = '10s'")
        await before.execute("select pg_reload_conf()")
        reader = FeedReader(before, (await read_snapshot(before)).xmin)
        await reader.read()
        for _ in range(20):
            await before.execute("begin; select pg_current_xact_id(); rollback")
        await reader.read()
        horizon = int(await before.fetchval("select pg_snapshot_xmin(pg_current_snapshot())::text"))
        pid = server.status().pid
        assert pid is not None
        before.terminate()  # a dead server answers no farewell
        postmaster = psutil.Process(pid)
        postmaster.kill()
        await asyncio.to_thread(postmaster.wait, 10)  # until then it may still be taken for alive
    await asyncio.to_thread(server.start)
    async with connected(url) as after:
        await after.execute("update cc.grade_limits set accept_minutes = 16 where grade = 0")
        written = int(await after.fetchval("select max(xid::text::bigint) from cc.journal"))
        assert written < horizon, "a number that had been given before"
        assert (await FeedReader(after, horizon).read()).seqs == [], "the control has to lose it"
        reader.resume(after)
        assert (await reader.read()).reference_changed
        assert (await reader.read()).seqs == []
