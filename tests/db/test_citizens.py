"""Citizens' data: masked for reading, shown one by one after a look that was recorded first."""

from datetime import timedelta

import asyncpg
import pytest

from tests.db.centre import Centre, refused
from tests.db.county import COMMUNITY_B
from tests.db.life import ADDRESS, MONDAY, NAME, PHONE, call_back, finished, register, report_of

ASK = "select cc.ask_citizen($1, $2)"
LOOK = "select * from cc.look($1)"


@pytest.mark.parametrize("who", ["duty", "supervisor", "followup", "responder", "caller", "community"])
async def test_who_works_on_the_case_may_look_and_it_is_written_down(centre: Centre, who: str) -> None:
    c = await register(centre)
    report = await report_of(centre, c.case_id)
    login = await centre(who)
    look = await login.fetchval(ASK, report, "回电核实地址")
    assert tuple(await login.fetchrow(LOOK, look)) == (NAME, PHONE, ADDRESS, False)
    written = await login.fetchrow("select actor, report_id, case_id, reason from cc.access_log")
    assert tuple(written) == (centre.logins.of(who), report, c.case_id, "回电核实地址")


@pytest.mark.parametrize(
    ("who", "code"),
    [("wall", "42501"), ("analyst", "42501"), ("intake", "CC001"), ("admin", "CC001"), ("gone", "CC003")],
)
async def test_who_may_not(centre: Centre, who: str, code: str) -> None:
    c = await register(centre)
    report = await report_of(centre, c.case_id)
    async with refused(code):
        await (await centre(who)).fetchval(ASK, report, "好奇")
    assert await centre.value("select count(*) from cc.access_log") == 0


async def test_a_look_needs_a_reason_sight_and_a_report(centre: Centre) -> None:
    c = await register(centre, area=COMMUNITY_B)
    report = await report_of(centre, c.case_id)
    for reason in ("", " ", None):
        async with refused("CC004"):
            await (await centre("duty")).fetchval(ASK, report, reason)
    for number in (report, 999, None):
        async with refused("CC003"):
            await (await centre("responder")).fetchval(ASK, number, "好奇")


async def test_no_look_without_a_committed_record(centre: Centre) -> None:
    report = await report_of(centre, (await register(centre)).case_id)
    duty = await centre("duty")
    for number in (1, None, -1):
        async with refused("CC001"):
            await duty.fetch(LOOK, number)
    # in the transaction of the asking, that could still be rolled back
    transaction = duty.transaction()
    await transaction.start()
    look = await duty.fetchval(ASK, report, "回电")
    with pytest.raises(asyncpg.PostgresError) as info:
        async with duty.transaction():
            await duty.fetch(LOOK, look)
    assert info.value.sqlstate == "CC001"
    other = await centre.open("duty")
    async with refused("CC001"):
        await other.fetch(LOOK, look)
    await transaction.rollback()
    async with refused("CC001"):
        await duty.fetch(LOOK, look)
    # nor from a savepoint that is rolled back to
    async with duty.transaction():
        inner = duty.transaction()
        await inner.start()
        look = await duty.fetchval(ASK, report, "回电")
        await inner.rollback()
    async with refused("CC001"):
        await duty.fetch(LOOK, look)


async def test_a_look_is_the_askers_own_and_short(centre: Centre) -> None:
    await centre.clock(MONDAY)
    report = await report_of(centre, (await register(centre)).case_id)
    duty = await centre("duty")
    look = await duty.fetchval(ASK, report, "回电")
    async with refused("CC001"):
        await (await centre("duty2")).fetch(LOOK, look)
    await centre.clock(MONDAY + timedelta(minutes=5))
    assert len(await duty.fetch(LOOK, look)) == 1
    await centre.clock(MONDAY + timedelta(minutes=5, microseconds=1))
    async with refused("CC001"):
        await duty.fetch(LOOK, look)
    look = await duty.fetchval(ASK, report, "回电")
    await (await centre.root()).execute(
        "update cc.people set active = false where login = $1", centre.logins.of("duty")
    )
    async with refused("CC001"):
        await duty.fetch(LOOK, look)


async def test_confidential_means_not_for_the_unit(centre: Centre) -> None:
    c = await register(centre, confidential=True)
    report = await report_of(centre, c.case_id)
    for who in ("responder", "caller", "grid", "community"):
        login = await centre(who)
        with pytest.raises(asyncpg.PostgresError) as info:
            await login.fetchval(ASK, report, "想知道是谁")
        assert info.value.sqlstate in {"CC001", "CC003"}
    for who in ("duty", "supervisor", "followup"):
        login = await centre(who)
        row = await login.fetchrow(LOOK, await login.fetchval(ASK, report, "回电"))
        assert tuple(row) == (NAME, PHONE, ADDRESS, True)
    masked = await (await centre("responder")).fetchrow("select name_masked, phone_masked from cc.reports")
    assert tuple(masked) == ("保密", "")


async def test_masks(centre: Centre) -> None:
    await register(centre)
    masked = await (await centre("responder")).fetchrow("select name_masked, phone_masked from cc.reports")
    assert tuple(masked) == ("欧**", "138****5678")


async def test_personal_data_is_in_one_place_only(centre: Centre) -> None:
    """Through a whole life of a case: in citizens, and in no other column of any table."""
    c = await call_back(centre, await finished(centre))
    await centre.do("followup", "archive", case=c.case_id, version=c.version)
    root = await centre.root()
    for (table,) in await root.fetch(
        "select relname from pg_class where relnamespace = 'cc'::regnamespace and relkind = 'r'"
    ):
        if table != "citizens":
            for word in (NAME, PHONE, ADDRESS):
                assert not await root.fetchval(
                    f"select count(*) from cc.{table} t where t::text like '%' || $1 || '%'", word
                ), table
    hashes = await root.fetch("select phone_hash from cc.citizens")
    assert len(hashes[0]["phone_hash"]) == 32


async def test_the_same_phone_is_recognised_only_with_the_key(centre: Centre) -> None:
    root = await centre.root()
    first, same, other = [
        await root.fetchval("select cc.keyed_hash($1)", phone)
        for phone in ("138 1234-5678", "13812345678", "13812345679")
    ]
    assert first == same != other
    assert await root.fetchval("select cc.keyed_hash('无')") is None
    await root.execute("update cc.secrets set value = 'x'")
    assert await root.fetchval("select cc.keyed_hash('13812345678')") != same
