"""Numbers of slips: 1 to n by kind and year without a gap, whoever signs at once, gives up, or dies in between."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from random import Random

import asyncpg
import psutil
import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.db import schema
from commandcenter.db.server import EmbeddedServer
from tests.db.centre import Centre, Template, connected
from tests.db.county import Logins, build
from tests.db.life import MONDAY
from tests.db.slip_life import SlipChange, Slips, slip_do
from tests.patience import PATIENCE_S

NUMBERS = "select number from cc.slips where kind = 1 and number is not null order by serial"


@pytest.fixture
async def slips(centre: Centre) -> Slips:
    await centre.clock(MONDAY)
    return Slips(centre)


async def sign(connection: asyncpg.Connection, slip: SlipChange) -> SlipChange:
    return await slip_do(connection, "sign_slip", slip=slip.slip_id, version=slip.version)


async def waiting_for_a_lock(root: asyncpg.Connection) -> None:
    """Until a backend of this database waits for another."""
    async with asyncio.timeout(PATIENCE_S):
        while not await root.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        ):
            continue


@pytest.mark.parametrize(("fate", "second"), [("commit", 2), ("rollback", 1), ("terminated", 1)])
async def test_who_signs_meanwhile_waits_for_the_first(slips: Slips, fate: str, second: int) -> None:
    """The first has its number but has not committed; it is committed, given up, or its backend is killed."""
    centre = slips.centre
    root = await centre.root()
    one, two = await slips.draft(), await slips.draft()
    first, other = await centre.open("section_head"), await centre.open("director")
    transaction = first.transaction()
    await transaction.start()
    assert (await sign(first, one)).number == "荣社提〔2026〕1号"
    waits = asyncio.create_task(sign(other, two))
    await waiting_for_a_lock(root)
    match fate:
        case "commit":
            await transaction.commit()
        case "rollback":
            await transaction.rollback()
        case _:
            assert await root.fetchval("select pg_terminate_backend($1)", first.get_server_pid())
    assert (await waits).number == f"荣社提〔2026〕{second}号"
    if fate != "commit":  # the deed was not done; done again it gets the next
        assert (await sign(await centre.open("section_head"), one)).number == "荣社提〔2026〕2号"
    assert [number for (number,) in await root.fetch(NUMBERS)] == ["荣社提〔2026〕1号", "荣社提〔2026〕2号"]
    assert await root.fetch("select * from cc.check_journal()") == []


async def test_a_client_that_goes_away_leaves_no_gap(slips: Slips) -> None:
    centre = slips.centre
    one, two = await slips.draft(), await slips.draft()
    first = await centre.open("section_head")
    transaction = first.transaction()
    await transaction.start()
    assert (await sign(first, one)).number == "荣社提〔2026〕1号"
    first.terminate()  # no farewell: the socket closes
    assert (await sign(await centre.open("director"), two)).number == "荣社提〔2026〕1号"


async def test_of_two_signatures_on_one_slip_one_counts(slips: Slips) -> None:
    """Both saw the same draft; the second to come is told that it changed."""
    slip = await slips.draft()
    signers = [await slips.centre.open(who) for who in ("section_head", "director", "leader")]
    done = await asyncio.gather(*(sign(signer, slip) for signer in signers), return_exceptions=True)
    assert sorted(getattr(each, "sqlstate", "signed") for each in done) == ["CC031", "CC031", "signed"]
    assert await slips.centre.value("select last from cc.slip_numbers") == 1
    assert await slips.centre.value("select count(*) from cc.slip_signatures") == 1


async def test_many_signers_at_once(slips: Slips) -> None:
    made = [await slips.draft() for _ in range(24)]
    signers = [await slips.centre.open(who) for who in ("section_head", "director", "leader", "leader")]
    queue = list(made)

    async def work(signer: asyncpg.Connection) -> None:
        while queue:
            await sign(signer, queue.pop())

    await asyncio.gather(*map(work, signers))
    numbers = [number for (number,) in await (await slips.centre.root()).fetch(NUMBERS)]
    assert numbers == [f"荣社提〔2026〕{serial}号" for serial in range(1, 25)]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_any_order_of_signing_gives_one_to_n(slips: Slips, seed: int) -> None:
    """Kinds, years, signatures given up and slips made void in any order, several people at a time."""
    chance = Random(seed)
    centre = slips.centre
    for year in (2026, 2027):
        await centre.clock(datetime(year, 3, 2, 9, 0, tzinfo=SHANGHAI))
        made = [await slips.draft(chance.choice((1, 2))) for _ in range(14)]
        signers = [await centre.open(who) for who in ("director", "leader")]

        async def work(signer: asyncpg.Connection, drafts: list[SlipChange]) -> None:
            while drafts:
                slip = drafts.pop(chance.randrange(len(drafts)))
                transaction = signer.transaction()
                await transaction.start()
                signed = await sign(signer, slip)
                fate = chance.choice(("commit", "commit", "rollback", "void"))
                if fate == "void":
                    await slip_do(signer, "void_slip", slip=signed.slip_id, version=signed.version, reason="发错")
                if fate == "rollback":
                    await transaction.rollback()
                else:
                    await transaction.commit()

        await asyncio.gather(*(work(signer, made) for signer in signers))
    given = await (await centre.root()).fetch(
        "select kind, year, array_agg(serial order by serial) as serials, count(*) as n from cc.slips "
        "where number is not null group by kind, year"
    )
    assert {year for _, year, _, _ in given} == {2026, 2027}
    assert all(serials == list(range(1, n + 1)) for _, _, serials, n in given)
    lasts = await (await centre.root()).fetch("select kind, year, last from cc.slip_numbers")
    assert sorted(map(tuple, lasts)) == sorted((kind, year, n) for kind, year, _, n in given)


async def test_a_server_killed_between_number_and_commit(own_server: Callable[[], EmbeddedServer]) -> None:
    """One slip is signed for good, a second has its number in an open transaction; ``kill -9``; the next is 2."""
    server = own_server()
    url = server.start().admin_url
    template = Template(url, "cc_kill", Logins("k"))
    await schema.create_database(url, template.name)
    await schema.upgrade(schema.with_database(url, template.name))
    async with connected(schema.with_database(url, template.name)) as root:
        await build(root, template.logins)
    before = Slips(Centre(template, template.name))
    drafted = [await before.draft() for _ in range(3)]
    first = await before.do("section_head", "sign_slip", drafted[0])
    signer = await before.centre.open("section_head")
    await signer.execute("begin")
    lost = await sign(signer, drafted[1])
    year = datetime.now(SHANGHAI).year
    assert (first.number, lost.number) == (f"荣社提〔{year}〕1号", f"荣社提〔{year}〕2号")
    pid = server.status().pid
    assert pid is not None
    for connection in before.centre._open:
        connection.terminate()  # a dead server answers no farewell
    postmaster = psutil.Process(pid)
    postmaster.kill()
    await asyncio.to_thread(postmaster.wait, 10)
    await asyncio.to_thread(server.start)
    after = Slips(Centre(template, template.name))
    try:
        states = await (await after.centre.root()).fetch("select number from cc.slips order by id")
        assert [number for (number,) in states] == [f"荣社提〔{year}〕1号", None, None]
        for serial, slip in ((2, drafted[2]), (3, drafted[1])):
            assert (await after.do("section_head", "sign_slip", slip)).number == f"荣社提〔{year}〕{serial}号"
        assert await (await after.centre.root()).fetch("select * from cc.check_journal()") == []
    finally:
        await after.centre.close()
