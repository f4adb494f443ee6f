"""Numbers of cases: RCyyyymmdd-nnnnn, none twice and none left out, and who registers does not wait for who registers beside."""

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg

from commandcenter.db.schema import SQL
from tests.db.centre import Centre, do
from tests.db.life import MONDAY
from tests.patience import PATIENCE_S

LANES = 8


async def registered(connection: asyncpg.Connection) -> str:
    change = await do(
        connection, "register", channel=1, content="路灯不亮", title="", kind="求助", category=None, grade=3, area=None,
        lon=None, lat=None, place="", foreign_number="", name="", phone="", address="", confidential=False,
    )  # fmt: skip
    return change.number


def serial(number: str) -> int:
    found = re.fullmatch("RC20260302-([0-9]{5})", number)
    assert found is not None, number
    return int(found[1])


async def whole(centre: Centre) -> list[object]:
    """What the audit finds in the numbers."""
    return list(await (await centre.root()).fetch("select * from cc.audit_numbers()"))


async def test_two_at_once_do_not_wait_and_a_number_given_back_is_given_again(centre: Centre) -> None:
    await centre.clock(MONDAY)
    slow, quick = await centre.open("duty"), await centre.open("duty2")
    for connection in (slow, quick):  # the first of a day makes the day, and is waited for
        await registered(connection)
    under_way = slow.transaction()
    await under_way.start()
    assert serial(await registered(slow)) == 3
    async with asyncio.timeout(PATIENCE_S):
        assert [serial(await registered(quick)) for _ in range(2)] == [4, 5], "while the other has not committed"
    assert await whole(centre) == [], "what is not committed is missed by nobody"
    await under_way.rollback()
    assert [serial(await registered(quick)) for _ in range(2)] == [3, 6]
    assert await whole(centre) == []


async def test_more_than_there_are_lanes_wait_for_one_of_them(centre: Centre) -> None:
    await centre.clock(MONDAY)
    await registered(await centre("duty"))
    last = await centre.open("duty")
    async with AsyncExitStack() as stack:
        given = []
        for _ in range(LANES):
            connection = await centre.open("duty2")
            transaction = connection.transaction()
            await transaction.start()
            stack.push_async_callback(transaction.commit)
            given.append(serial(await registered(connection)))
        assert sorted(given) == list(range(2, LANES + 2))
        waiting = asyncio.create_task(registered(last))
        stuck = "select true from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'"
        async with asyncio.timeout(PATIENCE_S):
            while not await centre.value(stuck, last.get_server_pid()):
                pass
        assert not waiting.done()
    assert serial(await waiting) > LANES + 1
    rest = [serial(await registered(last)) for _ in range(LANES)]
    assert len({*given, *rest}) == 2 * LANES
    everything = await centre.value("select array_agg(substr(number, 12)::integer order by number) from cc.cases")
    assert isinstance(everything, list)
    assert len(everything) == len(set(everything)) == 2 * LANES + 2
    assert await whole(centre) == []


async def test_a_block_begins_with_what_was_left_out(centre: Centre) -> None:
    root = await centre.root()
    block = "select holes, top from cc.day_blocks(array['2026-03-02'::date], array[$1::integer])"
    given = "select cc.next_serial('2026-03-02')"
    assert tuple(await root.fetchrow(block, 5) or ()) == ([], 0), "one to five"
    assert await root.fetchval(given) == 6
    # three registrations passed by lanes that others held: 7, 10 and 11 are left
    await root.execute("update cc.day_numbers set next = next + 8 where next in (8, 9, 12)")
    assert tuple(await root.fetchrow(block, 2) or ()) == ([7, 10, 11], 12), "7 and 10"
    assert await root.fetchval(given) == 11
    assert tuple(await root.fetchrow(block, 40) or ()) == ([], 12), "13 to 52"
    assert [await root.fetchval(given) for _ in range(LANES + 1)] == list(range(53, 54 + LANES))


async def test_a_counter_of_before_goes_on_where_it_was(centre: Centre) -> None:
    root = await centre.root()
    script = (Path(SQL) / "revisions" / "0009_numbers.sql").read_text(encoding="utf-8")
    async with root.transaction():
        await root.execute(
            "drop table cc.day_numbers; create table cc.day_numbers (district_id integer default cc.home_district(), "
            "day date, last integer); insert into cc.day_numbers (day, last) "
            "select '2026-01-01'::date + n, n from generate_series(1, 50) n"
        )
        await root.execute(script)
        wrong = await root.fetch(
            "select day from (select day, min(next) as least, max(next) as most, count(distinct (next - lane) % 8) as kinds "
            "from cc.day_numbers group by day) x where least <> day - '2026-01-01'::date + 1 or most <> least + 7 or kinds <> 1"
        )
        assert wrong == []
