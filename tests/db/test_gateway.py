"""What the gateway's login may do in the database, and nothing else: deliver, look back at its own, rate."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from commandcenter.clock import SHANGHAI
from commandcenter.db.engine import Database
from commandcenter.errors import NotVisible, PersonError, Refused, TooMany, UsedBefore
from commandcenter.services import api_keys, delivering
from tests.db.centre import Centre, refused
from tests.db.gateway_county import Gateway, gateway, new_key

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
STRANGERS = ("duty", "caller", "responder", "supervisor", "followup", "analyst", "wall", "admin")


@pytest.fixture
async def intake(centre: Centre) -> Any:
    db = await Database.connect(centre.url("intake"))
    yield Gateway(db, await delivering.read_secret(db))
    await db.close()


async def test_a_delivery_is_a_case_with_its_citizen_guarded(centre: Centre, intake: Gateway) -> None:
    taken = await intake.deliver(photos=(b"\xff\xd8photo",), confidential=True)
    root = await centre.root()
    row = await root.fetchrow(
        "select p.*, c.number, c.state, c.flags, w.name, w.phone from cc.reports p join cc.cases c on c.id = p.case_id "
        "join cc.citizens w on w.report_id = p.id"
    )
    assert row is not None
    assert (row["number"], row["state"], row["flags"] & 64) == (taken.number, 0, 64)
    assert (row["name"], row["phone"], row["phone_masked"]) == ("张三", "13800138000", "")  # 要求保密
    assert row["registered_by"] == centre.logins.of("intake")
    assert await root.fetchval("select content from cc.attachments where report_id = $1", row["id"]) == b"\xff\xd8photo"
    journal = await root.fetchrow("select actor, verb, detail::text from cc.journal where entity = 'case'")
    assert journal is not None
    assert journal["actor"] == centre.logins.of("intake")
    assert "张三" not in journal["detail"]


async def test_only_hashes_are_kept_of_token_source_and_key(centre: Centre, intake: Gateway) -> None:
    secret = await new_key(centre.url("admin"))
    taken = await intake.deliver(api_key=api_keys.hashed(secret))
    await intake.deliver()
    root = await centre.root()
    kept = str([tuple(row.values()) for row in await root.fetch("select * from cc.report_tokens")]) + str(
        await root.fetch("select * from cc.api_keys")
    )
    assert taken.token not in kept
    assert secret not in kept
    assert "203.0.113.9" not in kept
    hashes = {row["token_hash"] for row in await root.fetch("select token_hash from cc.report_tokens")}
    assert sha256(taken.token.encode()).digest() in hashes
    log = str(await root.fetch("select detail::text from cc.journal where entity = 'api_key'"))
    assert "测试应用" in log
    assert secret not in log


async def test_the_same_key_again_is_the_same_report(centre: Centre, intake: Gateway) -> None:
    key = uuid4()
    first = await intake.deliver(key=key)
    again = await intake.deliver(key=key)
    assert (again.number, again.token, again.replayed) == (first.number, first.token, True)
    assert not first.replayed
    with pytest.raises(UsedBefore):
        await intake.deliver(key=key, content="别的事情")
    # also after the keys of writes were cleared away
    await (await centre.root()).execute("delete from cc.write_keys")
    assert (await intake.deliver(key=key)).number == first.number
    assert await centre.value("select count(*) from cc.reports") == 1


async def test_without_a_name_the_same_words_within_minutes_are_a_retry(centre: Centre, intake: Gateway) -> None:
    await centre.clock(MONDAY)
    first = await intake.deliver(named=False)
    await centre.clock(MONDAY + timedelta(minutes=9))
    again = await intake.deliver(named=False)
    assert (again.number, again.token, again.replayed) == (first.number, first.token, True)
    assert not (await intake.deliver(named=False, source="203.0.113.10")).replayed, "somebody else"
    assert not (await intake.deliver(named=False, content="楼道灯又不亮")).replayed
    await centre.clock(MONDAY + timedelta(minutes=11))
    assert not (await intake.deliver(named=False)).replayed


async def test_a_source_has_its_limit_and_gets_it_back(centre: Centre, intake: Gateway) -> None:
    await (await centre.root()).execute("update cc.settings set value = '3' where name = 'gateway_page_hour'")
    await centre.clock(MONDAY)
    key = uuid4()
    await intake.deliver(key=key)
    await centre.clock(MONDAY + timedelta(minutes=20))
    await intake.deliver()
    await intake.deliver()
    with pytest.raises(TooMany) as caught:
        await intake.deliver()
    assert caught.value.seconds == 40 * 60
    assert (await intake.deliver(key=key)).replayed, "a retry is none more"
    await intake.deliver(source="203.0.113.10")
    await centre.clock(MONDAY + timedelta(minutes=61))
    await intake.deliver()


async def test_a_key_has_its_channel_and_its_limit(centre: Centre, intake: Gateway) -> None:
    secret = api_keys.hashed(await new_key(centre.url("admin"), channel="12345热线", hour_limit=2))
    await intake.deliver(api_key=secret)
    await intake.deliver(api_key=secret)
    with pytest.raises(TooMany):
        await intake.deliver(api_key=secret)
    assert await centre.value("select array_agg(distinct channel_id) from cc.reports") == [1]
    with pytest.raises(Refused):
        await intake.deliver(api_key=api_keys.hashed("cc_guessed"))
    admin = await Database.connect(centre.url("admin"))
    [key] = await api_keys.read(admin)
    assert (key.label, key.channel, key.deliveries, key.active) == ("测试应用", "12345热线", 2, True)
    await api_keys.revoke(admin, key.id)
    with pytest.raises(NotVisible):
        await api_keys.revoke(admin, key.id + 1)
    await admin.close()
    with pytest.raises(Refused):
        await intake.deliver(api_key=secret)


async def test_photos_are_counted_and_measured_by_the_database_too(intake: Gateway) -> None:
    with pytest.raises(PersonError, match="最多 3 张"):
        await intake.deliver(photos=(b"a",) * 4)
    with pytest.raises(PersonError, match="20 MB"):
        await intake.deliver(photos=(b"a" * (8 * 1048576 + 1),))


async def test_looking_back_shows_nothing_of_the_citizen(centre: Centre, intake: Gateway) -> None:
    taken = await intake.deliver()
    found = await delivering.read_progress(intake.db, taken.token)
    assert (found.lon, found.lat, found.area) == (122.412, 37.168, "甲镇甲一社区")
    [listed] = await delivering.read_delivered(intake.db)
    for shown in (str(found), str(listed)):
        for secret in ("张三", "138", "小区", "灯不亮"):
            assert secret not in shown
    with pytest.raises(NotVisible):
        await delivering.read_progress(intake.db, taken.token[:-1] + "x")
    await (await centre.root()).execute("update cc.settings set value = '1' where name = 'gateway_decimals'")
    assert (await delivering.read_progress(intake.db, taken.token)).lon == 122.4


async def test_who_asked_to_be_kept_secret_is_found_by_the_token_alone(intake: Gateway) -> None:
    taken = await intake.deliver(confidential=True)
    assert (await delivering.read_progress(intake.db, taken.token)).number == taken.number
    assert await delivering.read_delivered(intake.db) == []
    assert await delivering.read_delivered(intake.db, numbers=[taken.number]) == []


async def test_its_own_and_nothing_else(centre: Centre, intake: Gateway) -> None:
    other = await centre.do(
        "duty", "register", channel=1, foreign_number="", content="不是网关来的", title="", kind="其他", category=None,
        grade=None, area=None, lon=None, lat=None, place="", name="", phone="", address="", confidential=False,
    )  # fmt: skip
    assert await delivering.read_delivered(intake.db) == []
    assert await delivering.read_delivered(intake.db, numbers=[other.number]) == []
    taken = await intake.deliver()
    root = await centre.root()
    await root.execute("update cc.report_tokens set login = 'another_gateway'")
    with pytest.raises(NotVisible):
        await delivering.read_progress(intake.db, taken.token)
    with pytest.raises(NotVisible):
        await delivering.rate(intake.db, taken.token, solved=True, satisfied="满意")
    plain = await centre("intake")
    for table in ("cases", "reports", "citizens", "attachments", "journal", "report_tokens", "api_keys", "ratings"):
        async with refused("42501"):
            await plain.fetch(f"select * from cc.{table}")


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_else_is_a_gateway(untouched: Centre, who: str) -> None:
    login = await untouched(who)
    for statement in (
        "select cc.gateway_secret()",
        "select * from cc.delivered(null, null, null, null, null, null, 0, 10)",
        "select cc.rate('x', true, '满意', '')",
        (  # all of its arguments
            "select * from cc.deliver(null, '', true, '\\x00', repeat('x', 32), null, 'x', '', null, null, null, '', '', '', "
            "false, '', null, '{}', gen_random_uuid())"
        ),
    ):
        async with refused("42501"):
            await login.fetch(statement)
    if who != "admin":
        async with refused("42501"):
            await login.fetch("select * from cc.api_key_list()")


async def test_a_gateway_refuses_any_other_login(centre: Centre) -> None:
    for who in ("duty", "admin", "root"):
        url = centre.admin_url if who == "root" else centre.url(who)
        with pytest.raises(Refused, match="intake"):
            async with gateway(url):
                pass


async def test_a_token_is_not_to_be_guessed_from_its_key() -> None:
    key = UUID(int=1)
    one, other = delivering.token_of(b"a" * 32, key), delivering.token_of(b"b" * 32, key)
    assert one != other
    assert len(one) == 32
    assert one == delivering.token_of(b"a" * 32, key)


async def test_the_secret_is_the_gateways_alone(centre: Centre) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await (await centre("admin")).fetchval("select cc.gateway_secret()")
