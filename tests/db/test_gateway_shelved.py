"""The database away, or not letting the gateway in: what is acknowledged is registered once, and every token shows it."""

import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx

from commandcenter.clock import FixedClock
from commandcenter.config import Settings
from commandcenter.db.engine import Database
from commandcenter.gateway.shelf import Shelf
from commandcenter.services.centre import Centre as OwnCentre
from commandcenter.services.gateway_login import KEPT_IN, LOGIN, own_login
from tests.db.centre import Centre
from tests.db.county import CATEGORY
from tests.db.gateway_app import MONDAY
from tests.db.gateway_county import gateway, new_key

POST = "/open311/v2/requests.json"


ANOTHER = "password 'another one'"
"""Somebody else has changed it."""
READ_ONLY = "set default_transaction_read_only = on"
"""As on a copy that the address leads to by mistake."""


@asynccontextmanager
async def kept_out(centre: Centre, how: str = ANOTHER) -> AsyncIterator[None]:
    """The server has changed towards the login, and its connections are cut."""
    root, login = await centre.root(), centre.logins.of("intake")
    was = await root.fetchval("select rolpassword from pg_authid where rolname = $1", login)
    cut = "select pg_terminate_backend(pid, 10000) from pg_stat_activity where usename = $1"
    await root.execute(f"alter role {login} {how}")
    await root.execute(cut, login)
    try:
        yield
    finally:
        await root.execute(f"alter role {login} password '{was}'")
        await root.execute(f"alter role {login} reset all")
        if how == READ_ONLY:
            await root.execute(cut, login)


def lying(folder: Path) -> list[str]:
    """The names of what lies on a shelf."""
    return [path.name for path in folder.iterdir()]


async def post(client: httpx.AsyncClient, key: str, words: str) -> tuple[int, str]:
    """Deliver without a key of one's own; the status and the token."""
    said = {"service_code": str(CATEGORY), "address_string": "人民路", "description": words, "api_key": key}
    answer = await client.post(POST, data=said)
    return answer.status_code, answer.headers.get("location", "").rpartition("/")[2]


async def number(client: httpx.AsyncClient, token: str) -> str | None:
    """What a token stands for."""
    answer = await client.get(f"/open311/v2/tokens/{token}.json")
    assert answer.status_code == 200, answer.text
    found: str | None = answer.json()[0]["service_request_id"]
    return found


async def test_what_is_no_fault_of_the_report_is_an_outage(centre: Centre) -> None:
    key = await new_key(centre.url("admin"))
    said = {"service_code": "0", "address_string": "人民路", "api_key": key}
    async with gateway(centre.url("intake")) as (client, _), kept_out(centre, READ_ONLY):
        assert [(await client.post(POST, data=said)).status_code for _ in range(2)] == [503, 503]
    async with gateway(centre.url("intake")) as (client, _), kept_out(centre):
        for _ in range(2):  # the connection that broke, and the new one that is refused
            answer = await client.get("/healthz")
            assert (answer.status_code, answer.json()) == (503, {"database": False})
        answer = await client.post(POST, data=said)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
        assert (await client.get("/r/unknown")).status_code == 503
        assert (await client.get("/q")).status_code == 200


async def test_every_token_that_was_given_shows_the_report(centre: Centre, tmp_path: Path) -> None:
    await centre.clock(MONDAY)
    key = await new_key(centre.url("admin"))
    clock = FixedClock(MONDAY)
    async with gateway(centre.url("intake"), clock=clock, shelf=Shelf(tmp_path, 9)) as (client, reception):
        first = await post(client, key, "第一件")
        async with kept_out(centre):
            assert await post(client, key, "第一件") == (202, first[1])
            shelved = await post(client, key, "第二件")
            assert shelved[0] == 202
            assert await post(client, key, "第二件") == shelved
            assert await number(client, shelved[1]) is None
            clock.moment = MONDAY + timedelta(minutes=11)  # type: ignore[misc]
            later = await post(client, key, "第二件")
            assert later[1] != shelved[1], "no retry any more"
        assert await post(client, key, "第二件") == (201, later[1])
        assert await reception.clear_shelf() == 3
        numbers = {await number(client, token) for token in (first[1], shelved[1], later[1])}
        assert len(numbers) == 3
        assert None not in numbers
    assert await centre.value("select count(*) from cc.reports") == 3
    assert lying(tmp_path) == []


async def test_a_retry_through_another_gateway_has_a_token_that_works(centre: Centre, tmp_path: Path) -> None:
    key = await new_key(centre.url("admin"))
    url = centre.url("intake")
    async with gateway(url) as (one, _), gateway(url, shelf=Shelf(tmp_path, 9)) as (other, reception):
        await post(other, key, "使 other 认得密钥")
        await post(one, key, "经过两个网关")
        async with kept_out(centre):
            status, token = await post(other, key, "经过两个网关")
            assert status == 202
        assert await reception.clear_shelf() == 1
        assert await number(other, token) is not None


async def test_the_shelf_is_known_again_after_a_restart(centre: Centre, tmp_path: Path) -> None:
    await (await centre.root()).execute("update cc.settings set value = '2' where name = 'gateway_page_hour'")
    said = {"place": "东门", "code": "", "key": ""}
    json = {"accept": "application/json"}

    async def send(client: httpx.AsyncClient, words: str) -> tuple[int, str]:
        answer = await client.post("/q", data=said | {"content": words}, headers=json)
        return answer.status_code, answer.json().get("url", "")

    async with gateway(centre.url("intake"), shelf=Shelf(tmp_path, 9)) as (client, _), kept_out(centre):
        first = await send(client, "路灯不亮了")
        assert first[0] == 202
    async with gateway(centre.url("intake"), shelf=Shelf(tmp_path, 9)) as (client, reception):
        async with kept_out(centre):
            assert await send(client, "路灯不亮了") == first
            assert (await send(client, "井盖没有了"))[0] == 202
            assert (await send(client, "第三件事情"))[0] == 429
        await (await centre.root()).execute("update cc.settings set value = '1' where name = 'gateway_page_hour'")
        assert await reception.clear_shelf() == 1
        assert len(lying(tmp_path)) == 1, "what is too much now is not too much for ever"


async def test_gateways_of_one_computer_share_a_login(centre: Centre, tmp_path: Path) -> None:
    own = OwnCentre(centre.admin_url, embedded=True, settings=Settings(data_dir=tmp_path))
    try:
        url = await own_login(own)
        first = await Database.connect(url)
        assert await own_login(own) == url, "the one that stands is not locked out"
        await first.close()
        secret = tmp_path / KEPT_IN
        if sys.platform != "win32":
            assert stat.S_IMODE(secret.stat().st_mode) == 0o600
        secret.unlink()
        await (await Database.connect(await own_login(own))).close()  # a lost secret is made anew
    finally:
        await (await centre.root()).execute(f"drop role if exists {LOGIN}")
