"""The database falls under the gateway: 503 and when to come again, or the shelf; nothing acknowledged is ever lost or doubled."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from commandcenter.db.server import EmbeddedServer
from tests.db.county import CATEGORY
from tests.e2e.county_database import Database, made_on
from tests.e2e.gateway_process import GatewayProcess, gateway_of, key_of
from tests.e2e.servers import Mortal


@pytest.fixture
def own(own_server: Callable[[], EmbeddedServer]) -> tuple[Mortal, Database]:
    server = own_server()
    return Mortal(server), made_on(server.start().admin_url, "cc_e2e_gateway")


def post(gateway: GatewayProcess, key: str, name: str) -> httpx.Response:
    facts = {"service_code": str(CATEGORY), "address_string": "人民路", "description": f"第{name}件", "api_key": key}
    return httpx.post(
        f"{gateway.url}/open311/v2/requests.json", data=facts, headers={"Idempotency-Key": name}, timeout=30
    )


def again(gateway: GatewayProcess, key: str, name: str) -> httpx.Response:
    """Deliver until it is taken, as a client does that is told when to come again."""
    end = time.monotonic() + 60
    while (answer := post(gateway, key, name)).status_code == 503 and time.monotonic() < end:
        assert int(answer.headers["retry-after"]) > 0
    return answer


def test_without_a_shelf_it_says_when_to_come_again(own: tuple[Mortal, Database], tmp_path: Path) -> None:
    mortal, county = own
    key = key_of(county, tmp_path)
    with gateway_of(county, tmp_path) as gateway:
        first = post(gateway, key, "1")
        assert first.status_code == 201
        mortal.kill()
        away = post(gateway, key, "2")
        assert (away.status_code, away.headers["retry-after"]) == (503, "10")
        assert away.json()[0]["code"] == 503
        assert httpx.get(f"{gateway.url}/healthz").status_code == 503
        assert httpx.get(f"{gateway.url}/q").status_code == 200, "the form opens, and its script waits"
        assert httpx.post(f"{gateway.url}/q", data={"content": "路灯不亮", "place": "东门"}).status_code == 503
        assert httpx.get(f"{gateway.url}/open311/v2/services.json").status_code == 200
        asyncio.run(mortal.restart())
        assert again(gateway, key, "2").status_code == 201
        assert again(gateway, key, "1").json() == first.json()
        assert httpx.get(f"{gateway.url}/healthz").status_code == 200
        assert county.value_now("select count(*) from cc.reports") == 2
        assert gateway.end()[0] == 0


def test_with_a_shelf_what_was_taken_arrives_once(own: tuple[Mortal, Database], tmp_path: Path) -> None:
    mortal, county = own
    key = key_of(county, tmp_path)
    with gateway_of(county, tmp_path, "--spool") as gateway:
        assert post(gateway, key, "1").status_code == 201
        mortal.kill()
        taken = [post(gateway, key, name) for name in ("2", "2", "3")]
        assert [answer.status_code for answer in taken] == [202, 202, 202]
        assert taken[0].json() == taken[1].json(), "a retry is the same"
        assert post(gateway, "cc_never_seen", "4").status_code == 503, "nobody can say whether it is a key"
        page = httpx.post(
            f"{gateway.url}/q",
            data={"content": "路灯不亮", "place": "东门", "key": "k"},
            headers={"accept": "application/json"},
        )
        assert (page.status_code, page.json()["number"]) == (202, None)
        back = f"{gateway.url}{page.json()['url']}"
        assert "正在登记" in httpx.get(back).text
        [waiting] = taken[0].json()
        assert "service_request_id" not in waiting
        asked = f"{gateway.url}/open311/v2/tokens/{waiting['token']}.json"
        assert httpx.get(asked).json() == [{"service_request_id": None, "token": waiting["token"]}]
        folder = tmp_path / "gateway-spool"
        assert len(list(folder.glob("*.json"))) == 3
        gateway.process.kill()  # what was acknowledged is on disk
        gateway.process.communicate()
    asyncio.run(mortal.restart())
    with gateway_of(county, tmp_path, "--spool") as gateway:
        assert gateway.line() == "暂存的 3 件诉求已登记。\n"
        assert list(folder.iterdir()) == []
        asked = f"{gateway.url}/open311/v2/tokens/{waiting['token']}.json"
        [found] = httpx.get(asked).json()
        assert found["service_request_id"].startswith("RC")
        assert post(gateway, key, "2").json()[0]["service_request_id"] == found["service_request_id"]
        shown = httpx.get(f"{gateway.url}{page.json()['url']}").text
        assert "已收到，等待受理" in shown
        assert county.value_now("select count(*) from cc.reports") == 4
        assert gateway.end()[0] == 0
