"""An app with its key, on a gateway of the small county whose clock stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import httpx

from commandcenter.clock import SHANGHAI, FixedClock
from tests.db.centre import Centre
from tests.db.county import CATEGORY
from tests.db.gateway_county import gateway, new_key

V2 = "/open311/v2"
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)


class App:
    """An app with its key."""

    def __init__(self, client: httpx.AsyncClient, key: str, centre: Centre, clock: FixedClock) -> None:
        self.client, self.key, self.centre, self.clock = client, key, centre, clock

    async def post(self, form: str = "json", headers: dict[str, str] | None = None, **said: str) -> httpx.Response:
        facts = {
            "service_code": str(CATEGORY),
            "lat": "37.1",
            "long": "122.4",
            "description": "漏气",
            "api_key": self.key,
        }
        return await self.client.post(f"{V2}/requests.{form}", data=facts | said, headers=headers)

    async def get(self, path: str, **asked: str) -> httpx.Response:
        return await self.client.get(f"{V2}/{path}", params=asked)

    async def at(self, moment: datetime) -> None:
        self.clock.moment = moment  # type: ignore[misc]
        await self.centre.clock(moment)


@asynccontextmanager
async def app_of(centre: Centre) -> AsyncIterator[App]:
    """The app of a centre; there it is Monday, and the gateway's clock is a day ahead."""
    await centre.clock(MONDAY)
    key = await new_key(centre.url("admin"))
    clock = FixedClock(MONDAY + timedelta(days=1))
    async with gateway(centre.url("intake"), clock=clock) as (client, _):
        yield App(client, key, centre, clock)
